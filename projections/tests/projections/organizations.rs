//! The tree over time: names, moves, mergers, dissolution, closes and notices.

use crate::story::{Story, local, month, org, points};
use mingzhang_events::*;

fn codes(cards: Vec<mingzhang_projections::OrganizationCard>) -> Vec<String> {
    cards.into_iter().map(|card| card.organization.to_string()).collect()
}

#[test]
fn the_tree_is_that_of_the_instant_asked_for() {
    let mut story = Story::street();
    story.at("2026-05-01 00:00").tell(OrganizationMoved { organization: org("b1"), parent: org("c2") });
    story.at("2026-06-01 00:00").tell(OrganizationRenamed { name: "新名".to_owned(), organization: org("c2") });
    let models = story.models();
    let (before, after) = (local("2026-04-30 23:59"), local("2026-06-01 00:00"));
    assert_eq!(codes(models.children(org("c1"), Some(before)).expect("known")), ["b1"]);
    assert_eq!(codes(models.children(org("c2"), Some(after)).expect("known")), ["b1", "b2"]);
    assert_eq!(codes(models.ancestors(org("b1"), Some(after)).expect("known")), ["c2", "s"]);
    assert_eq!(codes(models.subtree(org("s"), None).expect("known")), ["s", "c1", "c2", "b1", "b2"]);
    assert_eq!(models.organization(org("c2"), Some(before)).expect("known").name, "组织c2");
    assert_eq!(models.organization(org("c2"), Some(after)).expect("known").name, "新名");
    assert_eq!(codes(models.roots()), ["s"]);
}

#[test]
fn organisations_are_called_by_their_present_names_short_or_long() {
    let mut story = Story::street();
    let rename = |name: &str, of: &str| OrganizationRenamed { name: name.to_owned(), organization: org(of) };
    story.tell(rename("书院社区", "c1"));
    story.tell(rename("书院社区第一支部", "b1"));
    story.tell(rename("北外社区", "c2"));
    story.tell(rename("第一支部", "b2"));
    let models = story.models();
    let called = |within: Option<&[OrganizationId]>, name: &str| {
        let called = models.organizations_by_name(within, str::to_owned);
        called.get(name).cloned().unwrap_or_default().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(called(None, "书院社区第一支部"), ["b1"]);
    assert_eq!(called(None, "北外社区第一支部"), ["b2"]);
    assert_eq!(called(None, "第一支部"), ["b1", "b2"]);
    assert_eq!(called(Some(&[org("c2")]), "第一支部"), ["b2"]);
    assert_eq!(called(Some(&[org("c2"), org("b2"), org("nobody")]), "组织s北外社区第一支部"), ["b2"]);
    assert_eq!(called(None, "组织b1"), [""; 0], "what it was called before");
    story.tell(OrganizationDissolved { organization: org("b1") });
    let dissolved = story.models().organizations_by_name(None, str::to_owned);
    assert_eq!(dissolved.get("第一支部"), Some(&vec![org("b2")]));
}

#[test]
fn an_organisation_never_stands_below_itself() {
    let mut story = Story::street();
    story.at("2026-05-01 00:00").tell(OrganizationMoved { organization: org("c1"), parent: org("b1") });
    story.tell(OrganizationMoved { organization: org("s"), parent: org("c1") });
    story.tell(OrganizationMerged { into: org("b1"), organization: org("c1") });
    story.tell(OrganizationMerged { into: org("c1"), organization: org("c1") });
    // Each for itself is fine; the second, recorded later, would close a circle from June on.
    story.at("2026-06-01 00:00").tell(OrganizationMoved { organization: org("b1"), parent: org("b2") });
    story.at("2026-05-15 00:00").tell(OrganizationMoved { organization: org("c2"), parent: org("b1") });
    let models = story.models();
    assert_eq!(codes(models.ancestors(org("c1"), None).expect("known")), ["s"]);
    assert_eq!(codes(models.ancestors(org("b1"), Some(local("2026-06-01 00:00"))).expect("known")), ["b2", "c2", "s"]);
}

#[test]
fn a_merged_branch_hands_members_and_later_points_to_its_successor() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1");
    story.visit(1, "2026-10-10 09:00");
    story.visit(1, "2026-10-20 09:00");
    story.at("2026-10-15 00:00").tell(OrganizationMerged { into: org("b2"), organization: org("b1") });
    let branches: Vec<_> = story.points_of(1, "2026-10").items.iter().map(|item| item.branch).collect();
    assert_eq!(branches, [Some(org("b1")), Some(org("b2"))]);
    let models = story.models();
    let ranked = |of: &str| models.member_rank(org(of), MemberId(1), month("2026-10")).map(|ranked| ranked.points);
    assert_eq!(ranked("b2"), Some(points("4")), "what the merged branch earned stands below its successor");
    assert_eq!((ranked("s"), ranked("c1")), (Some(points("4")), None));
    assert_eq!(models.branch_of(MemberId(1), local("2026-10-16 00:00")), Some(org("b2")));
    assert_eq!(
        codes(models.children(org("c1"), Some(local("2026-10-16 00:00"))).expect("known")),
        Vec::<String>::new()
    );
    assert_eq!(models.roster(org("b2"), month("2026-10")), Some(vec![MemberId(1)]));
}

#[test]
fn what_was_earned_between_two_mergers_is_ranked_where_it_was_earned() {
    let mut story = Story::street_with_rules();
    let branch = OrganizationLevel::Branch;
    story.tell(OrganizationEstablished {
        level: branch,
        name: "组织b3".into(),
        organization: org("b3"),
        parent: Some(org("c2")),
    });
    story.roster(1, "b1");
    for day in ["2026-10-05 09:00", "2026-10-15 09:00", "2026-10-25 09:00"] {
        story.visit(1, day);
    }
    story.at("2026-10-10 00:00").tell(OrganizationMerged { into: org("b2"), organization: org("b1") });
    story.at("2026-10-20 00:00").tell(OrganizationMerged { into: org("b3"), organization: org("b2") });
    let models = story.models();
    for (of, expected) in [("b1", "2"), ("b2", "2"), ("b3", "6"), ("c1", "0"), ("c2", "6"), ("s", "6")] {
        let ranking = models.member_ranking(org(of), month("2026-10"), None, 10).expect("known");
        let ranked: Points = ranking.rows.iter().map(|row| row.points).sum();
        let summary = models.month_summary(org(of), month("2026-10")).expect("known");
        assert_eq!((ranked, summary.points), (points(expected), points(expected)), "{of}");
    }
}

#[test]
fn a_merged_community_leaves_its_branches_to_its_successor() {
    let mut story = Story::street();
    story.at("2026-05-01 00:00").tell(OrganizationMerged { into: org("c2"), organization: org("c1") });
    story.at("2026-06-01 00:00").tell(OrganizationDissolved { organization: org("b2") });
    let models = story.models();
    assert_eq!(codes(models.children(org("c2"), Some(local("2026-05-01 00:00"))).expect("known")), ["b1", "b2"]);
    assert_eq!(codes(models.children(org("c2"), None).expect("known")), ["b1"]);
    assert!(!models.organization(org("c1"), None).expect("known").exists);
    assert_eq!(models.organization(org("b1"), None).expect("known").parent, Some(org("c2")));
}

#[test]
fn a_close_covers_everything_below_it() {
    let mut story = Story::street();
    story.at("2026-11-02 09:00").close("2026-10", "c1");
    let models = story.models();
    for (organization, closed) in [("c1", true), ("b1", true), ("c2", false), ("b2", false), ("s", false)] {
        assert_eq!(models.closed(org(organization), month("2026-10")).is_some(), closed, "{organization}");
    }
    assert_eq!(models.closed(org("c1"), month("2026-11")), None);
    assert_eq!(models.closed(org("b1"), month("2026-10")).map(|close| close.log_index), Some(5));
}

#[test]
fn notices_come_newest_first_and_by_organisation() {
    let mut story = Story::street();
    for (number, organization) in [("〔2026〕1号", "s"), ("〔2026〕2号", "c1"), ("〔2026〕3号", "s")] {
        story.tell(NoticeIssued {
            digest: "0".repeat(64),
            format: None,
            month: month("2026-10"),
            number: number.to_owned(),
            organization: org(organization),
            root_hash: "f".repeat(64),
            supersedes: None,
            tree_size: 5,
        });
    }
    let models = story.models();
    let numbers =
        |of: Option<OrganizationId>| models.notices(of).into_iter().map(|notice| notice.number).collect::<Vec<_>>();
    assert_eq!(numbers(None), ["〔2026〕3号", "〔2026〕2号", "〔2026〕1号"]);
    assert_eq!(numbers(Some(org("s"))), ["〔2026〕3号", "〔2026〕1号"]);
}

#[test]
fn a_members_history_is_told_in_order_of_time() {
    let mut story = Story::street();
    story.roster(1, "b1");
    story.at("2026-08-01 00:00").tell(MemberLeft {
        decision: None,
        member: MemberId(1),
        reason: LeavingReason::MovedAway,
    });
    story.at("2026-05-01 00:00").tell(MemberTransferred {
        decision: None,
        member: MemberId(1),
        organization: org("b2"),
    });
    let history = story.models().member(MemberId(1)).expect("known");
    let branches: Vec<_> = history.branches.iter().map(|belongs| belongs.organization).collect();
    assert_eq!(branches, [Some(org("b1")), Some(org("b2")), None]);
    assert_eq!(history.branches[2].leaving, Some(LeavingReason::MovedAway));
}
