//! A street with two communities and a month of service, and tokens of every sort.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use mingzhang::clock::SetClock;
#[cfg(feature = "pdf")]
use mingzhang::document::FontDirectory;
use mingzhang::http;
use mingzhang::identity::{Actor, Person};
use mingzhang::ledger::{Command, IdempotencyKey, Mode, Outcome, Submission};
#[cfg(feature = "pdf")]
use mingzhang::notice::render::KeptFiles;
use mingzhang::service::Service;
use mingzhang_events::{Evidence, Instant, MemberId, decode_data};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tower::ServiceExt;

pub(crate) const STREET: &str = "420902001";
pub(crate) const EAST: &str = "420902001001";
pub(crate) const WEST: &str = "420902001002";
pub(crate) const ORIGIN: &str = "example.org/shuyuan";
/// When the tests take place.
pub(crate) const NOW: &str = "2026-11-05T02:00:00Z";
pub(crate) const PATROL: &str = "a0000000000001";

/// Members 1 to 7 are of the east community, 8 to 10 of the west.
pub(crate) fn member(number: u64) -> String {
    MemberId(number).to_string()
}

pub(crate) struct World {
    pub(crate) directory: TempDir,
    pub(crate) service: Arc<Service>,
    router: Router,
}

/// What was answered.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answered {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|fault| panic!("{fault}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The status and code of a problem.
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        (self.status.as_u16(), self.json()["code"].as_str().expect("a code").to_owned())
    }
}

fn clock() -> Arc<SetClock> {
    Arc::new(SetClock::at(NOW.parse().expect("an instant")))
}

impl World {
    /// A ledger without an entry.
    pub(crate) fn empty() -> World {
        World::empty_at(clock())
    }

    fn empty_at(clock: Arc<SetClock>) -> World {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let service = Service::create(&directory.path().join("ledger"), ORIGIN, Some([7; 32]), clock);
        World::over(directory, service.expect("a new ledger"))
    }

    fn over(directory: TempDir, service: Service) -> World {
        let service = Arc::new(service);
        World { router: http::router(Arc::clone(&service)), directory, service }
    }

    /// The street with its month.
    pub(crate) fn street() -> World {
        World::street_at(clock())
    }

    /// The same on a clock that the test sets.
    pub(crate) fn street_at(clock: Arc<SetClock>) -> World {
        let world = World::empty_at(clock);
        world.record_all("street", &month());
        world
    }

    /// The same on a machine without fonts.
    #[cfg(feature = "pdf")]
    pub(crate) fn street_without_fonts() -> World {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let service = Service::create(&directory.path().join("ledger"), ORIGIN, Some([7; 32]), clock());
        let mut service = service.expect("a new ledger");
        let nowhere = FontDirectory::of_places(None, vec![directory.path().join("fonts")]);
        service.notice_files = Arc::new(KeptFiles::set_in(nowhere));
        let world = World::over(directory, service);
        world.record_all("street", &month());
        world
    }

    /// Lets go of the ledger and keeps its directory.
    pub(crate) fn closed(self) -> TempDir {
        self.directory
    }

    /// The same ledger, opened again.
    pub(crate) fn opened_again(path: &Path) -> Service {
        Service::open(path, clock(), &mut |_, _| {}).expect("the ledger opens")
    }

    /// Records a fact with every role.
    pub(crate) fn record(
        &self,
        key: &str,
        stored_type: &'static str,
        time: &str,
        evidence: &'static str,
        data: Value,
    ) -> u64 {
        self.record_all(key, &[(stored_type, time.to_owned(), evidence, data)])
    }

    /// Records facts with every role and gives the log index of the last.
    fn record_all(&self, key: &str, facts: &[Fact]) -> u64 {
        let commands = facts.iter().enumerate().map(|(at, (stored_type, time, evidence, data))| Command {
            key: format!("{key}-{at}").parse::<IdempotencyKey>().expect("a key"),
            event: decode_data(stored_type, &data.to_string()).unwrap_or_else(|fault| panic!("{fault:?}: {data}")),
            evidence: evidence.parse::<Evidence>().expect("an evidence"),
            imported: None,
            occurred_at: time.parse::<Instant>().expect("an instant"),
        });
        let actor = Arc::new(Actor::holder_of_the_files("keeper".parse().expect("an actor id")));
        let submission = Submission { actor, commands: commands.collect(), mode: Mode::EachAlone };
        // A thread of its own: who waits for the writer would block the runtime of the test.
        let reply = std::thread::scope(|scope| {
            scope.spawn(|| self.service.ledger.submit_blocking(submission)).join().expect("submitting doesn't panic")
        });
        let outcomes = reply.expect("the writer runs").outcomes;
        for (fact, outcome) in facts.iter().zip(&outcomes) {
            assert!(matches!(outcome, Outcome::Recorded { .. }), "{fact:?}: {outcome:?}");
        }
        match outcomes.last() {
            Some(Outcome::Recorded { log_index, .. }) => *log_index,
            other => panic!("{other:?}"),
        }
    }

    /// A token of an actor with these grants, such as `recorder@420902001`.
    pub(crate) fn token(&self, actor: &str, grants: &[&str]) -> String {
        self.token_of(actor, None, grants)
    }

    /// A member's own token.
    pub(crate) fn token_of(&self, actor: &str, member: Option<u64>, grants: &[&str]) -> String {
        let grants: Vec<_> = grants.iter().map(|grant| grant.parse().expect("a grant")).collect();
        let actor = actor.parse().expect("an actor id");
        self.service.identity.create_token(actor, member.map(MemberId), &grants).expect("a token")
    }

    pub(crate) fn name(&self, number: u64, name: &str, own_number: &str) {
        let person = Person { name: name.to_owned(), number: Some(own_number.to_owned()) };
        self.service.identity.record_people(&[(MemberId(number), person)]).expect("people are recorded");
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answered {
        let response = self.router.clone().oneshot(request).await.expect("a router doesn't fail");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        Answered { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, path: &str, token: Option<&str>) -> Answered {
        self.get_with(path, token, &[]).await
    }

    pub(crate) async fn get_with(&self, path: &str, token: Option<&str>, headers: &[(&str, &str)]) -> Answered {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn post(
        &self,
        path: &str,
        token: Option<&str>,
        key: Option<&str>,
        body: impl Into<Body>,
    ) -> Answered {
        let mut request = Request::post(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.send(request.body(body.into()).expect("a request")).await
    }
}

/// A command as clients write it.
pub(crate) fn command(stored_type: &str, time: &str, evidence: &str, data: Value) -> String {
    json!({ "type": stored_type, "time": time, "evidence": evidence, "data": data }).to_string()
}

/// A check-in of a member at the patrol of the night of 3 November.
pub(crate) fn check_in(number: u64) -> String {
    let data = json!({ "activity": "a0000000000009", "member": member(number) });
    command("mingzhang.check-in.recorded.v1", "2026-11-03T11:05:00Z", "on_site_code", data)
}

type Fact = (&'static str, String, &'static str, Value);

fn month() -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    let mut office = |stored_type, data| facts.push((stored_type, "2026-09-01T00:00:00Z".to_owned(), "office", data));
    let organization = |code: &str, name: &str, level: &str, parent: Option<&str>| {
        let mut data = json!({ "organization": code, "name": name, "level": level });
        if let Some(parent) = parent {
            data["parent"] = json!(parent);
        }
        data
    };
    office("mingzhang.organization.established.v1", organization(STREET, "书院街道党工委", "subdistrict", None));
    office("mingzhang.organization.established.v1", organization(EAST, "东社区党委", "community", Some(STREET)));
    office("mingzhang.organization.established.v1", organization(WEST, "西社区党委", "community", Some(STREET)));
    for number in 1..=10 {
        let branch = if number <= 7 { EAST } else { WEST };
        office(
            "mingzhang.member.rostered.v1",
            json!({ "member": member(number), "class": "resident", "organization": branch }),
        );
    }
    for number in 1..=5 {
        office("mingzhang.member.enrolled.v1", json!({ "member": member(number), "community": EAST }));
    }
    let rules =
        mingzhang_projections::parse_rules(mingzhang_projections::DEFAULT_RULES_TOML).expect("the default rules");
    let mut rules = serde_json::to_value(rules).expect("rules are JSON");
    rules["effective_from"] = json!("2026-09");
    office("mingzhang.scoring-rules.adopted.v1", json!({ "rules": rules }));
    let patrol = |activity: &str, day: &str| {
        json!({
            "activity": activity, "class": "voluntary", "kind": "night_patrol", "organization": EAST,
            "starts_at": format!("{day}T11:00:00Z"), "ends_at": format!("{day}T14:00:00Z"),
        })
    };
    office("mingzhang.activity.scheduled.v1", patrol(PATROL, "2026-10-03"));
    office("mingzhang.activity.scheduled.v1", patrol("a0000000000009", "2026-11-03"));
    for number in 1..=6 {
        let data = json!({ "activity": PATROL, "member": member(number) });
        facts.push(("mingzhang.sign-up.made.v1", "2026-10-01T00:00:00Z".to_owned(), "on_site_code", data.clone()));
        if number <= 4 {
            let (checked_in, checked_out) = ("2026-10-03T11:00:00Z", format!("2026-10-03T1{number}:00:00Z"));
            let checked_out = if number == 1 { "2026-10-03T11:40:00Z".to_owned() } else { checked_out };
            facts.push(("mingzhang.check-in.recorded.v1", checked_in.to_owned(), "on_site_code", data.clone()));
            facts.push(("mingzhang.check-out.recorded.v1", checked_out, "on_site_code", data));
        }
    }
    facts
}
