//! The roster (花名册) over time: who belongs where and in what class, who is exempt, who has reported to a community.
//!
//! Each member's facts are chains of entries; chains are linked by number, not by a vector per member.

use crate::intern::{Interner, NONE, number_of, push_tight};
use crate::organizations::Organizations;
use bitcode::{Decode, Encode};
use mingzhang_events::{ExemptionReason, LeavingReason, MemberClass, MemberId, Month};

/// The heads of a member's chains.
#[derive(Clone, Copy, Encode, Decode)]
pub(crate) struct Member {
    membership: u32,
    exemption: u32,
    enrollment: u32,
    /// The newest pairing, in `pairings`.
    pub(crate) pairing: u32,
    /// The newest member-month, in `member_months`.
    pub(crate) member_month: u32,
}

/// From when on a member belongs to a branch; to none after leaving.
#[derive(Clone, Copy, Encode, Decode)]
pub(crate) struct Membership {
    pub(crate) from: i64,
    pub(crate) organization: u32,
    /// The entry that says so.
    pub(crate) log_index: u32,
    class: u8,
    /// Why they left, if they did.
    leaving: u8,
    next: u32,
}

impl Membership {
    pub(crate) fn class(self) -> MemberClass {
        MemberClass::ALL[usize::from(self.class)]
    }

    pub(crate) fn leaving(self) -> Option<LeavingReason> {
        if self.organization == NONE { LeavingReason::ALL.get(usize::from(self.leaving)).copied() } else { None }
    }
}

/// An exemption (免予报到).
#[derive(Clone, Copy, Encode, Decode)]
pub(crate) struct Exemption {
    pub(crate) from: i64,
    /// The last local day; [`NONE`] without an end.
    pub(crate) until_day: u32,
    reason: u8,
    next: u32,
}

impl Exemption {
    pub(crate) fn reason(self) -> ExemptionReason {
        ExemptionReason::ALL[usize::from(self.reason)]
    }
}

/// An enrolment (报到) with a community.
#[derive(Clone, Copy, Encode, Decode)]
pub(crate) struct Enrollment {
    pub(crate) from: i64,
    /// The first second without it; `i64::MAX` while in force.
    pub(crate) until: i64,
    pub(crate) community: u32,
    next: u32,
}

/// Every member ever rostered.
#[derive(Default, Encode, Decode)]
pub(crate) struct Roster {
    ids: Interner,
    pub(crate) members: Vec<Member>,
    memberships: Vec<Membership>,
    exemptions: Vec<Exemption>,
    enrollments: Vec<Enrollment>,
    /// Of each organisation: who ever belonged to it; a member who came back may occur twice.
    #[bitcode(skip)]
    ever_in: Vec<Vec<u32>>,
}

impl Roster {
    pub(crate) fn number(&self, id: MemberId) -> Option<u32> {
        self.ids.number(id.0)
    }

    pub(crate) fn id(&self, member: u32) -> MemberId {
        MemberId(self.ids.id(member))
    }

    pub(crate) fn count(&self) -> u32 {
        number_of(self.members.len())
    }

    pub(crate) fn ever_in(&self, organization: u32) -> &[u32] {
        self.ever_in.get(organization as usize).map_or(&[], Vec::as_slice)
    }

    /// The members of a branch from the event's instant on. Gives the member's number.
    pub(crate) fn enter(
        &mut self,
        log_index: u32,
        id: MemberId,
        class: MemberClass,
        organization: u32,
        at: i64,
    ) -> u32 {
        let (member, new) = self.ids.intern(id.0);
        if new {
            let head =
                Member { membership: NONE, exemption: NONE, enrollment: NONE, pairing: NONE, member_month: NONE };
            push_tight(&mut self.members, head);
        }
        let class = class as u8;
        self.add_membership(member, Membership { from: at, organization, log_index, class, leaving: 0, next: NONE });
        member
    }

    /// To another branch; ignored for somebody who belongs nowhere then.
    pub(crate) fn transfer(&mut self, log_index: u32, member: u32, organization: u32, at: i64) -> bool {
        let Some(before) = self.membership(member, at) else { return false };
        self.add_membership(member, Membership { from: at, organization, log_index, next: NONE, ..before });
        true
    }

    /// Into another class; ignored for somebody who belongs nowhere then.
    pub(crate) fn reclassify(&mut self, log_index: u32, member: u32, class: MemberClass, at: i64) -> bool {
        let Some(before) = self.membership(member, at) else { return false };
        self.add_membership(member, Membership { from: at, class: class as u8, log_index, next: NONE, ..before });
        true
    }

    /// Off the roster; ignored for somebody who belongs nowhere then.
    pub(crate) fn leave(&mut self, log_index: u32, member: u32, reason: LeavingReason, at: i64) -> bool {
        let Some(before) = self.membership(member, at) else { return false };
        let left = Membership { from: at, organization: NONE, log_index, leaving: reason as u8, next: NONE, ..before };
        self.add_membership(member, left);
        true
    }

    /// Where and in what class a member belongs at an instant; none before and after their time.
    pub(crate) fn membership(&self, member: u32, at: i64) -> Option<Membership> {
        let in_force = self.memberships(member).find(|membership| membership.from <= at)?;
        (in_force.organization != NONE).then_some(in_force)
    }

    /// The branch at an instant, or the one that it had merged into; [`NONE`] off the roster.
    pub(crate) fn branch(&self, organizations: &Organizations, member: u32, at: i64) -> u32 {
        self.membership(member, at).map_or(NONE, |belongs| organizations.successor(belongs.organization, at))
    }

    /// The branch, as [`Roster::branch`] gives it, and the class at an instant.
    pub(crate) fn place(&self, organizations: &Organizations, member: u32, at: i64) -> (u32, MemberClass) {
        match self.membership(member, at) {
            Some(belongs) => (organizations.successor(belongs.organization, at), belongs.class()),
            None => (NONE, MemberClass::Resident),
        }
    }

    /// The month in which a member was first on the roster.
    pub(crate) fn first_month(&self, member: u32) -> Option<Month> {
        self.memberships(member).last().map(|first| crate::span::instant(first.from).month())
    }

    /// Newest first.
    pub(crate) fn memberships(&self, member: u32) -> impl Iterator<Item = Membership> + '_ {
        chain(&self.memberships, self.members[member as usize].membership, |membership| membership.next)
    }

    fn add_membership(&mut self, member: u32, mut added: Membership) {
        let number = number_of(self.memberships.len());
        if added.organization != NONE {
            self.note_ever_in(added.organization, member);
        }
        let head = self.members[member as usize].membership;
        if head == NONE || self.memberships[head as usize].from <= added.from {
            added.next = head;
            self.members[member as usize].membership = number;
        } else {
            let mut later = head;
            loop {
                let next = self.memberships[later as usize].next;
                if next == NONE || self.memberships[next as usize].from <= added.from {
                    break;
                }
                later = next;
            }
            added.next = self.memberships[later as usize].next;
            self.memberships[later as usize].next = number;
        }
        push_tight(&mut self.memberships, added);
    }

    fn note_ever_in(&mut self, organization: u32, member: u32) {
        let at = organization as usize;
        if self.ever_in.len() <= at {
            self.ever_in.resize_with(at + 1, Vec::new);
        }
        if self.ever_in[at].last() != Some(&member) {
            self.ever_in[at].push(member);
        }
    }

    pub(crate) fn exempt(&mut self, member: u32, reason: ExemptionReason, until_day: Option<u32>, at: i64) {
        let next = self.members[member as usize].exemption;
        self.members[member as usize].exemption = number_of(self.exemptions.len());
        let until_day = until_day.unwrap_or(NONE);
        self.exemptions.push(Exemption { from: at, until_day, reason: reason as u8, next });
    }

    /// Newest recorded first.
    pub(crate) fn exemptions(&self, member: u32) -> impl Iterator<Item = Exemption> + '_ {
        chain(&self.exemptions, self.members[member as usize].exemption, |exemption| exemption.next)
    }

    pub(crate) fn is_exempt(&self, member: u32, at: i64) -> bool {
        self.is_exempt_for(member, at, |_| true)
    }

    /// Whether a member is exempt for one of some reasons.
    pub(crate) fn is_exempt_for(&self, member: u32, at: i64, excuses: impl Fn(ExemptionReason) -> bool) -> bool {
        let day = crate::span::local_day(at);
        let in_force = |exemption: Exemption| exemption.from <= at && day <= exemption.until_day;
        self.exemptions(member).any(|exemption| in_force(exemption) && excuses(exemption.reason()))
    }

    /// Ignored while an enrolment with the same community is in force.
    pub(crate) fn enroll(&mut self, member: u32, community: u32, at: i64) {
        let in_force = |enrollment: Enrollment| enrollment.community == community && enrollment.until == i64::MAX;
        if self.enrollments(member).any(in_force) {
            return;
        }
        let next = self.members[member as usize].enrollment;
        self.members[member as usize].enrollment = number_of(self.enrollments.len());
        push_tight(&mut self.enrollments, Enrollment { from: at, until: i64::MAX, community, next });
    }

    /// Ends the enrolment in force with that community; ignored if there is none that had begun.
    pub(crate) fn end_enrollment(&mut self, member: u32, community: u32, at: i64) {
        let mut number = self.members[member as usize].enrollment;
        while number != NONE {
            let enrollment = &mut self.enrollments[number as usize];
            if enrollment.community == community && enrollment.until == i64::MAX && enrollment.from <= at {
                enrollment.until = at;
                return;
            }
            number = enrollment.next;
        }
    }

    /// Newest recorded first.
    pub(crate) fn enrollments(&self, member: u32) -> impl Iterator<Item = Enrollment> + '_ {
        chain(&self.enrollments, self.members[member as usize].enrollment, |enrollment| enrollment.next)
    }

    pub(crate) fn is_enrolled(&self, member: u32, at: i64) -> bool {
        self.enrollments(member).any(|enrollment| enrollment.from <= at && at < enrollment.until)
    }

    pub(crate) fn rebuild(&mut self) {
        self.ids.rebuild();
        self.ever_in = Vec::new();
        for member in 0..self.count() {
            let organizations: Vec<u32> = self.memberships(member).map(|membership| membership.organization).collect();
            for organization in organizations.into_iter().filter(|&organization| organization != NONE) {
                self.note_ever_in(organization, member);
            }
        }
    }
}

/// Follows a chain of entries by number.
pub(crate) fn chain<T: Copy>(entries: &[T], head: u32, next: impl Fn(&T) -> u32) -> impl Iterator<Item = T> {
    let entry = |number: u32| entries.get(number as usize).copied();
    std::iter::successors(entry(head), move |last| entry(next(last)))
}
