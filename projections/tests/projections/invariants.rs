//! What holds for any log, sensible or not.

use crate::nonsense::{log, members, months, organizations};
use mingzhang_events::{Instant, Month, OrganizationId, Points, RecordedEvent};
use mingzhang_projections::{ReadModels, WaitingRecord};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn replay(log: &[RecordedEvent]) -> ReadModels {
    let mut models = ReadModels::new();
    apply(&mut models, log, 0);
    models.settle();
    models
}

fn apply(models: &mut ReadModels, events: &[RecordedEvent], from: usize) {
    models.apply_batch(from as u64, events);
}

/// Every answer about every organisation and member in the months that matter, as text.
fn answers(models: &ReadModels) -> String {
    let mut text = String::new();
    let mut say = |answer: &dyn std::fmt::Debug| text.push_str(&format!("{answer:?}\n"));
    for month in months() {
        for organization in organizations() {
            say(&models.month_summary(organization, month));
            say(&models.member_ranking(organization, month, None, 100));
            say(&models.organization_ranking(organization, month));
            say(&models.roster(organization, month));
        }
        for member in members() {
            say(&models.member_points(member, month));
        }
        for organization in organizations() {
            say(&models.month_progress(organization, month, models.newest_day()));
            say(&models.objections(organization, Some(month)));
        }
    }
    for member in members() {
        say(&models.member(member));
        say(&models.objections_about(member));
    }
    say(&models.notices(None));
    say(&models.roots());
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn settling_anywhere_gives_the_same_bytes_and_the_same_answers(log in log(), cuts in proptest::collection::vec(0..110_usize, 0..6)) {
        let mut models = ReadModels::new();
        for (log_index, event) in log.iter().enumerate() {
            models.apply(log_index as u64, event);
            if cuts.contains(&log_index) {
                models.settle();
                // Whatever a question leaves in the cache must be mended by what follows.
                answers(&models);
            }
        }
        models.settle();
        let whole = replay(&log);
        prop_assert_eq!(models.to_bytes(), whole.to_bytes());
        prop_assert_eq!(answers(&models), answers(&whole));
    }

    #[test]
    fn a_snapshot_and_the_rest_of_the_log_are_the_whole(log in log(), cut in 0..110_usize) {
        let cut = cut.min(log.len());
        let (before, after) = log.split_at(cut);
        let mut models = ReadModels::from_bytes(&replay(before).to_bytes()).expect("our own bytes");
        apply(&mut models, after, cut);
        models.settle();
        let whole = replay(&log);
        prop_assert_eq!(models.to_bytes(), whole.to_bytes());
        prop_assert_eq!(answers(&models), answers(&whole));
    }

    #[test]
    fn a_members_points_are_the_sum_of_the_items_and_of_the_branches(log in log()) {
        let models = replay(&log);
        for month in months() {
            for member in members() {
                let Some(explained) = models.member_points(member, month) else { continue };
                prop_assert_eq!(explained.total, explained.items.iter().map(|item| item.points).sum::<Points>());
                for item in &explained.items {
                    prop_assert!(!item.log_indexes.is_empty());
                    prop_assert!(item.log_indexes.iter().all(|&log_index| log_index < log.len() as u64));
                    prop_assert!(item.points.hundredths().abs() <= item.points_before_cap.hundredths().abs());
                    prop_assert!(item.points == Points::ZERO || item.clause.is_some());
                    // A veto of last year's version may still be in force.
                    let known = |clause| {
                        let versions = models.rules_adopted();
                        versions.iter().any(|(rules, _)| rules.clauses().any(|(known, _)| known == clause))
                    };
                    prop_assert!(item.clause.is_none_or(known), "{:?}", item.clause);
                    prop_assert_eq!(item.trail.last().map_or(Points::ZERO, |step| step.points), item.points);
                    prop_assert!(item.trail.iter().all(|step| step.clause.is_none_or(known)));
                }
                let under_roots: Points = roots(&models, month)
                    .into_iter()
                    .filter_map(|root| models.member_rank(root, member, month))
                    .map(|ranked| ranked.points)
                    .sum();
                prop_assert_eq!(under_roots, explained.total);
            }
        }
    }

    #[test]
    fn an_organisations_points_are_the_sum_of_its_members_points_there(log in log()) {
        let models = replay(&log);
        for month in months() {
            for organization in organizations() {
                let Some(ranking) = models.member_ranking(organization, month, None, usize::MAX) else { continue };
                let summary = models.month_summary(organization, month).expect("known");
                let members: Points = ranking.rows.iter().map(|row| row.points).sum();
                prop_assert_eq!(members, summary.points);
                let minutes: u64 = ranking.rows.iter().map(|row| u64::from(row.voluntary_minutes)).sum();
                prop_assert_eq!(minutes, summary.voluntary_minutes);
                let rostered = models.roster(organization, month).expect("known").len();
                prop_assert_eq!(rostered, summary.members.rostered as usize);
                let ranks: Vec<usize> = ranking.rows.iter().map(|row| row.rank).collect();
                for (at, row) in ranking.rows.iter().enumerate() {
                    let better = ranking.rows.iter().filter(|other| other.points > row.points).count();
                    prop_assert_eq!(ranks[at], better + 1);
                }
            }
        }
    }

    /// What waits in all of the tree, told organisation by organisation.
    #[test]
    fn what_waits_in_an_organisation_is_what_waits_in_its_part_of_the_tree(log in log()) {
        let models = replay(&log);
        let waiting = |of, month| models.waiting_records(of, month, None, models.newest_day()).unwrap_or_default();
        for month in months() {
            let everywhere: Vec<WaitingRecord> = roots(&models, month).into_iter().flat_map(|root| waiting(root, month)).collect();
            for organization in organizations() {
                let above = |of| models.ancestors(of, Some(last_moment(month))).unwrap_or_default();
                let is_below = |of| of == organization || above(of).iter().any(|card| card.organization == organization);
                let mut below = everywhere.clone();
                below.retain(|record| is_below(record.branch));
                below.sort_by_key(|record| record.log_index);
                let mut told = waiting(organization, month);
                told.sort_by_key(|record| record.log_index);
                prop_assert_eq!(told, below);
            }
        }
    }

    /// The rules that are in force already would have changed nothing.
    #[test]
    fn simulating_a_month_by_its_own_rules_gives_what_was_settled(log in log()) {
        let models = replay(&log);
        for month in months() {
            let Some((rules, _)) = models.rules_in_force(month) else { continue };
            let simulated = models.simulate(rules, month, 1);
            let of_month = &simulated.months[0];
            prop_assert_eq!(of_month.before, of_month.after);
            prop_assert_eq!((simulated.gained, simulated.lost, simulated.movers.len()), (0, 0, 0));
            prop_assert!(simulated.bands.iter().all(|of| of.before == of.after));
        }
    }

    #[test]
    fn damaged_bytes_are_refused(log in log(), at in 0..10_000_usize, bit in 0..8_u8) {
        let mut bytes = replay(&log).to_bytes();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        prop_assert!(ReadModels::from_bytes(&bytes).is_err());
    }
}

proptest! {
    // Asks everything after every event, or of every month since the rules began.
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn a_month_is_passed_over_where_it_is_open_and_somebody_was_on_the_roster(log in log()) {
        let models = replay(&log);
        let newest = months().last().expect("a month");
        for organization in organizations() {
            let is_open = |month: &Month| {
                let progress = models.month_progress(organization, *month, models.newest_day());
                let is_settled = progress.is_none_or(|of| of.frozen_at.is_some() || of.closed.is_some());
                models.rules_in_force(*month).is_some() && !is_settled
            };
            let earlier = std::iter::successors(Some(newest.previous()), |month| Some(month.previous()));
            let mut passed: Vec<Month> = earlier.take_while(is_open).collect();
            passed.retain(|month| models.roster(organization, *month).is_some_and(|members| !members.is_empty()));
            passed.reverse();
            prop_assert_eq!(models.passed_over(organization, newest), passed);
        }
    }

    #[test]
    fn what_is_said_to_stand_since_a_tree_size_is_what_was_answered_then(log in log()) {
        let mut models = ReadModels::new();
        let (mut rankings, mut trees) = (BTreeMap::new(), BTreeMap::new());
        for (log_index, event) in log.iter().enumerate() {
            models.apply(log_index as u64, event);
            models.settle();
            let asked_before = models.tree_size() - 1;
            for organization in organizations() {
                let tree = models.subtree(organization, None);
                let before = trees.insert(organization, tree.clone());
                if models.organizations_stand_since() <= asked_before {
                    prop_assert_eq!(before.flatten(), tree);
                }
                for month in months() {
                    let ranking = models.member_ranking(organization, month, None, 100);
                    let before = rankings.insert((organization, month), ranking.clone());
                    if models.ranking_stands_since(organization, month).is_some_and(|since| since <= asked_before) {
                        prop_assert_eq!(before.flatten(), ranking);
                    }
                }
            }
        }
    }
}

fn last_moment(month: Month) -> Instant {
    Instant::from_local(month.last_day(), 23, 59, 59).expect("an instant")
}

/// The organisations without one above them at the end of a month.
fn roots(models: &ReadModels, month: Month) -> Vec<OrganizationId> {
    let at = last_moment(month);
    // An event may have established it after all.
    let nowhere = "nowhere".parse().expect("an organization code");
    organizations()
        .chain([nowhere])
        .filter(|&organization| models.organization(organization, Some(at)).is_some_and(|card| card.parent.is_none()))
        .collect()
}
