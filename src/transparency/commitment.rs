//! Salted commitments: a hash that binds to a text, and tells nothing of it to whoever hasn't got its salt.
//!
//! Invariant: the domain keeps a commitment from being taken for another kind of hash, or for that of another field.

use super::Hash;
use sha2::{Digest, Sha256};

/// What commitments are salted with: 32 random bytes, one for each field of each person. Without it a name could be guessed: there are few.
pub type Salt = [u8; 32];

/// SHA-256 of `domain`, a zero byte, the salt and the text's bytes in UTF-8. All but the text have a fixed length once the domain is known.
pub fn commitment(domain: &str, salt: &Salt, text: &str) -> Hash {
    Sha256::new_with_prefix(domain.as_bytes()).chain_update([0]).chain_update(salt).chain_update(text).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::commitment;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The bytes are kept for ever; `printf 'd\0<32 times s>张三' | sha256sum` gives the same.
    #[test]
    fn a_commitment_is_sha256_of_domain_zero_salt_and_text() {
        assert_eq!(
            hex(&commitment("d", &[b's'; 32], "张三")),
            "147a835003f81a5a57411ee788de27a63d5c0b502f01ed207b9f28ca413cfbb9"
        );
    }

    #[test]
    fn another_domain_salt_or_text_is_another_commitment() {
        let one = commitment("d", &[1; 32], "张三");
        let others =
            [commitment("e", &[1; 32], "张三"), commitment("d", &[2; 32], "张三"), commitment("d", &[1; 32], "张山")];
        assert!(others.iter().all(|other| *other != one));
    }
}
