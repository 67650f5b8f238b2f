//! The decision state as bytes and back, so that a start doesn't decide on a replay of everything.

use super::table::{Map, Rows, Table, TableImage};
use super::{
    ActivityState, DocumentState, EarlierHand, IdIndex, LedgerState, MemberState, Mended, MonthReached, ObjectionState,
    OrganizationState, PairingState, Participation, Publication, RecordState, Scalars, settled::FormerPlace,
};
use bitcode::{Decode, Encode};
use mingzhang_events::{
    ActivityClass, ActivityId, ActivityKind, EventId, HouseholdId, Instant, MemberId, ScoringRules,
};
use std::sync::Arc;

/// Raised whenever the layout below, or the meaning of a field, changes: older snapshots are then not used.
const FORMAT: u32 = 22;

#[derive(Encode, Decode)]
struct Image {
    format: u32,
    scalars: Scalars,
    organizations: TableImage<String, OrganizationState>,
    members: TableImage<u64, MemberState>,
    activities: TableImage<u64, ActivityImage>,
    households: TableImage<u64, ()>,
    actors: TableImage<String, ()>,
    documents: TableImage<u128, DocumentState>,
    files: Vec<([u8; 32], u32)>,
    certificates: Vec<((u32, String), ())>,
    records: Vec<RecordState>,
    participations: Vec<((u32, u32), Participation)>,
    pairings: Vec<((u32, u32), PairingState)>,
    enrollments: Vec<((u32, u32), i64)>,
    duties: Vec<((u32, u32, u32), u32)>,
    months: Vec<((u16, u32), MonthReached)>,
    objections: TableImage<u128, ObjectionState>,
    missing: Vec<((u32, u16), Vec<u32>)>,
    mended: Vec<(u32, Mended)>,
    corrected_by: Vec<((u32, u128), ())>,
    suspensions: Vec<(u32, u32)>,
    earlier_hands: Vec<((u32, u32), EarlierHand)>,
    former_places: Vec<FormerPlace>,
    entered: Vec<((u16, u32), ())>,
    /// Rules documents as JSON.
    rules: Vec<String>,
    publications: Vec<Publication>,
    rotations: Vec<(u64, String)>,
    ids: IdIndex,
}

#[derive(Clone, Encode, Decode)]
struct ActivityImage {
    organization: u32,
    starts_at_seconds: i64,
    ends_at_seconds: i64,
    kind: u8,
    class: u8,
    dates_records: bool,
    cancelled: bool,
}

impl LedgerState {
    /// A snapshot. Equal states have equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        bitcode::encode(&Image {
            format: FORMAT,
            scalars: self.scalars,
            organizations: self.organizations.image(|id| id.to_string()),
            members: self.members.image(|id| id.0),
            activities: self.activities.image(|id| id.0).map(|activity| ActivityImage {
                organization: activity.organization,
                starts_at_seconds: activity.starts_at.unix_seconds(),
                ends_at_seconds: activity.ends_at.unix_seconds(),
                kind: activity.kind as u8,
                class: activity.class as u8,
                dates_records: activity.dates_records,
                cancelled: activity.cancelled,
            }),
            households: self.households.image(|id| id.0),
            actors: self.actors.image(|id| id.to_string()),
            documents: self.documents.image(|id| id.0),
            files: self.files.image(),
            certificates: self.certificates.image(),
            records: self.records.all().to_vec(),
            participations: self.participations.image(),
            pairings: self.pairings.image(),
            enrollments: self.enrollments.image(),
            duties: self.duties.image(),
            months: self.months.image(),
            objections: self.objections.image(|id| id.0),
            missing: self.missing.image(),
            mended: self.mended.image(),
            corrected_by: self.corrected_by.image(),
            suspensions: self.suspensions.image(),
            earlier_hands: self.earlier_hands.image(),
            former_places: self.former_places.all().to_vec(),
            entered: self.entered.image(),
            rules: self.rules.iter().map(|rules| serde_json::to_string(rules).expect("rules are JSON")).collect(),
            publications: self.publications.clone(),
            rotations: self.rotations.clone(),
            ids: self.ids.clone(),
        })
    }

    /// From a snapshot; `None` if it is of another format or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<LedgerState> {
        let image: Image = bitcode::decode(bytes).ok()?;
        if image.format != FORMAT {
            return None;
        }
        let activities = image.activities.try_map(|activity| {
            Some(ActivityState {
                organization: activity.organization,
                starts_at: Instant::from_unix_seconds(activity.starts_at_seconds).ok()?,
                ends_at: Instant::from_unix_seconds(activity.ends_at_seconds).ok()?,
                kind: *ActivityKind::ALL.get(usize::from(activity.kind))?,
                class: *ActivityClass::ALL.get(usize::from(activity.class))?,
                dates_records: activity.dates_records,
                cancelled: activity.cancelled,
            })
        })?;
        let rules: Vec<Arc<ScoringRules>> =
            image.rules.iter().map(|rules| serde_json::from_str(rules).map(Arc::new)).collect::<Result<_, _>>().ok()?;
        // The lookup of parts is by far the largest to build anew: beside it there is time for the members'.
        let (members, participations) = std::thread::scope(|scope| {
            let members = scope.spawn(|| Table::from_image(image.members, |id| Some(MemberId(id))));
            let participations = Map::from_image(image.participations);
            (members.join().expect("building a lookup doesn't panic"), participations)
        });
        Some(LedgerState {
            scalars: image.scalars,
            organizations: Table::from_image(image.organizations, |id| id.parse().ok())?,
            members: members?,
            activities: Table::from_image(activities, |id| Some(ActivityId(id)))?,
            households: Table::from_image(image.households, |id| Some(HouseholdId(id)))?,
            actors: Table::from_image(image.actors, |id| id.parse().ok())?,
            documents: Table::from_image(image.documents, |id| Some(EventId(id)))?,
            files: Map::from_image(image.files),
            certificates: Map::from_image(image.certificates),
            records: Rows::from_image(image.records),
            participations,
            pairings: Map::from_image(image.pairings),
            enrollments: Map::from_image(image.enrollments),
            duties: Map::from_image(image.duties),
            months: Map::from_image(image.months),
            objections: Table::from_image(image.objections, |id| Some(EventId(id)))?,
            missing: Map::from_image(image.missing),
            mended: Map::from_image(image.mended),
            corrected_by: Map::from_image(image.corrected_by),
            suspensions: Map::from_image(image.suspensions),
            earlier_hands: Map::from_image(image.earlier_hands),
            former_places: Rows::from_image(image.former_places),
            entered: Map::from_image(image.entered),
            rules,
            publications: image.publications,
            rotations: image.rotations,
            handover: None,
            ids: image.ids,
            ids_journal: Vec::new(),
            ids_forgotten: 0,
        })
    }
}
