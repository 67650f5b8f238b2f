//! `mingzhang record`: one fact. Its commands are made from the table of facts.

mod fact;
mod value;

use super::exit::Exit;
use super::failure::{Failure, both};
use super::receipt::{say_receipt, say_receipt_json};
use super::target::{Target, TargetOptions, new_key};
use crate::import::{Word, activity_of_code, local_instant};
use crate::ledger::misread::{Misread, field_at, misread};
use crate::ledger::{Command, IdempotencyKey};
use crate::service::ServiceError;
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches};
use fact::{FACTS, Fact};
use mingzhang_events::{ActivityId, DecodeError, Event, Evidence, HouseholdId, Instant, MemberId, decode_data};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use value::{Lookup, NotRead};

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang record check-in --member 1001 --activity XL-2026-10-03-晚 --evidence 现场扫码 --ledger 账本
  mingzhang record home-visit --member 1001 --household H-07 --minutes 45 --time '2026-10-05 15:00'
  mingzhang record service-approved --record e01… --actor r-0003
  mingzhang record check-in --help            每种事实的写法  how each fact is written

不写 --time 即为现在发生。不写 --evidence 时：现在发生的记为见证，写明时间的记为补录。
Without --time it happens now. Without --evidence, what happens now is attested and what has a time is back-entered.";

/// A fact as the command line gives it.
pub(super) struct Options {
    fact: &'static Fact,
    /// By field.
    given: BTreeMap<&'static str, String>,
    data: Option<String>,
    time: Option<String>,
    evidence: Option<String>,
    key: Option<String>,
    dry_run: bool,
    json: bool,
    target: TargetOptions,
}

impl Args for Options {
    fn augment_args(command: clap::Command) -> clap::Command {
        // Its own words last: those of the flattened options would take their place.
        TargetOptions::augment_args(command)
            .about("登记一条事实  Record one fact")
            .after_help(EXAMPLE)
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand_help_heading("事实 Facts")
            .subcommands(FACTS.iter().map(command_of))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Options::augment_args(command)
    }
}

fn command_of(fact: &'static Fact) -> clap::Command {
    let name = fact.name();
    let example = format!("示例 Example:\n  mingzhang record {name} {}", fact.example);
    let mut command = clap::Command::new(name)
        .about(format!("{}  {}", fact.chinese, fact.english))
        .after_help(example)
        .alias(fact.stored_type)
        .hide(fact.fields.is_empty());
    for field in fact.fields {
        let argument = Arg::new(field.name).long(field.name.replace('_', "-")).value_name(field.value.placeholder());
        let argument = if field.required { argument.required_unless_present("data") } else { argument };
        command = command.arg(argument.help(field.value.help()).conflicts_with("data"));
    }
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    if fact.of_service {
        let help = format!("佐证方式  How it is evidenced: {}", Evidence::known());
        command = command.arg(Arg::new("evidence").long("evidence").value_name("WORD").help(help));
    }
    command
        .arg(option("data", "JSON", "以 JSON 给出全部内容，代替以上各项  All fields as JSON, instead of the options"))
        .arg(match fact.corrects_a_time() {
            true => {
                option("time", "TIME", "更正后的开始时间，如 '2026-10-03 21:30'  When it began in truth").required(true)
            }
            false => {
                option("time", "TIME", "发生时间，如 '2026-10-03 21:30'；省略即现在  When it happened; now if left out")
            }
        })
        .arg(option("key", "KEY", "幂等键：同一键只登记一次；省略时，写明 --time 的由内容得出，现在发生的和更正每次都是新的  The idempotency key: recorded once; if left out, made from the content where --time is said, and new each time for what happens now and for corrections"))
        .arg(flag("dry-run", "只检查，不登记  Check only, record nothing"))
        .arg(flag("json", "以 JSON 给出回执  Print the receipt as JSON"))
}

impl FromArgMatches for Options {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Options, clap::Error> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (name, inner) = matches.subcommand().ok_or_else(missing)?;
        let fact = FACTS.iter().find(|fact| fact.name() == name).ok_or_else(missing)?;
        let text = |name: &str| inner.try_get_one::<String>(name).ok().flatten().cloned();
        Ok(Options {
            fact,
            given: fact.fields.iter().filter_map(|field| Some((field.name, text(field.name)?))).collect(),
            data: text("data"),
            time: text("time"),
            evidence: text("evidence"),
            key: text("key"),
            dry_run: inner.get_flag("dry-run"),
            json: inner.get_flag("json"),
            target: TargetOptions::from_arg_matches(matches)?,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Options::from_arg_matches(matches)?;
        Ok(())
    }
}

pub(super) fn run(options: Options) -> Result<Exit, Failure> {
    let tried = both(format!("登记“{}”", options.fact.chinese), format!("recording {}", options.fact.stored_type));
    record(options).map_err(|failure| failure.trying(tried))
}

fn record(options: Options) -> Result<Exit, Failure> {
    let said_at = (options.time.as_deref())
        .map(|text| {
            local_instant(text).map_err(|reason| wrong("time", &format!("{}  {}", reason.chinese(), reason.english())))
        })
        .transpose()?;
    let evidence = match &options.evidence {
        Some(text) => Evidence::read(text)
            .map_err(|reason| wrong("evidence", &format!("{}  {}", reason.chinese(), reason.english())))?,
        None if !options.fact.of_service => Evidence::Office,
        None if said_at.is_some() => Evidence::BackEntered,
        None => Evidence::Attested,
    };
    let target = options.target.open()?;
    let mut names = Names { target: &target, new_household: None, typed: Vec::new() };
    let event = match &options.data {
        Some(data) => read_data(options.fact, data)?,
        None => read_fields(options.fact, &options.given, &mut names)?,
    };
    let Names { new_household, typed, .. } = names;
    let key = match &options.key {
        Some(key) => key
            .parse::<IdempotencyKey>()
            .map_err(|error| wrong("key", &format!("应为 1 至 200 个可见的 ASCII 字符  {error}")))?,
        None => key_of(options.fact, &event, said_at)?,
    };
    // Last of all: asking for names took its time, and what happens now is dated by whoever records it.
    let occurred_at = said_at.map_or_else(|| target.now(), Ok)?;
    let command = Command { key, event, evidence, imported: None, occurred_at };
    if options.dry_run {
        return super::import::say_dry_run_of_one(&target, command).map_err(|failure| failure.in_words_of(&typed));
    }
    if let Some(household) = &new_household {
        target.record_household(household)?;
    }
    let receipt = target.submit_one(command).map_err(|failure| failure.in_words_of(&typed))?;
    if options.json {
        say_receipt_json(&receipt)?
    } else {
        say_receipt(&receipt)?
    }
    target.close()?;
    Ok(Exit::Done)
}

fn wrong(option: &str, what: &str) -> Failure {
    Failure::usage(both(format!("--{option}：{what}"), format!("--{option}: {what}")))
}

fn read_data(fact: &Fact, data: &str) -> Result<Event, Failure> {
    decode_data(fact.stored_type, data).map_err(|error| {
        let next = format!("mingzhang record {} --help", fact.name());
        let said = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        let fault = if let DecodeError::Json(fault) = &error { Some(fault) } else { None };
        let fault = fault.filter(|fault| fault.is_data() && fault.line() <= 1);
        let field = fault.and_then(|fault| field_at(data, fault.column()));
        let Misread { chinese, english } = misread(&said, field);
        Failure::usage(both(
            format!("--data 的内容有误：{chinese}"),
            format!("--data isn't the content of this fact: {english}"),
        ))
        .next(both(next.clone(), next))
    })
}

fn read_fields(fact: &Fact, given: &BTreeMap<&str, String>, lookup: &mut dyn Lookup) -> Result<Event, Failure> {
    let mut data = Map::new();
    for field in fact.fields {
        if let Some(text) = given.get(field.name) {
            let value = field.value.read(text.trim(), lookup).map_err(|not_read| match not_read {
                NotRead::Wrong(what) => wrong(&field.name.replace('_', "-"), &format!("“{text}”：{what}")),
                NotRead::Failed(failure) => failure,
            })?;
            data.insert(field.name.to_owned(), value);
        }
    }
    read_data(fact, &Json::Object(data).to_string())
}

/// The street's own numbers and codes, looked up where the command works.
struct Names<'a> {
    target: &'a Target,
    new_household: Option<(String, HouseholdId)>,
    /// The ids of the log that were looked up, each with what was typed for it.
    typed: Vec<(String, String)>,
}

impl Lookup for Names<'_> {
    fn member(&mut self, text: &str) -> Result<Json, NotRead> {
        if let Ok(member) = text.parse::<MemberId>() {
            return Ok(Json::from(member.to_string()));
        }
        let member = self.target.member_by_number(text)?.ok_or_else(|| Failure::no_member(text))?;
        self.typed.push((member.to_string(), text.to_owned()));
        Ok(Json::from(member.to_string()))
    }

    fn activity(&mut self, text: &str) -> Result<Json, NotRead> {
        let id = match text.parse::<ActivityId>() {
            Ok(id) => id,
            Err(_) => {
                let id = activity_of_code(&self.target.origin()?, text);
                self.typed.push((id.to_string(), text.to_owned()));
                id
            }
        };
        Ok(Json::from(id.to_string()))
    }

    fn household(&mut self, text: &str) -> Result<Json, NotRead> {
        if let Ok(household) = text.parse::<HouseholdId>() {
            return Ok(Json::from(household.to_string()));
        }
        let household = match self.target.household(text)? {
            Some(household) => household,
            None => {
                let new = crate::keys::random_id().map_err(|error| Failure::from(ServiceError::Key(error)))?;
                self.new_household.insert((text.to_owned(), HouseholdId(new))).1
            }
        };
        self.typed.push((household.to_string(), text.to_owned()));
        Ok(Json::from(household.to_string()))
    }
}

/// The key of a fact for which none was given: made from the content where it was said when it happened. What is done now is another fact
/// each time, also within one second: withdrawn in between, a sign-up is a new one. So is a correction, back to what stood before.
fn key_of(fact: &Fact, event: &Event, said_at: Option<Instant>) -> Result<IdempotencyKey, Failure> {
    match said_at {
        Some(occurred_at) if !fact.corrects_a_time() => Ok(IdempotencyKey::of_fact(event, occurred_at)),
        Some(_) | None => new_key(),
    }
}

#[cfg(test)]
mod tests;
