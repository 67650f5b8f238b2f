//! Two programs that check an exported log without any code of ours below them: `tests/go` on golang.org/x/mod, `tests/python` on
//! pymerkle and openssl.

use super::fixture::{Export, log_signer};
use mingzhang::transparency::Signer;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What a program found, in its own words; only ever of these kinds.
#[derive(Debug)]
pub(super) enum Verdict {
    Sound(String),
    NotSound(String),
    /// Something that it was given can't be used.
    NothingChecked(String),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Program {
    Go,
    Python,
}

pub(super) const BOTH: [Program; 2] = [Program::Go, Program::Python];

/// What is checked beside the export.
#[derive(Default, Clone)]
pub(super) struct Kept {
    pub(super) earlier: Vec<PathBuf>,
    pub(super) receipts: Vec<PathBuf>,
    pub(super) growths: Vec<PathBuf>,
    /// Whom to trust; None: the key of the log.
    pub(super) policy: Option<PathBuf>,
}

impl Program {
    pub(super) fn check(self, export: &Export, kept: &Kept) -> Verdict {
        let mut command = match self {
            Program::Go => Command::new(go_program()),
            Program::Python => {
                let mut python = Command::new(python());
                python.arg(source("python/check_log.py"));
                python
            }
        };
        match &kept.policy {
            Some(policy) => command.arg("--policy").arg(policy),
            None => command.args(["--key", &log_signer().verifier_key()]),
        };
        for (option, files) in [("earlier", &kept.earlier), ("receipt", &kept.receipts), ("growth", &kept.growths)] {
            for file in files {
                command.arg(format!("--{option}")).arg(file);
            }
        }
        let output = command.arg(export.path()).output().expect("it runs");
        let said = String::from_utf8(output.stdout).expect("text");
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        let last = said.lines().last().unwrap_or_default();
        match output.status.code() {
            Some(0) if last == "sound" => Verdict::Sound(said),
            Some(1) if last.starts_with("NOT SOUND: ") => Verdict::NotSound(last.to_owned()),
            Some(2) if complaint.starts_with("nothing was checked: ") => Verdict::NothingChecked(complaint),
            // One that fell over has found nothing.
            code => panic!("{self:?} ended with {code:?}\n{said}\n{complaint}"),
        }
    }

    #[track_caller]
    pub(super) fn convinced(self, export: &Export, kept: &Kept) -> String {
        match self.check(export, kept) {
            Verdict::Sound(said) => said,
            Verdict::NotSound(said) | Verdict::NothingChecked(said) => panic!("{self:?} {said}"),
        }
    }

    /// Why it refuses.
    #[track_caller]
    pub(super) fn refuses(self, what: &str, export: &Export, kept: &Kept) -> String {
        match self.check(export, kept) {
            Verdict::NotSound(found) => found,
            Verdict::Sound(said) | Verdict::NothingChecked(said) => panic!("{self:?} has let {what} through\n{said}"),
        }
    }

    /// Why it can't look.
    #[track_caller]
    pub(super) fn checks_nothing(self, export: &Export, kept: &Kept) -> String {
        match self.check(export, kept) {
            Verdict::NothingChecked(why) => why,
            Verdict::Sound(said) | Verdict::NotSound(said) => panic!("{self:?} came to a verdict: {said}"),
        }
    }
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// `target/tools`, where `tests/run` puts what isn't in the distribution.
fn tools() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_mingzhang")).ancestors().nth(2).expect("target/<profile>/mingzhang").join("tools")
}

/// Built once in a run of the tests, with nothing but the distribution's packages.
fn go_program() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let install = "install it with\n  sudo apt-get install golang-go golang-golang-x-mod-dev";
        let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check_log");
        let built = Command::new("go")
            .args(["build", "-o"])
            .args([&program, &source("go/check_log.go")])
            .env("GO111MODULE", "off")
            .env("GOPATH", "/usr/share/gocode")
            .env("GOCACHE", tools().join("go-cache"))
            .env("GOFLAGS", "")
            .output()
            .unwrap_or_else(|error| panic!("no `go` ({error}): {install}"));
        assert!(built.status.success(), "{}\n{install}", String::from_utf8_lossy(&built.stderr));
        program
    })
}

/// The Python of the tests' own, with what they read others' formats by.
pub(crate) fn python() -> PathBuf {
    let python = tools().join("python/bin/python");
    assert!(python.exists(), "no {}: run `tests/run`, which makes it", python.display());
    python
}
