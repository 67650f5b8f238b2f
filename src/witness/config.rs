//! What whoever runs a witness sets: `witness.toml`, with the witness's name, where it keeps its key and its memory, and the logs that
//! it watches.

use crate::transparency::{KeyKind, VerifierKey};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Where a witness listens unless it is told otherwise.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8788);

/// Why a configuration can't be used.
#[derive(Debug, thiserror::Error)]
pub enum WitnessConfigError {
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

/// The configuration of one witness. Paths are relative to the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessConfig {
    /// The name of its key, such as `witness.example.gov.cn`; not empty, without spaces and `+`.
    pub name: String,
    /// The address to listen on.
    #[serde(default = "listen")]
    pub listen: SocketAddr,
    /// The file of its private key.
    pub key: PathBuf,
    /// The directory of what it remembers.
    pub state: PathBuf,
    /// The verifier keys of the logs that it watches; the name of each is the log's origin.
    pub logs: Vec<String>,
}

fn listen() -> SocketAddr {
    LISTEN
}

impl WitnessConfig {
    /// That of a new witness of that name, with its files beside the configuration.
    pub fn new(name: &str, logs: Vec<String>) -> WitnessConfig {
        let (key, state) = (PathBuf::from("witness-key"), PathBuf::from("state"));
        WitnessConfig { name: name.to_owned(), listen: LISTEN, key, state, logs }
    }

    /// Reads it, with its paths made relative to where the program runs.
    pub fn read(path: &Path) -> Result<WitnessConfig, WitnessConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| WitnessConfigError::Read { path: path.to_owned(), source })?;
        let config: WitnessConfig = toml::from_str(&text)
            .map_err(|fault| WitnessConfigError::Malformed { path: path.to_owned(), message: fault.to_string() })?;
        let directory = path.parent().unwrap_or(Path::new("."));
        Ok(WitnessConfig { key: directory.join(&config.key), state: directory.join(&config.state), ..config })
    }

    /// The keys of its logs, or what is wrong with one of them.
    pub fn log_keys(&self) -> Result<Vec<VerifierKey>, String> {
        let mut keys: Vec<VerifierKey> = Vec::new();
        for text in &self.logs {
            let key = VerifierKey::parse(text).map_err(|error| format!("{text}: {error}"))?;
            if key.kind() == KeyKind::Cosignature {
                return Err(format!("{text}: this is the key of a witness and not of a log"));
            }
            if keys.contains(&key) {
                return Err(format!("{text}: this key stands there twice"));
            }
            keys.push(key);
        }
        Ok(keys)
    }

    /// As the file's text.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a configuration is TOML")
    }
}
