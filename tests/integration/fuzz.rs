//! Fuzzing on a stable compiler: what is sound is damaged at random by `bolero`, in bounded time, in a process whose address space ends.
//!
//! Every run tries other damage. One that is found is told with its `BOLERO_RANDOM_SEED`, which tries it again. Look further with
//! `BOLERO_RANDOM_TEST_TIME_MS=600000 cargo test --test integration damaged`.

use bolero::TypeGenerator;
use std::process::Command;
use std::time::Duration;

/// How long each test looks where nobody says so: all of them together take less than forty seconds.
const TIME: Duration = Duration::from_secs(6);
/// In KiB: the program with its tests, and what a file of a few MB deserves, several times over.
const ADDRESS_SPACE: &str = "4000000";
/// Set in the process with little room.
const INSIDE: &str = "MINGZHANG_FUZZ_INSIDE";

/// How long to look.
pub(crate) fn time() -> Duration {
    let said = std::env::var("BOLERO_RANDOM_TEST_TIME_MS").ok().and_then(|time| time.parse().ok());
    said.map_or(TIME, Duration::from_millis)
}

/// Runs the test of this name anew in a process with little room, and there does the work.
#[track_caller]
pub(crate) fn within_little(test: &str, work: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        return work();
    }
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v \"$1\" && shift && exec \"$@\"", "sh", ADDRESS_SPACE]);
    command.arg(std::env::current_exe().expect("this program")).args(["--exact", test, "--nocapture"]);
    let ran = command.env(INSIDE, "1").output().expect("a shell");
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success() && said.contains("1 passed"), "{test}: {:?}\n{said}", ran.status);
}

/// One thing that happens to bytes on their way.
#[derive(Clone, Debug, TypeGenerator)]
pub(crate) enum Damage {
    Byte { at: u32, value: u8 },
    Insert { at: u32, bytes: [u8; 4] },
    Word { at: u32, which: u8 },
    Cut { at: u32 },
    Drop { from: u32, length: u8 },
    Repeat { from: u32, length: u8, times: u16 },
}

/// What ends a line, a field or a number, and what no text should hold.
const WORDS: &[&str] = &[
    "\n",
    "\n\n",
    " ",
    "\u{2014} ",
    "=",
    "\"",
    "{",
    "[",
    "[[",
    "18446744073709551615",
    "-1",
    "9e999",
    "\u{feff}",
    "\u{0}",
    "䶮",
    "\r",
    ",",
    "次日24点",
];
/// A part is repeated up to so many times.
const TIMES_MAX: usize = 2_000;
/// Of one file so much happens at most.
const DAMAGES_MAX: usize = 5;

/// The bytes after all that happened to them.
pub(crate) fn damaged(sound: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = sound.to_vec();
    for damage in damages.iter().take(DAMAGES_MAX) {
        let size = bytes.len();
        let place = |at: u32| at as usize % (size + 1);
        match damage {
            Damage::Byte { at, value } if size > 0 => bytes[*at as usize % size] = *value,
            Damage::Byte { .. } => {}
            Damage::Insert { at, bytes: more } => drop(bytes.splice(place(*at)..place(*at), *more)),
            Damage::Word { at, which } => {
                let word = WORDS[usize::from(*which) % WORDS.len()].bytes();
                drop(bytes.splice(place(*at)..place(*at), word));
            }
            Damage::Cut { at } => bytes.truncate(place(*at)),
            Damage::Drop { from, length } => {
                drop(bytes.drain(place(*from)..size.min(place(*from) + usize::from(*length))));
            }
            Damage::Repeat { from, length, times } => {
                let from = place(*from);
                let part = bytes[from..size.min(from + usize::from(*length))].repeat(usize::from(*times) % TIMES_MAX);
                drop(bytes.splice(from..from, part));
            }
        }
    }
    bytes
}
