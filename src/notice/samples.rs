//! Typed samples that every template is rendered from in tests. Made up, and said to be so.

use super::changes::{ChangeCause, Changes, Superseded};
use super::circular::Notice;
use super::figures::{
    CheckpointHead, DutyFigures, EvidenceCount, MemberLine, PatrolFigures, PreviousMonth, Rate, Rates, RecordFigures,
    RulesNamed, SessionFigures, SubOrganization, Totals,
};
use super::imprint::Imprint;
use crate::transparency::Witnessing;
use mingzhang_events::{
    ActivityKind, EventId, Evidence, MemberId, Month, NoticeFormat, ObjectionGround, OrganizationLevel, Points,
};
use mingzhang_projections::{self as projections, CourseMonth};

const COMMUNITIES: [&str; 12] =
    ["书院", "槐荫", "城站", "西门", "北池", "乾坤", "仙女", "永安", "长征路", "文化路", "天仙", "福星"];

fn of(numerator: u32, denominator: u32) -> Rate {
    Rate::Of { numerator, denominator }
}

fn rates(due: u32, missing: u32) -> Rates {
    Rates {
        enrollment: of(due - missing, due),
        pairing_participation: of(due * 31 / 100, due),
        pairing_sign_up: of(due * 42 / 100, due),
        participation: of(due * 88 / 100, due),
        patrol_participation: of(due * 57 / 100, due),
        patrol_sign_up: of(due * 63 / 100, due),
    }
}

/// A street with twelve communities, one of them too small for rates, and sixty members; some without a name.
pub(crate) fn street() -> Notice {
    let month: Month = "2026-10".parse().expect("a month");
    let sub_organizations = (1_u32..)
        .zip(COMMUNITIES)
        .map(|(rank, name)| {
            let (due, small) = (118 - rank * 5, rank == 12);
            SubOrganization {
                due: if small { 3 } else { due },
                level: OrganizationLevel::Community,
                name: format!("{name}社区"),
                organization: format!("4209020010{rank:02}").parse().expect("a code"),
                rank: (!small).then_some(rank as usize),
                rates: if small { withheld() } else { rates(due, rank) },
                totals: Totals {
                    average_points: (!small).then_some(Points::from_hundredths(2_540 - i64::from(rank) * 85)),
                    points: Points::from_hundredths(299_720 - i64::from(rank) * 20_050),
                    voluntary_minutes: 41_415 - u64::from(rank) * 2_000,
                },
            }
        })
        .collect();
    Notice {
        changes: None,
        checkpoint: CheckpointHead {
            origin: "ledger.shuyuan.example/2026".to_owned(),
            root_hash: "9f2c4a61b7d8e03552aa1c0f6e7b9d48c3f5a2e1907b64d8815cfe23a04b7d16".to_owned(),
            tree_size: 28_416,
        },
        due: 1_028,
        duty: Some(DutyFigures { days_covered: 197, days_needed: 204, members_per_working_day: 2, working_days: 17 }),
        evidence: [
            (Evidence::OnSiteCode, 1_204),
            (Evidence::BothParties, 412),
            (Evidence::Attested, 655),
            (Evidence::Imported, 233),
            (Evidence::BackEntered, 61),
        ]
        .map(|(evidence, records)| EvidenceCount { evidence, records })
        .to_vec(),
        format: NoticeFormat::First,
        home_visits: 371,
        level: OrganizationLevel::Subdistrict,
        meetings: SessionFigures { absent: 37, attended: 906, held: 24, on_leave: 85 },
        members: (0..60).map(member).collect(),
        month,
        month_closed: true,
        name: "书院街道".to_owned(),
        no_shows_counted: false,
        number: "〔2026〕10号".to_owned(),
        organization: "420902001".parse().expect("a code"),
        patrols: PatrolFigures { attended: 1_043, minutes: 124_860, no_shows: 41, shifts: 124, signed_up: 1_084 },
        previous: Some(PreviousMonth {
            month: month.previous(),
            rates: Rates { patrol_sign_up: of(671, 1_021), ..rates(1_021, 61) },
            totals: Totals {
                average_points: Some(Points::from_hundredths(1_912)),
                points: Points::from_hundredths(1_952_150),
                voluntary_minutes: 362_145,
            },
        }),
        published_group_members_min: 5,
        rates: rates(1_028, 43),
        records: RecordFigures { accepted: 2_553, check_out_missing: 7, pending: 12, returned: 9 },
        rules: Some(RulesNamed {
            title: "书院街道党员参与基层治理积分细则（试行）".to_owned(),
            version: "2026-1".parse().expect("a version"),
        }),
        sub_organizations,
        supersedes: None,
        totals: Totals {
            average_points: Some(Points::from_hundredths(2_037)),
            points: Points::from_hundredths(2_094_050),
            voluntary_minutes: 391_245,
        },
        trainings: SessionFigures { absent: 0, attended: 0, held: 0, on_leave: 0 },
    }
}

/// The street's notice, and its figures after two corrections: a member has fewer points and falls by some ranks, another came.
pub(crate) fn corrected_street() -> (Notice, Notice) {
    let (mut before, mut after) = (street(), street());
    let came = before.members.pop().expect("a member");
    let mut fallen = after.members.remove(3);
    fallen.points = Points::from_hundredths(5_955);
    let place = after.members.partition_point(|line| line.points > fallen.points);
    after.members.insert(place, fallen);
    for place in 0..after.members.len() {
        let same = place > 0 && after.members[place - 1].points == after.members[place].points;
        after.members[place].rank = if same { after.members[place - 1].rank } else { place + 1 };
    }
    after.totals.points = Points::from_hundredths(after.totals.points.hundredths() - 580 + came.points.hundredths());
    after.rates.participation = of(907, 1_028);
    after.sub_organizations[3].totals.points = Points::from_hundredths(200_000);
    after.checkpoint.tree_size = 28_431;
    after.checkpoint.root_hash = "7d16".repeat(16);
    (before, after)
}

/// What takes the place of the street's notice.
pub(crate) fn superseding_street() -> Notice {
    let (before, after) = corrected_street();
    let mut changes = Changes::between(&before, &after, &[]);
    let cause = |log_index: u64, act: &str, reason: Option<&str>, ground| ChangeCause {
        act: act.to_owned(),
        decision: Some(EventId(u128::from(log_index) - 2)).filter(|_| ground == Some(ObjectionGround::TimeWrong)),
        event: EventId(u128::from(log_index)),
        ground,
        log_index,
        month: after.month,
        objection: Some(EventId(u128::from(log_index) - 3)).filter(|_| ground.is_some()),
        reason: reason.map(str::to_owned),
    };
    changes.members[0].causes = vec![
        cause(28_425, "corrected", Some("objection_upheld"), Some(ObjectionGround::TimeWrong)),
        cause(28_427, "approved", None, None),
    ];
    changes.members[1].causes = vec![cause(28_429, "recorded", None, Some(ObjectionGround::RecordMissing))];
    let superseded = Superseded {
        digest: before.digest(),
        event: EventId(28_417),
        number: before.number,
        root_hash: before.checkpoint.root_hash,
        tree_size: before.checkpoint.tree_size,
    };
    Notice {
        changes: Some(changes),
        format: NoticeFormat::Superseding,
        number: "〔2026〕12号".to_owned(),
        supersedes: Some(superseded),
        ..after
    }
}

/// The same notice about a branch of three in its first month: nothing may be published but sums.
pub(crate) fn small_branch() -> Notice {
    let street = street();
    Notice {
        due: 3,
        level: OrganizationLevel::Branch,
        members: street.members[..3].to_vec(),
        number: String::new(),
        previous: None,
        rates: withheld(),
        rules: None,
        sub_organizations: Vec::new(),
        duty: None,
        month_closed: false,
        totals: Totals { average_points: None, ..street.totals },
        ..street
    }
}

fn withheld() -> Rates {
    Rates {
        enrollment: Rate::Withheld,
        pairing_participation: Rate::Withheld,
        pairing_sign_up: Rate::Withheld,
        participation: Rate::Withheld,
        patrol_participation: Rate::Withheld,
        patrol_sign_up: Rate::Withheld,
    }
}

fn member(place: u32) -> MemberLine {
    let member = MemberId(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(u64::from(place) + 1));
    let shared = if place % 7 == 3 { place - 1 } else { place };
    MemberLine {
        branch: (place != 17).then(|| format!("{}社区第{}网格党支部", COMMUNITIES[place as usize % 12], place % 5 + 1)),
        member,
        number_tail: super::compose::number_tail(member),
        points: Points::from_hundredths(6_850 - i64::from(shared) * 105),
        rank: shared as usize + 1,
        voluntary_minutes: 1_830 - shared * 25,
    }
}

/// Names for most of the members of [`street`]: masked, but for two who consented.
pub(crate) fn imprint() -> Imprint {
    let surnames = ["张*", "王*", "李*", "欧阳*", "刘*", "陈*", "䶮*", "赵*", "周*", "吴*"];
    let names = (0..60).filter(|place| place % 11 != 10).zip(surnames.iter().cycle());
    let mut names: std::collections::BTreeMap<_, _> =
        names.map(|(place, name)| (member(place).member, (*name).to_owned())).collect();
    names.insert(member(0).member, "赵志远".to_owned());
    names.insert(member(4).member, "上官云舒".to_owned());
    let names_of_witnesses = vec!["区纪检监察组".to_owned(), "市档案馆".to_owned()];
    Imprint {
        demonstration: true,
        letterhead: super::Letterhead::default(),
        disclosed_until: None,
        issued_on: Some(jiff::civil::date(2026, 11, 3)),
        witnessing: Witnessing::Witnessed { names: names_of_witnesses, witnesses: 3, tree_size: 60_218 },
        counting: super::Counting::default(),
        names,
    }
}

/// The twelve months up to that of [`street`].
pub(crate) fn course() -> Vec<CourseMonth> {
    let months = std::iter::successors(Some(street().month), |month| Some(month.previous()));
    let mut course: Vec<CourseMonth> =
        (0_u32..12).zip(months).map(|(back, month)| course_month(month, back, 1_028)).collect();
    course.reverse();
    course
}

/// A month of a group of three.
pub(crate) fn small_month(month: Month) -> CourseMonth {
    course_month(month, 3, 3)
}

/// A month of a group all of whom were exempt.
pub(crate) fn exempt_month(month: Month) -> CourseMonth {
    course_month(month, 3, 0)
}

fn course_month(month: Month, back: u32, due: u32) -> CourseMonth {
    let rate = |did: u32| projections::Rate::new(did.min(due), due, 5);
    let is_small = due < 5;
    CourseMonth {
        month,
        points: Points::from_hundredths(2_094_050 - i64::from(back * back) * 9_300),
        average: projections::Average {
            due,
            points: (!is_small).then_some(Points::from_hundredths(2_037 - i64::from(back) * 40)),
            withheld: match due {
                0 => Some(projections::Withheld::NothingToDivideBy),
                _ => is_small.then_some(projections::Withheld::SmallGroup),
            },
        },
        voluntary_minutes: 391_245,
        rates: projections::Rates {
            enrollment: rate(985 - back * 11),
            pairing_sign_up: rate(431 - back * 9),
            patrol_sign_up: rate(647 - back * 17),
            visit_participation: rate(318),
            patrol_participation: rate(585),
            participation: rate(904 - back * 3),
        },
        kinds: ActivityKind::ALL.iter().zip([1_043, 371, 906, 394, 288, 0, 20]).map(|(&kind, of)| (kind, of)).collect(),
        evidence: Evidence::ALL
            .iter()
            .zip([1_204, 412, 655, 233, 61 + back * 30, 0])
            .map(|(&by, of)| (by, of))
            .collect(),
    }
}
