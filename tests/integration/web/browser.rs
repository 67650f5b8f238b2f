//! A real Chromium, driven over its own debugging protocol. Nothing of it goes to the network but the page under test.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

const INSTALL: &str = "no 'chromium' on this machine; install it: sudo apt-get install --yes chromium fonts-noto-cjk";

/// One browser with one page. Ends when it is dropped.
pub(super) struct Browser {
    child: Child,
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    next: u64,
    /// What the page or the browser complained about.
    pub(super) complaints: Vec<String>,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts the browser with an empty profile.
    pub(super) fn start() -> Browser {
        let profile = tempfile::tempdir().expect("a directory");
        let mut child = Command::new("chromium")
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
            ])
            .args(["--remote-debugging-port=0", "--disable-dev-shm-usage"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect(INSTALL);
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let prefix = "DevTools listening on ";
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix(prefix).map(str::to_owned))
            .expect("chromium ended before it listened; run it by hand to see why");
        // Whoever doesn't read what it writes makes it wait.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let port = address.trim_start_matches("ws://").split('/').next().expect("an address").to_owned();
        let targets =
            ureq::get(&format!("http://{port}/json/list")).call().expect("its pages").body_mut().read_to_string();
        let targets: Value = serde_json::from_str(&targets.expect("a body")).expect("json");
        let page = targets.as_array().expect("a list").iter().find(|target| target["type"] == "page").expect("a page");
        let (socket, _) =
            tungstenite::connect(page["webSocketDebuggerUrl"].as_str().expect("an address")).expect("its page");
        let mut browser = Browser { child, socket, next: 0, complaints: Vec::new(), _profile: profile };
        for domain in ["Page.enable", "Log.enable", "Runtime.enable"] {
            browser.call(domain, json!({}));
        }
        browser
    }

    /// A window of so many CSS pixels, in a light or a dark room.
    pub(super) fn window(&mut self, width: u32, height: u32, scheme: &str) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.call("Emulation.setDeviceMetricsOverride", size);
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.call("Emulation.setEmulatedMedia", media);
    }

    /// Opens a page and waits until it is loaded.
    pub(super) fn open(&mut self, address: &str) {
        self.call("Page.navigate", json!({"url": address}));
        loop {
            let message = self.read();
            if message["method"] == "Page.loadEventFired" {
                break;
            }
        }
    }

    /// The value of an expression in the page.
    pub(super) fn evaluate(&mut self, expression: &str) -> Value {
        let answer = self.call("Runtime.evaluate", json!({"expression": expression, "returnByValue": true}));
        assert!(answer["exceptionDetails"].is_null(), "{answer}");
        answer["result"]["value"].clone()
    }

    /// What a promise in the page comes to.
    pub(super) fn awaited(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.call("Runtime.evaluate", asked);
        assert!(answer["exceptionDetails"].is_null(), "{answer}");
        answer["result"]["value"].clone()
    }

    /// Runs this before every page that is opened from now on.
    pub(super) fn before_every_page(&mut self, script: &str) {
        self.call("Page.addScriptToEvaluateOnNewDocument", json!({"source": script}));
    }

    /// The page on paper, as PDF in Base64.
    pub(super) fn print(&mut self) -> String {
        let answer = self.call("Page.printToPDF", json!({"preferCSSPageSize": true, "printBackground": true}));
        answer["data"].as_str().expect("a document").to_owned()
    }

    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.next += 1;
        let id = self.next;
        let request = json!({"id": id, "method": method, "params": parameters}).to_string();
        self.socket.send(Message::text(request)).expect("the browser is there");
        loop {
            let message = self.read();
            if message["id"] == id {
                assert!(message["error"].is_null(), "{method}: {message}");
                return message["result"].clone();
            }
        }
    }

    fn read(&mut self) -> Value {
        let message = self.socket.read().expect("the browser is there");
        let message: Value = serde_json::from_str(message.to_text().expect("text")).expect("json");
        match message["method"].as_str() {
            Some("Log.entryAdded") => self.complaints.push(message["params"]["entry"]["text"].to_string()),
            Some("Runtime.exceptionThrown" | "Runtime.consoleAPICalled") => {
                self.complaints.push(message["params"].to_string())
            }
            _ => {}
        }
        message
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
