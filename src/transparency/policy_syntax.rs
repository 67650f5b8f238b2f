//! The lines of a policy file (C2SP tlog-policy): `log`, `witness`, `group`, `quorum`.
//!
//! May not judge a checkpoint. What can't be understood is refused with its line, never passed over.

use super::policy::{Group, Member, Policy, PolicyLog, PolicyWitness};
use super::{KeyKind, NoteError, VerifierKey};

/// A note holds a hundred signatures; some of them are the log's own.
const WITNESSES_MAX: usize = 90;

/// A policy file that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {why}", line.map_or_else(|| "the policy".to_owned(), |line| format!("line {line} of the policy")))]
pub struct PolicySyntaxError {
    /// Which line, from 1; none where a line is missing.
    pub line: Option<usize>,
    /// What is wrong with it.
    pub why: PolicyFault,
}

/// What is wrong with a policy file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// A byte that no text has.
    #[error("it has the control character 0x{0:02x}; only tab and newline are allowed")]
    ControlCharacter(u8),
    /// Not UTF-8, outside of comments.
    #[error("it isn't UTF-8")]
    NotUtf8,
    /// The line begins with another word than a policy has.
    #[error("`{0}` is none of log, witness, group, quorum")]
    UnknownWord(String),
    /// The line has too few or too many words.
    #[error("it is written `{0}`")]
    Form(&'static str),
    /// What stands for a key isn't one.
    #[error(transparent)]
    Key(#[from] NoteError),
    /// A log's line with the key of a witness.
    #[error("the key of {0} is a witness's (type 0x04) and not a log's")]
    WitnessKeyOfLog(String),
    /// A witness's line with another kind of key.
    #[error("the key of {0} is not one for cosignatures (type 0x04)")]
    NotForCosignatures(String),
    /// One key on two lines.
    #[error("the key of {0} stands here twice: it would count twice")]
    KeyTwice(String),
    /// More witnesses than a note has room for.
    #[error("a policy has at most {WITNESSES_MAX} witnesses: a note holds no more signatures")]
    TooManyWitnesses,
    /// One member in two groups, or twice in one.
    #[error("{0} is a member already: it would count twice")]
    MemberTwice(String),
    /// How many of a group must cosign isn't told.
    #[error("`{0}` is none of all, any, or a number")]
    Threshold(String),
    /// A threshold that no cosignatures can meet, or that asks for none.
    #[error("{threshold} of {all} members can't be met or asks for nothing")]
    Unmeetable {
        /// As it is written.
        threshold: String,
        /// How many members the group has.
        all: usize,
    },
    /// Two lines `quorum`.
    #[error("there is a quorum already")]
    QuorumTwice,
    /// No line `quorum`.
    #[error("no line `quorum <name>` or `quorum none` says how many must cosign")]
    NoQuorum,
    /// Two lines give one name.
    #[error("the name {0} is taken")]
    NameTaken(String),
    /// A name that no line before gave.
    #[error("no line before this one names {0}")]
    Unnamed(String),
}

impl PolicyFault {
    /// So many witnesses a policy has at most.
    pub const WITNESSES_MAX: usize = WITNESSES_MAX;
}

pub(super) fn parse(text: &[u8]) -> Result<Policy, PolicySyntaxError> {
    let mut reading = Reading::default();
    for (number, line) in (1..).zip(text.strip_suffix(b"\n").unwrap_or(text).split(|byte| *byte == b'\n')) {
        reading.read(line).map_err(|why| PolicySyntaxError { line: Some(number), why })?;
    }
    let Some(quorum) = reading.quorum else {
        return Err(PolicySyntaxError { line: None, why: PolicyFault::NoQuorum });
    };
    Ok(Policy { logs: reading.logs, witnesses: reading.witnesses, groups: reading.groups, quorum })
}

#[derive(Default)]
struct Reading {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    quorum: Option<Option<Member>>,
}

impl Reading {
    fn read(&mut self, line: &[u8]) -> Result<(), PolicyFault> {
        if let Some(byte) = line.iter().find(|byte| matches!(byte, 0..=8 | 10..=31 | 127)) {
            return Err(PolicyFault::ControlCharacter(*byte));
        }
        let words: Vec<&[u8]> =
            line.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty()).collect();
        // A comment may be in any encoding; the rest is UTF-8, as key names are.
        if words.first().is_none_or(|word| word.starts_with(b"#")) {
            return Ok(());
        }
        let words: Result<Vec<&str>, _> = words.into_iter().map(std::str::from_utf8).collect();
        let words = words.map_err(|_| PolicyFault::NotUtf8)?;
        match words[..] {
            ["log", key] => self.log(key, None),
            ["log", key, url] => self.log(key, Some(url)),
            ["witness", name, key] => self.witness(name, key, None),
            ["witness", name, key, url] => self.witness(name, key, Some(url)),
            ["group", name, threshold, ref members @ ..] => self.group(name, threshold, members),
            ["quorum", name] => self.quorum(name),
            ["log", ..] => Err(PolicyFault::Form("log <verifier key> [<url>]")),
            ["witness", ..] => Err(PolicyFault::Form("witness <name> <verifier key> [<url>]")),
            ["group", ..] => Err(PolicyFault::Form("group <name> all|any|<k> <member>…")),
            ["quorum", ..] => Err(PolicyFault::Form("quorum <name>|none")),
            _ => Err(PolicyFault::UnknownWord(words[0].to_owned())),
        }
    }

    fn log(&mut self, key: &str, url: Option<&str>) -> Result<(), PolicyFault> {
        let key = VerifierKey::parse(key)?;
        if key.kind() == KeyKind::Cosignature {
            return Err(PolicyFault::WitnessKeyOfLog(key.name().to_owned()));
        }
        if self.logs.iter().any(|log| log.key.is_duplicate_of(&key)) {
            return Err(PolicyFault::KeyTwice(key.name().to_owned()));
        }
        self.logs.push(PolicyLog { key, url: url.map(str::to_owned) });
        Ok(())
    }

    fn witness(&mut self, name: &str, key: &str, url: Option<&str>) -> Result<(), PolicyFault> {
        self.check_new(name)?;
        let key = VerifierKey::parse(key)?;
        if key.kind() != KeyKind::Cosignature {
            return Err(PolicyFault::NotForCosignatures(key.name().to_owned()));
        }
        if self.witnesses.len() == WITNESSES_MAX {
            return Err(PolicyFault::TooManyWitnesses);
        }
        if self.witnesses.iter().any(|witness| witness.key.is_duplicate_of(&key)) {
            return Err(PolicyFault::KeyTwice(key.name().to_owned()));
        }
        self.witnesses.push(PolicyWitness { name: name.to_owned(), key, url: url.map(str::to_owned) });
        Ok(())
    }

    fn group(&mut self, name: &str, threshold: &str, members: &[&str]) -> Result<(), PolicyFault> {
        self.check_new(name)?;
        let mut group = Group { name: name.to_owned(), threshold: 0, members: Vec::new() };
        for member in members {
            let found = self.find(member)?;
            let elsewhere = self.groups.iter().any(|group| group.members.contains(&found));
            if elsewhere || group.members.contains(&found) {
                return Err(PolicyFault::MemberTwice((*member).to_owned()));
            }
            group.members.push(found);
        }
        let all = group.members.len();
        group.threshold = match threshold {
            "all" => all,
            "any" => 1,
            k => super::checkpoint::parse_decimal(k)
                .and_then(|k| usize::try_from(k).ok())
                .ok_or_else(|| PolicyFault::Threshold(k.to_owned()))?,
        };
        if !(1..=all).contains(&group.threshold) {
            return Err(PolicyFault::Unmeetable { threshold: threshold.to_owned(), all });
        }
        self.groups.push(group);
        Ok(())
    }

    fn quorum(&mut self, name: &str) -> Result<(), PolicyFault> {
        if self.quorum.is_some() {
            return Err(PolicyFault::QuorumTwice);
        }
        self.quorum = Some(if name == "none" { None } else { Some(self.find(name)?) });
        Ok(())
    }

    fn check_new(&self, name: &str) -> Result<(), PolicyFault> {
        if name == "none" || self.find(name).is_ok() {
            return Err(PolicyFault::NameTaken(name.to_owned()));
        }
        Ok(())
    }

    fn find(&self, name: &str) -> Result<Member, PolicyFault> {
        let witness = self.witnesses.iter().position(|witness| witness.name == name).map(Member::Witness);
        let group = || self.groups.iter().position(|group| group.name == name).map(Member::Group);
        witness.or_else(group).ok_or_else(|| PolicyFault::Unnamed(name.to_owned()))
    }
}
