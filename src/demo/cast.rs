//! Who takes part: offices and their actors, communities, branches, members, paired households. Made from the seed.

use super::agenda::ActorIndex;
use super::divisions::Divisions;
use super::random::{Random, id};
use crate::identity::{Actor, Grant, Role};
use mingzhang_events::{HouseholdId, MemberClass, MemberId, OrganizationId};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

const MEMBERS: u64 = 0x6d65_6d62;
const HOUSEHOLDS: u64 = 0x686f_7573;

/// A member of the demo.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) id: MemberId,
    /// Index of the branch; changes with a transfer.
    pub(super) branch: u32,
    pub(super) class: MemberClass,
    /// Has reported to a community.
    pub(super) enrolled: bool,
    /// Index of that community.
    pub(super) reports_to: u32,
    /// Exempt, or gone: takes part in nothing.
    pub(super) excused: bool,
    /// Paired with a household.
    pub(super) paired: bool,
    /// The last day on which they are taken.
    pub(super) busy_until: u32,
}

/// A household and who helps it.
#[derive(Debug)]
pub(super) struct Pairing {
    pub(super) household: HouseholdId,
    pub(super) member: u32,
    /// From this day on there are visits.
    pub(super) since: u32,
    pub(super) ended: bool,
}

/// A community.
#[derive(Debug)]
pub(super) struct Community {
    pub(super) organization: OrganizationId,
    pub(super) office: Office,
    /// Its branches, as indexes.
    pub(super) branches: Range<u32>,
    /// Its members, as indexes.
    pub(super) members: Range<u32>,
    /// Whom activities draw from: the keen stand in it four times.
    pub(super) pool: Vec<u32>,
    pub(super) pairings: Vec<Pairing>,
    /// Keeps its duty in a table that is imported.
    pub(super) imports_duty: bool,
}

/// The actors of an office. Whoever records doesn't review.
#[derive(Debug, Clone, Copy)]
pub(super) struct Office {
    /// 经办人.
    pub(super) recorder: ActorIndex,
    /// The code on the wall.
    pub(super) terminal: ActorIndex,
    /// 审核人.
    pub(super) reviewer: ActorIndex,
}

/// Everybody.
#[derive(Debug)]
pub(super) struct Cast {
    pub(super) actors: Vec<Arc<Actor>>,
    pub(super) operator: ActorIndex,
    pub(super) publisher: ActorIndex,
    pub(super) branches: Vec<OrganizationId>,
    pub(super) communities: Vec<Community>,
    pub(super) members: Vec<Member>,
    /// Who was the first to let their name be printed, and who wrote it down.
    pub(super) first_consent: Option<(MemberId, ActorIndex)>,
    seed: u64,
    households: u64,
}

impl Cast {
    pub(super) fn new(divisions: &Divisions, members: u32, seed: u64) -> Cast {
        let root = divisions.organizations[0].organization;
        let mut cast = Cast {
            actors: Vec::new(),
            operator: ActorIndex(0),
            publisher: ActorIndex(0),
            branches: Vec::new(),
            communities: Vec::new(),
            members: Vec::new(),
            first_consent: None,
            seed,
            households: 0,
        };
        cast.operator = cast.actor("o", Role::Operator, root, None);
        cast.publisher = cast.actor("p", Role::Publisher, divisions.chosen, Some(divisions.chosen));
        let mut offices = BTreeMap::new();
        let shares = shares(members, divisions.communities().count(), seed);
        for (division, count) in divisions.communities().zip(shares) {
            let place = division.organization;
            let code = divisions.office_of(place);
            let office = *offices.entry(code).or_insert_with(|| Office {
                recorder: cast.actor("w", Role::Recorder, code, Some(code)),
                terminal: cast.actor("s", Role::Recorder, code, Some(code)),
                reviewer: cast.actor("r", Role::Reviewer, code, Some(code)),
            });
            cast.add_community(place, office, count);
        }
        cast
    }

    fn actor(
        &mut self,
        prefix: &str,
        role: Role,
        place: OrganizationId,
        organization: Option<OrganizationId>,
    ) -> ActorIndex {
        let id = format!("{prefix}-{place}").parse().expect("a prefix and a division code");
        self.add_actor(Actor { id, member: None, grants: vec![Grant { role, organization }] })
    }

    /// Somebody more who acts.
    pub(super) fn add_actor(&mut self, actor: Actor) -> ActorIndex {
        self.actors.push(Arc::new(actor));
        ActorIndex(index(self.actors.len() - 1))
    }

    fn add_community(&mut self, organization: OrganizationId, office: Office, count: u32) {
        let place = index(self.communities.len());
        let mut random = Random::of(self.seed, MEMBERS, 0, place);
        let branches_from = index(self.branches.len());
        for number in 1..=random.between(2, 4) {
            self.branches.push(format!("{organization}-{number:02}").parse().expect("a code with a suffix"));
        }
        let branches = branches_from..index(self.branches.len());
        let members = index(self.members.len())..index(self.members.len()) + count;
        let mut pool = Vec::new();
        for number in members.clone() {
            let class = match random.below(100) {
                0..45 => MemberClass::Resident,
                45..80 => MemberClass::InService,
                80..92 => MemberClass::Deployed,
                _ => MemberClass::Floating,
            };
            let excused = random.permille(40);
            let enrolled = !excused && random.permille(958);
            let branch = random.between(branches.start, branches.end - 1);
            let id = MemberId(id(self.seed, MEMBERS, u64::from(number)));
            let (reports_to, paired, busy_until) = (place, false, 0);
            self.members.push(Member { id, branch, class, enrolled, reports_to, excused, paired, busy_until });
            let keenness = match random.below(100) {
                0..15 => 4,
                15..75 => 2,
                _ => 1,
            };
            if enrolled {
                pool.extend(std::iter::repeat_n(number, keenness));
            }
        }
        let imports_duty = place % 3 == 2;
        let pairings = Vec::new();
        let community = Community { organization, office, branches, members, pool, pairings, imports_duty };
        self.communities.push(community);
    }

    /// Pairs somebody of a community with a household, which gets a new id unless another member helps it too.
    pub(super) fn pair(&mut self, community: usize, random: &mut Random, since: u32) -> Option<(u32, HouseholdId)> {
        let place = &self.communities[community];
        let member = (!place.pool.is_empty()).then(|| *random.pick(&place.pool))?;
        let helper = &mut self.members[member as usize];
        if helper.paired || helper.excused {
            return None;
        }
        helper.paired = true;
        let shared = place.pairings.last().filter(|last| !last.ended && random.permille(300));
        let household = shared.map_or_else(
            || {
                self.households += 1;
                HouseholdId(id(self.seed, HOUSEHOLDS, self.households))
            },
            |last| last.household,
        );
        self.communities[community].pairings.push(Pairing { household, member, since, ended: false });
        Some((member, household))
    }

    /// Takes up to `count` members of a community who have nothing else on that day.
    pub(super) fn take(&mut self, community: usize, random: &mut Random, day: u32, count: u32) -> Vec<u32> {
        let mut taken = Vec::with_capacity(count as usize);
        for _ in 0..count * 6 {
            let pool = &self.communities[community].pool;
            if pool.is_empty() {
                break;
            }
            let member = *random.pick(pool);
            if self.take_one(member, day) {
                taken.push(member);
                if taken.len() == count as usize {
                    break;
                }
            }
        }
        taken
    }

    /// Takes one member, if they have nothing else on that day.
    pub(super) fn take_one(&mut self, member: u32, day: u32) -> bool {
        let member = &mut self.members[member as usize];
        let free = !member.excused && member.busy_until < day;
        if free {
            member.busy_until = day;
        }
        free
    }
}

/// How many members each community has: between half and one and a half times as many as the others.
fn shares(members: u32, communities: usize, seed: u64) -> Vec<u32> {
    let mut random = Random::of(seed, MEMBERS, 1, 0);
    let weights: Vec<u64> = (0..communities).map(|_| u64::from(random.between(50, 150))).collect();
    let total: u64 = weights.iter().sum();
    let (mut before, mut given) = (0, 0);
    let share = |weight: &u64| {
        before += weight;
        let until = u32::try_from(u64::from(members) * before / total).expect("at most all members");
        let share = until - given;
        given = until;
        share
    };
    weights.iter().map(share).collect()
}

/// An index of something that the demo has fewer than 2^32 of.
pub(super) fn index(count: usize) -> u32 {
    u32::try_from(count).expect("fewer than 2^32")
}
