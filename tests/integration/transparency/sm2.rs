//! The second signature line with SM2 and SM3, checked by `openssl` too.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mingzhang::transparency::{
    Checkpoint, Ed25519Signer, KeyFault, KeyKind, Note, NoteError, SignedCheckpoint, Signer, Sm2Signer, VerifierKey,
};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::process::Command;

const ORIGIN: &str = "example.gov.cn/shuyuan";
/// `SubjectPublicKeyInfo` of a point on the curve of SM2 (RFC 5480, GM/T 0006), up to the point.
const SPKI_HEAD: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf,
    0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00,
];
const IDENTIFIER: &[u8] = b"\xffgm/sm2-sm3/v1\0";

fn signers() -> (Ed25519Signer, Sm2Signer) {
    (
        Ed25519Signer::from_seed(ORIGIN, &[7; 32]).expect("a key"),
        Sm2Signer::from_secret(ORIGIN, &[9; 32]).expect("a key"),
    )
}

fn signed() -> (SignedCheckpoint, VerifierKey, VerifierKey) {
    let (ed25519, sm2) = signers();
    let signed = SignedCheckpoint::sign(Checkpoint::new(ORIGIN, 18_326, [5; 32]), &[&ed25519, &sm2]).expect("signed");
    let key = |signer: &dyn Signer| VerifierKey::parse(&signer.verifier_key()).expect("a verifier key");
    (signed, key(&ed25519), key(&sm2))
}

/// The point of a verifier key.
fn point(key: &VerifierKey) -> Vec<u8> {
    let text = key.to_string();
    let public = STANDARD.decode(text.splitn(3, '+').nth(2).expect("a key")).expect("base64");
    public.strip_prefix(IDENTIFIER).expect("an SM2 key").to_vec()
}

fn openssl(directory: &Path, arguments: &[&str]) -> (bool, String) {
    let ran = Command::new("openssl").args(arguments).current_dir(directory).output();
    let ran = ran.expect("openssl is installed: apt-get install openssl");
    (ran.status.success(), format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr)))
}

#[test]
fn both_lines_are_checked_by_whoever_knows_both_keys() {
    let (signed, ed25519, sm2) = signed();
    assert_eq!((sm2.kind(), sm2.name()), (KeyKind::Sm2, ORIGIN));
    let keys = [ed25519, sm2];
    let (note, by) = Note::open(signed.note().as_bytes(), &keys).expect("both signed");
    assert_eq!((note.signatures.len(), by.len()), (2, 2));
}

#[test]
fn who_knows_only_the_ed25519_key_passes_the_second_line_over_whatever_it_says() {
    let (signed, ed25519, sm2) = signed();
    assert_eq!(SignedCheckpoint::open(signed.note().as_bytes(), &ed25519).expect("signed").checkpoint().size, 18_326);
    let lines: Vec<&str> = signed.note().lines().collect();
    let (first, rest) = lines[5].rsplit_once(' ').expect("a signature line");
    let mut signature = STANDARD.decode(rest).expect("base64");
    let last = signature.len() - 1;
    signature[last] ^= 1;
    let changed = signed.note().replace(lines[5], &format!("{first} {}", STANDARD.encode(&signature)));
    SignedCheckpoint::open(changed.as_bytes(), &ed25519).expect("its own signature holds");
    let keys = [ed25519, sm2];
    let refused = Note::open(changed.as_bytes(), &keys);
    assert_eq!(refused.err(), Some(NoteError::WrongSignature { name: ORIGIN.to_owned() }));
}

#[test]
fn the_key_id_is_that_of_signed_note_over_type_identifier_and_point() {
    let (_, _, sm2) = signed();
    let public = [IDENTIFIER, &point(&sm2)].concat();
    let hash = Sha256::new().chain_update(ORIGIN).chain_update(b"\n").chain_update(&public).finalize();
    assert_eq!(sm2.key_id().to_be_bytes(), hash[..4]);
    assert_eq!(sm2.to_string(), format!("{ORIGIN}+{:08x}+{}", sm2.key_id(), STANDARD.encode(public)));
}

#[test]
fn openssl_checks_the_second_line_and_refuses_it_under_another_text() {
    let (signed, _, sm2) = signed();
    let directory = tempfile::tempdir().expect("a directory");
    let spki = [&SPKI_HEAD[..], &point(&sm2)].concat();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(spki));
    std::fs::write(directory.path().join("public.pem"), pem).expect("written");
    let note = Note::parse(signed.note().as_bytes()).expect("a note");
    std::fs::write(directory.path().join("signature"), &note.signatures[1].signature).expect("written");
    let verify = |text: &str| {
        std::fs::write(directory.path().join("text"), text).expect("written");
        let id = "distid:1234567812345678";
        #[rustfmt::skip]
        let arguments = [
            "pkeyutl", "-verify", "-pubin", "-inkey", "public.pem", "-rawin", "-digest", "sm3", "-pkeyopt", id,
            "-in", "text", "-sigfile", "signature",
        ];
        openssl(directory.path(), &arguments)
    };
    let (holds, said) = verify(note.text);
    assert!(holds, "{said}");
    let (holds, said) = verify(&note.text.replace("18326", "18327"));
    assert!(!holds, "{said}");
}

#[test]
fn a_key_of_another_private_type_is_not_read_as_ours() {
    let (_, _, sm2) = signed();
    for identifier in [&b"\xffgm/sm2-sm3/v2\0"[..], b"\xffgm/sm2-sm3/v1", b"\xff"] {
        let public = [identifier, &point(&sm2)].concat();
        let hash = Sha256::new().chain_update(ORIGIN).chain_update(b"\n").chain_update(&public).finalize();
        let id: String = hash[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        let refused = VerifierKey::parse(&format!("{ORIGIN}+{id}+{}", STANDARD.encode(public)));
        assert!(matches!(refused, Err(NoteError::NotAKey(KeyFault::Type))));
    }
}
