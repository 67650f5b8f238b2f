//! The lines of a policy file (C2SP tlog-policy): `log`, `witness`, `group`, `quorum`.
//!
//! May not judge a checkpoint. What can't be understood is refused with its line, never passed over.

use super::policy::{Group, Member, Policy, PolicyLog, PolicyWitness};
use super::{KeyKind, VerifierKey};

/// A note holds a hundred signatures; some of them are the log's own.
const WITNESSES_MAX: usize = 90;

/// A policy file that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the policy: {why}")]
pub struct PolicySyntaxError {
    /// Which line, from 1; the last one where something is missing.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

pub(super) fn parse(text: &[u8]) -> Result<Policy, PolicySyntaxError> {
    let mut reading = Reading::default();
    let mut last = 0;
    for (number, line) in (1..).zip(text.strip_suffix(b"\n").unwrap_or(text).split(|byte| *byte == b'\n')) {
        reading.read(line).map_err(|why| PolicySyntaxError { line: number, why })?;
        last = number;
    }
    let Some(quorum) = reading.quorum else {
        let why = "no line `quorum <name>` or `quorum none` says how many must cosign".to_owned();
        return Err(PolicySyntaxError { line: last, why });
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
    fn read(&mut self, line: &[u8]) -> Result<(), String> {
        if let Some(byte) = line.iter().find(|byte| matches!(byte, 0..=8 | 10..=31 | 127)) {
            return Err(format!("it has the control character 0x{byte:02x}; only tab and newline are allowed"));
        }
        let words: Vec<&[u8]> =
            line.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty()).collect();
        // A comment may be in any encoding; the rest is UTF-8, as key names are.
        if words.first().is_none_or(|word| word.starts_with(b"#")) {
            return Ok(());
        }
        let words: Result<Vec<&str>, _> = words.into_iter().map(std::str::from_utf8).collect();
        let words = words.map_err(|_| "it isn't UTF-8".to_owned())?;
        match words[..] {
            ["log", key] => self.log(key, None),
            ["log", key, url] => self.log(key, Some(url)),
            ["witness", name, key] => self.witness(name, key, None),
            ["witness", name, key, url] => self.witness(name, key, Some(url)),
            ["group", name, threshold, ref members @ ..] => self.group(name, threshold, members),
            ["quorum", name] => self.quorum(name),
            ["log", ..] => Err("a log is written `log <verifier key> [<url>]`".to_owned()),
            ["witness", ..] => Err("a witness is written `witness <name> <verifier key> [<url>]`".to_owned()),
            ["group", ..] => Err("a group is written `group <name> all|any|<k> <member>…`".to_owned()),
            ["quorum", ..] => Err("the quorum is written `quorum <name>` or `quorum none`".to_owned()),
            _ => Err(format!("`{}` is none of log, witness, group, quorum", words[0])),
        }
    }

    fn log(&mut self, key: &str, url: Option<&str>) -> Result<(), String> {
        let key = VerifierKey::parse(key).map_err(|error| error.to_string())?;
        if key.kind() == KeyKind::Cosignature {
            return Err(format!("the key of {} is a witness's (type 0x04) and not a log's", key.name()));
        }
        if self.logs.iter().any(|log| log.key.is_duplicate_of(&key)) {
            return Err(format!("the key of {} stands here twice", key.name()));
        }
        self.logs.push(PolicyLog { key, url: url.map(str::to_owned) });
        Ok(())
    }

    fn witness(&mut self, name: &str, key: &str, url: Option<&str>) -> Result<(), String> {
        self.check_new(name)?;
        let key = VerifierKey::parse(key).map_err(|error| error.to_string())?;
        if key.kind() != KeyKind::Cosignature {
            return Err(format!("the key of {} is not one for cosignatures (type 0x04)", key.name()));
        }
        if self.witnesses.len() == WITNESSES_MAX {
            return Err(format!("a policy has at most {WITNESSES_MAX} witnesses: a note holds no more signatures"));
        }
        if self.witnesses.iter().any(|witness| witness.key.is_duplicate_of(&key)) {
            return Err(format!("the key of {} stands here twice: it would count twice", key.name()));
        }
        self.witnesses.push(PolicyWitness { name: name.to_owned(), key, url: url.map(str::to_owned) });
        Ok(())
    }

    fn group(&mut self, name: &str, threshold: &str, members: &[&str]) -> Result<(), String> {
        self.check_new(name)?;
        let mut group = Group { name: name.to_owned(), threshold: 0, members: Vec::new() };
        for member in members {
            let found = self.find(member)?;
            let elsewhere = self.groups.iter().any(|group| group.members.contains(&found));
            if elsewhere || group.members.contains(&found) {
                return Err(format!("{member} is a member already: it would count twice"));
            }
            group.members.push(found);
        }
        let all = group.members.len();
        group.threshold = match threshold {
            "all" => all,
            "any" => 1,
            k => super::checkpoint::parse_decimal(k)
                .and_then(|k| usize::try_from(k).ok())
                .ok_or_else(|| format!("`{k}` is none of all, any, or a number"))?,
        };
        if !(1..=all).contains(&group.threshold) {
            return Err(format!("{threshold} of {all} members can't be met or asks for nothing"));
        }
        self.groups.push(group);
        Ok(())
    }

    fn quorum(&mut self, name: &str) -> Result<(), String> {
        if self.quorum.is_some() {
            return Err("there is a quorum already".to_owned());
        }
        self.quorum = Some(if name == "none" { None } else { Some(self.find(name)?) });
        Ok(())
    }

    fn check_new(&self, name: &str) -> Result<(), String> {
        if name == "none" || self.find(name).is_ok() {
            return Err(format!("the name {name} is taken"));
        }
        Ok(())
    }

    fn find(&self, name: &str) -> Result<Member, String> {
        let witness = self.witnesses.iter().position(|witness| witness.name == name).map(Member::Witness);
        let group = || self.groups.iter().position(|group| group.name == name).map(Member::Group);
        witness.or_else(group).ok_or_else(|| format!("no line before this one names {name}"))
    }
}
