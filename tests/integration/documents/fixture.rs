//! Issued notices as files, and the programs that read them.

use crate::exported::python;
use crate::web::fixture::Street;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Files of one issued notice.
pub(super) struct Files {
    directory: TempDir,
    /// The same as a program reads it.
    pub(super) json: Value,
}

impl Files {
    /// Those of a street's notice.
    pub(super) fn issued() -> Files {
        let street = Street::served();
        Files::of(&format!("{}/v1/notices/{}", street.address, street.notice))
    }

    /// Those of the notice that took its place.
    pub(super) fn superseding() -> Files {
        let street = Street::served();
        let later = street.supersede();
        Files::of(&format!("{}/v1/notices/{later}", street.address))
    }

    /// Those of the draft that is disclosed before the month is closed.
    pub(super) fn disclosed() -> Files {
        let street = Street::disclosing();
        Files::of(&format!("{}/v1/notices/{}", street.address, street.notice))
    }

    fn of(address: &str) -> Files {
        let directory = tempfile::tempdir().expect("a directory");
        let suffixes: &[&str] = if cfg!(feature = "pdf") { &["xlsx", "docx", "pdf"] } else { &["xlsx", "docx"] };
        for suffix in suffixes {
            let file = fetched(&format!("{address}.{suffix}"));
            std::fs::write(directory.path().join(format!("notice.{suffix}")), file).expect("written");
        }
        let json = serde_json::from_slice(&fetched(&format!("{address}.json"))).expect("JSON");
        Files { directory, json }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// What another program reads in a file.
    pub(super) fn read(&self, name: &str) -> Value {
        read(&self.path(name))
    }

    /// The members' lines with the names beside them, as the JSON has them.
    pub(super) fn members(&self) -> impl Iterator<Item = (&Value, &Value)> {
        let [names, members] = [&self.json["names"], &self.json["notice"]["members"]];
        names.as_array().expect("names").iter().zip(members.as_array().expect("members"))
    }
}

fn fetched(address: &str) -> Vec<u8> {
    ureq::get(address).call().expect("an answer").body_mut().read_to_vec().expect("a body")
}

/// What openpyxl or python-docx reads in a file.
pub(super) fn read(path: &Path) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/read_document.py");
    let output = Command::new(python()).arg(script).arg(path).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}
