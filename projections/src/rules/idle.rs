//! What a sound rules document says and that never applies. Told when it is checked; nothing here makes a document unusable.
//!
//! A document with these could always be adopted, and stays adopted.

use super::document::{DocumentFault, located};
use mingzhang_events::{
    ActivityClass, ActivityKind, AwardClause, AwardDirection, Coefficient, DeductionGround, DeductionItem, Evidence,
    MemberClass, RulesFault, ScoringItem, ScoringRules,
};

/// What never applies of a sound document (TOML), in order of place.
pub fn idle_rules(toml: &str, rules: &ScoringRules) -> Vec<DocumentFault> {
    let mut idle = Vec::new();
    idle.extend(rules.items.iter().enumerate().filter_map(|(at, item)| item_is_idle(&rules.items[..at], item)));
    idle.extend(rules.coefficients.iter().filter_map(|of| coefficient_is_idle(&rules.items, of)));
    let deductions = rules.deductions.iter().enumerate();
    idle.extend(deductions.filter_map(|(at, of)| deduction_is_idle(&rules.deductions[..at], of)));
    idle.extend(base_is_idle(rules));
    let takes_only = |award: &&AwardClause| award.group.is_some() && award.only == Some(AwardDirection::Deduct);
    idle.extend(rules.awards.iter().filter(takes_only).map(|award| RulesFault {
        clause: Some(award.clause),
        field: "group",
        chinese: "只扣分的条款不受类别的上限管：删去 group，或用 caps 写它自己的上限".to_owned(),
        english: "a group limits what is given, and this only takes: leave it out, or say its own caps".to_owned(),
    }));
    idle.extend(office_is_idle(rules));
    located(toml, idle)
}

fn item_is_idle(before: &[ScoringItem], item: &ScoringItem) -> Option<RulesFault> {
    let earlier = |class: ActivityClass| {
        before.iter().find(|of| of.kind == item.kind && of.class.is_none_or(|only| only == class))
    };
    let mut classes = ActivityClass::ALL.iter().copied().filter(|class| item.class.is_none_or(|only| only == *class));
    let first = classes.clone().find_map(earlier)?;
    classes.all(|class| earlier(class).is_some()).then(|| RulesFault {
        clause: Some(item.clause),
        field: "kind",
        chinese: format!("同类别的记录总是先适用条款 {}：换一个类别，用 class 分开，或删去", first.clause),
        english: format!("clause {} always takes records of this kind first: name another kind, tell them apart by class, or leave it out", first.clause),
    })
}

fn coefficient_is_idle(items: &[ScoringItem], of: &Coefficient) -> Option<RulesFault> {
    let say = |field, chinese: &str, english: &str| {
        let (chinese, english) = (chinese.to_owned(), english.to_owned());
        Some(RulesFault { clause: Some(of.clause), field, chinese, english })
    };
    let mut fitting = items
        .iter()
        .filter(|item| of.items.is_empty() || of.items.contains(&item.clause))
        .filter(|item| of.kinds.is_empty() || of.kinds.contains(&item.kind))
        .peekable();
    if fitting.peek().is_none() {
        return match (of.items.is_empty(), of.kinds.is_empty()) {
            (false, false) => say(
                "kinds",
                "items 所列的条款都不是 kinds 所列的类别：删去其中一项，或写相符的",
                "none of its items is of these kinds: leave one of the two out, or name what meets",
            ),
            (true, false) => say("kinds", "没有条款是这些类别的", "no item is of these kinds"),
            (_, true) => None,
        };
    }
    if !of.emergency_grades.is_empty() && fitting.all(|item| item.kind != ActivityKind::Mobilization) {
        return say(
            "emergency_grades",
            "只有急难险重的活动有应急等级，可适用的条款都不是",
            "only mobilizations have an emergency grade, and nothing that it could fit is one",
        );
    }
    let is_office = |of: &[Evidence]| !of.is_empty() && of.iter().all(|evidence| *evidence == Evidence::Office);
    if is_office(&of.evidence) { say("evidence", OFFICE.0, OFFICE.1) } else { None }
}

fn deduction_is_idle(before: &[DeductionItem], of: &DeductionItem) -> Option<RulesFault> {
    let say =
        |field, chinese: String, english: String| Some(RulesFault { clause: Some(of.clause), field, chinese, english });
    match (of.on, of.kind) {
        (
            DeductionGround::AbsenceWithoutLeave,
            Some(
                ActivityKind::NightPatrol
                | ActivityKind::HomeVisit
                | ActivityKind::Duty
                | ActivityKind::Service
                | ActivityKind::Mobilization,
            ),
        ) => {
            return say(
                "kind",
                "缺席只对会议和培训登记：没有去的巡逻等活动，用 no_show".to_owned(),
                "absence is recorded of meetings and trainings only: of what one signed up for, use no_show".to_owned(),
            );
        }
        (DeductionGround::NoShow, Some(ActivityKind::HomeVisit | ActivityKind::Duty)) => {
            return say(
                "kind",
                "走访和值守不报名，除非把它们安排为活动".to_owned(),
                "nobody signs up for visits and duties, unless they are scheduled as activities".to_owned(),
            );
        }
        (DeductionGround::AbsenceWithoutLeave | DeductionGround::NoShow, _) => {}
    }
    let first =
        before.iter().find(|earlier| earlier.on == of.on && (earlier.kind.is_none() || earlier.kind == of.kind))?;
    say(
        "clause",
        format!("总是先适用条款 {}：把这一条移到它前面，或删去", first.clause),
        format!("clause {} always applies first: put this one before it, or leave it out", first.clause),
    )
}

fn base_is_idle(rules: &ScoringRules) -> impl Iterator<Item = RulesFault> + '_ {
    rules.base.iter().enumerate().filter_map(|(at, base)| {
        let earlier = |class: MemberClass| rules.base[..at].iter().find(|of| of.fits(class));
        let mut classes = MemberClass::ALL.iter().copied().filter(|class| base.fits(*class));
        let first = classes.clone().find_map(earlier)?;
        classes.all(|class| earlier(class).is_some()).then(|| RulesFault {
            clause: Some(base.clause),
            field: "clause",
            chinese: format!("这些类别的党员总是先适用条款 {}：移到它前面，或删去", first.clause),
            english: format!(
                "clause {} always applies to these classes first: put this one before it, or leave it out",
                first.clause
            ),
        })
    })
}

const OFFICE: (&str, &str) = (
    "没有服务记录以 office 佐证：删去，或写 back_entered、imported 等",
    "no record of service is evidenced by `office`: leave it out, or say back_entered, imported or another",
);

fn office_is_idle(rules: &ScoringRules) -> impl Iterator<Item = RulesFault> + '_ {
    let quota = rules.back_entry_quota.as_ref().filter(|quota| quota.evidence.contains(&Evidence::Office));
    let quota = quota.map(|quota| (Some(quota.clause), "evidence"));
    let review = rules.review_required_for.contains(&Evidence::Office).then_some((None, "review_required_for"));
    let (chinese, english) = OFFICE;
    quota.into_iter().chain(review).map(move |(clause, field)| RulesFault {
        clause,
        field,
        chinese: chinese.to_owned(),
        english: english.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{DEFAULT_RULES_TOML, parse_rules};

    const HEAD: &str = "title = \"t\"\nversion = \"v\"\neffective_from = \"2026-10\"\nreview_required_for = []\n";
    const VISITS: &str =
        "[[items]]\nclause = \"1.1\"\nname = \"n\"\nkind = \"home_visit\"\nper = \"occurrence\"\npoints = \"2\"\n";
    const SERVICE: &str =
        "[[items]]\nclause = \"1.2\"\nname = \"n\"\nkind = \"service\"\nper = \"hour\"\npoints = \"1\"\n";

    fn coefficient(lines: &str) -> String {
        format!("{HEAD}{VISITS}{SERVICE}[[coefficients]]\nclause = \"2\"\nname = \"n\"\ntimes = \"2\"\n{lines}\n")
    }

    fn deductions(first: &str, second: &str) -> String {
        let of = |clause: &str, lines: &str| {
            format!("[[deductions]]\nclause = \"{clause}\"\nname = \"n\"\npoints = \"1\"\n{lines}\n")
        };
        format!("{HEAD}{}{}", of("3.1", first), if second.is_empty() { String::new() } else { of("3.2", second) })
    }

    fn base(first: &str) -> String {
        let of = |clause: &str, lines: &str| {
            format!("[[base]]\nclause = \"{clause}\"\nname = \"n\"\neach = \"year\"\npoints = \"60\"\n{lines}\n")
        };
        format!("{HEAD}{}{}", of("0.1", first), of("0.2", "member_classes = [\"deployed\"]"))
    }

    fn award(only: &str) -> String {
        format!(
            "{HEAD}[[groups]]\nclause = \"5\"\nname = \"n\"\ncaps = {{ per_month = \"9\" }}\n\
             [[awards]]\nclause = \"5.1\"\nname = \"n\"\npoints_max = \"5\"\nonly = \"{only}\"\ngroup = \"5\"\n"
        )
    }

    fn quota(evidence: &str) -> String {
        format!(
            "{HEAD}[back_entry_quota]\nclause = \"6\"\nname = \"n\"\nevidence = [\"{evidence}\"]\nrecords_max = 2\n"
        )
    }

    /// Each with the line at which it is told, and the same with what makes it apply.
    #[test]
    fn what_never_applies_is_told_at_its_line_and_what_can_apply_is_not() {
        let second = |class: &str| format!("{HEAD}{SERVICE}{class}{}{class}", SERVICE.replace("1.2", "1.3"));
        let cases = [
            (coefficient("items = [\"1.1\"]\nkinds = [\"service\"]"), Some((22, 9))),
            (coefficient("items = [\"1.2\"]\nkinds = [\"service\"]"), None),
            (coefficient("kinds = [\"training\"]"), Some((21, 9))),
            (coefficient("kinds = [\"home_visit\"]\nemergency_grades = [\"serious\"]"), Some((22, 20))),
            (coefficient("evidence = [\"office\"]"), Some((21, 12))),
            (coefficient("evidence = [\"office\", \"attested\"]"), None),
            (deductions("on = \"absence_without_leave\"\nkind = \"night_patrol\"", ""), Some((10, 8))),
            (deductions("on = \"absence_without_leave\"\nkind = \"home_visit\"", ""), Some((10, 8))),
            (deductions("on = \"absence_without_leave\"\nkind = \"meeting\"", ""), None),
            (deductions("on = \"no_show\"\nkind = \"home_visit\"", ""), Some((10, 8))),
            (deductions("on = \"no_show\"\nkind = \"night_patrol\"", ""), None),
            (deductions("on = \"no_show\"", "on = \"no_show\"\nkind = \"service\""), Some((11, 10))),
            (deductions("on = \"no_show\"\nkind = \"service\"", "on = \"no_show\""), None),
            (second(""), Some((14, 8))),
            (second("class = \"voluntary\"\n"), Some((15, 8))),
            (format!("{HEAD}{SERVICE}class = \"voluntary\"\n{}", SERVICE.replace("1.2", "1.3")), None),
            (base(""), Some((12, 10))),
            (base("member_classes = [\"resident\"]"), None),
            (award("deduct"), Some((14, 9))),
            (award("grant"), None),
            (quota("office"), Some((8, 12))),
            (quota("back_entered"), None),
            (HEAD.replace("[]", "[\"office\"]"), Some((4, 23))),
        ];
        for (document, place) in cases {
            let rules = parse_rules(&document).unwrap_or_else(|fault| panic!("{fault}\n{document}"));
            let told: Vec<_> = idle_rules(&document, &rules).iter().map(|of| (of.line, of.column)).collect();
            assert_eq!(told, place.into_iter().collect::<Vec<_>>(), "{document}");
        }
    }

    #[test]
    fn everything_in_the_rules_to_start_from_can_apply() {
        let rules = parse_rules(DEFAULT_RULES_TOML).expect("the default rules");
        assert_eq!(idle_rules(DEFAULT_RULES_TOML, &rules), []);
    }
}
