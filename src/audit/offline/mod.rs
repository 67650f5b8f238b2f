//! The audit of a bundle, on a machine without the ledger: everything that the bundle says is recomputed from its entries.
//!
//! Trusts a key of its own, or says that it had none. Never writes. Invariant: a report that is sound rests on every check that it names as made;
//! what wasn't made is named too.

mod conduct;
mod failure;
mod figures;
mod finding;
mod fold;
mod lanes;
mod reveals;
mod superseded;
mod trust;
mod verdict;

pub use super::Previous;
pub use finding::AuditFinding;
use finding::Findings;
pub use trust::Trust;
pub use verdict::{
    BusyHour, ByActor, Check, CheckOutcome, EvidenceMix, FigureDifference, Outcome, Remarks, Revealed, Silence,
    Subject, SupersededNotice, Verdict,
};

use super::bundle::{
    BundleFault, BundleReader, CHECKPOINT, IDENTITIES, IDENTITIES_FORMAT, Identities, Manifest, NOTICE, RULES, hex,
};
use super::documents::DOCUMENT;
use super::keys::{HANDOVER, Keys};
use super::reveal::Reveal;
use super::scan::ending;
use crate::transparency::{Hash, VerifierKey, bundle};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use failure::Failure;
use fold::{Fold, half};
use mingzhang_events::{Event, EventId, NoticeFormat, RecordedEvent, decode};
use reveals::Commitments;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{self, Read};
use std::ops::ControlFlow;
use trust::{Trusted, check_checkpoint, is_of_this_log, policy_for};

/// Audits a bundle, and whether members are who they are revealed to be. `open` opens the file, again if something has to be looked at twice. Calls `progress` with entries done and their total.
///
/// Whatever the file holds, the answer is a report; the error is that it can't be opened, or that reading it failed: then nothing is said.
pub fn audit_bundle<R: Read + Send>(
    open: impl Fn() -> io::Result<R>,
    trust: Trust<'_>,
    previous: Option<&Previous>,
    reveals: &[Reveal],
    progress: &mut dyn FnMut(u64, u64),
) -> io::Result<Verdict> {
    let failure = Failure::default();
    let verdict = audit(|| Ok(failure.noticed_from(open()?)), trust, previous, reveals, progress)?;
    failure.happened().map_or(Ok(verdict), Err)
}

fn audit<R: Read + Send>(
    open: impl Fn() -> io::Result<R>,
    trust: Trust<'_>,
    previous: Option<&Previous>,
    reveals: &[Reveal],
    progress: &mut dyn FnMut(u64, u64),
) -> io::Result<Verdict> {
    let mut reader = match BundleReader::open(open()?) {
        Ok(reader) => reader,
        Err(fault) => return Ok(unreadable(fault)),
    };
    let (manifest, files) = (reader.manifest.clone(), std::mem::take(&mut reader.files));
    let mut audit = Audit {
        manifest: &manifest,
        files: &files,
        outcomes: BTreeMap::new(),
        findings: Findings::default(),
        revealed: Vec::new(),
    };
    let trusted = audit.check_trust(trust, previous, || open().map(handovers))?;
    let identities = audit.read_identities();

    let subtrees: Option<Vec<Hash>> = (manifest.frontier.iter())
        .map(|hash| STANDARD.decode(hash).ok().and_then(|hash| hash.try_into().ok()))
        .collect();
    let kept = previous.map(|previous| previous.checkpoint.size);
    let notices = superseded::to_compose(&manifest, audit.file(NOTICE), &open)?;
    let wanted = kept.into_iter().chain(sizes_of_documents(open()?));
    let fold = subtrees.and_then(|subtrees| Fold::new(&manifest, subtrees, wanted, notices));
    let Some(mut fold) = fold else {
        let what = "its frontier isn't that of so many entries".to_owned();
        audit.found(BundleFault::ManifestMalformed { what }.into());
        return Ok(audit.report(trusted, None, Figures::default(), None));
    };
    fold.commitments = Commitments::of(reveals, &identities.commitments, manifest.first_index);
    let total = manifest.tree_size - manifest.first_index;
    let ended = std::thread::scope(|scope| {
        for run in lanes::runs(scope, reader) {
            match run {
                Ok(run) => {
                    fold.take(&run);
                    progress(fold.size() - manifest.first_index, total);
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    });
    let found_on_the_way = std::mem::take(&mut fold.findings);
    audit.set(Check::Entries, if found_on_the_way.count == 0 { Outcome::Holds } else { Outcome::Fails });
    audit.findings.append(found_on_the_way);
    audit.check_documents(&fold, ended.is_ok());
    if let Err(fault) = ended {
        audit.set(Check::Entries, Outcome::Fails);
        audit.found(fault);
        return Ok(audit.report(trusted, Some(&fold), Figures::default(), None));
    }
    audit.check_ids(&mut fold, &open)?;
    audit.check_roots(&fold, &trusted, previous);
    audit.check_notice(&fold);
    let figures = audit.check_figures(&fold);
    audit.check_rules(&fold);
    audit.check_reviews(&fold, &identities);
    audit.check_reveals(&fold, reveals);
    let conduct = {
        let seen = std::mem::replace(&mut fold.seen, conduct::Seen::new(manifest.month, 0));
        seen.finish(fold.models.as_ref(), manifest.organization, &identities.actors)
    };
    Ok(audit.report(trusted, Some(&fold), figures, Some(conduct)))
}

fn unreadable(fault: BundleFault) -> Verdict {
    let outcome =
        |check| CheckOutcome { check, outcome: if check == Check::Bundle { Outcome::Fails } else { Outcome::NotMade } };
    Verdict {
        format: verdict::FORMAT,
        sound: false,
        subject: None,
        checks: Check::ALL.into_iter().map(outcome).collect(),
        findings: vec![fault.into()],
        findings_untold: 0,
        figures_compared: None,
        superseded: Vec::new(),
        differences: Vec::new(),
        revealed: Vec::new(),
        documents_not_checked: Vec::new(),
        charts: Vec::new(),
        conduct: None,
    }
}

/// The format of a bundle and what an audit says, as Markdown below its heading: `docs/reference/audit-bundle.md`.
pub fn reference() -> String {
    let mut text = include_str!("reference.md").to_owned();
    text.push_str("\n## Codes of findings\n\n| code | meaning |\n|---|---|\n");
    text.extend(AuditFinding::CODES.iter().map(|(code, meaning)| format!("| `{code}` | {meaning} |\n")));
    text
}

/// What comparing figures came to.
#[derive(Default)]
struct Figures {
    compared: Option<usize>,
    superseded: Vec<SupersededNotice>,
    differences: Vec<FigureDifference>,
}

/// An audit under way.
struct Audit<'a> {
    manifest: &'a Manifest,
    files: &'a BTreeMap<String, Vec<u8>>,
    outcomes: BTreeMap<usize, Outcome>,
    findings: Findings,
    revealed: Vec<Revealed>,
}

impl Audit<'_> {
    fn found(&mut self, finding: AuditFinding) {
        self.findings.push(finding);
    }

    fn set(&mut self, check: Check, outcome: Outcome) {
        self.outcomes.insert(check as usize, outcome);
    }

    /// Runs one check; it fails if it finds anything.
    fn check(&mut self, check: Check, run: impl FnOnce(&mut Self)) {
        let before = self.findings.count;
        run(self);
        self.set(check, if self.findings.count > before { Outcome::Fails } else { Outcome::Holds });
    }

    fn file(&self, path: &str) -> &[u8] {
        self.files.get(path).map_or(&[], Vec::as_slice)
    }

    fn differs(&mut self, field: &'static str, manifest: impl ToString, found: impl ToString) {
        let (manifest, found) = (manifest.to_string(), found.to_string());
        if manifest != found {
            self.found(AuditFinding::ManifestDiffers { field, manifest, found });
        }
    }

    fn check_trust(
        &mut self,
        trust: Trust<'_>,
        previous: Option<&Previous>,
        handovers: impl FnOnce() -> io::Result<Keys>,
    ) -> io::Result<Trusted> {
        let (manifest, note) = (self.manifest, self.file(CHECKPOINT).to_vec());
        let kept = previous.and_then(|previous| previous.note.as_deref());
        let notes: Vec<&[u8]> = std::iter::once(note.as_slice()).chain(kept).collect();
        let policy = policy_for(trust, manifest, &notes, handovers, &mut self.findings)?;
        let trusted = check_checkpoint(&note, manifest, trust, policy.as_ref(), &mut self.findings);
        self.check(Check::Bundle, |audit| {
            if let Some(checkpoint) = &trusted.checkpoint {
                audit.differs("origin", &manifest.origin, &checkpoint.origin);
                audit.differs("tree_size", manifest.tree_size, checkpoint.size);
            }
        });
        self.set(Check::Checkpoint, trusted.signed);
        self.set(Check::Witnesses, trusted.witnessed);
        if let Some(previous) = previous {
            // What it says of the entries is compared once they are there.
            if !is_of_this_log(previous, manifest, policy.as_ref(), &mut self.findings) {
                self.set(Check::Previous, Outcome::Fails);
            }
        }
        Ok(trusted)
    }

    fn read_identities(&mut self) -> Identities {
        let malformed = |what: String| BundleFault::FileMalformed { path: IDENTITIES.to_owned(), what };
        let read = serde_json::from_slice::<Identities>(self.file(IDENTITIES)).map_err(|fault| fault.to_string());
        let read = read.and_then(|read| match read.format == IDENTITIES_FORMAT {
            true => Ok(read),
            false => Err(format!("its format isn't {IDENTITIES_FORMAT}")),
        });
        read.unwrap_or_else(|what| {
            self.found(malformed(what).into());
            self.set(Check::Bundle, Outcome::Fails);
            Identities::default()
        })
    }

    /// Each document names the root that the log had at the size that it rests on. `to_the_end`: every entry was read.
    fn check_documents(&mut self, fold: &Fold<'_>, to_the_end: bool) {
        let differ = fold.documents_that_differ.iter();
        differ.for_each(|&log_index| self.found(AuditFinding::DocumentRootDiffers { log_index }));
        let outcome = match (fold.documents_that_differ.as_slice(), fold.documents_not_checked.as_slice()) {
            ([], _) if !to_the_end => Outcome::NotMade,
            ([], []) => Outcome::Holds,
            ([], _) => Outcome::HoldsAsTold,
            _ => Outcome::Fails,
        };
        self.set(Check::Documents, outcome);
    }

    /// Looks again at entries whose ids may be the same.
    fn check_ids<R: Read>(&mut self, fold: &mut Fold<'_>, open: &impl Fn() -> io::Result<R>) -> io::Result<()> {
        let halves = fold.ids_to_compare();
        if halves.is_empty() {
            return Ok(());
        }
        let found = match ids_twice(open()?, &halves) {
            Ok(0) => return Ok(()),
            Ok(count) => AuditFinding::IdTwice { count },
            Err(fault) => fault.into(),
        };
        self.set(Check::Entries, Outcome::Fails);
        self.found(found);
        Ok(())
    }

    fn check_roots(&mut self, fold: &Fold<'_>, trusted: &Trusted, previous: Option<&Previous>) {
        let root = |size: u64| fold.roots.get(&size).copied().flatten();
        let tree_size = self.manifest.tree_size;
        match &trusted.checkpoint {
            Some(checkpoint) => self.check(Check::Root, |audit| {
                if root(tree_size) != Some(checkpoint.root) || checkpoint.size != tree_size {
                    audit.found(AuditFinding::RootDiffers { tree_size });
                }
            }),
            None => self.set(Check::Root, Outcome::NotMade),
        }
        self.check_key_in_force(fold, trusted);
        let Some(previous) = previous.map(|previous| &previous.checkpoint) else { return };
        let Some(recomputed) = root(previous.size).filter(|_| previous.origin == self.manifest.origin) else { return };
        if recomputed != previous.root {
            self.set(Check::Previous, Outcome::Fails);
            self.found(AuditFinding::Rewritten { previous: previous.size });
        } else if self.outcomes.get(&(Check::Previous as usize)) != Some(&Outcome::Fails) {
            self.set(Check::Previous, Outcome::Holds);
        }
    }

    /// A key that was handed over signs no more, even for whoever still trusts it. A part of the log that holds no handover was signed by
    /// the key that is trusted; else its last handover decides.
    fn check_key_in_force(&mut self, fold: &Fold<'_>, trusted: &Trusted) {
        let Ok(signer) = VerifierKey::parse(&trusted.verifier_key) else { return };
        if trusted.signed == Outcome::Fails {
            return;
        }
        let tree_size = self.manifest.tree_size;
        if fold.keys.in_force(&signer, tree_size).ok().as_ref() != Some(&signer) {
            let why = format!("the key that signed it wasn't the one in force at {tree_size} entries");
            self.found(AuditFinding::CheckpointNotSigned { why });
            self.set(Check::Checkpoint, Outcome::Fails);
        }
    }

    fn check_notice(&mut self, fold: &Fold<'_>) {
        let named = &self.manifest.notice;
        let digest = hex(&Sha256::digest(self.file(NOTICE)));
        let mut root_at_notice = None;
        self.check(Check::Notice, |audit| {
            let Some(issued) = fold.issued.iter().find(|issued| issued.id == named.event) else {
                audit.found(AuditFinding::NoticeNotIssued { event: named.event });
                return;
            };
            let (log_index, notice) = (issued.log_index, &issued.notice);
            audit.differs("notice.log_index", named.log_index, log_index);
            audit.differs("notice.number", &named.number, &notice.number);
            audit.differs("notice.digest", &named.digest, &notice.digest);
            audit.differs("notice.tree_size", named.tree_size, notice.tree_size);
            let format = superseded::format_of(audit.file(NOTICE));
            audit.differs("notice.format", format, notice.format.unwrap_or(NoticeFormat::First));
            if digest != notice.digest {
                audit.found(AuditFinding::NoticeNotAsIssued { log_index });
            }
            root_at_notice = fold.roots.get(&notice.tree_size).copied().flatten();
            if root_at_notice.is_some_and(|root| hex(&root) != notice.root_hash) {
                audit.found(AuditFinding::NoticeRootDiffers { tree_size: notice.tree_size });
            }
            if notice.tree_size > log_index {
                audit.found(AuditFinding::NoticeImpossible);
            }
            if let Some(later) = fold.issued.iter().find(|other| other.log_index > log_index) {
                audit.found(AuditFinding::NoticeNotLatest { log_index: later.log_index });
            }
        });
        // It rests on what was before the first entry: what else there is to it holds.
        if root_at_notice.is_none() && self.outcomes.get(&(Check::Notice as usize)) == Some(&Outcome::Holds) {
            self.set(Check::Notice, Outcome::HoldsAsTold);
        }
    }

    fn check_figures(&mut self, fold: &Fold<'_>) -> Figures {
        if fold.models.is_none() {
            self.set(Check::Figures, Outcome::NotMade);
            return Figures::default();
        }
        let notice = self.manifest.notice.event;
        if !fold.issued.iter().any(|issued| issued.id == notice) {
            // Said by the check of the notice. Nothing in the log tells of what its figures are.
            self.set(Check::Figures, Outcome::NotMade);
            return Figures::default();
        }
        let Some(recomposed) = fold.notices.composed(notice) else {
            self.check(Check::Figures, |audit| audit.found(AuditFinding::NoticeImpossible));
            return Figures::default();
        };
        let recomputed = recomposed.canonical_json();
        let (differences, count) = figures::differences(self.file(NOTICE), &recomputed);
        let (superseded, differ) = superseded::superseded(fold, notice);
        self.check(Check::Figures, |audit| {
            if count > 0 {
                audit.found(AuditFinding::FiguresDiffer { count });
            }
            differ.into_iter().for_each(|finding| audit.found(finding));
        });
        Figures { compared: Some(figures::count(&recomputed)), superseded, differences }
    }

    fn check_rules(&mut self, fold: &Fold<'_>) {
        let of_bundle = self.files.iter().filter(|(path, _)| path.starts_with(RULES)).map(|(path, _)| path);
        let paths: BTreeSet<&String> = of_bundle.chain(fold.rules.keys()).collect();
        if paths.is_empty() && self.manifest.first_index > 0 {
            self.set(Check::Rules, Outcome::NotMade);
            return;
        }
        self.check(Check::Rules, |audit| {
            for path in paths {
                if fold.rules.get(path) != audit.files.get(path) {
                    audit.found(AuditFinding::RulesDiffer { path: path.clone() });
                }
            }
        });
    }

    fn check_reviews(&mut self, fold: &Fold<'_>, identities: &Identities) {
        match &fold.models {
            Some(models) => {
                let found = fold.seen.own_reviews(models, &identities.actors);
                self.check(Check::Reviews, |audit| found.into_iter().for_each(|finding| audit.found(finding)));
            }
            None => self.set(Check::Reviews, Outcome::NotMade),
        }
    }

    fn check_reveals(&mut self, fold: &Fold<'_>, reveals: &[Reveal]) {
        if reveals.is_empty() {
            return;
        }
        let Manifest { origin, first_index, .. } = self.manifest;
        self.check(Check::Reveals, |audit| {
            for reveal in reveals {
                match fold.commitments.held_against(reveal, origin, *first_index) {
                    Ok(revealed) => audit.revealed.push(revealed),
                    Err(finding) => audit.found(finding),
                }
            }
        });
        let as_told = self.revealed.iter().any(|revealed| revealed.outcome == Outcome::HoldsAsTold);
        if as_told && self.revealed.len() == reveals.len() {
            self.set(Check::Reveals, Outcome::HoldsAsTold);
        }
    }

    fn report(self, trusted: Trusted, fold: Option<&Fold<'_>>, figures: Figures, conduct: Option<Remarks>) -> Verdict {
        let organization_name = superseded::organization_name(self.file(NOTICE));
        let Audit { manifest, outcomes, findings, revealed, .. } = self;
        let outcome = |check: Check| outcomes.get(&(check as usize)).copied().unwrap_or(Outcome::NotMade);
        let root = fold.and_then(|fold| fold.roots.get(&manifest.tree_size).copied().flatten());
        let subject = Subject {
            origin: superseded::one_line(&manifest.origin),
            month: manifest.month,
            organization: manifest.organization,
            organization_name,
            number: superseded::one_line(&manifest.notice.number),
            notice: manifest.notice.event,
            tree_size: manifest.tree_size,
            first_index: manifest.first_index,
            root_hash: root.map(|root| hex(&root)),
            verifier_key: trusted.verifier_key,
            key_is_authenticated: outcome(Check::Checkpoint) == Outcome::Holds,
            cosigners: trusted.cosigners,
            recorded: fold.and_then(|fold| fold.recorded),
        };
        Verdict {
            format: verdict::FORMAT,
            sound: findings.count == 0,
            subject: Some(subject),
            checks: Check::ALL.into_iter().map(|check| CheckOutcome { check, outcome: outcome(check) }).collect(),
            findings_untold: findings.untold(),
            findings: findings.told,
            figures_compared: figures.compared,
            superseded: figures.superseded,
            differences: figures.differences,
            revealed,
            documents_not_checked: fold.map(|fold| fold.documents_not_checked.clone()).unwrap_or_default(),
            charts: fold.map(|fold| fold.charts.clone()).unwrap_or_default(),
            conduct,
        }
    }
}

/// The handovers of the log's key among the entries of a bundle, up to the first that isn't proved. Their places aren't looked at: what is
/// believed of them is what both keys signed. A fault of the bundle is told when it is read for its entries.
fn handovers<R: Read>(input: R) -> Keys {
    let mut keys = Keys::default();
    each_of_type(input, HANDOVER, |log_index, event| match keys.take(log_index, &event) {
        Ok(_) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    });
    keys
}

/// The sizes that documents rest on: found before, because the entry that issues one comes after them.
fn sizes_of_documents<R: Read>(input: R) -> BTreeSet<u64> {
    let mut sizes = BTreeSet::new();
    each_of_type(input, DOCUMENT, |_, recorded| {
        if let Event::DocumentIssued(document) = recorded.event {
            sizes.insert(document.tree_size);
        }
        ControlFlow::Continue(())
    });
    sizes
}

/// Every event of a stored type in a bundle with its log index, up to the first entry that can't be read: the audit itself says so.
fn each_of_type<R: Read>(input: R, stored_type: &str, mut each: impl FnMut(u64, RecordedEvent) -> ControlFlow<()>) {
    let ending = ending(stored_type);
    let Ok(mut reader) = BundleReader::open(input) else { return };
    while let Ok(Some((tile, bytes))) = reader.next_bundle() {
        let entries = (tile.first()..).zip(bundle::entries(&bytes).map_while(Result::ok));
        for (log_index, entry) in entries.filter(|(_, entry)| entry.ends_with(&ending)) {
            if let Ok(event) = decode(entry)
                && each(log_index, event).is_break()
            {
                return;
            }
        }
    }
}

/// How many entries have the id of an earlier one, among those whose ids have these halves. Every entry was an event when it was read before.
fn ids_twice<R: Read>(input: R, halves: &BTreeSet<u64>) -> Result<u64, BundleFault> {
    let (mut seen, mut count): (HashSet<EventId>, u64) = (HashSet::new(), 0);
    let mut reader = BundleReader::open(input)?;
    while let Some((_, bytes)) = reader.next_bundle()? {
        for id in bundle::entries(&bytes).filter_map(|entry| Some(decode(entry.ok()?).ok()?.id)) {
            count += u64::from(halves.contains(&half(id)) && !seen.insert(id));
        }
    }
    Ok(count)
}
