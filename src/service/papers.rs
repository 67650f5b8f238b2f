//! Documents beside the notice: composed from the models of this ledger as they are, and made ready to be issued.

use super::{Service, ServiceError};
use crate::document::{Format, RenderError, render};
use crate::identity::IdentityError;
use crate::keys;
use crate::notice::{CheckpointHead, Imprint};
use crate::papers::{Certified, PeriodFault, Setting, Wanted, gather, issuer};
use jiff::civil::Date;
use mingzhang_events::{DocumentFormat, DocumentIssued, EventId, FileDigest, Instant, MemberId, Month, OrganizationId};
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
    /// A document as it would be, to look at: it isn't issued, and names nobody in full without consent. None if the ledger has nothing of that name.
    /// Blocks.
    pub fn draft_paper(&self, wanted: &Wanted, format: Format) -> Result<Option<Vec<u8>>, PaperError> {
        Ok(self.composed(wanted, format, None)?.map(|composed| composed.bytes))
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
        let code = random[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        let issue = Issue { date, code, certified };
        let Some(composed) = self.composed(wanted, format, Some(&issue))? else { return Ok(None) };
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

    fn composed(&self, wanted: &Wanted, format: Format, issue: Option<&Issue>) -> Result<Option<Composed>, PaperError> {
        wanted.must_be_of_the_past(self.clock.now().month(), false)?;
        let (gathered, head, members, in_full) = {
            let models = self.models_blocking();
            let Some(gathered) = gather(&models, wanted) else { return Ok(None) };
            if issue.is_some() {
                gathered.must_say_something()?;
            }
            let tree_size = models.tree_size();
            let root = self.ledger.root_at(tree_size).map_err(ServiceError::from)?;
            let root_hash = root.iter().map(|byte| format!("{byte:02x}")).collect();
            let head = CheckpointHead { origin: self.ledger.origin().to_owned(), root_hash, tree_size };
            let members = gathered.members_named();
            let in_full = models.consenting(members.iter().copied());
            (gathered, head, members, in_full)
        };
        let imprint = Imprint {
            demonstration: self.config.demonstration,
            issuing_body: self.config.issuing_body.clone(),
            sealed: self.config.documents.sealed,
            contact: self.config.documents.contact.clone(),
            issued_on: issue.map(|issue| issue.date),
            witnessing: self.publication.witnessing(head.tree_size),
            names: self.identity.shown_names(members, &in_full, self.config.mask_names)?,
            ..Imprint::default()
        };
        let setting = Setting {
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
