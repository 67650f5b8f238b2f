//! Issued documents (印发的文书): which files were given out, and what has taken their place. Pure; a file is known by its digest only.
//!
//! Invariant: a digest names at most one document, the first that was issued with it.

use crate::intern::{Lookup, NONE, numbered};
use crate::models::ReadModels;
use crate::span::instant;
use bitcode::{Decode, Encode};
use mingzhang_events::{
    ActivityId, DocumentFormat, DocumentIssued, DocumentKind, EventId, FileDigest, Instant, MemberId, Month,
    OrganizationId,
};
use serde::Serialize;

#[derive(Clone, Encode, Decode)]
struct Document {
    event: u128,
    /// By their places in the closed lists.
    kind: u8,
    format: u8,
    organization: u32,
    /// [`NONE`] if it is about none.
    member: u32,
    /// [`NONE`] if it is about none.
    activity: u32,
    /// 0 if it is about none.
    month: u16,
    number: Option<String>,
    notice: Option<u128>,
    requested_at: Option<i64>,
    root_hash: String,
    tree_size: u64,
    supersedes: Option<u128>,
    superseded_by: Option<u128>,
    at: i64,
    log_index: u32,
}

/// Every document that was issued, in order of log index.
#[derive(Default, Encode, Decode)]
pub(crate) struct Documents {
    digests: Vec<[u8; 32]>,
    all: Vec<Document>,
    #[bitcode(skip)]
    by_digest: Lookup<[u8; 32], u32>,
    #[bitcode(skip)]
    by_event: Lookup<u128, u32>,
}

impl Documents {
    pub(crate) fn rebuild(&mut self) {
        self.by_digest = numbered(&self.digests);
        let events: Vec<u128> = self.all.iter().map(|document| document.event).collect();
        self.by_event = numbered(&events);
    }

    fn issued_by(&self, event: EventId) -> Option<&Document> {
        self.by_event.get(&event.0).map(|&number| &self.all[number as usize])
    }
}

/// A document that was issued (文书), without its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IssuedDocument {
    /// The event that issued it.
    pub id: EventId,
    /// What it is.
    pub kind: DocumentKind,
    /// In what format the file is.
    pub format: DocumentFormat,
    /// SHA-256 of the file's bytes.
    pub digest: FileDigest,
    /// Who issued it.
    pub organization: OrganizationId,
    /// The month that it is about.
    pub month: Option<Month>,
    /// The member whom it is about. Not for everybody.
    pub member: Option<MemberId>,
    /// The activity that it is about.
    pub activity: Option<ActivityId>,
    /// Its number in the register of certificates.
    pub number: Option<String>,
    /// The event that issued the notice, or opened the disclosure, whose file it is.
    pub notice: Option<EventId>,
    /// When the member asked for it.
    pub requested_at: Option<Instant>,
    /// The checkpoint that its figures rest on.
    pub tree_size: u64,
    /// The checkpoint's root hash in hex.
    pub root_hash: String,
    /// When it was issued.
    pub issued_at: Instant,
    /// The event that issued the document whose place it takes.
    pub supersedes: Option<EventId>,
    /// What has taken its place: the event that issued the newer document or, of a notice's file, the newer notice.
    pub superseded_by: Option<EventId>,
    /// By which entry it was issued.
    pub log_index: u64,
}

impl ReadModels {
    pub(crate) fn issue_document(&mut self, log_index: u32, e: &DocumentIssued, event: EventId, at: i64) -> Option<()> {
        let organization = self.organizations.number(e.organization)?;
        if self.documents.by_digest.contains_key(&e.digest.0) {
            return None;
        }
        if let Some(&earlier) = e.supersedes.and_then(|superseded| self.documents.by_event.get(&superseded.0)) {
            self.documents.all[earlier as usize].superseded_by = Some(event.0);
        }
        let number = crate::intern::number_of(self.documents.all.len());
        self.documents.by_digest.insert(e.digest.0, number);
        self.documents.by_event.insert(event.0, number);
        self.documents.digests.push(e.digest.0);
        self.documents.all.push(Document {
            event: event.0,
            kind: e.kind as u8,
            format: e.format as u8,
            organization,
            member: e.member.and_then(|member| self.roster.number(member)).unwrap_or(NONE),
            activity: e.activity.and_then(|activity| self.activities.number(activity)).unwrap_or(NONE),
            month: e.month.map_or(0, Month::number),
            number: e.number.clone(),
            notice: e.notice.map(|notice| notice.0),
            requested_at: e.requested_at.map(Instant::unix_seconds),
            root_hash: e.root_hash.clone(),
            tree_size: e.tree_size,
            supersedes: e.supersedes.map(|document| document.0),
            superseded_by: None,
            at,
            log_index,
        });
        Some(())
    }

    /// The document whose file has this digest. None if no such file was issued.
    pub fn document(&self, digest: FileDigest) -> Option<IssuedDocument> {
        self.documents.by_digest.get(&digest.0).map(|&number| self.issued_document(number))
    }

    /// Issued documents, newest first: of one organisation or of all, of one kind or of each, those behind one of them or all. Each is told when it is
    /// asked for. None if there is nothing `after` which they could be.
    pub fn documents(
        &self,
        organization: Option<OrganizationId>,
        kind: Option<DocumentKind>,
        after: Option<EventId>,
    ) -> Option<impl Iterator<Item = IssuedDocument>> {
        let of = organization.map(|organization| self.organizations.number(organization));
        let wanted = move |document: &Document| {
            of.is_none_or(|of| of == Some(document.organization)) && kind.is_none_or(|kind| kind as u8 == document.kind)
        };
        let all = &self.documents.all;
        let end = match after {
            None => all.len(),
            Some(after) => all.iter().rposition(|document| document.event == after.0 && wanted(document))?,
        };
        let newest_first = (0..crate::intern::number_of(end)).rev();
        let wanted = newest_first.filter(move |&number| wanted(&all[number as usize]));
        Some(wanted.map(|number| self.issued_document(number)))
    }

    /// The numbers of certificates that an organisation has issued.
    pub fn certificate_numbers(&self, organization: OrganizationId) -> impl Iterator<Item = &str> {
        let of = self.organizations.number(organization);
        let own = self.documents.all.iter().filter(move |document| Some(document.organization) == of);
        own.filter_map(|document| document.number.as_deref())
    }

    fn issued_document(&self, number: u32) -> IssuedDocument {
        let document = &self.documents.all[number as usize];
        let newer_notice = |notice: u128| self.months.notice(notice)?.superseded_by;
        let superseded_by = document.superseded_by.or_else(|| document.notice.and_then(newer_notice));
        IssuedDocument {
            id: EventId(document.event),
            kind: DocumentKind::ALL[usize::from(document.kind)],
            format: DocumentFormat::ALL[usize::from(document.format)],
            digest: FileDigest(self.documents.digests[number as usize]),
            organization: self.organizations.id(document.organization),
            month: Month::from_number(document.month).filter(|_| document.month != 0),
            member: (document.member != NONE).then(|| self.roster.id(document.member)),
            activity: (document.activity != NONE).then(|| self.activities.id(document.activity)),
            number: document.number.clone(),
            notice: document.notice.map(EventId),
            requested_at: document.requested_at.map(instant),
            tree_size: document.tree_size,
            root_hash: document.root_hash.clone(),
            issued_at: instant(document.at),
            supersedes: document.supersedes.map(EventId),
            superseded_by: superseded_by.map(EventId),
            log_index: u64::from(document.log_index),
        }
    }
}

/// What has taken the place of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Successor {
    /// The event that issued it.
    pub id: EventId,
    /// Its number, if it has one.
    pub number: Option<String>,
    /// When it was issued.
    pub issued_at: Instant,
}

/// What everybody who has a file may know of it (文书核验). Nothing of it tells whom it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentStanding {
    /// SHA-256 of the file's bytes.
    pub digest: FileDigest,
    /// What it is.
    pub kind: DocumentKind,
    /// In what format the file is.
    pub format: DocumentFormat,
    /// Who issued it.
    pub organization: OrganizationId,
    /// What they were called then.
    pub organization_name: String,
    /// The month that it is about.
    pub month: Option<Month>,
    /// Its number: a certificate's own, or that of the notice.
    pub number: Option<String>,
    /// When it was issued.
    pub issued_at: Instant,
    /// The event that issued it.
    pub id: EventId,
    /// By which entry.
    pub log_index: u64,
    /// The checkpoint that its figures rest on.
    pub tree_size: u64,
    /// The checkpoint's root hash in hex.
    pub root_hash: String,
    /// The event that issued the notice, or opened the disclosure, whose file it is.
    pub notice: Option<EventId>,
    /// What has taken its place; none while it is in force.
    pub superseded_by: Option<Successor>,
}

impl ReadModels {
    /// Whether a file was issued, by whom and when, and what has taken its place. None if no such file was issued.
    pub fn document_standing(&self, digest: FileDigest) -> Option<DocumentStanding> {
        let document = self.document(digest)?;
        let card = self.organization(document.organization, Some(document.issued_at));
        let notice = document.notice.and_then(|notice| self.published(notice));
        let number = document.number.or_else(|| notice.map(|notice| notice.number).filter(|number| !number.is_empty()));
        Some(DocumentStanding {
            digest,
            kind: document.kind,
            format: document.format,
            organization: document.organization,
            organization_name: card.map(|card| card.name).unwrap_or_default(),
            month: document.month,
            number,
            issued_at: document.issued_at,
            id: document.id,
            log_index: document.log_index,
            tree_size: document.tree_size,
            root_hash: document.root_hash,
            notice: document.notice,
            superseded_by: document.superseded_by.and_then(|successor| self.successor(successor)),
        })
    }

    fn successor(&self, id: EventId) -> Option<Successor> {
        if let Some(document) = self.documents.issued_by(id) {
            return Some(Successor { id, number: document.number.clone(), issued_at: instant(document.at) });
        }
        let notice = self.published(id)?;
        Some(Successor { id, number: Some(notice.number), issued_at: notice.issued_at })
    }

    /// The notice or disclosure whose canonical JSON has this digest: what a page prints beneath its figures.
    pub fn published_with(&self, digest: FileDigest) -> Option<crate::NoticeEntry> {
        let digest = digest.to_string();
        let notice = self.months.notices.iter().rev().find(|notice| notice.digest == digest);
        let disclosure = || self.months.disclosures.iter().rev().find(|disclosure| disclosure.digest == digest);
        let event = notice.map(|notice| notice.event).or_else(|| disclosure().map(|disclosure| disclosure.event))?;
        self.published(EventId(event))
    }
}
