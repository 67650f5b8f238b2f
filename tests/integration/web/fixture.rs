//! A street with two communities and 24 members, one closed month, and its notice, served on a port of its own.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use mingzhang::clock::{Clock, SetClock};
use mingzhang::config::Config;
use mingzhang::http;
use mingzhang::identity::{Actor, Person};
use mingzhang::ledger::{Command, IdempotencyKey, Mode, Outcome, Submission};
use mingzhang::notice::{NoticeContext, compose};
use mingzhang::service::Service;
use mingzhang::web::{self, Site};
use mingzhang_events::{
    ActivityClass, ActivityId, ActivityKind, ActivityScheduled, AttendanceOutcome, AttendanceRecorded,
    CorrectionReason, DisclosureOpened, Event, EventId, Evidence, HardshipPairingFormed, HomeVisitMade, HouseholdId,
    Instant, MemberCheckedIn, MemberCheckedOut, MemberClass, MemberEnrolled, MemberId, MemberRostered, MemberSignedUp,
    MonthClosed, MonthFrozen, NameConsentGiven, NoticeIssued, OrganizationEstablished, OrganizationId,
    OrganizationLevel, RecordCorrected, RecordReversed, ScoringRulesAdopted, decode,
};
use std::path::Path;
use std::process::Command as Process;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tower::ServiceExt;

pub(crate) const STREET: &str = "420902001";
const MEMBERS: u64 = 24;

pub(crate) struct Street {
    pub(crate) service: Arc<Service>,
    pub(crate) notice: EventId,
    pub(crate) address: String,
    /// What happens to an answer on its way: its path, its text, and what arrives.
    pub(crate) forge: Arc<Mutex<Option<Forge>>>,
    /// What answers; can be another ledger's.
    pub(crate) router: Arc<Mutex<Router>>,
    directory: TempDir,
    runtime: tokio::runtime::Runtime,
}

/// The path of a request and the text that was answered; gives the text that arrives.
pub(crate) type Forge = Box<dyn Fn(&str, String) -> String + Send>;

impl Street {
    /// Records the month, issues its notice and serves it.
    pub(crate) fn served() -> Street {
        Street::served_with(|notice| notice)
    }

    /// As [`Street::served`], but issues what `forge` makes of the notice.
    pub(crate) fn served_with(forge: impl FnOnce(NoticeIssued) -> NoticeIssued) -> Street {
        Street::made(|service| forge(composed(service, "〔2026〕10号")).into(), Month::Closed, |_| {})
    }

    /// As [`Street::served`], as its operator has set it.
    pub(crate) fn configured(configure: impl FnOnce(&mut Config)) -> Street {
        Street::made(|service| composed(service, "〔2026〕10号").into(), Month::Closed, configure)
    }

    /// As [`Street::served`], of a month whose events were made something else of.
    pub(crate) fn shaped(shape: impl FnOnce(&mut Vec<(&'static str, Event)>)) -> Street {
        Street::made_of(|service| composed(service, "〔2026〕10号").into(), Month::Closed, |_| {}, shape)
    }

    /// As [`Street::served`], but the month is disclosed and not closed yet: the notice is the one that is disclosed.
    pub(crate) fn disclosing() -> Street {
        Street::disclosing_as(|_| {})
    }

    /// As [`Street::disclosing`], as its operator has set it.
    pub(crate) fn disclosing_as(configure: impl FnOnce(&mut Config)) -> Street {
        let disclosed = |service: &Service| {
            let NoticeIssued { digest, month, organization, root_hash, tree_size, .. } = composed(service, "");
            let until = "2026-11-10".parse().expect("a date");
            DisclosureOpened { digest, month, organization, root_hash, tree_size, until, working_days: 5 }.into()
        };
        Street::made(disclosed, Month::Frozen, configure)
    }

    /// Where its files are.
    pub(crate) fn directory(&self) -> &Path {
        self.service.directory.path()
    }

    /// Serves no longer; its files stay as long as what is given.
    pub(crate) fn stopped(self) -> TempDir {
        let Street { service, router, runtime, directory, .. } = self;
        runtime.shutdown_timeout(Duration::from_secs(5));
        drop(router);
        Arc::into_inner(service).expect("nobody else has it").stop().expect("stopped");
        directory
    }

    fn made(published: impl FnOnce(&Service) -> Event, standing: Month, configure: impl FnOnce(&mut Config)) -> Street {
        Street::made_of(published, standing, configure, |_| {})
    }

    fn made_of(
        published: impl FnOnce(&Service) -> Event,
        standing: Month,
        configure: impl FnOnce(&mut Config),
        shape: impl FnOnce(&mut Vec<(&'static str, Event)>),
    ) -> Street {
        let directory = tempfile::tempdir().expect("a directory");
        let clock: Arc<dyn Clock> = Arc::new(SetClock::at(instant("2026-11-03T02:00:00Z")));
        let path = directory.path().join("ledger");
        let mut service = Service::create(&path, "example.org/street", Some([7; 32]), clock).expect("a ledger");
        configure(&mut service.config);
        let service = Arc::new(service);
        let mut events = month(standing);
        shape(&mut events);
        record(&service, events);
        let people: Vec<_> = (1..=MEMBERS).map(|member| (MemberId(member), person(member))).collect();
        service.identity.record_people(&people).expect("people");
        record(&service, vec![("2026-11-02T02:00:00Z", NameConsentGiven { member: MemberId(2) }.into())]);
        let notice = record(&service, vec![("2026-11-03T01:00:00Z", published(&service))]);
        Street::of(service, notice, directory)
    }

    /// The demonstration of one community, its month told up to the superseding notice. The notice is the one issued last.
    pub(crate) fn demonstration() -> Street {
        let directory = tempfile::tempdir().expect("a directory");
        let played = Process::new(env!("CARGO_BIN_EXE_mingzhang"))
            .args(["demo", "--divisions", "420902001001", "--members", "120", "--no-serve", "--directory", "ledger"])
            .current_dir(directory.path())
            .output()
            .expect("the program runs");
        assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
        let clock: Arc<dyn Clock> = Arc::new(SetClock::at(instant("2026-12-01T02:00:00Z")));
        let service = Service::open(&directory.path().join("ledger"), clock, &mut |_, _| {}).expect("a ledger");
        let issued = service.follower.models().notices(None).first().expect("a notice").id;
        Street::of(Arc::new(service), issued, directory)
    }

    fn of(service: Arc<Service>, notice: EventId, directory: TempDir) -> Street {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (identity, publication) = (&service.identity, &service.publication);
        let files = &service.notice_files;
        let site = Site::new(
            &service.ledger,
            &service.follower,
            identity,
            publication,
            files,
            &service.letterheads,
            &service.clock,
            &service.config,
        );
        let pages = web::router(site).fallback(web::not_found);
        let router = Arc::new(Mutex::new(http::router_with_pages(Arc::clone(&service), pages)));
        let forge: Arc<Mutex<Option<Forge>>> = Arc::default();
        let app = Router::new().fallback({
            let router = Arc::clone(&router);
            move |request: Request| {
                let router = router.lock().expect("no panic").clone();
                async move { router.oneshot(request).await }
            }
        });
        let forging = Arc::clone(&forge);
        let app =
            app.layer(from_fn(move |request: Request, next: Next| on_the_way(Arc::clone(&forging), request, next)));
        runtime.spawn(async move { axum::serve(listener, app).await });
        Street { service, notice, address, forge, router, directory, runtime }
    }

    /// From now on answers go through this.
    pub(crate) fn forge(&self, forge: impl Fn(&str, String) -> String + Send + 'static) {
        *self.forge.lock().expect("no panic") = Some(Box::new(forge));
    }

    /// Records one more fact, so that the log grows.
    pub(crate) fn grow(&self, household: u64) {
        let (member, organization) = (MemberId(1), community_of(1));
        let pairing = HardshipPairingFormed { household: HouseholdId(household), member, organization };
        record(&self.service, vec![("2026-11-03T01:30:00Z", pairing.into())]);
    }

    /// Reverses one record of the closed month and corrects another, and issues the notice that says so. Gives it.
    pub(crate) fn supersede(&self) -> EventId {
        self.supersede_with(|_| {})
    }

    /// As [`Street::supersede`], but issues what `forge` makes of the notice.
    pub(crate) fn supersede_with(&self, forge: impl FnOnce(&mut NoticeIssued)) -> EventId {
        let opened = |wanted: fn(&Event) -> bool| {
            let entries = self.service.ledger.entries(0, self.service.ledger.head().tree_size).expect("entries");
            let mut events = entries.iter().map(|entry| decode(&entry.bytes).expect("an event"));
            events.find(|recorded| wanted(&recorded.event)).expect("one of them").id
        };
        let visit = opened(|event| matches!(event, Event::HomeVisitMade(_)));
        let patrol = opened(|event| matches!(event, Event::MemberCheckedIn(_)));
        let (untrue, wrong) = (CorrectionReason::FoundUntrue, CorrectionReason::EnteredWrongly);
        let reversed = RecordReversed { decision: None, reason: untrue, record: visit };
        let corrected = RecordCorrected { decision: None, minutes: 60, reason: wrong, record: patrol };
        record(
            &self.service,
            vec![("2026-11-03T01:20:00Z", reversed.into()), ("2026-10-10T14:00:00Z", corrected.into())],
        );
        self.issue_anew(forge)
    }

    /// Issues a notice in the place of the first one, for whatever has changed.
    pub(crate) fn issue_anew(&self, forge: impl FnOnce(&mut NoticeIssued)) -> EventId {
        let month = "2026-10".parse().expect("a month");
        let issued = self.service.notice_to_issue(code(STREET), month, "〔2026〕12号", Some(self.notice));
        let mut issued = issued.expect("composed").expect("a notice");
        forge(&mut issued);
        record(&self.service, vec![("2026-11-03T01:40:00Z", issued.into())])
    }

    /// The address of the notice's page.
    pub(crate) fn notice_page(&self) -> String {
        format!("{}/notices/{}", self.address, self.notice)
    }
}

async fn on_the_way(forge: Arc<Mutex<Option<Forge>>>, mut request: Request, next: Next) -> Response {
    if forge.lock().expect("no panic").is_none() {
        return next.run(request).await;
    }
    // Plain text that is always sent is easier to forge.
    request.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    request.headers_mut().remove(header::IF_NONE_MATCH);
    let path = request.uri().path().to_owned();
    let (mut parts, body) = next.run(request).await.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    let Ok(text) = String::from_utf8(body.to_vec()) else { return Response::from_parts(parts, Body::from(body)) };
    parts.headers.remove(header::CONTENT_LENGTH);
    let forge = forge.lock().expect("no panic");
    let forged = forge.as_ref().expect("armed above");
    Response::from_parts(parts, Body::from(forged(&path, text)))
}

fn person(member: u64) -> Person {
    let surname = ["张", "王", "李", "赵", "陈", "䶮"][usize::try_from(member % 6).expect("below 6")];
    Person { name: format!("{surname}某{member}"), number: None }
}

fn composed(service: &Service, number: &str) -> NoticeIssued {
    let models = service.models_blocking();
    let context = NoticeContext {
        month: "2026-10".parse().expect("a month"),
        number: number.to_owned(),
        organization: code(STREET),
        origin: service.ledger.origin().to_owned(),
        root: service.ledger.root_at(models.tree_size()).expect("a root"),
    };
    let notice = compose(&models, &context).expect("a notice");
    NoticeIssued {
        digest: notice.digest(),
        format: None,
        month: notice.month,
        number: notice.number,
        organization: notice.organization,
        root_hash: notice.checkpoint.root_hash,
        supersedes: None,
        tree_size: notice.checkpoint.tree_size,
    }
}

/// How far the month has come before its notice is published.
#[derive(Clone, Copy)]
enum Month {
    Frozen,
    Closed,
}

fn month(standing: Month) -> Vec<(&'static str, Event)> {
    let mut events: Vec<(&str, Event)> = Vec::new();
    for (organization, parent, level, name) in [
        (STREET, None, OrganizationLevel::Subdistrict, "书院街道"),
        ("420902001001", Some(STREET), OrganizationLevel::Community, "书院社区"),
        ("420902001002", Some(STREET), OrganizationLevel::Community, "槐荫社区"),
    ] {
        let (organization, parent) = (code(organization), parent.map(code));
        let established = OrganizationEstablished { level, name: name.parse().expect("a name"), organization, parent };
        events.push(("2026-09-01T01:00:00Z", established.into()));
    }
    let rules = mingzhang_projections::parse_rules(mingzhang_projections::DEFAULT_RULES_TOML).expect("rules");
    events.push(("2026-09-01T01:00:00Z", ScoringRulesAdopted { rules: Box::new(rules) }.into()));
    for number in 1..=MEMBERS {
        let (member, community) = (MemberId(number), community_of(number));
        let rostered = MemberRostered { class: MemberClass::ALL[0], member, organization: community };
        events.push(("2026-09-02T01:00:00Z", rostered.into()));
        if number % 5 != 0 {
            events.push(("2026-09-03T01:00:00Z", MemberEnrolled { decision: None, community, member }.into()));
        }
        if number % 3 == 0 {
            let pairing = HardshipPairingFormed { household: HouseholdId(number), member, organization: community };
            events.push(("2026-10-05T01:00:00Z", pairing.into()));
            let visit = HomeVisitMade { household: HouseholdId(number), member, minutes: 45 };
            events.push(("2026-10-15T08:00:00Z", visit.into()));
        }
    }
    let patrol = ActivityScheduled {
        activity: ActivityId(1),
        class: ActivityClass::Voluntary,
        emergency_grade: None,
        ends_at: instant("2026-10-10T17:00:00Z"),
        kind: ActivityKind::NightPatrol,
        organization: code("420902001001"),
        starts_at: instant("2026-10-10T14:00:00Z"),
    };
    let meeting = ActivityScheduled {
        activity: ActivityId(2),
        class: ActivityClass::Organized,
        emergency_grade: None,
        ends_at: instant("2026-10-20T03:00:00Z"),
        kind: ActivityKind::Meeting,
        organization: code(STREET),
        starts_at: instant("2026-10-20T01:00:00Z"),
    };
    events.push(("2026-10-01T01:00:00Z", patrol.into()));
    events.push(("2026-10-01T01:00:00Z", meeting.into()));
    for number in 1..=14 {
        let (activity, member) = (ActivityId(1), MemberId(number));
        events.push(("2026-10-09T01:00:00Z", MemberSignedUp { activity, member }.into()));
        if number <= 12 {
            events.push(("2026-10-10T14:00:00Z", MemberCheckedIn { activity, member }.into()));
            events.push(("2026-10-10T17:00:00Z", MemberCheckedOut { activity, member }.into()));
        }
    }
    for number in 1..=MEMBERS {
        let outcome = match number % 8 {
            0 => AttendanceOutcome::Absent,
            1 => AttendanceOutcome::OnLeave,
            _ => AttendanceOutcome::Attended,
        };
        let attendance = AttendanceRecorded { activity: ActivityId(2), member: MemberId(number), outcome };
        events.push(("2026-10-20T01:00:00Z", attendance.into()));
    }
    let (month, organization) = ("2026-10".parse().expect("a month"), code(STREET));
    let end = match standing {
        Month::Frozen => MonthFrozen { counts_no_shows: true, month, organization }.into(),
        Month::Closed => MonthClosed { month, organization }.into(),
    };
    events.push(("2026-11-03T00:30:00Z", end));
    events
}

/// Records events, each once, and gives the id of the last.
pub(crate) fn record(service: &Service, events: Vec<(&str, Event)>) -> EventId {
    record_as(service, "w-0001", events)
}

/// The same by somebody of another name, who may do as much.
pub(crate) fn record_as(service: &Service, who: &str, events: Vec<(&str, Event)>) -> EventId {
    let command = |(at, event): (&str, Event)| Command {
        key: IdempotencyKey::of_content(&[at, &format!("{event:?}")]),
        evidence: if matches!(event, Event::NameConsentGiven(_)) {
            Evidence::BothParties
        } else {
            Evidence::OnSiteCode
        },
        event,
        imported: None,
        occurred_at: instant(at),
    };
    let commands: Vec<Command> = events.into_iter().map(command).collect();
    let last = commands.last().expect("an event").key.event_id();
    let actor = Arc::new(Actor::holder_of_the_files(who.parse().expect("an actor")));
    let submission = Submission { actor, commands: commands.clone(), mode: Mode::AllOrNothing };
    let reply = service.ledger.submit_blocking(submission).expect("a reply");
    for (command, outcome) in commands.iter().zip(&reply.outcomes) {
        assert!(matches!(outcome, Outcome::Recorded { .. }), "{outcome:?}: {command:?}");
    }
    last
}

fn community_of(member: u64) -> OrganizationId {
    code(if member <= 20 { "420902001001" } else { "420902001002" })
}

fn code(text: &str) -> OrganizationId {
    text.parse().expect("a code")
}

fn instant(text: &str) -> Instant {
    text.parse().expect("an instant")
}
