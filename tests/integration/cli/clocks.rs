//! A client whose clock is ahead of the server's: what happens now is dated by the server's.

use super::fixture::Place;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread;

/// An office whose clock stands on 2026-03-01; gives the body of the command that it is sent.
fn server_of_march() -> (String, thread::JoinHandle<serde_json::Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let served = thread::spawn(move || {
        loop {
            let (stream, _) = listener.accept().expect("a connection");
            let mut reader = BufReader::new(stream);
            let (mut request, mut length) = (String::new(), 0);
            reader.read_line(&mut request).expect("a request");
            loop {
                let mut header = String::new();
                reader.read_line(&mut header).expect("a header");
                if header.trim().is_empty() {
                    break;
                }
                if let Some(of) = header.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = of.trim().parse().expect("a length");
                }
            }
            let mut sent = vec![0; length];
            reader.read_exact(&mut sent).expect("the body");
            let answer = match request.starts_with("POST /v1/commands ") {
                true => {
                    let id = mingzhang_events::EventId(1);
                    format!(
                        "{{\"id\":\"{id}\",\"log_index\":0,\"tree_size\":1,\"checkpoint\":\"\",\"inclusion_proof\":[],\"repeated\":false,\"warnings\":[]}}"
                    )
                }
                false => "march.example/street\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n".to_owned(),
            };
            let head = "HTTP/1.1 200 OK\r\nDate: Sun, 01 Mar 2026 04:05:06 GMT\r\nConnection: close\r\nContent-Length:";
            write!(reader.get_mut(), "{head} {}\r\n\r\n{answer}", answer.len()).expect("answered");
            if length > 0 {
                return serde_json::from_slice(&sent).expect("a command");
            }
        }
    });
    (url, served)
}

#[test]
fn what_happens_now_is_dated_by_the_servers_clock_and_what_has_a_time_by_that() {
    let place = Place::new();
    let fact = "record sign-up --member m0000000000001 --activity a0000000000001 --token t";
    for (time, expected) in [("", "2026-03-01T04:05:06Z"), (" --time '2026-02-03 09:00'", "2026-02-03T01:00:00Z")] {
        let (url, served) = server_of_march();
        place.run(&format!("{fact} --url {url}{time}")).exits(0);
        assert_eq!(served.join().expect("served")["time"], expected);
    }
}
