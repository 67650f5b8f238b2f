//! Documents beside the notice: composed from the models of this ledger as they are or were, and made ready to be issued.
//!
//! Invariant: what looks through a month of many members never holds the live models, and no document reads the store or people while it holds any.

use super::{Service, ServiceError};
use crate::document::{Format, RenderError, render};
use crate::identity::IdentityError;
use crate::keys;
use crate::letterheads;
use crate::notice::{CheckpointHead, Imprint};
use crate::papers::{Certified, Gathered, PeriodFault, Setting, Wanted, gather, issuer};
use jiff::civil::Date;
use mingzhang_events::{DocumentFormat, DocumentIssued, EventId, FileDigest, Instant, MemberId, Month, OrganizationId};
use mingzhang_projections::ReadModels;
use sha2::{Digest, Sha256};

/// Why a document can't be made.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// The ledger failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The format can't be made.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// Nobody knows the member's name.
    #[error("no name of {0} is on record: a certificate has the member's name")]
    NoName(MemberId),
    /// Its months can't be told of.
    #[error(transparent)]
    Period(#[from] PeriodFault),
}

impl From<IdentityError> for PaperError {
    fn from(error: IdentityError) -> PaperError {
        ServiceError::Identity(error).into()
    }
}

/// What a member asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateRequest {
    /// When they asked.
    pub requested_at: Instant,
    /// The certificate's number; the next one by the configuration's format if none is said.
    pub number: Option<String>,
}

/// A document to look at.
pub struct PaperDraft {
    /// The file.
    pub bytes: Vec<u8>,
    /// The size of the log that it tells of.
    pub tree_size: u64,
}

/// A file that is ready to be given out as soon as its event is recorded.
pub struct PaperToIssue {
    /// The file.
    pub bytes: Vec<u8>,
    /// The fact that it is issued.
    pub event: DocumentIssued,
}

/// What an issued file has and a draft hasn't.
struct Issue {
    date: Date,
    code: String,
    certified: Option<Certified>,
}

/// A file and what it rests on.
struct Composed {
    bytes: Vec<u8>,
    organization: OrganizationId,
    month: Option<Month>,
    head: CheckpointHead,
}

impl Service {
    /// A document as it would be at the present size of the log, or an earlier one, to look at: it isn't issued, and names nobody in full without consent.
    /// None if the ledger has nothing of that name. Blocks.
    pub fn draft_paper(
        &self,
        wanted: &Wanted,
        format: Format,
        as_of: Option<u64>,
    ) -> Result<Option<PaperDraft>, PaperError> {
        let composed = self.composed(wanted, format, as_of, None)?;
        Ok(composed.map(|Composed { bytes, head, .. }| PaperDraft { bytes, tree_size: head.tree_size }))
    }

    /// A document with the fact that it is issued now, in the place of another if one is named. A certificate takes the member's request: whether it may
    /// be issued, the rules say. None if the ledger has nothing of that name. Blocks.
    pub fn paper_to_issue(
        &self,
        wanted: &Wanted,
        format: Format,
        request: Option<&CertificateRequest>,
        supersedes: Option<EventId>,
    ) -> Result<Option<PaperToIssue>, PaperError> {
        let now = self.clock.now();
        let date = now.local_date();
        wanted.must_be_of_the_past(now.month(), true)?;
        let certified = match (wanted, request) {
            (Wanted::Certificate { member, .. }, Some(request)) => {
                let Some(issuer) = issuer(&self.models_blocking(), wanted) else { return Ok(None) };
                let person = self.identity.person(*member)?.ok_or(PaperError::NoName(*member))?;
                let number = || self.next_certificate_number(issuer, date);
                let number = request.number.clone().unwrap_or_else(number);
                Some(Certified { number, requested_at: request.requested_at, name: person.name })
            }
            _ => None,
        };
        let random = keys::random().map_err(ServiceError::Key)?;
        let code = format!("{:032x}", u128::from_be_bytes(*random.first_chunk().expect("32 bytes")));
        let issue = Issue { date, code, certified };
        let Some(composed) = self.composed(wanted, format, None, Some(&issue))? else { return Ok(None) };
        let digest = FileDigest(Sha256::digest(&composed.bytes).into());
        let activity = if let Wanted::Attendance { activity, .. } = wanted { Some(*activity) } else { None };
        let event = DocumentIssued {
            activity,
            digest,
            format: issued_format(format),
            kind: wanted.kind(),
            member: wanted.member(),
            month: composed.month,
            notice: None,
            number: issue.certified.as_ref().map(|certified| certified.number.clone()),
            organization: composed.organization,
            requested_at: issue.certified.as_ref().map(|certified| certified.requested_at),
            root_hash: composed.head.root_hash,
            supersedes,
            tree_size: composed.head.tree_size,
        };
        Ok(Some(PaperToIssue { bytes: composed.bytes, event }))
    }

    fn next_certificate_number(&self, organization: OrganizationId, date: Date) -> String {
        let models = self.models_blocking();
        self.config.documents.certificate_number.next(date.year(), models.certificate_numbers(organization))
    }

    /// What the models say of it, and at which size of the log.
    fn gathered(&self, wanted: &Wanted, as_of: Option<u64>) -> Result<Option<(Gathered, u64)>, ServiceError> {
        let of = |models: &ReadModels| Some((gather(models, wanted)?, models.tree_size()));
        Ok(match (wanted.member(), as_of) {
            // One member's months take microseconds.
            (Some(_), None) => of(&self.models_blocking()),
            (Some(_), Some(tree_size)) => of(&*self.follower.models_at(tree_size)?),
            (None, as_of) => {
                let tree_size = as_of.unwrap_or_else(|| self.models_blocking().tree_size());
                of(&*self.follower.past_at(tree_size)?)
            }
        })
    }

    fn composed(
        &self,
        wanted: &Wanted,
        format: Format,
        as_of: Option<u64>,
        issue: Option<&Issue>,
    ) -> Result<Option<Composed>, PaperError> {
        wanted.must_be_of_the_past(self.clock.now().month(), false)?;
        let Some((gathered, tree_size)) = self.gathered(wanted, as_of)? else { return Ok(None) };
        if issue.is_some() {
            gathered.must_have_happened(self.clock.now())?;
        }
        let root = self.ledger.root_at(tree_size).map_err(ServiceError::from)?;
        let head = CheckpointHead::new(self.ledger.origin(), tree_size, &root);
        let members = gathered.members_named();
        // Of today, whatever the size: who may be named isn't a question of then.
        let in_full = self.follower.models().consenting(members.iter().copied());
        let imprint = Imprint {
            demonstration: self.config.demonstration,
            letterhead: letterheads::of_today(&self.config),
            issued_on: issue.map(|issue| issue.date),
            witnessing: self.publication.witnessing(head.tree_size),
            names: self.identity.shown_names(members, &in_full, self.config.mask_names)?,
            ..Imprint::default()
        };
        let setting = Setting {
            made_at: self.clock.now(),
            head,
            imprint,
            code: issue.map(|issue| issue.code.clone()),
            certified: issue.and_then(|issue| issue.certified.clone()),
        };
        let (organization, month) = (gathered.organization, gathered.month);
        let bytes = render(&gathered.document(&setting), format, self.notice_files.fonts())?;
        Ok(Some(Composed { bytes, organization, month, head: setting.head }))
    }
}

/// As the log has it.
const fn issued_format(format: Format) -> DocumentFormat {
    match format {
        Format::Text => DocumentFormat::Text,
        Format::Csv => DocumentFormat::Csv,
        Format::Xlsx => DocumentFormat::Xlsx,
        Format::Docx => DocumentFormat::Docx,
        Format::Pdf => DocumentFormat::Pdf,
    }
}
