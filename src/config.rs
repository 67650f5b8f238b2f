//! What the operator sets: `mingzhang.toml` in the ledger's directory.

mod documents;
mod wording;

pub use documents::{DocumentConfig, NumberFormat, NumberFormatError};
pub use wording::{DocumentWording, Sentence, TitleFormat, WordingError};

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Why a configuration can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The origin can't name a log.
    #[error(
        "{0:?} can't name a log: write something like example.gov.cn/shuyuan, 1 to 100 ASCII characters without spaces and '+'"
    )]
    Origin(String),
    /// The file can't be read.
    #[error("reading {path}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file isn't such a configuration.
    #[error("{path}: {message}")]
    Malformed {
        /// Which.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
}

/// The configuration of one ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The name of the log in checkpoints (C2SP tlog-checkpoint) and in entries; never changes.
    pub origin: String,
    /// What stands above documents; the organisation's own name if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuing_body: Option<String>,
    /// How often a checkpoint is published while the ledger is served, and handed to the witnesses that `policy` names.
    #[serde(default = "publish_every_seconds", skip_serializing_if = "is_publish_every_seconds")]
    pub publish_every_seconds: u32,
    /// Whether checkpoints carry a second signature line with SM2 and SM3, by the key in `signing-key-sm2`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sm2_signature: bool,
    /// Whether notices print a masked name (张*) of whoever hasn't consented to the full one; otherwise they stand by number.
    #[serde(default = "masks_names", skip_serializing_if = "Clone::clone")]
    pub mask_names: bool,
    /// Whether this is a demonstration with synthetic members: pages say so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demonstration: bool,
    /// How documents look and are numbered. Last: a table in TOML.
    #[serde(default, skip_serializing_if = "DocumentConfig::is_default")]
    pub documents: DocumentConfig,
}

/// The reference of every key, below its heading: `docs/reference/config.md`.
pub const REFERENCE: &str = include_str!("config/reference.md");

const PUBLISH_EVERY_SECONDS: u32 = 10;

fn masks_names() -> bool {
    true
}

fn publish_every_seconds() -> u32 {
    PUBLISH_EVERY_SECONDS
}

fn is_publish_every_seconds(seconds: &u32) -> bool {
    *seconds == PUBLISH_EVERY_SECONDS
}

impl Config {
    /// The configuration of a new ledger.
    pub fn for_origin(origin: &str) -> Result<Config, ConfigError> {
        let fits = (1..=100).contains(&origin.len())
            && origin.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'+' | b'"' | b'\\'));
        if !fits {
            return Err(ConfigError::Origin(origin.to_owned()));
        }
        Ok(Config {
            origin: origin.to_owned(),
            issuing_body: None,
            publish_every_seconds: PUBLISH_EVERY_SECONDS,
            sm2_signature: false,
            mask_names: true,
            demonstration: false,
            documents: DocumentConfig::default(),
        })
    }

    /// Reads it.
    pub fn read(path: &Path) -> Result<Config, ConfigError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        let config: Config = toml::from_str(&text)
            .map_err(|fault| ConfigError::Malformed { path: path.to_owned(), message: fault.to_string() })?;
        Config::for_origin(&config.origin).map(|_| config)
    }

    /// As the file's text.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a configuration is TOML")
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, DocumentWording, REFERENCE, Sentence, TitleFormat};

    fn read(text: &str) -> Result<Config, String> {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("mingzhang.toml");
        std::fs::write(&path, text).expect("written");
        Config::read(&path).map_err(|fault| fault.to_string())
    }

    #[test]
    fn every_key_is_in_the_reference_and_its_example_is_read() {
        let mut config = Config::for_origin("example.org/a").expect("an origin");
        (config.issuing_body, config.publish_every_seconds, config.sm2_signature) = (Some("b".to_owned()), 1, true);
        (config.mask_names, config.demonstration, config.documents.sealed) = (false, true, false);
        (config.documents.header, config.documents.contact) = (Some("h".to_owned()), Some("c".to_owned()));
        let (title, sentence) =
            (TitleFormat::try_from("{month}".to_owned()).ok(), Sentence::try_from("s".to_owned()).ok());
        config.documents.wording = DocumentWording {
            notice_title: title.clone(),
            disclosure_title: title,
            addressees: sentence.clone(),
            notice_closing: sentence.clone(),
            disclosure_closing: sentence.clone(),
            how_to_object: sentence,
        };
        let written = config.to_toml();
        assert_eq!(read(&written), Ok(config));
        for key in written.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key) {
            assert!(REFERENCE.contains(&format!("| `{key}` |")), "{key} is missing");
        }
        let example =
            REFERENCE.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
        let config = read(example).expect("the example is read");
        assert_eq!(config.documents.notice_number.number(2026, 3), "书街党通〔2026〕3号");
    }

    #[test]
    fn what_is_left_out_has_its_default_and_a_fault_is_told_with_its_line_and_column() {
        let plain = Config::for_origin("example.org/a").expect("an origin");
        assert_eq!(read(&plain.to_toml()), Ok(plain.clone()));
        assert!(!plain.to_toml().contains("documents"), "defaults aren't written");
        let origin = "origin = \"example.org/a\"\n[documents]\n";
        for (line, what) in [
            ("notice_number = \"{year}\"", "write {n} once"),
            ("seal = true", "seal"),
            ("sealed = 1", "sealed"),
            ("wording.notice_title = \"通报\"", "write {month} once"),
        ] {
            let fault = read(&format!("{origin}{line}\n")).expect_err("it is refused");
            assert!(fault.contains("line 3, column") && fault.contains(what), "{fault}");
        }
    }
}
