//! One checkpoint handed to one witness (C2SP tlog-witness, `add-checkpoint`), and what its answer means. Changes nothing here.

use super::Trouble;
use crate::ledger::LedgerError;
use crate::transparency::witness_request::{self, SIZE_MEDIA_TYPE};
use crate::transparency::{Hash, NoteSignature, SignedCheckpoint, VerifierKey};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// For one request, from its first byte to the last of its answer.
const TIME_MAX: Duration = Duration::from_secs(5);
/// A few signature lines.
const ANSWER_BYTES_MAX: u64 = 64 * 1_024;
/// With a stranger's size, with the size that it told, and once more if another of our instances was first.
const TRIES_MAX: u32 = 3;

/// What became of a submission.
pub(super) struct Submitted {
    /// The size that the witness has, as far as it is known now.
    pub(super) witness_size: u64,
    /// The signature lines that it gave, one of which is its valid cosignature; or what is wrong.
    pub(super) cosigned: Result<String, Trouble>,
}

impl Submitted {
    /// Whether the witness says that the log contradicts what it cosigned.
    pub(super) fn is_alarm(&self) -> bool {
        self.cosigned.as_ref().is_err_and(Trouble::is_alarm)
    }
}

pub(super) fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(TIME_MAX));
    config.max_redirects(0).build().into()
}

/// Submits a checkpoint to the witness with this key at `url`, which cosigned the size `witness_size` last as far as we know. `prove`
/// gives the consistency proof from a size to that of the checkpoint.
pub(super) fn submit(
    agent: &ureq::Agent,
    url: &str,
    key: &VerifierKey,
    mut witness_size: u64,
    pending: &SignedCheckpoint,
    prove: &dyn Fn(u64) -> Result<Vec<Hash>, LedgerError>,
) -> Submitted {
    let size = pending.checkpoint().size;
    for _ in 0..TRIES_MAX {
        let old_size = witness_size.min(size);
        let answered = prove(old_size).map_err(|failure| Trouble::Unusable(failure.to_string())).and_then(|proof| {
            let body = witness_request::write(old_size, &proof, pending.note());
            ask(agent, url, &body)
        });
        let cosigned = match answered {
            Ok(Answered::Cosigned(lines)) => check(&lines, key, pending).map(|()| lines),
            // It has more than we have, or says no to a proof from where it is.
            Ok(Answered::OtherSize(told)) if told > size => {
                return Submitted { witness_size: told, cosigned: Err(Trouble::RolledBack { told }) };
            }
            Ok(Answered::OtherSize(told)) if told == old_size => Err(Trouble::SplitView),
            Ok(Answered::OtherSize(told)) => {
                witness_size = told;
                continue;
            }
            Ok(Answered::NotConsistent) => Err(Trouble::SplitView),
            Ok(Answered::Refused(code)) => Err(Trouble::Refused(code)),
            Err(trouble) => Err(trouble),
        };
        let witness_size = if cosigned.is_ok() { size } else { witness_size };
        return Submitted { witness_size, cosigned };
    }
    Submitted { witness_size, cosigned: Err(Trouble::Unusable("it tells another size each time".to_owned())) }
}

/// The checkpoint that a witness serves as the one it cosigned last (C2SP tlog-witness, monitoring), if it serves one beside its address for
/// submissions. Nothing about it is checked.
pub(super) fn cosigned_last(agent: &ureq::Agent, url: &str, origin: &str) -> Option<Vec<u8>> {
    let name: String = Sha256::digest(origin).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut response = agent.get(format!("{}/{name}/checkpoint", url.trim_end_matches('/'))).call().ok()?;
    let is_there = response.status().is_success();
    response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec().ok().filter(|_| is_there)
}

enum Answered {
    Cosigned(String),
    OtherSize(u64),
    NotConsistent,
    Refused(u16),
}

fn ask(agent: &ureq::Agent, url: &str, body: &str) -> Result<Answered, Trouble> {
    let url = format!("{}/add-checkpoint", url.trim_end_matches('/'));
    let unreachable = |error: ureq::Error| Trouble::NotAnswering(error.to_string());
    let request = agent.post(url).header("Content-Type", "text/plain; charset=utf-8");
    let mut response = request.send(body).map_err(unreachable)?;
    let http_code = response.status().as_u16();
    let media = response.headers().get("Content-Type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tells_size = media.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case(SIZE_MEDIA_TYPE));
    let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_string().map_err(unreachable)?;
    Ok(match http_code {
        200 => Answered::Cosigned(body),
        409 if tells_size => {
            let size = witness_request::parse_size(&body);
            Answered::OtherSize(size.ok_or_else(|| Trouble::Unusable("the size that it tells isn't one".to_owned()))?)
        }
        // The specification's first version has 409 for an equal size with another root; later ones have 422.
        409 | 422 => Answered::NotConsistent,
        code => Answered::Refused(code),
    })
}

/// Whether a valid cosignature of the witness is among the lines.
fn check(lines: &str, key: &VerifierKey, pending: &SignedCheckpoint) -> Result<(), Trouble> {
    let unusable = |why: String| Trouble::Unusable(format!("its cosignature can't be used: {why}"));
    let lines = NoteSignature::parse_lines(lines).map_err(|error| unusable(error.to_string()))?;
    pending.with_cosignatures(&lines, std::slice::from_ref(key)).map_err(|error| unusable(error.to_string()))?;
    let is_there = lines.iter().any(|line| key.is_named_in(line));
    if is_there { Ok(()) } else { Err(unusable("it isn't by the key that the policy names".to_owned())) }
}
