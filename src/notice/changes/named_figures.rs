//! Every figure of a notice that isn't of a member's or an organisation's line, with its place in the JSON and its name.

use crate::document::Cell;
use crate::notice::circular::Notice;
use crate::notice::figures::{Rate, Rates, SessionFigures, Totals};
use crate::notice::wording::{self, Words, figures};
use crate::notice::{format, wording::month_in_words};
use mingzhang_events::{Month, Points};
use serde::{Serialize, Serializer};

/// A figure as the notice has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FigureValue {
    /// So many.
    Count(u64),
    /// Whole minutes.
    Minutes(u64),
    /// 积分.
    Points(Points),
    /// 率.
    Rate(Rate),
    /// A name.
    Text(String),
}

impl FigureValue {
    /// As people read it, with the value that it is.
    pub fn cell(&self) -> Cell {
        let worded = |words, value| Cell::Worded { words, value: Box::new(value) };
        match self {
            FigureValue::Count(count) => worded(format::count(*count), Cell::Count(*count)),
            FigureValue::Minutes(minutes) => worded(format::hours_in_words(*minutes), Cell::Minutes(*minutes)),
            FigureValue::Points(points) => worded(format::points(*points), Cell::Points(*points)),
            FigureValue::Rate(rate) => match rate.percent_hundredths() {
                Some(hundredths) => worded(format::percent_of(*rate), Cell::Percent(hundredths)),
                None => Cell::Text(format::percent_of(*rate)),
            },
            FigureValue::Text(text) => Cell::Text(text.clone()),
        }
    }
}

impl Serialize for FigureValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            FigureValue::Count(count) | FigureValue::Minutes(count) => serializer.serialize_u64(*count),
            FigureValue::Points(points) => points.serialize(serializer),
            FigureValue::Rate(rate) => rate.serialize(serializer),
            FigureValue::Text(text) => serializer.serialize_str(text),
        }
    }
}

pub(super) struct NamedFigure {
    pub(super) figure: String,
    pub(super) name: Words,
    pub(super) value: Option<FigureValue>,
}

#[derive(Default)]
struct Figures {
    all: Vec<NamedFigure>,
    /// Of the month before.
    of: Option<Month>,
}

impl Figures {
    fn add(&mut self, figure: &str, name: &Words, value: impl Into<Option<FigureValue>>) {
        let (figure, name) = match self.of {
            None => (figure.to_owned(), name.clone()),
            Some(month) => (
                format!("previous.{figure}"),
                Words {
                    chinese: format!("{}{}", month_in_words(month), name.chinese).into(),
                    english: format!("{} of {month}", name.english).into(),
                },
            ),
        };
        self.all.push(NamedFigure { figure, name, value: value.into() });
    }

    fn counts<const N: usize>(&mut self, of: &str, name: &Words, counts: [(&str, Words, u32); N]) {
        for (figure, what, count) in counts {
            let name = joined(name, &what);
            self.add(&format!("{of}.{figure}"), &name, FigureValue::Count(count.into()));
        }
    }

    fn rates(&mut self, rates: &Rates) {
        for (figure, name, rate) in [
            ("rates.enrollment", figures::ENROLLMENT, rates.enrollment),
            ("rates.pairing_participation", figures::PAIRING_PARTICIPATION, rates.pairing_participation),
            ("rates.pairing_sign_up", figures::PAIRING_SIGN_UP, rates.pairing_sign_up),
            ("rates.participation", figures::PARTICIPATION, rates.participation),
            ("rates.patrol_participation", figures::PATROL_PARTICIPATION, rates.patrol_participation),
            ("rates.patrol_sign_up", figures::PATROL_SIGN_UP, rates.patrol_sign_up),
        ] {
            self.add(figure, &name, FigureValue::Rate(rate));
        }
    }

    fn totals(&mut self, totals: &Totals) {
        self.add("totals.points", &figures::POINTS, FigureValue::Points(totals.points));
        self.add("totals.average_points", &figures::AVERAGE_POINTS, totals.average_points.map(FigureValue::Points));
        let minutes = FigureValue::Minutes(totals.voluntary_minutes);
        self.add("totals.voluntary_minutes", &figures::VOLUNTARY_TIME, minutes);
    }

    fn sessions(&mut self, of: &str, name: &Words, sessions: &SessionFigures) {
        let SessionFigures { absent, attended, held, on_leave } = *sessions;
        let counts = [
            ("held", Words::new("次数", "held"), held),
            ("attended", Words::new("出席人次", "attended"), attended),
            ("on_leave", Words::new("请假人次", "on leave"), on_leave),
            ("absent", Words::new("缺席人次", "absent"), absent),
        ];
        self.counts(of, name, counts);
    }
}

fn joined(name: &Words, what: &Words) -> Words {
    Words {
        chinese: format!("{}{}", name.chinese, what.chinese).into(),
        english: format!("{}, {}", name.english, what.english).into(),
    }
}

/// In the order of the notice.
pub(super) fn named_figures(notice: &Notice) -> Vec<NamedFigure> {
    let mut all = Figures::default();
    all.add("name", &figures::ORGANIZATION, FigureValue::Text(notice.name.clone()));
    all.add("due", &Words::new("应报到人数", "Due"), FigureValue::Count(notice.due.into()));
    all.rates(&notice.rates);
    all.totals(&notice.totals);
    let (patrols, records) = (&notice.patrols, &notice.records);
    let counts = [
        ("shifts", Words::new("班次", "shifts"), patrols.shifts),
        ("signed_up", Words::new("报名人次", "signed up"), patrols.signed_up),
        ("attended", Words::new("参加人次", "attended"), patrols.attended),
        ("no_shows", Words::new("报名未到人次", "no-shows"), patrols.no_shows),
    ];
    all.counts("patrols", &figures::PATROLS, counts);
    let patrol_time = joined(&figures::PATROLS, &Words::new("时长", "time"));
    all.add("patrols.minutes", &patrol_time, FigureValue::Minutes(patrols.minutes));
    let visits = joined(&figures::VISITS, &Words::new("次数", "made"));
    all.add("home_visits", &visits, FigureValue::Count(notice.home_visits.into()));
    all.sessions("meetings", &figures::MEETINGS, &notice.meetings);
    all.sessions("trainings", &figures::TRAININGS, &notice.trainings);
    if let Some(duty) = &notice.duty {
        let counts = [
            ("days_covered", Words::new("有人在岗天数", "days covered"), duty.days_covered),
            ("days_needed", Words::new("应值守天数", "days needed"), duty.days_needed),
            (
                "members_per_working_day",
                Words::new("每日应到队员", "members a day"),
                duty.members_per_working_day.into(),
            ),
            ("working_days", Words::new("工作日", "working days"), duty.working_days),
        ];
        all.counts("duty", &figures::DUTY, counts);
    }
    let counts = [
        ("accepted", Words::new("：有效", "counted"), records.accepted),
        ("pending", Words::new("：待审核", "pending"), records.pending),
        ("returned", Words::new("：退回", "returned"), records.returned),
        ("check_out_missing", Words::new("：未签退", "no check-out"), records.check_out_missing),
    ];
    all.counts("records", &figures::RECORDS, counts);
    for line in &notice.evidence {
        let how = wording::evidence(line.evidence);
        let name = joined(&Words::new("佐证方式：", "Evidence"), &how);
        all.add(&format!("evidence.{}", line.evidence), &name, FigureValue::Count(line.records.into()));
    }
    if let Some(rules) = &notice.rules {
        let named = format!("《{}》（{}版）", rules.title, rules.version);
        all.add("rules", &Words::new("积分细则", "Rules"), FigureValue::Text(named));
    }
    let groups = FigureValue::Count(notice.published_group_members_min.into());
    all.add("published_group_members_min", &Words::new("公布比率的最少人数", "Smallest group published"), groups);
    if let Some(previous) = &notice.previous {
        all.of = Some(previous.month);
        all.rates(&previous.rates);
        all.totals(&previous.totals);
    }
    all.all
}

#[cfg(test)]
mod tests {
    use super::named_figures;
    use crate::notice::samples;
    use serde_json::Value;

    /// What is compared line by line, or is said of the notice itself.
    const ELSEWHERE: [&str; 10] = [
        "checkpoint",
        "evidence",
        "format",
        "level",
        "members",
        "month",
        "month_closed",
        "number",
        "organization",
        "sub_organizations",
    ];

    fn leaves(place: &str, value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) if !fields.contains_key("numerator") => {
                for (key, below) in fields {
                    leaves(&if place.is_empty() { key.clone() } else { format!("{place}.{key}") }, below, found);
                }
            }
            Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                found.push(place.to_owned());
            }
        }
    }

    #[test]
    fn every_figure_of_a_notice_has_a_name_and_is_compared() {
        let mut notice = serde_json::from_slice::<Value>(&samples::street().canonical_json()).expect("JSON");
        let fields = notice.as_object_mut().expect("an object");
        ELSEWHERE.iter().for_each(|elsewhere| drop(fields.remove(*elsewhere).expect(elsewhere)));
        fields.insert("rules".to_owned(), Value::Null);
        fields["previous"].as_object_mut().expect("an object").remove("month");
        let mut wanted = Vec::new();
        leaves("", &notice, &mut wanted);
        let compared: Vec<String> = named_figures(&samples::street()).into_iter().map(|of| of.figure).collect();
        for place in wanted {
            assert!(compared.contains(&place), "{place} isn't compared");
        }
    }
}
