//! Tells a small log: one street with two communities, in local time, so that a test shows only what matters to it.

use mingzhang_events::*;
use mingzhang_projections::{DEFAULT_RULES_TOML, MemberPoints, ReadModels, parse_rules};

pub(crate) fn org(code: &str) -> OrganizationId {
    code.parse().expect("an organization code")
}

pub(crate) fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

/// `2026-10-03 19:30` in Shanghai.
pub(crate) fn local(text: &str) -> Instant {
    let (date, time) = text.split_once(' ').expect("a date and a time");
    let (hour, minute) = time.split_once(':').expect("hours and minutes");
    let part = |text: &str| text.parse().expect("a number");
    Instant::from_local(date.parse().expect("a date"), part(hour), part(minute), 0).expect("an instant")
}

pub(crate) fn points(text: &str) -> Points {
    text.parse().expect("points")
}

/// A log in the making. `at` sets when the following events happen; evidence is `on_site_code` unless said otherwise.
pub(crate) struct Story {
    pub(crate) log: Vec<RecordedEvent>,
    now: Instant,
    evidence: Evidence,
}

impl Story {
    /// Street `s` with communities `c1` and `c2`, each with a branch `b1`, `b2`; no members, no rules.
    pub(crate) fn street() -> Story {
        let mut story = Story { log: Vec::new(), now: local("2026-01-01 00:00"), evidence: Evidence::OnSiteCode };
        for (code, parent, level) in [
            ("s", None, OrganizationLevel::Subdistrict),
            ("c1", Some("s"), OrganizationLevel::Community),
            ("c2", Some("s"), OrganizationLevel::Community),
            ("b1", Some("c1"), OrganizationLevel::Branch),
            ("b2", Some("c2"), OrganizationLevel::Branch),
        ] {
            let (organization, parent) = (org(code), parent.map(org));
            story.tell(OrganizationEstablished { level, name: format!("组织{code}"), organization, parent });
        }
        story
    }

    /// The same street with the default rules.
    pub(crate) fn street_with_rules() -> Story {
        let mut story = Story::street();
        story.adopt(DEFAULT_RULES_TOML);
        story
    }

    pub(crate) fn adopt(&mut self, toml: &str) -> &mut Story {
        let rules = Box::new(parse_rules(toml).expect("rules"));
        self.tell(ScoringRulesAdopted { rules });
        self
    }

    pub(crate) fn at(&mut self, when: &str) -> &mut Story {
        self.now = local(when);
        self
    }

    pub(crate) fn evidenced(&mut self, evidence: Evidence) -> &mut Story {
        self.evidence = evidence;
        self
    }

    /// Adds an event and gives its id.
    pub(crate) fn tell(&mut self, event: impl Into<Event>) -> EventId {
        let number = self.log.len() as u128;
        let id = EventId((number + 1) * 0x9e37_79b9_7f4a_7c15_f39c_0c5f);
        let recorded_at = self.log.last().map_or(self.now, |last| last.recorded_at.max(self.now));
        self.log.push(RecordedEvent {
            id,
            event: event.into(),
            evidence: self.evidence,
            imported: None,
            occurred_at: self.now,
            recorded_at,
            recorded_by: "w-1".parse().expect("an actor"),
        });
        id
    }

    pub(crate) fn roster(&mut self, member: u64, branch: &str) -> &mut Story {
        let organization = org(branch);
        self.tell(MemberRostered { class: MemberClass::Resident, member: MemberId(member), organization });
        self
    }

    /// Members 1 to `count` in a branch.
    pub(crate) fn roster_many(&mut self, count: u64, branch: &str) -> &mut Story {
        for member in 1..=count {
            self.roster(member, branch);
        }
        self
    }

    pub(crate) fn schedule(&mut self, activity: u64, kind: ActivityKind, from: &str, to: &str) -> &mut Story {
        let class = match kind {
            ActivityKind::NightPatrol | ActivityKind::HomeVisit | ActivityKind::Service => ActivityClass::Voluntary,
            ActivityKind::Meeting | ActivityKind::Training => ActivityClass::Organized,
            ActivityKind::Duty | ActivityKind::Mobilization => ActivityClass::Duty,
        };
        let (activity, organization) = (ActivityId(activity), org("c1"));
        let (starts_at, ends_at) = (local(from), local(to));
        self.tell(ActivityScheduled { activity, class, emergency_grade: None, ends_at, kind, organization, starts_at });
        self
    }

    pub(crate) fn sign_up(&mut self, member: u64, activity: u64) -> &mut Story {
        self.tell(MemberSignedUp { activity: ActivityId(activity), member: MemberId(member) });
        self
    }

    /// Checks in and out again.
    pub(crate) fn serve(&mut self, member: u64, activity: u64, from: &str, to: &str) -> EventId {
        let record = self.at(from).tell(MemberCheckedIn { activity: ActivityId(activity), member: MemberId(member) });
        self.at(to).tell(MemberCheckedOut { activity: ActivityId(activity), member: MemberId(member) });
        record
    }

    pub(crate) fn visit(&mut self, member: u64, when: &str) -> EventId {
        self.at(when).tell(HomeVisitMade { household: HouseholdId(7), member: MemberId(member), minutes: 30 })
    }

    pub(crate) fn attend(&mut self, member: u64, activity: u64, outcome: AttendanceOutcome) -> EventId {
        self.tell(AttendanceRecorded { activity: ActivityId(activity), member: MemberId(member), outcome })
    }

    pub(crate) fn grant(&mut self, member: u64, clause: &str, amount: &str) -> EventId {
        let clause = clause.parse().expect("a clause");
        self.tell(PointsGranted { decision: None, clause, member: MemberId(member), points: points(amount) })
    }

    pub(crate) fn deduct(&mut self, member: u64, clause: &str, amount: &str) -> EventId {
        let clause = clause.parse().expect("a clause");
        self.tell(PointsDeducted { decision: None, clause, member: MemberId(member), points: points(amount) })
    }

    pub(crate) fn reset(&mut self, member: u64, clause: &str) -> EventId {
        self.tell(PointsReset { clause: clause.parse().expect("a clause"), member: MemberId(member) })
    }

    pub(crate) fn veto(&mut self, member: u64, clause: &str) -> EventId {
        self.tell(PointsVetoed { clause: clause.parse().expect("a clause"), member: MemberId(member) })
    }

    pub(crate) fn quash(&mut self, decision: EventId) -> EventId {
        self.tell(DecisionQuashed { decision, reason: QuashingReason::AppealUpheld })
    }

    pub(crate) fn reclassify(&mut self, member: u64, class: MemberClass) -> EventId {
        self.tell(MemberReclassified { decision: None, class, member: MemberId(member) })
    }

    /// Plans an activity for one member alone and serves so many minutes at it. Gives the record.
    pub(crate) fn served(
        &mut self,
        member: u64,
        kind: ActivityKind,
        class: ActivityClass,
        grade: Option<EmergencyGrade>,
        from: &str,
        minutes: u32,
    ) -> EventId {
        let (activity, starts_at) = (ActivityId(1_000 + self.log.len() as u64), local(from));
        let (organization, emergency_grade) = (org("c1"), grade);
        let ends_at = starts_at.plus_minutes(minutes.max(1));
        self.at(from).tell(ActivityScheduled {
            activity,
            class,
            emergency_grade,
            ends_at,
            kind,
            organization,
            starts_at,
        });
        let record = self.tell(MemberCheckedIn { activity, member: MemberId(member) });
        self.now = starts_at.plus_minutes(minutes);
        self.tell(MemberCheckedOut { activity, member: MemberId(member) });
        record
    }

    /// Voluntary service of so many minutes.
    pub(crate) fn service(&mut self, member: u64, from: &str, minutes: u32) -> EventId {
        self.served(member, ActivityKind::Service, ActivityClass::Voluntary, None, from, minutes)
    }

    /// A night patrol of so many minutes.
    pub(crate) fn patrol(&mut self, member: u64, from: &str, minutes: u32) -> EventId {
        self.served(member, ActivityKind::NightPatrol, ActivityClass::Voluntary, None, from, minutes)
    }

    pub(crate) fn close(&mut self, of: &str, organization: &str) -> &mut Story {
        self.tell(MonthClosed { month: month(of), organization: org(organization) });
        self
    }

    /// The read models of the whole story; the same whether it was read in one go, or event by event with questions and a
    /// new start after each.
    pub(crate) fn models(&self) -> ReadModels {
        let (mut whole, mut asked, mut reloaded) = (ReadModels::new(), ReadModels::new(), ReadModels::new());
        for (log_index, event) in self.log.iter().enumerate() {
            whole.apply(log_index as u64, event);
            asked.apply(log_index as u64, event);
            asked.settle();
            answers(&asked);
            reloaded.apply(log_index as u64, event);
            reloaded.settle();
            reloaded = ReadModels::from_bytes(&reloaded.to_bytes()).expect("our own bytes");
        }
        whole.settle();
        assert!(whole.to_bytes() == asked.to_bytes(), "settling after each event gives the same bytes");
        assert!(whole.to_bytes() == reloaded.to_bytes(), "starting anew after each event gives the same bytes");
        assert_eq!(answers(&whole), answers(&asked), "what was kept from earlier questions is mended");
        whole
    }

    /// The read models of a story too long to be read again after each event.
    pub(crate) fn folded(&self) -> ReadModels {
        let mut models = ReadModels::new();
        models.apply_batch(0, &self.log);
        models.settle();
        models
    }

    pub(crate) fn points_of(&self, member: u64, of: &str) -> MemberPoints {
        self.models().member_points(MemberId(member), month(of)).expect("a known member")
    }

    /// The total of a member in October 2026, as text.
    pub(crate) fn october(&self, member: u64) -> String {
        self.points_of(member, "2026-10").total.to_string()
    }

    pub(crate) fn log_index_of(&self, id: EventId) -> u64 {
        self.log.iter().position(|event| event.id == id).expect("an event of this story") as u64
    }
}

/// What the months around October say, as text.
fn answers(models: &ReadModels) -> String {
    let mut text = String::new();
    for of in ["2026-09", "2026-10", "2026-11"].map(month) {
        for organization in ["s", "c1", "b2"].map(org) {
            text.push_str(&format!("{:?}\n", models.month_summary(organization, of)));
            text.push_str(&format!("{:?}\n", models.member_ranking(organization, of, None, 10)));
        }
    }
    text
}
