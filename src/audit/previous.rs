//! A checkpoint that somebody kept, against which a log is held: a file, or three lines copied from paper.
//!
//! Decides nothing about the log. Invariant: what is signed is believed only once its signature was checked.

use crate::transparency::{Checkpoint, Policy, PolicyError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A checkpoint that was kept earlier: a signed note, or what a notice prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    pub(super) checkpoint: Checkpoint,
    /// None for the three lines that a notice prints: their paper is their proof.
    pub(super) note: Option<Vec<u8>>,
}

impl Previous {
    /// Reads a signed note, or the three lines of a checkpoint as a notice prints them and its QR code holds them. None for anything else. What
    /// an editor or a mail did to the ends of lines is undone first; the signature is over what then stands there.
    pub fn parse(text: &[u8]) -> Option<Previous> {
        let text = std::str::from_utf8(text).ok()?.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let note = format!("{}\n", text.trim_end_matches('\n'));
        if let Ok(checkpoint) = Checkpoint::of_note(note.as_bytes()) {
            return Some(Previous { checkpoint, note: Some(note.into_bytes()) });
        }
        let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
        let [origin, size, root] = lines[..] else { return None };
        let checkpoint = Checkpoint::parse(&format!("{origin}\n{size}\n{}\n", base64_root(root)?)).ok()?;
        Some(Previous { checkpoint, note: None })
    }

    /// What it says; nobody has checked who signed it.
    pub fn claimed(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The head, once a log of the policy is known to have signed it; that of three lines, as it is.
    pub fn opened(&self, policy: &Policy) -> Result<Checkpoint, PolicyError> {
        match &self.note {
            // It needn't have met the policy of today.
            Some(note) => policy.open(note).map(|opened| opened.checkpoint),
            None => Ok(self.checkpoint.clone()),
        }
    }
}

/// The root of a notice is printed in hex as well as in base64.
fn base64_root(text: &str) -> Option<String> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != 32 || !rest.is_empty() {
        return Some(text.to_owned());
    }
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Vec<u8> = pairs.iter().map(byte).collect::<Option<_>>()?;
    Some(STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::Previous;
    use crate::transparency::{Checkpoint, Ed25519Signer, SignedCheckpoint};

    #[test]
    fn ends_of_lines_are_no_part_of_what_was_kept() {
        let signer = Ed25519Signer::from_seed("example.org", &[7; 32]).expect("a signer");
        let signed = SignedCheckpoint::sign(Checkpoint::new("example.org", 3, [9; 32]), &[&signer]).expect("signed");
        let (note, text) = (signed.note(), signed.checkpoint().to_string());
        let kept = Previous::parse(note.as_bytes()).expect("a checkpoint");
        for mailed in
            [note.replace('\n', "\r\n"), note.trim_end().to_owned(), format!("{note}\n"), format!("\u{feff}{note}")]
        {
            assert_eq!(Previous::parse(mailed.as_bytes()), Some(kept.clone()), "{mailed:?}");
        }
        for paper in [text.clone(), text.replace('\n', "\r\n"), text.trim_end().to_owned()] {
            let lines = Previous::parse(paper.as_bytes()).expect("three lines");
            assert_eq!((&lines.checkpoint, &lines.note), (&kept.checkpoint, &None), "{paper:?}");
        }
        for other in ["", "junk", "a\nb\nc", "example.org\n3\n"] {
            assert_eq!(Previous::parse(other.as_bytes()), None, "{other:?}");
        }
    }
}
