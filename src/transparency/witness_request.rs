//! What is submitted to a witness (C2SP tlog-witness, `add-checkpoint`): the size that it cosigned last, a consistency proof from
//! there, and the signed checkpoint.
//!
//! Checks its form, and neither proof nor signature. The lines before the checkpoint are read apart from it, because a witness
//! looks at the log and its signature before anything else.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::Hash;
use super::checkpoint::parse_decimal;

/// The media type of a witness's answer that it cosigned another size: the size in decimal and a newline.
pub const SIZE_MEDIA_TYPE: &str = "text/x.tlog.size";

/// The longest proof in the tree of 2^64 leaves, and what the format allows.
const PROOF_LINES_MAX: usize = 63;

/// The body of a request.
#[must_use]
pub fn write(old_size: u64, consistency_proof: &[Hash], note: &str) -> String {
    let proof: String = consistency_proof.iter().map(|hash| format!("{}\n", STANDARD.encode(hash))).collect();
    format!("old {old_size}\n{proof}\n{note}")
}

/// The lines before the checkpoint, with their last newline, and the checkpoint's signed note; none without an empty line between
/// them.
#[must_use]
pub fn split(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = body.windows(2).position(|two| two == b"\n\n")?;
    Some((&body[..=end], &body[end + 2..]))
}

/// The old size and the consistency proof; none if a line isn't what it has to be.
#[must_use]
pub fn parse_head(head: &[u8]) -> Option<(u64, Vec<Hash>)> {
    let mut lines = std::str::from_utf8(head).ok()?.strip_suffix('\n')?.split('\n');
    let old_size = parse_decimal(lines.next()?.strip_prefix("old ")?)?;
    let proof: Option<Vec<Hash>> = lines.map(|line| STANDARD.decode(line).ok()?.try_into().ok()).collect();
    proof.filter(|proof| proof.len() <= PROOF_LINES_MAX).map(|proof| (old_size, proof))
}

/// The size in an answer that names the size cosigned last.
#[must_use]
pub fn parse_size(body: &str) -> Option<u64> {
    parse_decimal(body.strip_suffix('\n')?)
}

#[cfg(test)]
mod tests {
    use super::{parse_head, parse_size, split, write};

    #[test]
    fn what_was_written_is_read_back() {
        for proof in [vec![], vec![[1; 32]], vec![[7; 32]; 63]] {
            let body = write(20_852_014, &proof, "origin\n5\nroot\n\n— origin sig\n");
            let (head, note) = split(body.as_bytes()).unwrap();
            assert_eq!(parse_head(head), Some((20_852_014, proof)));
            assert_eq!(note, "origin\n5\nroot\n\n— origin sig\n".as_bytes());
        }
    }

    #[test]
    fn other_forms_are_refused() {
        let hash = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n";
        assert!(parse_head(format!("old 1\n{}", hash.repeat(63)).as_bytes()).is_some());
        for head in [
            "",
            "\n",
            "old\n",
            "old \n",
            "old 01\n",
            "old -1\n",
            "old +1\n",
            "old 1 \n",
            "Old 1\n",
            " old 1\n",
            "old 1\r\n",
            "old 1",
            "old 18446744073709551616\n",
            "old 1\nqq==\n",
            "old 1\n!\n",
            "old 1\n\n",
        ] {
            assert_eq!(parse_head(head.as_bytes()), None, "{head:?}");
        }
        assert_eq!(parse_head(format!("old 1\n{}", hash.repeat(64)).as_bytes()), None);
        assert_eq!(parse_head(b"old 1\n\xff\n"), None);
        assert_eq!(split(b"old 1\norigin\n"), None);
    }

    #[test]
    fn a_size_ends_with_its_newline() {
        assert_eq!(parse_size("12\n"), Some(12));
        for size in ["12", "012\n", "\n", "", "12\n\n", "x\n"] {
            assert_eq!(parse_size(size), None, "{size:?}");
        }
    }
}
