//! Every fixed text of the notice in one place: Chinese first, English second.

use super::format::count;
use crate::document::Title;
use crate::transparency::Witnessing;
use mingzhang_events::{
    ActivityKind, Cutoff, Evidence, ExemptionReason, MemberClass, Month, OrganizationLevel, RateDefinition, RateKind,
    RecordDating,
};
use mingzhang_projections::{Occasion, Standing};
use std::borrow::Cow;

/// One text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// 简体中文.
    pub chinese: Cow<'static, str>,
    /// English.
    pub english: Cow<'static, str>,
}

impl Words {
    /// A fixed text.
    pub const fn new(chinese: &'static str, english: &'static str) -> Words {
        Words { chinese: Cow::Borrowed(chinese), english: Cow::Borrowed(english) }
    }
}

const fn words(chinese: &'static str, english: &'static str) -> Words {
    Words::new(chinese, english)
}

/// What the series is called (红头).
pub const SERIES: Words = words("积分每月通报", "Monthly circular of points");
/// Where a draft has no number yet.
pub const DRAFT: Words = words("草稿，尚未印发", "Draft, not issued");
/// Where a draft that is disclosed has no number yet.
pub fn disclosed_until(until: jiff::civil::Date) -> Words {
    let chinese = format!("公示稿，公示至 {} 止，期间可以提出异议", date_in_words(until));
    let english = format!("Disclosed until {until}; objections may be raised until then");
    Words { chinese: chinese.into(), english: english.into() }
}
/// To whom.
pub const ADDRESSEES: &str = "所辖各党组织，全体党员：";
/// The end of the body.
pub const HEREBY: &str = "特此通报。";
/// The end of the body of what is disclosed.
pub const HEREBY_DISCLOSED: &str = "特此公示。";
/// The heading of how to object to what is disclosed.
pub const OBJECTING: Words = words("公示期与异议", "Period and objections");
/// Before whom to turn to.
pub const CONTACT: &str = "联系方式：";
/// Where and by whom objections are raised.
pub const HOW_TO_OBJECT: &str = "对公示中与自己有关的记录、加减分或本人一行有异议的，党员可在公示期内向所在党支部或公布单位提出，注明编号尾号、活动日期和事由；没有账号的，由经办人代为提出。异议由没有经办、更正或审核过该记录的人决定，答复和更正均记入账本。";
/// The same in English.
pub const HOW_TO_OBJECT_IN_ENGLISH: &str = "Until the last day, a member who disagrees with a record, points or their own line raises it with their branch or the issuing body, naming the last digits of their number, the day and the reason; whoever has no log-in has it written down by a recorder. Somebody who had no hand in the record decides, and what follows is in the ledger.";

/// From when until when something is disclosed (公示期), both days included.
pub fn disclosure_period(from: Option<jiff::civil::Date>, until: jiff::civil::Date) -> String {
    let from = from.map(|from| format!("自{}起，", date_in_words(from))).unwrap_or_default();
    format!("公示期{from}至{}止。", date_in_words(until))
}

/// Section headings, without their numbers.
pub mod headings {
    use super::{Words, words};
    /// The three rates and the sums.
    pub const OVERVIEW: Words = words("总体情况", "Overview");
    /// One row for each organisation below.
    pub const ORGANIZATIONS: Words = words("各组织情况", "By organisation");
    /// What was done.
    pub const SERVICE: Words = words("履职情况", "What was done");
    /// Where the records come from.
    pub const EVIDENCE: Words = words("记录与佐证", "Records and evidence");
    /// Rules and definitions.
    pub const DEFINITIONS: Words = words("细则与口径", "Rules and definitions");
    /// The checkpoint and how to check.
    pub const CHECKING: Words = words("如何核验", "How to check");
    /// All members.
    pub const MEMBERS: Words = words("附件　党员积分排名", "Annex: members by points");
    /// The same where whoever prints it numbers the annexes.
    pub const RANKING: Words = words("党员积分排名", "Members by points");
    /// The annex of what changed, item by item.
    pub const ITEMS_CHANGED: Words = words("更正明细", "What was corrected, item by item");
}

/// Names of figures, as cards, columns and lines show them.
pub mod figures {
    use super::{Words, words};
    /// [`crate::notice::Rates::enrollment`].
    pub const ENROLLMENT: Words = words("报到率", "Enrolment");
    /// [`crate::notice::Rates::pairing_sign_up`].
    pub const PAIRING_SIGN_UP: Words = words("结对报名率", "Paired");
    /// [`crate::notice::Rates::patrol_sign_up`].
    pub const PATROL_SIGN_UP: Words = words("巡逻报名率", "Patrol sign-up");
    /// [`crate::notice::Rates::participation`].
    pub const PARTICIPATION: Words = words("参与率", "Participation");
    /// [`crate::notice::Rates::pairing_participation`].
    pub const PAIRING_PARTICIPATION: Words = words("走访参与率", "Visiting");
    /// [`crate::notice::Rates::patrol_participation`].
    pub const PATROL_PARTICIPATION: Words = words("巡逻参与率", "Patrolling");
    /// [`crate::notice::Notice::due`].
    pub const DUE: Words = words("应报到", "due");
    /// The numerator of 报到率.
    pub const ENROLLED: Words = words("已报到", "enrolled");
    /// The numerator of 结对报名率.
    pub const PAIRED: Words = words("已结对", "paired");
    /// The numerator of the sign-up rates.
    pub const SIGNED_UP: Words = words("已报名", "signed up");
    /// The numerator of the participation rates.
    pub const TOOK_PART: Words = words("已参加", "took part");
    /// [`crate::notice::Totals::points`].
    pub const POINTS: Words = words("积分合计", "Points");
    /// [`crate::notice::Totals::average_points`].
    pub const AVERAGE_POINTS: Words = words("人均积分", "Average");
    /// [`crate::notice::Totals::voluntary_minutes`].
    pub const VOLUNTARY_TIME: Words = words("志愿服务时长", "Voluntary time");
    /// 名次.
    pub const RANK: Words = words("名次", "Rank");
    /// An organisation's name.
    pub const ORGANIZATION: Words = words("组织", "Organisation");
    /// A member's name.
    pub const MEMBER: Words = words("党员", "Member");
    /// A member's organisation.
    pub const BRANCH: Words = words("所在支部", "Branch");
    /// A member's points.
    pub const MEMBER_POINTS: Words = words("积分", "Points");
    /// [`crate::notice::PatrolFigures`].
    pub const PATROLS: Words = words("夜间巡逻", "Night patrols");
    /// [`crate::notice::Notice::home_visits`].
    pub const VISITS: Words = words("结对走访", "Home visits");
    /// [`crate::notice::Notice::meetings`].
    pub const MEETINGS: Words = words("会议", "Meetings");
    /// [`crate::notice::Notice::trainings`].
    pub const TRAININGS: Words = words("培训", "Trainings");
    /// [`crate::notice::DutyFigures`].
    pub const DUTY: Words = words("每日值守", "Daily duty");
    /// [`crate::notice::EvidenceCount`].
    pub const EVIDENCE: Words = words("佐证方式", "Evidence");
    /// A count of records.
    pub const RECORDS: Words = words("记录数", "Records");
    /// A part of all records.
    pub const SHARE: Words = words("占比", "Share");
    /// [`crate::notice::CheckpointHead::origin`].
    pub const ORIGIN: Words = words("账本", "Log");
    /// [`crate::notice::CheckpointHead::tree_size`].
    pub const TREE_SIZE: Words = words("条目数", "Entries");
    /// [`crate::notice::CheckpointHead::root_hash`].
    pub const ROOT_HASH: Words = words("根哈希", "Root hash");
    /// [`crate::notice::Notice::digest`].
    pub const DIGEST: Words = words("通报摘要", "Digest");
}

/// The pictures: title, and what is drawn. The months stand before it.
pub mod charts {
    use super::{Words, words};
    /// All of them.
    pub const CHARTS: Words = words("附图", "Charts");
    /// What they are, and what they are not.
    pub const BESIDE: Words = words(
        "附图与通报出自同一检查点的记录，不属于通报正文，不计入通报摘要。人数过少的月份不绘。",
        "The charts are drawn from the entries of the same checkpoint. They are no part of the notice and of its digest. Months of too few members aren't drawn.",
    );
    /// Points by month.
    pub const POINTS: (Words, Words) =
        (words("积分合计走势", "Points by month"), words("每月积分合计。", "the points of each month."));
    /// Rates by month.
    pub const RATES: (Words, Words) = (
        words("报到、报名和参与走势", "Rates by month"),
        words(
            "每月的报到率、结对报名率、巡逻报名率和参与率。",
            "enrolment, paired, patrol sign-up and participation of each month.",
        ),
    );
    /// Members by points.
    pub const DISTRIBUTION: (Words, Words) = (
        words("积分分布", "Members by points"),
        words(
            "各分数段的党员人数；分数段含上限，不含下限。",
            "how many members have so many points; a band has its upper bound and not its lower one.",
        ),
    );
    /// Accepted records by kind.
    pub const KINDS: (Words, Words) = (
        words("活动构成", "What was done"),
        words(
            "有效记录按活动种类的构成；表中为记录数。",
            "accepted records by what was done, as shares; the table has their numbers.",
        ),
    );
    /// Records by evidence.
    pub const EVIDENCE: (Words, Words) = (
        words("佐证构成", "How it was evidenced"),
        words(
            "有效和待审核记录按佐证方式的构成；表中为记录数。",
            "accepted and pending records by how they were evidenced, as shares; the table has their numbers.",
        ),
    );
    /// A step.
    pub const MONTH: Words = words("月份", "Month");
    /// What the distribution counts.
    pub const MEMBERS: Words = words("党员人数", "Members");
    /// Before the bands.
    pub const BELOW_ZERO: &str = "＜0";
}

/// What each figure means, in the order of the notice (短注), where records at an activity are dated so, or at some by one and at some by the other.
pub fn definitions(dated_by: Option<RecordDating>) -> impl Iterator<Item = Words> {
    let dating = match dated_by {
        Some(RecordDating::PlannedStart) => words(
            "活动的记录按活动计划开始之日（北京时间）归月，不属于活动的走访、值守等按实际开始之日归月；按党员当时所在的支部归组织。跨午夜的巡逻是一次活动。",
            "A record at an activity belongs to the local date on which that was planned to start, any other to the one on which it started, and to the member's branch of that moment.",
        ),
        None => words(
            "活动的记录，按登入该活动时已知的细则归月：有的按活动计划开始之日（北京时间），有的按实际开始（签到）之日；不属于活动的走访、值守等按实际开始之日。按党员当时所在的支部归组织。跨午夜的巡逻是一次活动。",
            "A record at an activity belongs, as the rules say that were known when the activity was entered, to the local date on which that was planned to start or to that of the check-in; any other to the one on which it started. It belongs to the member's branch of that moment.",
        ),
        Some(RecordDating::OwnStart) => words(
            "记录按实际开始（签到）之日（北京时间）归月，按党员当时所在的支部归组织。跨午夜的巡逻是一次活动。",
            "A record belongs to the local date of its own start (the check-in) and to the member's branch of that moment.",
        ),
    };
    OF_RATES.iter().cloned().chain([dating]).chain(OF_TIME_AND_RANK.iter().cloned())
}

const OF_RATES: &[Words] = &[
    words(
        "应报到：当月最后一刻在花名册内、且当时未被免予报到的党员。",
        "Due: on the roster at the month's last moment and not exempt then.",
    ),
    words(
        "报到率：其中当时报到有效的党员所占比例；在多个社区报到的只计一次。",
        "Enrolment: the part of them enrolled then; several communities count once.",
    ),
    words(
        "结对报名率：应报到党员中，当月有结对关系的比例。走访参与率：其中有有效走访记录的比例。",
        "Paired: the part with a pairing in the month. Visiting: the part with an accepted visit.",
    ),
    words(
        "巡逻报名率：应报到党员中，当月至少报名一次且未在开始前撤回的比例，已取消的巡逻不计。巡逻参与率：有有效巡逻记录的比例。",
        "Patrol sign-up: the part signed up at least once and not withdrawn before the start, cancelled patrols aside. Patrolling: the part with an accepted record.",
    ),
    words(
        "参与率：应报到党员中，当月至少有一条有效记录的比例。",
        "Participation: the part with at least one accepted record.",
    ),
];

const OF_TIME_AND_RANK: &[Words] = &[
    words(
        "时长为签到至签退的整分钟数；没有签退的，见证之前不计。志愿服务时长只计志愿性质的活动。",
        "Time is whole minutes from check-in to check-out; without a check-out, none until attested.",
    ),
    words(
        "积分相同，名次相同，其后名次顺延（1、2、2、4）。“—”表示没有应报到的党员，或比率未达到细则的门槛，不参加排名。",
        "Same points, same rank; the next rank skips. A dash: nobody was due, or a rate below a gate of the rules leaves it unranked.",
    ),
];

/// What comes before the definitions where the rules define a rate otherwise.
pub const UNLESS_DEFINED: Words = words(
    "以下口径，细则对个别比率另有规定的，以另列的规定为准。",
    "The definitions below hold unless the rules define a rate otherwise, as listed after them.",
);

/// How the rules of the month define one rate.
pub fn own_rate(of: &RateDefinition) -> Words {
    let name = match of.rate {
        RateKind::Enrollment => figures::ENROLLMENT,
        RateKind::PairingSignUp => figures::PAIRING_SIGN_UP,
        RateKind::PatrolSignUp => figures::PATROL_SIGN_UP,
        RateKind::VisitParticipation => figures::PAIRING_PARTICIPATION,
        RateKind::PatrolParticipation => figures::PATROL_PARTICIPATION,
        RateKind::Participation => figures::PARTICIPATION,
    };
    let at = match of.cutoff.unwrap_or(Cutoff::MonthEnd) {
        Cutoff::MonthStart => words("当月最初一刻", "the month's first moment"),
        Cutoff::MonthEnd => words("当月最后一刻", "the month's last moment"),
    };
    let classes = listed(&of.member_classes, member_class);
    let (whom, whom_english) = match of.member_classes.is_empty() {
        true => ("在花名册内的党员".into(), "everyone on the roster".into()),
        false => (format!("在花名册内的{}", classes.chinese), format!("those on the roster as {}", classes.english)),
    };
    let (excused, excused_english) = match &of.exempting_reasons {
        None => ("免予报到的不计".into(), "the exempt aside".into()),
        Some(reasons) if reasons.is_empty() => ("免予报到的也计".into(), "the exempt included".into()),
        Some(reasons) => {
            let reasons = listed(reasons, exemption);
            let english = format!("those exempt for {} aside", reasons.english);
            (format!("因{}免予报到的不计，其他免予报到的也计", reasons.chinese), english)
        }
    };
    Words {
        chinese: format!("{}按细则另定：应报到的是{}{whom}，{excused}。", name.chinese, at.chinese).into(),
        english: format!(
            "{}, as the rules define it: of {whom_english} at {}, {excused_english}.",
            name.english, at.english
        )
        .into(),
    }
}

fn listed<T: Copy>(of: &[T], word: fn(T) -> Words) -> Words {
    let words: Vec<Words> = of.iter().copied().map(word).collect();
    let joined = |text: fn(&Words) -> &str, with: &str| words.iter().map(text).collect::<Vec<_>>().join(with).into();
    Words { chinese: joined(|words| &words.chinese, "、"), english: joined(|words| &words.english, " or ") }
}

const fn member_class(class: MemberClass) -> Words {
    match class {
        MemberClass::Resident => words("社区党员", "residents"),
        MemberClass::InService => words("在职党员", "members in service"),
        MemberClass::Deployed => words("下沉党员", "deployed members"),
        MemberClass::Floating => words("流动党员", "floating members"),
    }
}

const fn exemption(reason: ExemptionReason) -> Words {
    match reason {
        ExemptionReason::Age => words("年老体弱", "age"),
        ExemptionReason::Illness => words("患病", "illness"),
        ExemptionReason::Away => words("外出", "being away"),
        ExemptionReason::Maternity => words("孕产哺乳", "maternity"),
        ExemptionReason::Other => words("其他原因", "other reasons"),
    }
}

/// How to check, step by step.
pub const CHECKING_STEPS: &[Words] = &[
    words(
        "记下或拍下账本、条目数、根哈希这三行（即二维码的内容）。以后任何时候，账本都必须能证明自己只在这之后添加过记录。",
        "Keep log, entries and root hash: the three lines of the QR code. At any later time the log must prove that it only ever grew from here.",
    ),
    words(
        "向公布单位要本通报的审计包，运行 mingzhang audit：它由全部记录重算根哈希和每个数字，应与上面相同。",
        "Ask for the audit bundle of this notice and run mingzhang audit: it recomputes root hash and figures from every entry; they must be the same.",
    ),
    words(
        "格式是公开的（C2SP tlog-tiles，RFC 6962），也可以使用他人编写的工具，包里的说明写了怎样做。",
        "The formats are public (C2SP tlog-tiles, RFC 6962): other people's tools do it too; the bundle says how.",
    ),
];
/// What the QR code holds.
pub const QR_CODE: Words = words(
    "检查点二维码：账本名称、条目数、根哈希（base64），即账本签名的三行文字。扫码存下它，日后即可对照。",
    "The checkpoint as a QR code: log, entries and root hash (base64), the three lines that the log signs. Scan and keep it.",
);
/// Where a member has left.
pub const LEFT: &str = "已转出";
/// On the paper of a ledger whose members are made up.
pub const DEMONSTRATION: Words =
    words("演示：党员和记录均为虚构", "Demonstration: the members and records are made up");
/// How people are shown.
pub const NAMES_NOTE: Words = words(
    "未经本人同意，不公布姓名：只显示姓氏和党员编号的后四位。志愿时长为“小时:分”。",
    "Names are shown by consent only; otherwise surname and the last four digits of the member's number. Time in hours:minutes.",
);

/// The title (标题).
pub fn title(month: Month) -> Title {
    titled(month, "通报")
}

/// The title of a disclosure.
pub fn disclosure_title(month: Month) -> Title {
    titled(month, "公示")
}

fn titled(month: Month, kind: &str) -> Title {
    Title::of(&["关于", &month_in_words(month), "党员参与", "基层治理", "积分情况的", kind])
}

/// The title in English.
pub fn title_in_english(month: Month) -> String {
    format!("Points of members' service to the community, {month}")
}

/// `2026年10月`.
pub fn month_in_words(month: Month) -> String {
    format!("{}年{}月", month.year(), month.month_of_year())
}

pub use crate::document::date_in_words;

/// What witnesses (见证人) say of the `tree_size` entries that the figures rest on.
pub fn witnessing(witnessing: &Witnessing, tree_size: u64) -> Words {
    match witnessing {
        Witnessing::NotConfigured => words("未配置见证人。", "No witness is configured."),
        Witnessing::Unwitnessed { witnesses } => Words {
            chinese: format!(
                "尚未见证：这{}条记录所在的检查点，还没有得到{witnesses}家见证人中足够多家的签名。",
                count(tree_size)
            )
            .into(),
            english: format!(
                "Unwitnessed: too few of the {witnesses} witnesses have cosigned a checkpoint with these {} entries.",
                count(tree_size)
            )
            .into(),
        },
        Witnessing::Witnessed { names, witnesses, tree_size: cosigned } => Words {
            chinese: format!(
                "已见证：{witnesses}家见证人中的{}家（{}）已为账本最前面的{}条记录签名，其中包含这{}条。",
                names.len(),
                names.join("、"),
                count(*cosigned),
                count(tree_size)
            )
            .into(),
            english: format!(
                "Witnessed: {} of {witnesses} witnesses ({}) cosigned the first {} entries of the log, these {} among them.",
                names.len(),
                names.join(", "),
                count(*cosigned),
                count(tree_size)
            )
            .into(),
        },
    }
}

/// The sentence on small groups, and on what is withheld beside them.
pub fn small_groups(members_min: u32, withholds_against_subtraction: bool) -> Words {
    let (beside, beside_in_english) = match withholds_against_subtraction {
        true => (format!("，或者可由此推算出不足{members_min}人"), ", or such that a figure over fewer would follow"),
        false => (String::new(), ""),
    };
    Words {
        chinese: format!("“＊”：不公布的比率和平均数，不足{members_min}人{beside}的。").into(),
        english: format!("＊: not published, over fewer than {members_min} members{beside_in_english}.").into(),
    }
}

/// What organisations of the level below are called together.
pub const fn level(level: OrganizationLevel) -> Words {
    match level {
        OrganizationLevel::City => words("市", "City"),
        OrganizationLevel::County => words("区县", "County"),
        OrganizationLevel::Subdistrict => words("街道", "Subdistrict"),
        OrganizationLevel::Community => words("社区", "Community"),
        OrganizationLevel::Branch => words("支部", "Branch"),
        OrganizationLevel::Group => words("党小组", "Group"),
    }
}

/// A kind of service.
pub const fn kind(kind: ActivityKind) -> Words {
    match kind {
        ActivityKind::NightPatrol => words("夜间巡逻", "Night patrol"),
        ActivityKind::HomeVisit => words("走访", "Home visit"),
        ActivityKind::Meeting => words("会议", "Meeting"),
        ActivityKind::Duty => words("值守", "Duty"),
        ActivityKind::Service => words("志愿服务", "Service"),
        ActivityKind::Training => words("培训", "Training"),
        ActivityKind::Mobilization => words("急难险重", "Mobilisation"),
    }
}

/// What an item of a member's points is for.
pub fn occasion(occasion: Occasion, of: Option<ActivityKind>) -> Words {
    let named = |chinese: &str, english: &str| match of.map(kind) {
        Some(kind) => Words {
            chinese: format!("{chinese}（{}）", kind.chinese).into(),
            english: format!("{english} ({})", kind.english).into(),
        },
        None => Words { chinese: chinese.to_owned().into(), english: english.to_owned().into() },
    };
    match occasion {
        Occasion::Service => of.map_or(words("服务", "Service"), kind),
        Occasion::Leave => named("请假", "On leave"),
        Occasion::Absence => named("无故缺席", "Absent"),
        Occasion::NoShow => named("报名未到", "No-show"),
        Occasion::Granted => words("加分", "Granted"),
        Occasion::Deducted => words("扣分", "Deducted"),
        Occasion::Reset => words("清零", "Reset"),
        Occasion::Vetoed => words("一票否决", "Vetoed"),
        Occasion::Base => words("基础分", "Base points"),
    }
}

/// Whether a record counts, and if not, why not.
pub const fn standing(standing: Standing) -> Words {
    match standing {
        Standing::Accepted => words("有效", "counts"),
        Standing::Pending => words("待审核", "pending"),
        Standing::Returned => words("退回", "returned"),
        Standing::Reversed => words("冲正", "reversed"),
        Standing::Quashed => words("撤销", "quashed"),
        Standing::CheckOutMissing => words("未签退", "no check-out"),
        Standing::ActivityCancelled => words("活动已取消", "activity cancelled"),
        Standing::NotOnRoster => words("当时不在册", "not on the roster"),
    }
}

/// A way of evidencing.
pub const fn evidence(evidence: Evidence) -> Words {
    match evidence {
        Evidence::OnSiteCode => words("现场扫码", "Code on site"),
        Evidence::BothParties => words("双方确认", "Both parties"),
        Evidence::Attested => words("见证", "Attested"),
        Evidence::Imported => words("导入", "Imported"),
        Evidence::BackEntered => words("补录", "Entered late"),
        Evidence::Office => words("系统登记", "By office"),
    }
}
