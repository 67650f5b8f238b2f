//! A directory to work in, and the program to run in it.

use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// What a run of the program gave.
pub(super) struct Ran {
    pub(super) code: i32,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Ran {
    /// Both streams: for asking whether something was said at all.
    pub(super) fn said(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// Insists on an exit code, and shows what was said otherwise.
    #[track_caller]
    pub(super) fn exits(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Insists on some words.
    #[track_caller]
    pub(super) fn saying(self, words: &str) -> Ran {
        assert!(self.said().contains(words), "{words:?} is missing in\n{}", self.said());
        self
    }
}

/// A directory of its own.
pub(super) struct Place(TempDir);

impl Place {
    pub(super) fn new() -> Place {
        Place(tempfile::tempdir().expect("a temporary directory"))
    }

    /// With a ledger in `ledger`.
    pub(super) fn with_ledger() -> Place {
        let place = Place::new();
        place.run("init ledger --origin test.example/street").exits(0);
        place
    }

    /// With a ledger that has the organisations and members of the fixtures.
    pub(super) fn with_roster() -> Place {
        let place = Place::with_ledger();
        place.run(&format!("import organizations {} --ledger ledger", table("organizations.csv"))).exits(0);
        place.run(&format!("import roster {} --ledger ledger", table("roster.csv"))).exits(0);
        place
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let directory = self.path(name).parent().expect("below the place").to_owned();
        std::fs::create_dir_all(directory).expect("making a directory of the test");
        std::fs::write(self.path(name), text).expect("writing a file of the test");
    }

    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mingzhang"));
        command.current_dir(self.0.path());
        for name in ["MINGZHANG_LEDGER", "MINGZHANG_URL", "MINGZHANG_TOKEN", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs with arguments separated by spaces; single quotes keep them together.
    #[track_caller]
    pub(super) fn run(&self, arguments: &str) -> Ran {
        let output = self.command().args(words(arguments)).output().expect("the program runs");
        Ran {
            code: output.status.code().expect("it ends by itself"),
            stdout: String::from_utf8(output.stdout).expect("what it prints is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("what it prints is UTF-8"),
        }
    }

    /// How many entries the ledger has, by its own verification.
    #[track_caller]
    pub(super) fn entries(&self) -> u64 {
        let checkpoint = self.run("show checkpoint --ledger ledger").exits(0).stdout;
        checkpoint.lines().nth(1).expect("a size").parse().expect("a number")
    }
}

/// A table among the fixtures.
pub(super) fn table(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(name).display().to_string()
}

fn words(text: &str) -> Vec<String> {
    let part = |(at, part): (usize, &str)| -> Vec<String> {
        if at % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
    };
    text.split('\'').enumerate().flat_map(part).collect()
}
