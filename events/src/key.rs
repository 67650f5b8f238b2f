//! Facts about the key that signs the log (签名密钥).

use serde::{Deserialize, Serialize};

/// 签名密钥更换: from the next entry on, checkpoints are signed with another key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningKeyRotated {
    /// The signed note (C2SP signed-note) that hands over: signed by the old key and by the new one.
    pub handover: String,
    /// The key that signs from now on, as a C2SP verifier key.
    pub new_key: String,
    /// The key that signed so far, as a C2SP verifier key.
    pub old_key: String,
}
