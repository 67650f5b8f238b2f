//! A running server, through its HTTP API: the same commands with a bearer token instead of the directory.
//!
//! Invariant: a problem (RFC 9457) that the server answers becomes the same failure, with the same code, as on a directory.

use super::exit::Exit;
use super::failure::{Both, Failure, both};
use super::receipt::Receipt;
use super::target::{Answer, Refusal, Told};
use crate::audit::Reveal;
use crate::import::{NamedMember, Whom};
use crate::ledger::{Command, Mode, Rejection};
use mingzhang_events::{DocumentKind, EventId, HouseholdId, Instant, MemberId, Month, OrganizationId, encode_data};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};
use std::fs::File;

/// People that the server takes at once.
const PEOPLE_AT_ONCE: usize = 2_000;
/// Names of organisations likewise.
const NAMES_AT_ONCE: usize = 1_000;
/// Commands that stand for themselves are sent so many at a time: their outcomes aren't read while they are sent.
const EACH_ALONE_MAX: usize = 100_000;
/// Answers are read into memory: a batch's outcomes are the longest of them.
const ANSWER_BYTES_MAX: u64 = 1 << 30;

/// Speaks to one server.
pub(super) struct Client {
    url: String,
    token: Option<String>,
    agent: ureq::Agent,
}

/// One of the organisations that a name may mean.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct FoundOrganization {
    /// Its code.
    pub(super) organization: OrganizationId,
    /// The name of the one above.
    pub(super) above: Option<String>,
}

/// What the server answered.
struct Answered {
    http_status: u16,
    /// When the server says that it is (RFC 9110 §6.6.1).
    at: Option<Instant>,
    body: Vec<u8>,
}

impl Answered {
    fn text(self) -> Result<String, Failure> {
        String::from_utf8(self.body).map_err(|error| misunderstood().because(&error))
    }
}

#[derive(Deserialize)]
struct Problem {
    code: String,
    detail: String,
    detail_en: String,
}

/// One line of the answer to a batch.
#[derive(Deserialize)]
struct BatchLine {
    outcome: Option<String>,
    log_index: Option<u64>,
    id: Option<EventId>,
    code: Option<String>,
    detail: Option<String>,
    detail_en: Option<String>,
    summary: Option<Summary>,
    problem: Option<Problem>,
}

#[derive(Deserialize)]
struct Summary {
    recorded: u64,
    tree_size: u64,
}

impl Client {
    pub(super) fn new(url: &str, token: Option<String>) -> Client {
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        Client { url: url.trim_end_matches('/').to_owned(), token, agent: config.into() }
    }

    /// Submits commands as one batch.
    pub(super) fn submit(&self, commands: &[Command], mode: Mode) -> Result<Answer, Failure> {
        if mode != Mode::EachAlone || commands.len() <= EACH_ALONE_MAX {
            return self.submit_batch(commands, mode);
        }
        let mut answer = Answer { told: Vec::with_capacity(commands.len()), tree_size: 0 };
        for some in commands.chunks(EACH_ALONE_MAX) {
            let Answer { told, tree_size } = self.submit_batch(some, mode).map_err(|failure| {
                let recorded = answer.told.iter().any(|told| matches!(told, Told::Recorded { .. }));
                if recorded { failure.next(some_are_recorded()) } else { failure }
            })?;
            answer.told.extend(told);
            answer.tree_size = tree_size;
        }
        Ok(answer)
    }

    fn submit_batch(&self, commands: &[Command], mode: Mode) -> Result<Answer, Failure> {
        let mode = match mode {
            Mode::EachAlone => "each",
            Mode::AllOrNothing => "all",
            Mode::DryRun => "dry-run",
        };
        let mut lines = String::new();
        for command in commands {
            lines.push_str(&written(command, true).to_string());
            lines.push('\n');
        }
        let answered = self.send(&format!("/v1/commands/batch?mode={mode}"), "application/x-ndjson", None, &lines)?;
        let mut answer = Answer { told: Vec::with_capacity(commands.len()), tree_size: 0 };
        for line in self.accepted(answered)?.text()?.lines() {
            let line: BatchLine = read(line.as_bytes())?;
            if let Some(problem) = line.problem {
                // Each line by itself: what was recorded before it came to grief stays recorded.
                let recorded = line.summary.is_some_and(|summary| summary.recorded > 0);
                let failure = problem.failure(500);
                return Err(if recorded { failure.next(some_are_recorded()) } else { failure });
            }
            match line.summary {
                Some(summary) => answer.tree_size = summary.tree_size,
                None => answer.told.push(line.told().ok_or_else(misunderstood)?),
            }
        }
        if answer.told.len() == commands.len() { Ok(answer) } else { Err(misunderstood()) }
    }

    /// Submits one command and gives its receipt.
    pub(super) fn submit_one(&self, command: &Command) -> Result<Receipt, Failure> {
        let body = written(command, false).to_string();
        let answered = self.send("/v1/commands", "application/json", Some(command.key.as_str()), &body)?;
        read(&self.accepted(answered)?.body)
    }

    /// The organisations without one above.
    pub(super) fn roots(&self) -> Result<Vec<OrganizationId>, Failure> {
        let listed = self.get_json("/v1/organizations?limit=1")?;
        let organizations = listed["organizations"].as_array().ok_or_else(misunderstood)?;
        Ok(organizations.iter().filter_map(|card| card["organization"].as_str()?.parse().ok()).collect())
    }

    /// The name of the log: the first line of its checkpoint.
    pub(super) fn origin(&self) -> Result<String, Failure> {
        self.checkpoint()?.lines().next().map(str::to_owned).ok_or_else(misunderstood)
    }

    /// What the server's clock shows: what happens now is dated by who records it, and not by a clock that may be ahead of it.
    pub(super) fn now(&self) -> Result<Option<Instant>, Failure> {
        Ok(self.accepted(self.ask("/v1/checkpoint")?)?.at)
    }

    /// The signed checkpoint.
    pub(super) fn checkpoint(&self) -> Result<String, Failure> {
        self.get("/v1/checkpoint")
    }

    /// The member with this number.
    pub(super) fn member_by_number(&self, number: &str) -> Result<Option<MemberId>, Failure> {
        let found = self.find_members(&[Whom { number: Some(number.to_owned()), ..Whom::default() }])?;
        Ok(found.first().and_then(|members| members.first().copied()))
    }

    /// Who each of these is; several where namesakes are in one branch.
    pub(super) fn find_members(&self, wanted: &[Whom]) -> Result<Vec<Vec<MemberId>>, Failure> {
        #[derive(Deserialize)]
        struct Found {
            members: Vec<Vec<MemberId>>,
        }
        let mut found = Vec::with_capacity(wanted.len());
        for wanted in wanted.chunks(PEOPLE_AT_ONCE) {
            let asked: Vec<Json> = wanted
                .iter()
                .map(|Whom { member, number, name, branch }| {
                    json!({ "member": member, "number": number, "name": name, "branch": branch })
                })
                .collect();
            let asked = json!({ "members": asked }).to_string();
            let answered = self.send("/v1/members/find", "application/json", None, &asked)?;
            let Found { members } = read(&self.accepted(answered)?.body)?;
            if members.len() != wanted.len() {
                return Err(misunderstood());
            }
            found.extend(members);
        }
        Ok(found)
    }

    /// Which organisations are called so, of those that the token reaches and, if that is said, of those at or below one: each with the name of
    /// the one above.
    pub(super) fn find_organizations(
        &self,
        names: &[String],
        below: Option<OrganizationId>,
    ) -> Result<Vec<Vec<FoundOrganization>>, Failure> {
        #[derive(Deserialize)]
        struct Found {
            organizations: Vec<Vec<FoundOrganization>>,
        }
        let mut found = Vec::with_capacity(names.len());
        for names in names.chunks(NAMES_AT_ONCE) {
            let asked = json!({ "below": below, "names": names }).to_string();
            let answered = self.send("/v1/organizations/find", "application/json", None, &asked)?;
            let Found { organizations } = read(&self.accepted(answered)?.body)?;
            if organizations.len() != names.len() {
                return Err(misunderstood());
            }
            found.extend(organizations);
        }
        Ok(found)
    }

    /// Which household each code stands for. A code that is new gets the id beside it, if there is one.
    pub(super) fn households(
        &self,
        coded: &[(String, Option<HouseholdId>)],
    ) -> Result<Vec<Option<HouseholdId>>, Failure> {
        #[derive(Deserialize)]
        struct Known {
            households: Vec<Option<HouseholdId>>,
        }
        let mut known = Vec::with_capacity(coded.len());
        for coded in coded.chunks(PEOPLE_AT_ONCE) {
            let asked: Vec<Json> =
                coded.iter().map(|(code, household)| json!({ "code": code, "household": household })).collect();
            let asked = json!({ "households": asked }).to_string();
            let answered = self.send("/v1/households", "application/json", None, &asked)?;
            let Known { households } = read(&self.accepted(answered)?.body)?;
            if households.len() != coded.len() {
                return Err(misunderstood());
            }
            known.extend(households);
        }
        Ok(known)
    }

    /// Records new codes of households. Fails if somebody else named one of them meanwhile: their household is another.
    pub(super) fn record_households(&self, households: &[(String, HouseholdId)]) -> Result<(), Failure> {
        let coded: Vec<_> = households.iter().map(|(code, household)| (code.clone(), Some(*household))).collect();
        let known = self.households(&coded)?;
        if known.iter().zip(households).all(|(known, (_, household))| *known == Some(*household)) {
            return Ok(());
        }
        let wrong = both(
            "户代码刚由他人登记，没有登记任何内容",
            "somebody else has just recorded a household's code; nothing was recorded",
        );
        Err(Failure::new(Exit::WorldFailed, wrong).next(both("请再试一次", "try again")))
    }

    /// Whether the server's ledger has the organisation.
    pub(super) fn knows_organization(&self, organization: OrganizationId) -> Result<bool, Failure> {
        Ok(self.find(&format!("/v1/organizations/{organization}"))?.is_some())
    }

    /// When the fact with this id happened, if it is recorded and may be seen.
    pub(super) fn occurred_at(&self, id: EventId) -> Result<Option<Instant>, Failure> {
        // Whoever isn't an auditor isn't told what isn't there.
        let found = self.find_if_allowed(&format!("/v1/events/{id}"))?;
        Ok(found.and_then(|shown| shown["entry"]["time"].as_str()?.parse().ok()))
    }

    /// The entry of an event, byte for byte as it was hashed.
    pub(super) fn entry(&self, id: EventId) -> Result<Vec<u8>, Failure> {
        #[derive(Deserialize)]
        struct Shown<'a> {
            #[serde(borrow)]
            entry: &'a RawValue,
        }
        let shown = self.get(&format!("/v1/events/{id}"))?;
        let shown: Shown<'_> = serde_json::from_str(&shown).map_err(|error| misunderstood().because(&error))?;
        Ok(shown.entry.get().as_bytes().to_vec())
    }

    /// The id of the event at a place of the log.
    pub(super) fn event_id_at(&self, log_index: u64) -> Result<Option<EventId>, Failure> {
        let page = self.get_json(&format!("/v1/events?from={log_index}&limit=1"))?;
        let Some(shown) = page["events"].get(0) else { return Ok(None) };
        let id = shown["entry"]["id"].as_str().and_then(|id| id.parse().ok());
        id.map(Some).ok_or_else(misunderstood)
    }

    /// Every notice that was issued, newest first.
    pub(super) fn notices(&self) -> Result<Vec<Json>, Failure> {
        self.pages("/v1/notices?limit=1000", "notices")
    }

    /// Every document that an organisation has issued, of one kind or of each, newest first.
    pub(super) fn documents(
        &self,
        organization: OrganizationId,
        kind: Option<DocumentKind>,
    ) -> Result<Vec<Json>, Failure> {
        let kind = kind.map(|kind| format!("&kind={kind}")).unwrap_or_default();
        self.pages(&format!("/v1/documents?organization={organization}&limit=1000{kind}"), "documents")
    }

    /// A list that comes in pages, whole: what stands under this name on each.
    pub(super) fn pages(&self, path: &str, name: &str) -> Result<Vec<Json>, Failure> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let mut page = self.get_json(&format!("{path}{cursor}"))?;
            all.append(page[name].as_array_mut().ok_or_else(misunderstood)?);
            match page["next"].as_str() {
                Some(last) => cursor = format!("&cursor={last}"),
                None => return Ok(all),
            }
        }
    }

    /// Records names and numbers; of those who are known only if `rename` allows other ones.
    pub(super) fn record_people(&self, people: &[NamedMember], rename: bool) -> Result<(), Failure> {
        for people in people.chunks(PEOPLE_AT_ONCE) {
            let people: Vec<Json> = people
                .iter()
                .map(|named| json!({ "member": named.member, "name": named.name, "number": named.number }))
                .collect();
            let told = json!({ "people": people, "rename": rename }).to_string();
            let answered = self.send("/v1/people", "application/json", None, &told)?;
            self.accepted(answered)?;
        }
        Ok(())
    }

    /// What opens the commitments to a member.
    pub(super) fn reveal(&self, member: MemberId) -> Result<Option<Reveal>, Failure> {
        let found = self.find(&format!("/v1/members/{member}/reveal"))?;
        found.map(|found| serde_json::from_value(found).map_err(|error| misunderstood().because(&error))).transpose()
    }

    /// Erases name, number and tokens of a member.
    pub(super) fn erase_person(&self, member: MemberId) -> Result<Option<Receipt>, Failure> {
        let mut request = self.agent.delete(format!("{}/v1/members/{member}/person", self.url));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let answered = self.accepted(self.answered(request.call())?)?;
        if answered.body.is_empty() { Ok(None) } else { read(&answered.body).map(Some) }
    }

    /// Composes and issues a notice.
    pub(super) fn issue_notice(
        &self,
        organization: OrganizationId,
        month: Month,
        number: &str,
        supersedes: Option<EventId>,
        key: &str,
    ) -> Result<Receipt, Failure> {
        let wanted =
            json!({ "organization": organization, "month": month, "number": number, "supersedes": supersedes });
        let wanted = wanted.to_string();
        let answered = self.send("/v1/notices", "application/json", Some(key), &wanted)?;
        read(&self.accepted(answered)?.body)
    }

    /// Composes the draft of a month's circular and opens its disclosure.
    pub(super) fn disclose_month(
        &self,
        organization: OrganizationId,
        month: Month,
        working_days: Option<u8>,
        key: &str,
    ) -> Result<Receipt, Failure> {
        let wanted = json!({ "organization": organization, "working_days": working_days }).to_string();
        let answered = self.send(&format!("/v1/months/{month}/disclosure"), "application/json", Some(key), &wanted)?;
        read(&self.accepted(answered)?.body)
    }

    /// An answer of any length into a file; gives the tree size that it is of.
    pub(super) fn download(&self, path: &str, into: &mut File) -> Result<u64, Failure> {
        let mut request = self.agent.get(format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let response = request.call();
        let answered = match response {
            Ok(mut response) if response.status().is_success() => {
                let of = response.headers().get("mingzhang-tree-size").and_then(|of| of.to_str().ok()?.parse().ok());
                let tree_size = of.ok_or_else(misunderstood)?;
                let copied = std::io::copy(&mut response.body_mut().as_reader(), into);
                return copied.map(|_| tree_size).map_err(|error| {
                    let wrong = both("没有收完服务器的回答", "the server's answer wasn't read to its end");
                    Failure::of_world(wrong, &error).next(both("请再试一次", "try again"))
                });
            }
            refused => self.answered(refused)?,
        };
        self.accepted(answered)?;
        Err(misunderstood())
    }

    /// An answer that must be there, as text.
    pub(super) fn get(&self, path: &str) -> Result<String, Failure> {
        let answered = self.ask(path)?;
        self.accepted(answered)?.text()
    }

    /// An answer that must be there, as a file.
    pub(super) fn get_bytes(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let answered = self.ask(path)?;
        Ok(self.accepted(answered)?.body)
    }

    /// An answer that must be there.
    pub(super) fn get_json(&self, path: &str) -> Result<Json, Failure> {
        read(self.get(path)?.as_bytes())
    }

    /// An answer that may not be there.
    pub(super) fn find(&self, path: &str) -> Result<Option<Json>, Failure> {
        self.find_json(path, &[404])
    }

    /// An answer that may not be there, or not for the token's holder.
    pub(super) fn find_if_allowed(&self, path: &str) -> Result<Option<Json>, Failure> {
        self.find_json(path, &[403, 404])
    }

    /// An answer that may not be there, told by these HTTP statuses.
    fn find_json(&self, path: &str, absent: &[u16]) -> Result<Option<Json>, Failure> {
        let answered = self.ask(path)?;
        if absent.contains(&answered.http_status) {
            return Ok(None);
        }
        read(&self.accepted(answered)?.body).map(Some)
    }

    /// Has a document issued: the answer holds the file. Asked for once more if the answer is lost on its way: with the same key it is the same file.
    pub(super) fn issue_document(&self, wanted: &Json, key: &str) -> Result<Json, Failure> {
        let wanted = wanted.to_string();
        let ask = || self.send("/v1/documents", "application/json", Some(key), &wanted);
        let answered = ask().or_else(|_| ask())?;
        read(&self.accepted(answered)?.body)
    }

    /// An answer of one media type, as it is.
    pub(super) fn get_as(&self, path: &str, media: &str) -> Result<String, Failure> {
        let answered = self.ask_for(path, media)?;
        self.accepted(answered)?.text()
    }

    fn ask(&self, path: &str) -> Result<Answered, Failure> {
        self.ask_for(path, "*/*")
    }

    fn ask_for(&self, path: &str, media: &str) -> Result<Answered, Failure> {
        let mut request = self.agent.get(format!("{}{path}", self.url)).header("Accept", media);
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        self.answered(request.call())
    }

    fn send(&self, path: &str, media: &str, key: Option<&str>, body: &str) -> Result<Answered, Failure> {
        let mut request = self.agent.post(format!("{}{path}", self.url)).header("Content-Type", media);
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        self.answered(request.send(body))
    }

    fn answered(&self, response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Answered, Failure> {
        let unreachable = |error: ureq::Error| {
            let wrong =
                both(format!("无法与服务器 {} 通信", self.url), format!("the server {} doesn't answer", self.url));
            Failure::of_world(wrong, &error)
                .next(both("请核对地址，并确认服务器在运行", "check the address, and that the server runs"))
        };
        let mut response = response.map_err(unreachable)?;
        let http_status = response.status().as_u16();
        let date = response.headers().get("date").and_then(|date| date.to_str().ok());
        let at = date.and_then(|date| {
            let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
            Instant::from_unix_seconds(date.as_second()).ok()
        });
        let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec().map_err(unreachable)?;
        Ok(Answered { http_status, at, body })
    }

    /// The answer, unless it is a problem.
    fn accepted(&self, answered: Answered) -> Result<Answered, Failure> {
        if (200..300).contains(&answered.http_status) {
            return Ok(answered);
        }
        match serde_json::from_slice::<Problem>(&answered.body) {
            Ok(problem) => Err(problem.failure(answered.http_status)),
            // A proxy in front of it, or something else at that address.
            Err(_) => Err(misunderstood().because(&NoProblem { http_status: answered.http_status })),
        }
    }
}

/// What answers isn't this program.
#[derive(Debug, thiserror::Error)]
#[error("it answered with HTTP status {http_status} and no explanation of this API")]
struct NoProblem {
    http_status: u16,
}

impl Problem {
    fn failure(self, http_status: u16) -> Failure {
        if http_status == 401 {
            return Failure::new(Exit::TokenRefused, both(self.detail, self.detail_en)).next(both(
                "请用 --token 或 MINGZHANG_TOKEN 给出有效令牌；管理员可用 mingzhang token create 建立",
                "give a token with --token or MINGZHANG_TOKEN; an operator makes one with `mingzhang token create`",
            ));
        }
        let by_the_rules = Rejection::CODES.iter().any(|(code, _)| *code == self.code);
        let refusal = Refusal { code: self.code, chinese: self.detail, english: self.detail_en };
        if by_the_rules {
            return Failure::refused(&refusal);
        }
        let exit = if (400..500).contains(&http_status) { Exit::Refused } else { Exit::WorldFailed };
        Failure::new(exit, both(refusal.chinese, format!("{} ({})", refusal.english, refusal.code)))
    }
}

impl BatchLine {
    fn told(self) -> Option<Told> {
        let place = self.log_index.zip(self.id);
        match self.outcome.as_deref()? {
            "recorded" => place.map(|(log_index, id)| Told::Recorded { log_index, id }),
            "repeated" => place.map(|(log_index, id)| Told::Repeated { log_index, id }),
            "rejected" | "malformed" => {
                Some(Told::Refused(Refusal { code: self.code?, chinese: self.detail?, english: self.detail_en? }))
            }
            "withheld" => Some(Told::Withheld),
            _ => None,
        }
    }
}

/// A command as the API takes it.
fn written(command: &Command, with_key: bool) -> Json {
    let data = encode_data(&command.event).expect("an event without floats or maps is JSON");
    let data: Json = serde_json::from_str(&data).expect("what was just written");
    let mut written = json!({
        "type": command.event.stored_type(),
        "time": command.occurred_at.to_string(),
        "evidence": command.evidence.as_str(),
        "data": data,
    });
    if let Some(imported) = command.imported {
        written["imported_file"] = Json::from(imported.file().to_string());
        written["imported_row"] = Json::from(imported.row());
    }
    if with_key {
        written["key"] = Json::from(command.key.as_str());
    }
    written
}

fn read<T: serde::de::DeserializeOwned>(text: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(text).map_err(|error| misunderstood().because(&error))
}

fn some_are_recorded() -> Both {
    both(
        "其中一部分已登记：再导入一次即可登记其余各条",
        "some were recorded before that: import the table again to record the others",
    )
}

fn misunderstood() -> Failure {
    Failure::new(Exit::WorldFailed, both("服务器的回答无法理解", "the server's answer isn't one of this API")).next(
        both(
            "请确认地址是明账服务器，且版本相同",
            "check that the address is that of this program, in the same version",
        ),
    )
}
