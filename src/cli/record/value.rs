//! The values of a fact's fields, from what people type to what is stored.

use super::super::failure::Failure;
use crate::import::{Reason, Word, local_date, local_instant};
use crate::ledger::misread::{Misread, misread};
use mingzhang_events::{ActorId, ClauseId, EventId, OrganizationId, Points};
use serde_json::Value as Json;

/// What a field holds.
#[derive(Clone, Copy)]
pub(super) enum Value {
    /// A member's id, or the street's own number.
    Member,
    /// An activity's id, or the street's own code.
    Activity,
    /// A household's id, or the street's own code.
    Household,
    Organization,
    /// An entry by its id, with what the help says of it.
    Record(&'static str),
    Actor,
    Clause,
    Text,
    Instant,
    Date,
    Minutes,
    Points,
    /// A word of a closed list, in Chinese or as it is stored.
    Word {
        read: fn(&str) -> Result<&'static str, Reason>,
        known: fn() -> String,
    },
}

/// Why a field has no value.
pub(super) enum NotRead {
    /// The text isn't one of that kind.
    Wrong(String),
    /// What it stands for couldn't be looked up.
    Failed(Failure),
}

impl From<String> for NotRead {
    fn from(what: String) -> NotRead {
        NotRead::Wrong(what)
    }
}

impl From<Failure> for NotRead {
    fn from(failure: Failure) -> NotRead {
        NotRead::Failed(failure)
    }
}

/// Whom or what the street calls by its own numbers and codes.
pub(super) trait Lookup {
    fn member(&mut self, text: &str) -> Result<Json, NotRead>;
    fn activity(&mut self, text: &str) -> Result<Json, NotRead>;
    fn household(&mut self, text: &str) -> Result<Json, NotRead>;
}

impl Value {
    pub(super) const fn word<T: Word>() -> Value {
        Value::Word { read: read_word::<T>, known: T::known }
    }

    /// As it is stored, or what is wrong with it.
    pub(super) fn read(self, text: &str, lookup: &mut dyn Lookup) -> Result<Json, NotRead> {
        fn checked<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<Json, NotRead> {
            text.parse::<T>().map(|_| Json::from(text)).map_err(|error| {
                let Misread { chinese, english } = misread(&error.to_string(), None);
                NotRead::Wrong(format!("{chinese}  {english}"))
            })
        }
        let said = |reason: Reason| NotRead::Wrong(format!("{}  {}", reason.chinese(), reason.english()));
        match self {
            Value::Member => lookup.member(text),
            Value::Activity => lookup.activity(text),
            Value::Household => lookup.household(text),
            Value::Organization => checked::<OrganizationId>(text),
            Value::Record(_) => checked::<EventId>(text),
            Value::Actor => checked::<ActorId>(text),
            Value::Clause => checked::<ClauseId>(text),
            Value::Text => Ok(Json::from(text)),
            Value::Instant => local_instant(text).map(|instant| Json::from(instant.to_string())).map_err(said),
            Value::Date => local_date(text).map(|date| Json::from(date.to_string())).map_err(said),
            Value::Minutes => match text.parse::<u16>() {
                Ok(minutes) if (1..=1440).contains(&minutes) => Ok(Json::from(minutes)),
                Ok(_) | Err(_) => Err(said(Reason::NotMinutes)),
            },
            Value::Points => match text.parse::<Points>() {
                Ok(points) if points > Points::ZERO => Ok(Json::from(points.to_string())),
                Ok(_) | Err(_) => Err(said(Reason::NotPoints)),
            },
            Value::Word { read, .. } => read(text).map(Json::from).map_err(said),
        }
    }

    /// What the help calls it.
    pub(super) fn placeholder(self) -> &'static str {
        match self {
            Value::Member | Value::Record(_) | Value::Actor => "ID",
            Value::Activity | Value::Household | Value::Organization => "CODE",
            Value::Clause => "CLAUSE",
            Value::Text => "TEXT",
            Value::Instant => "TIME",
            Value::Date => "DATE",
            Value::Minutes => "MINUTES",
            Value::Points => "POINTS",
            Value::Word { .. } => "WORD",
        }
    }

    /// What the help says about it.
    pub(super) fn help(self) -> String {
        let text = match self {
            Value::Member => "党员：编号或党员标识  The member: number or id",
            Value::Activity => "活动：自编代码或活动标识  The activity: your own code or its id",
            Value::Household => "户：自编代码或户标识  The household: your own code or its id",
            Value::Organization => "组织代码  The organisation's code",
            Value::Record(meant) => meant,
            Value::Actor => "经办人代号，如 r-0003  The actor, by pseudonym",
            Value::Clause => "细则条款，如 5.1  The clause of the rules",
            Value::Text => "名称或代号  The name, or the name in the log",
            Value::Instant => "时间，如 '2026-10-03 21:30'  Local time",
            Value::Date => "日期，如 2026-10-08  Local date",
            Value::Minutes => "分钟数，1 至 1440  Minutes",
            Value::Points => "分值，如 1.5  Points",
            Value::Word { known, .. } => return known(),
        };
        text.to_owned()
    }
}

fn read_word<T: Word>(text: &str) -> Result<&'static str, Reason> {
    let value = T::read(text)?;
    let stored = T::WORDS.iter().find(|(word, ..)| *word == value).map(|(_, stored, _)| *stored);
    Ok(stored.expect("every word that is read is in the list"))
}
