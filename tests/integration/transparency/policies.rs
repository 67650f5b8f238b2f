//! Policies in the form of C2SP tlog-policy: what they admit, and which line is wrong with one that can't be used.

use mingzhang::transparency::{
    Checkpoint, CosignatureSigner, Ed25519Signer, NoteError, Policy, PolicyError, SignedCheckpoint, Signer,
    VerifierKey, empty_root,
};

fn witness(number: u8) -> CosignatureSigner {
    CosignatureSigner::from_seed(&format!("witness.example/{number}"), &[number; 32]).unwrap()
}

fn log() -> Ed25519Signer {
    Ed25519Signer::from_seed("log.example", &[99; 32]).unwrap()
}

/// The checkpoint of the empty log, cosigned by these.
fn cosigned(by: &[u8]) -> String {
    let signed = SignedCheckpoint::sign(Checkpoint::new("log.example", 0, empty_root()), &[&log()]).unwrap();
    let text = signed.checkpoint().to_string();
    by.iter().fold(signed.note().to_owned(), |note, number| {
        note + &witness(*number).cosign(&text, 1_700_000_000 + u64::from(*number)).to_string()
    })
}

/// Writes `{W3}` as the verifier key of witness 3 and `{LOG}` as the log's.
fn policy_text(text: &str) -> String {
    (1..=6).fold(text.replace("{LOG}", &log().verifier_key()), |text, number| {
        text.replace(&format!("{{W{number}}}"), &witness(number).verifier_key())
    })
}

fn policy(text: &str) -> Policy {
    Policy::parse(policy_text(text).as_bytes()).unwrap()
}

/// The example of the specification.
const TWO_OPERATORS: &str = "log {LOG}\n\n\
    witness X1 {W1}\nwitness X2 {W2}\nwitness X3 {W3}\ngroup X-witnesses 2 X1 X2 X3\n\n\
    witness Y1 {W4}\nwitness Y2 {W5}\nwitness Y3 {W6}\ngroup Y-witnesses any Y1 Y2 Y3\n\n\
    group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n";

#[test]
fn groups_of_groups_are_met_exactly_by_the_sets_that_they_describe() {
    let policy = policy(TWO_OPERATORS);
    for set in 0_u8..64 {
        let by: Vec<u8> = (1..=6).filter(|number| set >> (number - 1) & 1 == 1).collect();
        let (x, y) =
            (by.iter().filter(|number| **number <= 3).count(), by.iter().filter(|number| **number > 3).count());
        let checked = policy.check(cosigned(&by).as_bytes());
        if x >= 2 && y >= 1 {
            let witnessed = checked.unwrap();
            assert_eq!((witnessed.log.name(), witnessed.cosigners.len()), ("log.example", by.len()), "{by:?}");
        } else {
            assert!(matches!(checked, Err(PolicyError::QuorumNotMet { .. })), "{by:?}: {checked:?}");
            assert!(!policy.open(cosigned(&by).as_bytes()).unwrap().quorum_is_met, "{by:?}");
        }
    }
}

#[test]
fn each_cosigner_is_named_as_the_policy_names_it_with_its_time() {
    let note = cosigned(&[2, 3, 5]);
    let policy = policy(TWO_OPERATORS);
    let witnessed = policy.check(note.as_bytes()).unwrap();
    let named: Vec<_> = witnessed.cosigners.iter().map(|by| (by.witness.name.as_str(), by.unix_seconds)).collect();
    assert_eq!(named, [("X2", 1_700_000_002), ("X3", 1_700_000_003), ("Y2", 1_700_000_005)]);
    let told = policy.check(cosigned(&[1, 4]).as_bytes()).unwrap_err().to_string();
    assert!(told.starts_with("the quorum X-and-Y isn't met: only X1, Y1 cosigned;"), "{told}");
}

#[test]
fn a_quorum_of_k_is_met_by_k_whichever_they_are() {
    for k in 1..=3_usize {
        let policy = policy(&format!(
            "log {{LOG}}\nwitness a {{W1}}\nwitness b {{W2}}\nwitness c {{W3}}\ngroup g {k} a b c\nquorum g\n"
        ));
        for set in 0_u8..8 {
            let by: Vec<u8> = (1..=3).filter(|number| set >> (number - 1) & 1 == 1).collect();
            assert_eq!(policy.check(cosigned(&by).as_bytes()).is_ok(), by.len() >= k, "{k} of {by:?}");
        }
    }
}

#[test]
fn without_a_quorum_the_log_s_signature_is_enough_and_cosigners_are_told_all_the_same() {
    let policy = policy("log {LOG} https://log.example/ledger\nwitness a {W1}\nquorum none\n");
    assert_eq!(policy.check(cosigned(&[]).as_bytes()).unwrap().cosigners, []);
    assert_eq!(policy.check(cosigned(&[1, 2]).as_bytes()).unwrap().cosigners.len(), 1);
    assert_eq!(policy.logs()[0].url.as_deref(), Some("https://log.example/ledger"));
    assert_eq!(
        policy.check(cosigned(&[]).as_bytes()),
        Policy::of_log(policy.logs()[0].key.clone()).check(cosigned(&[]).as_bytes())
    );
}

#[test]
fn a_checkpoint_that_no_log_of_the_policy_signed_is_refused() {
    let policy = policy("log {LOG}\nwitness a {W1}\nquorum none\n");
    let signed = |name: &str, origin: &str, seed: u8| {
        let log = Ed25519Signer::from_seed(name, &[seed; 32]).unwrap();
        SignedCheckpoint::sign(Checkpoint::new(origin, 0, empty_root()), &[&log]).unwrap().note().to_owned()
    };
    let unknown = |origin: &str| Err(PolicyError::UnknownLog { origin: origin.to_owned() });
    assert_eq!(policy.check(signed("other.example", "other.example", 99).as_bytes()), unknown("other.example"));
    assert_eq!(policy.check(signed("log.example", "log.example", 98).as_bytes()), unknown("log.example"));
    // The right key, over the checkpoint of another log.
    assert_eq!(policy.check(signed("log.example", "other.example", 99).as_bytes()), unknown("other.example"));
    let wrong = cosigned(&[1]).replacen("\n0\n", "\n1\n", 1);
    let expected = NoteError::WrongSignature { name: "log.example".to_owned() };
    assert_eq!(policy.check(wrong.as_bytes()), Err(PolicyError::Note(expected)));
    // A witness signed another text: nothing of this note is relied on.
    let elsewhere = witness(1).cosign("another text\n", 1).to_string();
    let expected = NoteError::WrongSignature { name: "witness.example/1".to_owned() };
    assert_eq!(policy.check((cosigned(&[]) + &elsewhere).as_bytes()), Err(PolicyError::Note(expected)));
}

#[test]
fn blanks_comments_and_any_spelling_of_white_space_are_read() {
    let text = policy_text("# 策略\n \t\n\tlog  {LOG}\t \n  # indented\nwitness 甲\u{3000} {W1}\nquorum\t甲\u{3000}");
    let policy = Policy::parse(text.as_bytes()).unwrap();
    assert_eq!(policy.witnesses()[0].name, "甲\u{3000}", "only space and tab separate");
    let latin = [b"# caf\xe9\n".as_slice(), policy_text("quorum none\n").as_bytes()].concat();
    assert!(Policy::parse(&latin).unwrap().logs().is_empty());
}

#[test]
fn a_policy_that_can_not_be_used_says_which_line_is_wrong() {
    let log_under_a_witness_s_key = Ed25519Signer::from_seed("witness.example/1", &[1; 32]).unwrap().verifier_key();
    let same_secret = CosignatureSigner::from_seed("other.example", &[1; 32]).unwrap().verifier_key();
    let cases = [
        ("", 0, "no line `quorum"),
        ("log {LOG}\n", 0, "no line `quorum"),
        ("quorum none\nquorum none\n", 2, "already"),
        ("quorum\n", 1, "is written `quorum"),
        ("quorum a b\n", 1, "is written `quorum"),
        ("quorum a\nwitness a {W1}\n", 1, "no line before this one names a"),
        ("log\nquorum none\n", 1, "is written `log"),
        ("log {LOG} url more\nquorum none\n", 1, "is written `log"),
        ("log {LOG}\nlog {LOG} url\nquorum none\n", 2, "twice"),
        ("log {W1}\nquorum none\n", 1, "a witness's"),
        ("log nonsense\nquorum none\n", 1, "verifier key"),
        ("\n\nwitness a {LOG}\nquorum none\n", 3, "not one for cosignatures"),
        ("witness a {W1}\nwitness b {W1}\nquorum a\n", 2, "count twice"),
        (&format!("witness a {{W1}}\nwitness b {same_secret}\nquorum a\n"), 2, "count twice"),
        (&format!("witness a {log_under_a_witness_s_key}\nquorum a\n"), 1, "not one for cosignatures"),
        ("witness a {W1}\nwitness a {W2}\nquorum a\n", 2, "is taken"),
        ("witness none {W1}\nquorum none\n", 1, "is taken"),
        ("witness a\nquorum none\n", 1, "is written `witness"),
        ("witness a {W1}\ngroup a any a\nquorum a\n", 2, "is taken"),
        ("witness a {W1}\ngroup g any a a\nquorum g\n", 2, "count twice"),
        ("witness a {W1}\ngroup g any a\ngroup h any a g\nquorum h\n", 3, "count twice"),
        ("witness a {W1}\ngroup g any none\nquorum g\n", 2, "names none"),
        ("witness a {W1}\ngroup g any h\ngroup h any a\nquorum g\n", 2, "names h"),
        ("witness a {W1}\ngroup g any g\nquorum g\n", 2, "names g"),
        ("group g all\nquorum g\n", 1, "asks for nothing"),
        ("group g\nquorum g\n", 1, "is written `group"),
        ("witness a {W1}\ngroup g 0 a\nquorum g\n", 2, "asks for nothing"),
        ("witness a {W1}\ngroup g 2 a\nquorum g\n", 2, "can't be met"),
        ("witness a {W1}\ngroup g 01 a\nquorum g\n", 2, "none of all, any"),
        ("witness a {W1}\ngroup g most a\nquorum g\n", 2, "none of all, any"),
        ("witness a {W1}\r\nquorum none\n", 1, "0x0d"),
        ("quorum none\n\u{7f}\n", 2, "0x7f"),
        ("mirror a {W1}\nquorum none\n", 1, "none of log, witness"),
        ("Log {LOG}\nquorum none\n", 1, "none of log, witness"),
    ];
    for (text, line, why) in cases {
        let refused = Policy::parse(policy_text(text).as_bytes()).unwrap_err();
        assert_eq!(refused.line, Some(line).filter(|line| *line > 0), "{text:?}: {refused}");
        assert!(refused.why.to_string().contains(why), "{text:?}: {refused}");
    }
    assert_eq!(Policy::parse(b"witness \xff\xff key\nquorum none").unwrap_err().line, Some(1));
}

#[test]
fn a_rotated_log_has_both_its_keys_in_the_policy() {
    let new = Ed25519Signer::from_seed("log.example", &[98; 32]).unwrap();
    let policy = policy(&format!("log {{LOG}}\nlog {}\nquorum none\n", new.verifier_key()));
    assert_eq!(
        policy.check(cosigned(&[]).as_bytes()).unwrap().log,
        &VerifierKey::parse(&log().verifier_key()).unwrap()
    );
    let head = Checkpoint::new("log.example", 0, empty_root());
    let signed = SignedCheckpoint::sign(head, &[&new]).unwrap();
    assert_eq!(policy.check(signed.note().as_bytes()).unwrap().log, &VerifierKey::parse(&new.verifier_key()).unwrap());
}

#[test]
fn a_policy_has_no_more_witnesses_than_a_note_has_room_for() {
    let text = |count: u8| {
        let lines = (1..=count).map(|number| format!("witness W{number} {}\n", witness(number).verifier_key()));
        let all: String = (1..=count).map(|number| format!(" W{number}")).collect();
        format!("log {}\n{}group all all{all}\nquorum all\n", log().verifier_key(), lines.collect::<String>())
    };
    let policy = Policy::parse(text(90).as_bytes()).unwrap();
    let all: Vec<u8> = (1..=90).collect();
    assert_eq!(policy.check(cosigned(&all).as_bytes()).unwrap().cosigners.len(), 90);
    let refused = Policy::parse(text(91).as_bytes()).unwrap_err();
    assert_eq!(refused.line, Some(92));
    assert!(refused.why.to_string().contains("at most 90 witnesses"), "{refused}");
}
