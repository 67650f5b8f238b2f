//! A ledger, two witnesses and a monitor, each a process of its own: as an operator and two supervising bodies run them.

use super::fixture::{Place, table};
use crate::copied::copy_all;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// A service that is running; killed when the test ends.
struct Running {
    child: Child,
    /// The first line that it printed.
    line: String,
}

impl Running {
    fn start(place: &Place, arguments: &[&str]) -> Running {
        let mut command = place.command();
        let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("its address");
        Running { child, line }
    }

    fn url(&self) -> &str {
        self.line.split_whitespace().next().expect("its address").trim_end_matches('/')
    }

    fn address(&self) -> String {
        self.url().trim_start_matches("http://").to_owned()
    }

    fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
        assert_eq!(self.child.wait().expect("it ends").code(), Some(0));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A ledger with its verifier key, and two witnesses of it in `w1` and `w2`.
struct City {
    place: Place,
    witness_keys: [String; 2],
    log_key: String,
}

impl City {
    fn new() -> City {
        let place = Place::new();
        let made = place.run("init ledger --origin test.example/street").exits(0).stdout;
        let log_key = key_in(&made, "test.example/street+");
        let witness_keys = ["w1", "w2"].map(|name| {
            let made = place.run(&format!("witness init {name} --name {name}.example --log {log_key}")).exits(0).stdout;
            key_in(&made, &format!("{name}.example+"))
        });
        place.run(&format!("import organizations {} --ledger ledger", table("organizations.csv"))).exits(0);
        let config = std::fs::read_to_string(place.path("ledger/mingzhang.toml")).expect("the configuration");
        place.write("ledger/mingzhang.toml", format!("publish_every_seconds = 1\n{config}"));
        City { place, witness_keys, log_key }
    }

    fn witness(&self, name: &str, listen: &str) -> Running {
        let config = format!("{name}/witness.toml");
        Running::start(&self.place, &["witness", "--config", &config, "--listen", listen])
    }

    /// For the ledger and the monitor.
    fn write_policy(&self, witnesses: &[&Running]) {
        let mut policy = format!("log {}\n", self.log_key);
        for (place, witness) in witnesses.iter().enumerate() {
            policy.push_str(&format!("witness w{} {} {}\n", place + 1, self.witness_keys[place], witness.url()));
        }
        policy.push_str("group both all w1 w2\nquorum both\n");
        self.place.write("ledger/policy", &policy);
        self.place.write("policy", &policy);
    }

    fn serve(&self, ledger: &str) -> Running {
        Running::start(&self.place, &["serve", "--ledger", ledger, "--listen", "127.0.0.1:0"])
    }

    fn monitor(&self, server: &Running, code: i32) -> String {
        let look = format!("monitor {}/log --policy policy --state watched --once --tries 1", server.url());
        self.place.run(&look).exits(code).said()
    }

    /// What the ledger says of its witnesses, once it says what is waited for.
    fn once(&self, server: &Running, what: &str, is_so: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        let (_kept, never) = channel::<()>();
        let mut said = serde_json::Value::Null;
        for _ in 0..600 {
            let shown = self.place.run(&format!("show witnesses --json --url {}", server.url())).exits(0).stdout;
            said = serde_json::from_str(&shown).expect("JSON");
            if is_so(&said) {
                return said;
            }
            let _waited = never.recv_timeout(Duration::from_millis(50));
        }
        panic!("{what} didn't come: {said:#}")
    }
}

fn key_in(text: &str, start: &str) -> String {
    let key = text.split_whitespace().find(|word| word.starts_with(start));
    key.unwrap_or_else(|| panic!("no key {start}… in\n{text}")).to_owned()
}

fn rename(place: &Place, ledger: &str, name: &str) {
    place.run(&format!("record organization-renamed --organization 420902001 --name {name} {ledger}")).exits(0);
}

#[test]
fn two_witnesses_and_a_monitor_keep_a_ledger_honest_from_its_first_day_to_its_fork() {
    let city = City::new();
    let place = &city.place;
    let (one, two) = (city.witness("w1", "127.0.0.1:0"), city.witness("w2", "127.0.0.1:0"));
    city.write_policy(&[&one, &two]);
    let made =
        place.run("token create --actor w-0012 --grant operator --grant publisher --grant recorder --ledger ledger");
    let token = made.exits(0).stdout.lines().next().expect("the secret").to_owned();
    let server = city.serve("ledger");
    let remote = format!("--url {} --token {token}", server.url());
    let witnessed_up_to = |size: u64| {
        move |said: &serde_json::Value| {
            said["published_size"] == size && said["state"] == "witnessed" && said["head_is_unwitnessed"] == false
        }
    };
    let said = city.once(&server, "the first quorum", witnessed_up_to(7));
    assert_eq!(said["cosigners"].as_array().map(Vec::len), Some(2));
    city.monitor(&server, 0);
    copy_all(&place.path("ledger"), &place.path("old"));
    copy_all(&place.path("ledger"), &place.path("other"));

    // A notice says by whom it is witnessed, once its entries are.
    place.write("rules.toml", super::server::rules(place));
    place.run(&format!("rules adopt rules.toml {remote}")).exits(0);
    place.run(&format!("close --month 2026-10 {remote}")).exits(0);
    place.run(&format!("notice --month 2026-10 --issue --number 〔2026〕10号 {remote}")).exits(0);
    city.once(&server, "a quorum for the notice", witnessed_up_to(10));
    let notice =
        || place.run(&format!("notice --month 2026-10 --format text {remote}")).exits(0).stdout.replace('\n', "");
    assert!(notice().contains("已见证：2家见证人中的2家（w1、w2）"), "{}", notice());
    city.monitor(&server, 0);

    // A witness dies: recording goes on, and what is published is what both have cosigned.
    let address = two.address();
    drop(two);
    rename(place, &remote, "新一街道");
    let said = city.once(&server, "the missing quorum", |said| said["head_is_unwitnessed"] == true);
    assert_eq!((said["tree_size"].as_u64(), said["published_size"].as_u64()), (Some(11), Some(10)));
    assert_eq!(said["witnesses"][1]["trouble"], "not_answering");
    rename(place, &remote, "新二街道");
    city.monitor(&server, 0);
    let metrics = ureq::get(format!("{}/metrics", server.url())).call().expect("metrics").into_body().read_to_string();
    assert!(metrics.expect("text").contains("mingzhang_unwitnessed_head 1"));

    // It comes back and catches up.
    let two = city.witness("w2", &address);
    city.once(&server, "the quorum after the restart", witnessed_up_to(12));
    let looked = city.monitor(&server, 0);
    assert!(looked.contains("12 entries, 2 new") && looked.contains("w1、w2"), "{looked}");
    server.stop();
    place.run("verify --ledger ledger").exits(0).saying("12");

    // The operator puts back everything as it was: the ledger itself can't tell, those outside can.
    let server = city.serve("old");
    let alarm = city.monitor(&server, 8);
    assert!(alarm.contains("\"alarm\":\"rollback\"") && alarm.contains("报警"), "{alarm}");
    drop(server);
    place
        .run("record organization-renamed --organization 420902001 --name 假街道 --ledger old")
        .exits(5)
        .saying("an older copy was put back");
    // And records another past, with the right key, before any witness can tell. No witness cosigns it: it would have to be published without them.
    (0..9).for_each(|n| rename(place, "--ledger other", &format!("假{n}街道")));
    copy_all(&place.path("other"), &place.path("alone"));
    let server = city.serve("other");
    let said = city.once(&server, "the witnesses' refusal", |said| said["witnesses"][0]["trouble"] == "split_view");
    assert_eq!((said["state"].as_str(), said["published_size"].as_u64()), (Some("witnessed"), Some(7)));
    drop(server);
    std::fs::remove_file(place.path("alone/policy")).expect("the policy");
    let server = city.serve("alone");
    let alarm = city.monitor(&server, 8);
    assert!(alarm.contains("\"alarm\":\"fork\""), "{alarm}");
    let kept = std::fs::read_dir(place.path("watched/alarms")).expect("the alarms").count();
    assert_eq!(kept, 4, "both sides of both alarms");
    let evidence = std::fs::read_dir(place.path("w1/state")).expect("the state");
    let evidence: usize = evidence
        .filter_map(|log| std::fs::read_dir(log.expect("a log").path().join("evidence")).ok())
        .map(Iterator::count)
        .sum();
    assert_eq!(evidence, 2, "and the witness has kept what it was shown");
    drop(server);
    let alarm = place.run(&format!("monitor http://{address}/log --policy policy --state watched --once --tries 1"));
    assert!(alarm.exits(8).said().contains("\"alarm\":\"unreachable\""));
    one.stop();
    two.stop();
}

#[test]
fn a_witness_is_made_once_with_a_key_that_its_owner_alone_can_read() {
    let city = City::new();
    let place = &city.place;
    let mode = std::fs::metadata(place.path("w1/witness-key")).expect("the key").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = format!("witness init w1 --name w1.example --log {}", city.log_key);
    place.run(&again).exits(1).saying("never overwritten");
    place.run("witness init w3 --name w3.example --log nonsense").exits(2).saying("nonsense");
    place.run(&format!("witness init w3 --name w+3 --log {}", city.log_key)).exits(2);
    place.run(&format!("witness init w3 --name w3 --log {}", city.witness_keys[0])).exits(2).saying("not of a log");
    assert!(!place.path("w3").exists(), "nothing is left of what was refused");
    place.run("witness").exits(2);
    place.run("witness --config nowhere.toml").exits(1).saying("nowhere.toml");
    place.run("witness --help").exits(0).saying("evidence");

    let running = city.witness("w1", "127.0.0.1:0");
    place.run("witness --config w1/witness.toml --listen 127.0.0.1:0").exits(6).saying("cosign a fork");
    running.stop();
    let exposed = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(place.path("w1/witness-key"), exposed).expect("a mode");
    place.run("witness --config w1/witness.toml --listen 127.0.0.1:0").exits(1).saying("chmod 600");
}

#[test]
fn a_monitor_says_what_is_wrong_with_its_command_line() {
    let place = Place::new();
    place.run("monitor http://127.0.0.1:1/log --policy nowhere --once").exits(1).saying("nowhere");
    place.write("policy", "quorum none and more\n");
    place.run("monitor http://127.0.0.1:1/log --policy policy --once").exits(2).saying("line 1 of the policy");
    place.run("monitor http://127.0.0.1:1/log --policy policy --interval 3w").exits(2).saying("60s");
}
