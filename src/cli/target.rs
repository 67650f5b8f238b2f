//! Where a command works: on a ledger's directory, or on a running server.
//!
//! Invariant: a directory is opened for one command and stopped in order after it, so that its checkpoint and snapshots are
//! those of its last entry.

use super::client::Client;
use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::hex;
use super::passphrase::PassphraseOptions;
use super::progress::Progress;
use super::receipt::Receipt;
use crate::clock::{Clock, MachineClock};
use crate::identity::Actor;
use crate::keys;
use crate::ledger::{Command, Entry, Head, IdempotencyKey, Mode, Outcome, Rejection, Submission, wording};
use crate::service::{self, CannotDecide, Given, Service, ServiceError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mingzhang_events::{
    ActorId, Event, EventId, Evidence, HouseholdId, Instant, MemberId, OrganizationId, RecordedEvent, decode,
};
use std::path::PathBuf;
use std::sync::Arc;

/// Who records on a directory when nobody else is named: whoever holds the ledger's files.
pub(super) const ACTOR_OF_THE_FILES: &str = "files";

/// The options that say where.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "账本 Ledger")]
pub(super) struct TargetOptions {
    /// The directory.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        conflicts_with = "url",
        help = "账本目录（环境变量 MINGZHANG_LEDGER）  The ledger's directory"
    )]
    pub(super) ledger: Option<PathBuf>,
    /// The server.
    #[arg(long, global = true, value_name = "URL", help = "运行中的服务器（MINGZHANG_URL）  A running server")]
    pub(super) url: Option<String>,
    /// The bearer token.
    #[arg(
        long,
        global = true,
        value_name = "TOKEN",
        help = "服务器令牌（MINGZHANG_TOKEN）  The bearer token for the server"
    )]
    pub(super) token: Option<String>,
    /// Who records, on a directory.
    #[arg(long, global = true, value_name = "ID", default_value = ACTOR_OF_THE_FILES, help = "直接使用目录时的经办人代号  Who records, when working on a directory")]
    pub(super) actor: ActorId,
    /// Of the signing key, on a directory.
    #[command(flatten)]
    pub(super) passphrase: PassphraseOptions,
}

/// A ledger that a command works on.
pub(super) enum Target {
    /// Its directory.
    Directory(Box<Directory>),
    /// Its server.
    Server(Client),
}

/// A ledger's directory that this process holds.
pub(super) struct Directory {
    pub(super) service: Service,
    actor: Arc<Actor>,
}

/// What became of one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Recorded { log_index: u64, id: EventId },
    Repeated { log_index: u64, id: EventId },
    Refused(Refusal),
    Withheld,
}

/// A refusal in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: String,
    pub(super) chinese: String,
    pub(super) english: String,
}

impl Refusal {
    /// The same by the numbers and codes that were typed and not by the ids that they stand for.
    pub(super) fn in_words_of(&self, typed: &[(String, String)]) -> Refusal {
        let mut told = self.clone();
        for (id, text) in typed {
            (told.chinese, told.english) =
                (replaced_whole(&told.chinese, id, text), replaced_whole(&told.english, id, text));
        }
        told
    }
}

/// The text with another in place of an id, where it stands alone: the code of a community begins those of its branches.
fn replaced_whole(text: &str, id: &str, by: &str) -> String {
    let goes_on = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    let (mut replaced, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(id) {
        let (before, after) = (&rest[..at], &rest[at + id.len()..]);
        let end = after.strip_prefix('.').unwrap_or(after);
        let alone = !before.ends_with(goes_on) && !after.starts_with(goes_on) && !(end.starts_with(goes_on));
        replaced.push_str(before);
        replaced.push_str(if alone { by } else { id });
        rest = after;
    }
    replaced + rest
}

impl From<&Rejection> for Refusal {
    fn from(rejection: &Rejection) -> Refusal {
        Refusal {
            code: rejection.code().to_owned(),
            chinese: wording::chinese(rejection),
            english: wording::english(rejection),
        }
    }
}

/// What became of a submission.
pub(super) struct Answer {
    pub(super) told: Vec<Told>,
    /// The size of the log afterwards.
    pub(super) tree_size: u64,
}

/// The option of a command that works on the files themselves.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "账本 Ledger")]
pub(super) struct DirectoryOptions {
    /// The directory.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        help = "账本目录（环境变量 MINGZHANG_LEDGER）  The ledger's directory"
    )]
    ledger: Option<PathBuf>,
}

impl DirectoryOptions {
    /// The directory that was named, by option or environment.
    pub(super) fn directory(&self) -> Result<PathBuf, Failure> {
        self.ledger.clone().or_else(|| variable("MINGZHANG_LEDGER").map(PathBuf::from)).ok_or_else(|| {
            Failure::usage(both("没有说明是哪个账本", "which ledger isn't said"))
                .next(both("请写明 --ledger 目录", "say --ledger DIR"))
        })
    }
}

impl TargetOptions {
    /// Opens what was named.
    pub(super) fn open(&self) -> Result<Target, Failure> {
        match self.place()? {
            Place::Directory(path) => {
                let bar = Progress::of("打开账本 opening");
                let mut progress = |done, total| bar.reached(done, total);
                let service =
                    Service::open_with(&path, Arc::new(MachineClock), &|key| self.passphrase.ask(key), &mut progress)?;
                let actor = Arc::new(Actor::holder_of_the_files(self.actor));
                Ok(Target::Directory(Box::new(Directory { service, actor })))
            }
            Place::Server(url) => Ok(Target::Server(self.client(&url))),
        }
    }

    /// The checkpoint published last: it is everybody's, so no key, token or turn is needed.
    pub(super) fn checkpoint(&self) -> Result<String, Failure> {
        match self.place()? {
            Place::Directory(path) => Ok(String::from_utf8_lossy(&service::published_note(&path)?).into_owned()),
            Place::Server(url) => self.client(&url).checkpoint(),
        }
    }

    fn client(&self, url: &str) -> Client {
        Client::new(url, self.token.clone().or_else(|| variable("MINGZHANG_TOKEN")))
    }

    /// An option beats the environment.
    fn place(&self) -> Result<Place, Failure> {
        if let Some(path) = &self.ledger {
            return Ok(Place::Directory(path.clone()));
        }
        if let Some(url) = &self.url {
            return server(url.clone());
        }
        match (variable("MINGZHANG_LEDGER"), variable("MINGZHANG_URL")) {
            (Some(path), None) => Ok(Place::Directory(path.into())),
            (None, Some(url)) => server(url),
            (Some(_), Some(_)) => Err(Failure::usage(both(
                "同时设置了 MINGZHANG_LEDGER 和 MINGZHANG_URL",
                "MINGZHANG_LEDGER and MINGZHANG_URL are both set",
            ))
            .next(both("请只保留一个，或写明 --ledger 或 --url", "unset one, or say --ledger or --url"))),
            (None, None) => Err(Failure::usage(both("没有说明是哪个账本", "which ledger isn't said")).next(both(
                "请写明 --ledger 目录，或 --url 服务器 --token 令牌",
                "say --ledger DIR, or --url URL with --token TOKEN",
            ))),
        }
    }
}

enum Place {
    Directory(PathBuf),
    Server(String),
}

fn server(url: String) -> Result<Place, Failure> {
    if url.starts_with("http://") || url.starts_with("https://") {
        return Ok(Place::Server(url));
    }
    let wrong = both(format!("“{url}”不是服务器地址"), format!("{url:?} isn't a server's address"));
    let whole = format!("http://{}", url.split_once("://").map_or(url.as_str(), |(_, address)| address));
    Err(Failure::usage(wrong).next(both(format!("请写全，如 {whole}"), format!("write it whole, such as {whole}"))))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A key that no other command has.
pub(super) fn new_key() -> Result<IdempotencyKey, Failure> {
    let random = keys::random().map_err(ServiceError::Key)?;
    Ok(hex(&random).parse().expect("hex digits are a key"))
}

impl Target {
    /// Submits commands in order.
    pub(super) fn submit(&self, commands: Vec<Command>, mode: Mode) -> Result<Answer, Failure> {
        match self {
            Target::Directory(directory) => directory.submit(commands, mode),
            Target::Server(client) => client.submit(&commands, mode),
        }
    }

    /// Submits one command; a refusal is a failure.
    pub(super) fn submit_one(&self, command: Command) -> Result<Receipt, Failure> {
        match self {
            Target::Directory(directory) => directory.submit_one(command),
            Target::Server(client) => client.submit_one(&command),
        }
    }

    /// The present instant by the clock of whoever records.
    pub(super) fn now(&self) -> Result<Instant, Failure> {
        let of_server = match self {
            Target::Directory(_) => None,
            Target::Server(client) => client.now()?,
        };
        Ok(of_server.unwrap_or_else(|| MachineClock.now()))
    }

    /// Submits an act of office that happens now. Asked for twice, it is two acts: the rules say no to the second.
    pub(super) fn submit_office(&self, event: Event) -> Result<Receipt, Failure> {
        self.submit_office_at(event, self.now()?)
    }

    /// The same of one that was done earlier, and is written down now.
    pub(super) fn submit_office_at(&self, event: Event, occurred_at: Instant) -> Result<Receipt, Failure> {
        let (key, evidence) = (new_key()?, Evidence::Office);
        self.submit_one(Command { key, event, evidence, imported: None, occurred_at })
    }

    /// The root of the organisation tree.
    pub(super) fn root(&self) -> Result<OrganizationId, Failure> {
        let roots = match self {
            Target::Directory(directory) => {
                directory.service.models_blocking().roots().iter().map(|card| card.organization).collect()
            }
            Target::Server(client) => client.roots()?,
        };
        roots.first().copied().ok_or_else(|| {
            Failure::new(Exit::Refused, both("账本中还没有组织", "the ledger has no organisations yet")).next(both(
                "请先导入组织：mingzhang import organizations 文件",
                "import them first: mingzhang import organizations FILE",
            ))
        })
    }

    /// The name of the log.
    pub(super) fn origin(&self) -> Result<String, Failure> {
        match self {
            Target::Directory(directory) => Ok(directory.service.config.origin.clone()),
            Target::Server(client) => client.origin(),
        }
    }

    /// The receipt of an event's entry as a file (C2SP tlog-proof), and if wanted the entry's bytes.
    pub(super) fn proof(&self, id: EventId, with_entry: bool) -> Result<(String, Option<Vec<u8>>), Failure> {
        match self {
            Target::Directory(directory) => {
                let service = &directory.service;
                let Some(log_index) = service.ledger.find(id).map_err(ServiceError::Store)? else {
                    let wrong = both(format!("没有编号为 {id} 的记录"), format!("there is no event {id}"));
                    return Err(Failure::new(Exit::Refused, wrong).next(both("请核对编号", "check the id")));
                };
                let entry = if with_entry { Some(directory.event_at(log_index)?.0.bytes) } else { None };
                Ok((service.proof(log_index)?.to_string(), entry))
            }
            Target::Server(client) => {
                let proof = client.get(&format!("/v1/events/{id}/proof"))?;
                let entry = if with_entry { Some(client.entry(id)?) } else { None };
                Ok((proof, entry))
            }
        }
    }

    /// The id of the event at a place of the log.
    pub(super) fn event_id_at(&self, log_index: u64) -> Result<EventId, Failure> {
        match self {
            Target::Directory(directory) => Ok(directory.event_at(log_index)?.1.id),
            Target::Server(client) => client.event_id_at(log_index)?.ok_or_else(|| no_entry(log_index)),
        }
    }

    /// The member with this number.
    pub(super) fn member_by_number(&self, number: &str) -> Result<Option<MemberId>, Failure> {
        match self {
            Target::Directory(directory) => Ok(directory.service.identity.member_by_number(number)?),
            Target::Server(client) => client.member_by_number(number).map_err(|failure| {
                if !failure.is_refusal("role_does_not_reach") {
                    return failure;
                }
                failure.next(both(
                    "此令牌不能按编号查党员：请改用党员标识（m 开头）",
                    "this token doesn't look up members by number: give the member's id (m…)",
                ))
            }),
        }
    }

    /// The member with this number or id. An id is taken as it is.
    pub(super) fn member(&self, text: &str) -> Result<MemberId, Failure> {
        if let Ok(member) = text.parse() {
            return Ok(member);
        }
        self.member_by_number(text)?.ok_or_else(|| {
            let wrong = both(format!("没有编号为 {text} 的党员"), format!("nobody has the number {text}"));
            Failure::new(Exit::Refused, wrong)
                .next(both("请核对编号，或先导入花名册", "check the number, or import the roster first"))
        })
    }

    /// The household with this code.
    pub(super) fn household(&self, code: &str) -> Result<Option<HouseholdId>, Failure> {
        match self {
            Target::Directory(directory) => Ok(directory.service.identity.household(code)?),
            Target::Server(client) => Ok(client.households(&[(code.to_owned(), None)])?.into_iter().flatten().next()),
        }
    }

    /// Records the code of a household that has none yet.
    pub(super) fn record_household(&self, household: &(String, HouseholdId)) -> Result<(), Failure> {
        let households = std::slice::from_ref(household);
        match self {
            Target::Directory(directory) => Ok(directory.service.identity.record_households(households)?),
            Target::Server(client) => client.record_households(households),
        }
    }

    /// The size of the log after what was answered and all that the ledger recorded because of it.
    pub(super) fn tree_size_after(&self, answer: &Answer) -> u64 {
        match self {
            Target::Directory(directory) => directory.service.ledger.head().tree_size,
            Target::Server(_) => answer.tree_size,
        }
    }

    /// Stops the directory in order; its checkpoint is published.
    pub(super) fn close(self) -> Result<(), Failure> {
        match self {
            Target::Directory(directory) => Ok(directory.service.stop()?),
            Target::Server(_) => Ok(()),
        }
    }
}

impl Directory {
    fn submit(&self, commands: Vec<Command>, mode: Mode) -> Result<Answer, Failure> {
        let submission = Submission { actor: Arc::clone(&self.actor), commands, mode };
        let reply = self.service.ledger.submit_blocking(submission)?;
        let told = reply.outcomes.iter().map(Told::from).collect();
        Ok(Answer { told, tree_size: reply.head.tree_size })
    }

    fn submit_one(&self, command: Command) -> Result<Receipt, Failure> {
        let event = command.event.clone();
        let given = Given { place: 0, id: command.key.event_id(), event: event.clone() };
        if let Some((_, why)) = self.service.given_in_vain(&self.actor, &[given])?.pop_first() {
            return Err(cannot_decide(why));
        }
        let submission = Submission { actor: Arc::clone(&self.actor), commands: vec![command], mode: Mode::EachAlone };
        let reply = self.service.ledger.submit_blocking(submission)?;
        let (log_index, id, repeated) = match reply.outcomes.first().map(Told::from) {
            Some(Told::Recorded { log_index, id }) => (log_index, id, false),
            Some(Told::Repeated { log_index, id }) => (log_index, id, true),
            Some(Told::Refused(refusal)) => return Err(Failure::refused(&refusal)),
            Some(Told::Withheld) | None => return Err(Failure::bug("the ledger answered nothing")),
        };
        let receipt = self.receipt(log_index, id, reply.head)?;
        Ok(Receipt { repeated, warnings: self.service.warnings(&event)?, ..receipt })
    }

    fn receipt(&self, log_index: u64, id: EventId, head: Head) -> Result<Receipt, Failure> {
        let receipt = self.service.ledger.receipt(log_index, head)?;
        Ok(Receipt {
            log_index,
            id,
            repeated: false,
            tree_size: receipt.tree_size,
            inclusion_proof: receipt.inclusion_proof.iter().map(|hash| STANDARD.encode(hash)).collect(),
            checkpoint: receipt.checkpoint.note().to_owned(),
            warnings: Vec::new(),
        })
    }
}

fn cannot_decide(why: CannotDecide) -> Failure {
    Failure::new(Exit::Refused, both(why.chinese(), why.english())).next(both(why.next_chinese(), why.next_english()))
}

impl Directory {
    /// The receipt of what was recorded before, at this place of the log.
    pub(super) fn receipt_again(&self, id: EventId, log_index: u64) -> Result<Receipt, Failure> {
        let receipt = self.receipt(log_index, id, self.service.ledger.head())?;
        Ok(Receipt { repeated: true, ..receipt })
    }

    /// Who records.
    pub(super) fn recorder(&self) -> ActorId {
        self.actor.id
    }

    /// The event with this id, with its place.
    pub(super) fn event(&self, id: EventId) -> Result<Option<(u64, RecordedEvent)>, Failure> {
        match self.service.ledger.find(id).map_err(ServiceError::Store)? {
            Some(log_index) => Ok(Some((log_index, self.event_at(log_index)?.1))),
            None => Ok(None),
        }
    }

    /// The entry at a place, which must exist, with its event.
    pub(super) fn event_at(&self, log_index: u64) -> Result<(Entry, RecordedEvent), Failure> {
        let entries = self.service.ledger.entries(log_index, 1).map_err(ServiceError::Store)?;
        let entry = entries.into_iter().next().ok_or_else(|| no_entry(log_index))?;
        let event = decode(&entry.bytes).map_err(|error| {
            Failure::of_world(
                both(format!("第 {log_index} 条无法读取"), format!("entry {log_index} can't be read")),
                &error,
            )
        })?;
        Ok((entry, event))
    }
}

fn no_entry(log_index: u64) -> Failure {
    let (chinese, english) = (format!("没有第 {log_index} 条"), format!("there is no entry {log_index}"));
    Failure::new(Exit::Refused, both(chinese, english)).next(both(
        "序号从 0 起，小于检查点的条数：mingzhang show checkpoint",
        "log indexes go from 0 and are below the checkpoint's size: `mingzhang show checkpoint`",
    ))
}

impl From<&Outcome> for Told {
    fn from(outcome: &Outcome) -> Told {
        match outcome {
            Outcome::Recorded { log_index, id } => Told::Recorded { log_index: *log_index, id: *id },
            Outcome::Repeated { log_index, id } => Told::Repeated { log_index: *log_index, id: *id },
            Outcome::Rejected(rejection) => Told::Refused(Refusal::from(rejection)),
            Outcome::Withheld => Told::Withheld,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::replaced_whole;

    #[test]
    fn a_code_is_replaced_where_it_stands_alone_and_not_in_a_longer_one() {
        let text = "4209 holds 4209-01, 42090 and X-4209; not 4209.1: 4209. 组织 4209（孝感）";
        let expected = "孝感 holds 4209-01, 42090 and X-4209; not 4209.1: 孝感. 组织 孝感（孝感）";
        assert_eq!(replaced_whole(text, "4209", "孝感"), expected);
    }
}
