//! Plays a plan into a new ledger: each batch at its own hour and by its own actor, each closed month with its circular, whose files are given out.

use super::super::check_document::digest_of;
use super::super::failure::{Failure, both};
use super::super::issued_file::{Checkpoint, Sort, given_out};
use super::super::notice::{cannot_render, of_file};
use super::super::output;
use super::super::progress::Progress;
use super::super::target::{ACTOR_OF_THE_FILES, Refusal};
use super::NOTICES;
use crate::clock::SetClock;
use crate::demo::{DemoBatch, Document, Plan};
use crate::document::{FONT_PACKAGES, PdfError, RenderError};
use crate::identity::{Actor, Person};
use crate::ledger::{Command, IdempotencyKey, Mode, Outcome, Submission};
use crate::notice::render::FileFormat;
use crate::service::{DisclosureError, Service};
use mingzhang_events::{Event, EventId, Evidence, Instant, MemberId, Month, OrganizationId};
use mingzhang_projections::{NoticeEntry, ReadModels};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// People recorded at once.
const PEOPLE_AT_ONCE: usize = 10_000;

/// What the files of a circular that took the place of another are called after the month.
const SUPERSEDING: &str = "-superseding";

/// Whether a file has the name of one that [`play`] writes.
pub(super) fn is_circular(name: &str) -> bool {
    let Some((month, suffix)) = name.split_once('.') else { return false };
    let month = month.strip_suffix(SUPERSEDING).unwrap_or(month);
    month.parse::<Month>().is_ok() && FileFormat::ALL.iter().any(|format| format.suffix() == suffix)
}

/// What came of it.
pub(super) struct Played {
    pub(super) service: Service,
    pub(super) division: OrganizationId,
    /// The last month.
    pub(super) month: Month,
    pub(super) events: u64,
    /// Time spent recording.
    pub(super) recording: Duration,
    pub(super) circulars: Vec<PathBuf>,
    pub(super) consents: Consents,
}

/// To having the full name printed.
#[derive(Clone, Copy, Default)]
pub(super) struct Consents {
    pub(super) given: u64,
    pub(super) withdrawn: u64,
}

impl Consents {
    fn count(&mut self, event: &Event) {
        self.given += u64::from(matches!(event, Event::NameConsentGiven(_)));
        self.withdrawn += u64::from(matches!(event, Event::NameConsentWithdrawn(_)));
    }
}

impl Played {
    /// The read models of all of it.
    pub(super) fn models(&self) -> impl std::ops::Deref<Target = ReadModels> + '_ {
        self.service.follower.models()
    }
}

/// Makes the ledger. It is stopped in order when this returns.
pub(super) fn play(plan: Plan, path: &Path, seed: u64) -> Result<Played, Failure> {
    let clock = Arc::new(SetClock::at(Instant::EARLIEST));
    let origin = format!("demo.mingzhang.example/{}", plan.division());
    let service = Service::create(path, &origin, Some(key_of(seed)), Arc::<SetClock>::clone(&clock))?;
    record_people(&service, &plan, seed)?;
    let division = plan.division();
    let month = *plan.months().last().expect("a demo has a month");
    let mut stage =
        Stage { service, clock, division, circulars: Vec::new(), consents: Consents::default(), told_of_pdf: false };
    let started = now();
    stage.record(plan)?;
    let recording = started.elapsed();
    let Stage { service, circulars, consents, .. } = stage;
    let events = service.ledger.head().tree_size;
    drop(service.models_blocking());
    service.stop()?;
    Ok(Played { service, division, month, events, recording, circulars, consents })
}

#[expect(clippy::disallowed_methods, reason = "how long it took is shown to whoever watches, and decides nothing")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

/// A key that anybody can compute: it proves nothing, and the summary says so.
fn key_of(seed: u64) -> [u8; 32] {
    Sha256::new_with_prefix(b"mingzhang/demonstration-key/v1\0").chain_update(seed.to_be_bytes()).finalize().into()
}

/// As known as the key: a demonstration's commitments hide nobody.
fn salt_of(seed: u64, member: MemberId, domain: &str) -> [u8; 32] {
    let salt = Sha256::new_with_prefix(b"mingzhang/demonstration-salt/v1\0").chain_update(seed.to_be_bytes());
    salt.chain_update(member.0.to_be_bytes()).chain_update(domain).finalize().into()
}

fn record_people(service: &Service, plan: &Plan, seed: u64) -> Result<(), Failure> {
    let named = |named: crate::import::NamedMember| (named.member, Person { name: named.name, number: named.number });
    let people: Vec<(MemberId, Person)> = plan.people().map(named).collect();
    let (bar, total) = (Progress::of("登记党员 members"), people.len() as u64);
    for (chunk, people) in (1_u64..).zip(people.chunks(PEOPLE_AT_ONCE)) {
        service.identity.record_people_salted(people, |member, domain| Ok(salt_of(seed, member, domain)))?;
        bar.reached((chunk * PEOPLE_AT_ONCE as u64).min(total), total);
    }
    Ok(())
}

struct Stage {
    service: Service,
    clock: Arc<SetClock>,
    division: OrganizationId,
    circulars: Vec<PathBuf>,
    consents: Consents,
    /// Whether it was said that no PDF can be made.
    told_of_pdf: bool,
}

impl Stage {
    fn record(&mut self, plan: Plan) -> Result<(), Failure> {
        let bar = Progress::of("逐日登记 days recorded");
        let days = u64::from(plan.days_left());
        let mut day = 0;
        for batches in plan {
            for batch in batches {
                self.record_batch(batch)?;
            }
            if day == 0 {
                // Everybody is on the roster by now.
                self.service.commit_all_identities(ACTOR_OF_THE_FILES.parse().expect("an actor"))?;
            }
            day += 1;
            bar.reached(day, days);
        }
        Ok(())
    }

    fn record_batch(&mut self, batch: DemoBatch) -> Result<(), Failure> {
        self.clock.set(batch.recorded_at);
        batch.commands.iter().for_each(|command| self.consents.count(&command.event));
        if !batch.commands.is_empty() {
            self.submit(&batch.actor, batch.commands)?;
        }
        match batch.document {
            Some(Document::Disclosure { month, working_days }) => self.disclose(month, working_days, &batch.actor),
            Some(Document::Notice { month }) => self.publish(month, None, &batch.actor),
            Some(Document::SupersedingNotice { month }) => {
                let superseded = self.newest_notice().id;
                self.publish(month, Some(superseded), &batch.actor)
            }
            None => Ok(()),
        }
    }

    fn disclose(&self, month: Month, working_days: u8, publisher: &Arc<Actor>) -> Result<(), Failure> {
        let opened = self.service.disclosure_to_open(self.division, month, Some(working_days));
        let opened = opened.map_err(|error| match error {
            DisclosureError::Service(error) => error.into(),
            unplanned @ (DisclosureError::NoPeriod | DisclosureError::Calendar(_)) => {
                Failure::bug(&format!("the plan doesn't disclose {month}: {unplanned}"))
            }
        })?;
        let opened = opened.ok_or_else(|| Failure::no_organization(self.division))?;
        self.record_document(opened.into(), publisher)
    }

    fn record_document(&self, event: Event, publisher: &Arc<Actor>) -> Result<(), Failure> {
        let occurred_at = self.service.clock.now();
        let key = IdempotencyKey::of_fact(&event, occurred_at);
        self.submit(publisher, vec![Command { key, event, evidence: Evidence::Office, imported: None, occurred_at }])
    }

    fn newest_notice(&self) -> NoticeEntry {
        self.service.models_blocking().notices(Some(self.division)).into_iter().next().expect("just issued")
    }

    fn submit(&self, actor: &Arc<Actor>, commands: Vec<Command>) -> Result<(), Failure> {
        let submission = Submission { actor: Arc::clone(actor), commands, mode: Mode::EachAlone };
        for outcome in self.service.ledger.submit_blocking(submission)?.outcomes {
            if let Outcome::Rejected(rejection) = outcome {
                let refusal = Refusal::from(&rejection);
                return Err(Failure::bug(&format!("the plan was refused: {} ({})", refusal.english, refusal.code)));
            }
        }
        Ok(())
    }

    /// Issues the circular of a closed month, or one in the place of another, and writes its files.
    fn publish(&mut self, month: Month, supersedes: Option<EventId>, publisher: &Arc<Actor>) -> Result<(), Failure> {
        let (remark, suffix) = if supersedes.is_some() { ("更正", SUPERSEDING) } else { ("", "") };
        let number = format!("〔{}〕{}号{remark}", month.year(), month.month_of_year());
        let issued = self.service.notice_to_issue(self.division, month, &number, supersedes)?;
        let event = Event::from(issued.ok_or_else(|| Failure::no_organization(self.division))?);
        self.record_document(event, publisher)?;
        let entry = self.newest_notice();
        let composed = self.service.issued_notice(&entry)?.ok_or_else(|| Failure::no_organization(self.division))?;
        let (notice, imprint) =
            (&composed.notice, self.service.imprint(&composed, Some(entry.issued_at.local_date()), None)?);
        let folder = self.service.directory.path().join(NOTICES);
        let mut files = FileFormat::ALL.map(|format| (format!("{month}{suffix}.{}", format.suffix()), format));
        files.sort();
        for (name, format) in files {
            let bytes = match self.service.notice_files.file(notice, || Ok(imprint.clone()), format) {
                Ok(bytes) => bytes,
                // A demonstration goes on without: every other format needs no fonts.
                Err(RenderError::Pdf(error)) => {
                    if !std::mem::replace(&mut self.told_of_pdf, true) {
                        output::remark(without_pdf(&error));
                    }
                    continue;
                }
                Err(error) => return Err(cannot_render(format.name(), &error)),
            };
            let path = folder.join(name);
            std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, &bytes)).map_err(|error| {
                let path = path.display();
                Failure::of_world(both(format!("无法写入 {path}"), format!("writing {path}")), &error)
            })?;
            self.give_out(&entry, format, &bytes, publisher)?;
            self.circulars.push(path);
        }
        Ok(())
    }

    /// Records the digest of a file, so that it is known also once somebody's name stands otherwise in it.
    fn give_out(
        &self,
        NoticeEntry { id, month, organization, tree_size, root_hash, .. }: &NoticeEntry,
        format: FileFormat,
        bytes: &[u8],
        publisher: &Arc<Actor>,
    ) -> Result<(), Failure> {
        let checkpoint = Checkpoint { tree_size: *tree_size, root_hash: root_hash.clone() };
        let (format, about) = (of_file(format)?, (*organization, *month));
        self.record_document(given_out(Sort::Notice, *id, about, format, digest_of(bytes), checkpoint), publisher)
    }
}

/// What a demonstration lacks that has no PDF, and how to have it.
fn without_pdf(error: &PdfError) -> String {
    match error {
        PdfError::NoFonts { .. } => format!(
            "没有中文字体，未生成 PDF：sudo apt-get install {FONT_PACKAGES}，然后再运行一次  no Chinese fonts, so no PDF: install them and run it again"
        ),
        PdfError::NotBuilt | PdfError::TooLong { .. } | PdfError::Typesetting(_) => {
            format!("未生成 PDF  no PDF was made: {error}")
        }
    }
}
