//! The notice itself: everything printed that follows from the log.

use super::changes::{Changes, Superseded};
use super::figures::{
    CheckpointHead, DutyFigures, EvidenceCount, MemberLine, PatrolFigures, PreviousMonth, Rates, RecordFigures,
    RulesNamed, SessionFigures, SubOrganization, Totals,
};
use jiff::civil::Date;
use mingzhang_events::{
    CalendarMissing, DisclosureOpened, LegalCalendar, MemberId, Month, NoticeFormat, NoticeIssued, OrganizationId,
    OrganizationLevel,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The monthly circular (积分每月通报) of one organisation, in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// 更正说明: what changed since the notice that it supersedes; none of a notice that supersedes none.
    #[serde(skip_serializing_if = "Option::is_none", skip_deserializing)]
    pub changes: Option<Changes>,
    /// The head of the log that it was composed at.
    pub checkpoint: CheckpointHead,
    /// 应报到: members due at the end of the month.
    pub due: u32,
    /// 值守; none for a year whose legal calendar isn't known.
    pub duty: Option<DutyFigures>,
    /// 佐证构成, in the order of the closed list.
    pub evidence: Vec<EvidenceCount>,
    /// What it says: with or without `changes`.
    pub format: NoticeFormat,
    /// 走访次数: accepted home visits.
    pub home_visits: u32,
    /// The level of the organisation.
    pub level: OrganizationLevel,
    /// 会议.
    pub meetings: SessionFigures,
    /// 积分排名: everyone who was on the roster at the month's end or earned anything here, by rank, then in the order of the log's ids.
    pub members: Vec<MemberLine>,
    /// The month that it is about.
    pub month: Month,
    /// Whether the month was closed (月结); until then its figures may change.
    pub month_closed: bool,
    /// The public name of the organisation, which is the issuing body.
    pub name: String,
    /// Of a month that isn't closed: whether no-shows are counted (报名未到已认定), as from its freeze on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_shows_counted: bool,
    /// Its document number, such as `〔2026〕10号`; empty in a draft.
    pub number: String,
    /// The code of the organisation.
    pub organization: OrganizationId,
    /// 夜间巡逻.
    pub patrols: PatrolFigures,
    /// The month before; none if it wasn't closed.
    pub previous: Option<PreviousMonth>,
    /// A rate or average over fewer members is withheld.
    pub published_group_members_min: u32,
    /// The rates of the whole organisation.
    pub rates: Rates,
    /// 记录情况.
    pub records: RecordFigures,
    /// The rules that scored the month; none if none were in force.
    pub rules: Option<RulesNamed>,
    /// 各组织情况: the organisations directly below, by rank, then by code.
    pub sub_organizations: Vec<SubOrganization>,
    /// The notice that it takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<Superseded>,
    /// The sums of the whole organisation.
    pub totals: Totals,
    /// 培训.
    pub trainings: SessionFigures,
}

impl Notice {
    /// Its canonical JSON (RFC 8785): keys sorted, integers only, no white space. Holds no name of a person.
    pub fn canonical_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a notice has only text and integers")
    }

    /// Everybody whom it has a line about: in the ranking, or among the changes.
    pub fn members_named(&self) -> impl Iterator<Item = MemberId> {
        let changed = self.changes.iter().flat_map(|changes| &changes.members);
        let went = changed.filter(|change| change.after.is_none()).map(|change| change.member());
        self.members.iter().map(|line| line.member).chain(went)
    }

    /// The fact that it was issued, in the place of an earlier one if it says so.
    pub fn issued(&self) -> NoticeIssued {
        NoticeIssued {
            digest: self.digest(),
            format: Some(self.format).filter(|format| *format != NoticeFormat::First),
            month: self.month,
            number: self.number.clone(),
            organization: self.organization,
            root_hash: self.checkpoint.root_hash.clone(),
            supersedes: self.supersedes.as_ref().map(|superseded| superseded.event),
            tree_size: self.checkpoint.tree_size,
        }
    }

    /// The fact that it is disclosed (公示) as a draft, from a day on for so many working days.
    pub fn disclosed(
        &self,
        from: Date,
        working_days: u8,
        calendar: &LegalCalendar<'_>,
    ) -> Result<DisclosureOpened, CalendarMissing> {
        Ok(DisclosureOpened {
            digest: self.digest(),
            month: self.month,
            organization: self.organization,
            root_hash: self.checkpoint.root_hash.clone(),
            tree_size: self.checkpoint.tree_size,
            until: calendar.working_day_after(from, working_days)?,
            working_days,
        })
    }

    /// SHA-256 of [`Notice::canonical_json`], 64 lower-case hex digits: what `NoticeIssued` and `DisclosureOpened` record.
    pub fn digest(&self) -> String {
        Sha256::digest(self.canonical_json()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::notice::samples;

    #[test]
    fn the_digest_is_taken_over_rfc_8785_canonical_json() {
        for notice in [samples::street(), samples::superseding_street()] {
            let canonical = serde_json_canonicalizer::to_vec(&notice).expect("canonical");
            assert_eq!(String::from_utf8(notice.canonical_json()), String::from_utf8(canonical));
        }
    }

    #[test]
    fn the_digest_covers_what_changed_and_why() {
        let notice = samples::superseding_street();
        let mut other = notice.clone();
        other.changes.as_mut().expect("changes").members[0].causes[0].reason = Some("found_untrue".to_owned());
        assert_ne!(notice.digest(), other.digest());
    }

    #[test]
    fn the_digest_changes_with_any_figure() {
        let notice = samples::street();
        let mut other = notice.clone();
        other.members[0].voluntary_minutes += 1;
        assert_ne!(notice.digest(), other.digest());
    }
}
