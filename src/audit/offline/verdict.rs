//! What an audit says: what was checked and how it came out, what was found, and what a supervising body should look at.

use super::finding::AuditFinding;
use crate::chart::Chart;
use mingzhang_events::{ActorId, EventId, Evidence, Instant, MemberId, Month, OrganizationId};
use serde::Serialize;

/// The format named in a report.
pub(super) const FORMAT: &str = "mingzhang.audit.v1";

/// The whole report. Written as JSON it is stable: fields are added, never renamed.
#[derive(Debug, Serialize)]
pub struct Verdict {
    /// `mingzhang.audit.v1`.
    pub format: &'static str,
    /// Whether nothing contradicts anything. What wasn't checked is told by `checks`.
    pub sound: bool,
    /// What was audited; none if the file couldn't even be opened.
    pub subject: Option<Subject>,
    /// Every check in order, with how it came out.
    pub checks: Vec<CheckOutcome>,
    /// Every contradiction; of one kind at most a thousand.
    #[serde(serialize_with = "findings_as_json")]
    pub findings: Vec<AuditFinding>,
    /// How many contradictions there are besides.
    pub findings_untold: usize,
    /// How many figures of the notice were compared; none if none could be.
    pub figures_compared: Option<usize>,
    /// The notices that this one takes the place of, one after the other, each composed anew as it was published; empty if it takes none's or hasn't
    /// got what they rest on.
    pub superseded: Vec<SupersededNotice>,
    /// Figures that differ, at most a hundred.
    pub differences: Vec<FigureDifference>,
    /// Members whose names were revealed and are those that the log committed to.
    pub revealed: Vec<Revealed>,
    /// Entries that issued a document (印发文书) on a size before the first entry of the bundle, of which it doesn't tell the root: it wasn't compared.
    pub documents_not_checked: Vec<u64>,
    /// The notice's months as pictures, from the figures that were computed anew; empty if none could be. Not in the JSON: the figures are.
    #[serde(skip)]
    pub charts: Vec<Chart>,
    /// What isn't wrong in itself and should be looked at; none if the entries couldn't be read to their end.
    pub conduct: Option<Remarks>,
}

/// What was audited, as the manifest says.
#[derive(Debug, Clone, Serialize)]
pub struct Subject {
    /// The name of the log.
    pub origin: String,
    /// The month.
    pub month: Month,
    /// The organisation.
    pub organization: OrganizationId,
    /// What it is called, as its notice says; none where that can't be read. Whether the notice is the one that was issued, the checks say.
    pub organization_name: Option<String>,
    /// The notice's document number.
    pub number: String,
    /// The event that issued it.
    pub notice: EventId,
    /// How many entries the checkpoint is over.
    pub tree_size: u64,
    /// The first entry of the bundle: 0 if it has the whole log.
    pub first_index: u64,
    /// The root hash that the entries give, in hex; none if they couldn't be read to their end.
    pub root_hash: Option<String>,
    /// The key that the checkpoint was checked with (C2SP verifier key).
    pub verifier_key: String,
    /// Whether that key came from elsewhere than the bundle, and is the one that signs a log of this size.
    pub key_is_authenticated: bool,
    /// The witnesses of the policy that cosigned, by name.
    pub cosigners: Vec<String>,
    /// When the first and the last entry were recorded.
    pub recorded: Option<(Instant, Instant)>,
}

/// A notice whose place another took (被取代的通报), as published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SupersededNotice {
    /// The event that issued it.
    pub notice: EventId,
    /// By which entry.
    pub log_index: u64,
    /// Its document number.
    pub number: String,
    /// The digest that was issued.
    pub digest: String,
    /// The size that its figures rest on.
    pub tree_size: u64,
    /// Whether the entries below that size give this digest.
    pub recomputed: bool,
}

/// One kind of check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The file is a bundle and holds what its manifest names.
    Bundle,
    /// The log's key signed the checkpoint.
    Checkpoint,
    /// Witnesses enough cosigned it.
    Witnesses,
    /// It continues the checkpoint that was kept.
    Previous,
    /// Every entry is a canonical event, recorded in order, once.
    Entries,
    /// The entries have the signed root.
    Root,
    /// The notice is the one that the log issued.
    Notice,
    /// Every document that the entries issued names a root that the log had.
    Documents,
    /// Every figure of it follows from the entries.
    Figures,
    /// The rules are those that the log adopted.
    Rules,
    /// Nobody reviewed what they recorded or what is about themselves.
    Reviews,
    /// Whoever was revealed is who the log committed to.
    Reveals,
}

impl Check {
    /// In the order in which they are told.
    pub const ALL: [Check; 12] = [
        Check::Bundle,
        Check::Checkpoint,
        Check::Witnesses,
        Check::Previous,
        Check::Entries,
        Check::Root,
        Check::Notice,
        Check::Documents,
        Check::Figures,
        Check::Rules,
        Check::Reviews,
        Check::Reveals,
    ];
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was made, and nothing contradicts.
    Holds,
    /// It was made in part: what it rests on came from whoever made the bundle.
    HoldsAsTold,
    /// It was made and failed.
    Fails,
    /// It couldn't be made, or wasn't asked for.
    NotMade,
}

/// One check with how it came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CheckOutcome {
    /// Which.
    pub check: Check,
    /// How.
    pub outcome: Outcome,
}

/// A member who is who they were revealed to be (身份抽查). Personal data: a report that has one is kept like the reveal that it was asked with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revealed {
    /// Who, by pseudonym.
    pub member: MemberId,
    /// The name that was revealed.
    pub name: String,
    /// The number.
    pub number: Option<String>,
    /// The entry from which on it was this name.
    pub since: u64,
    /// Entries before it that committed to another name: whether it is the same person has to be asked.
    pub other_names: Vec<u64>,
    /// Entries since then that committed to another number, or none.
    pub other_numbers: Vec<u64>,
    /// How it holds: as told, where commitments stand in entries that the bundle hasn't got.
    pub outcome: Outcome,
}

/// A figure that isn't what the entries give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FigureDifference {
    /// Where in the notice, such as `rates.enrollment.numerator` or `members[3].points`.
    pub figure: String,
    /// As published; absent if it isn't there.
    pub published: Option<String>,
    /// As the entries give it; absent if they give none.
    pub recomputed: Option<String>,
}

/// What a supervising body should look at. Of all organisations in the log, not only the one of the notice; but for the corrections after the
/// close, which is its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Remarks {
    /// Records of service by how they were evidenced.
    pub evidence: Vec<EvidenceMix>,
    /// 补签 in the month: check-ins that were recorded afterwards.
    pub late_check_ins: u64,
    /// Who entered records of the month afterwards (补录), the most first; at most ten.
    pub back_entered_by: Vec<ByActor>,
    /// After so many days an entry counts as late.
    pub late_after_days: u64,
    /// Corrections (更正) of records of the month and, where the whole log is there, their reversals (冲正) and those of decisions, and quashings (撤销).
    pub corrections: u64,
    /// Those of them after the month of the organisation of the notice was closed; none where a part of the log doesn't tell when that was.
    pub corrections_after_close: Option<u64>,
    /// Reviews (审核) among the entries.
    pub reviews: u64,
    /// The longest silences of three days and more in which nothing was recorded; at most five, in order of time.
    pub silences: Vec<Silence>,
    /// The hours in which the most was recorded; at most three.
    pub busiest_hours: Vec<BusyHour>,
    /// How many actors are known to be members: reviews about oneself can be told of these only.
    pub actors_known: usize,
}

/// Records with one kind of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct EvidenceMix {
    /// How they were evidenced.
    pub evidence: Evidence,
    /// Of the whole log, or of the part that the bundle has.
    pub records: u64,
    /// Of the month.
    pub in_month: u64,
    /// Of the month, and recorded more than [`Remarks::late_after_days`] days after they began.
    pub late_in_month: u64,
}

/// A count of somebody's entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ByActor {
    /// Who.
    pub actor: ActorId,
    /// How many.
    pub entries: u64,
}

/// A time in which nothing was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Silence {
    /// The last entry before it.
    pub log_index: u64,
    /// When that was recorded.
    pub from: Instant,
    /// When the next was.
    pub until: Instant,
    /// Whole hours in between.
    pub hours: u64,
}

/// An hour in which much was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BusyHour {
    /// Its first second.
    pub from: Instant,
    /// How many entries.
    pub entries: u64,
}

fn findings_as_json<S: serde::Serializer>(findings: &[AuditFinding], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Told {
        code: &'static str,
        log_index: Option<u64>,
        message: String,
    }
    serializer.collect_seq(findings.iter().map(|finding| Told {
        code: finding.code(),
        log_index: finding.log_index(),
        message: finding.to_string(),
    }))
}
