//! The columns of the tables: their names in Chinese and English, and which table uses which.

macro_rules! columns {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $chinese:literal [$($alias:literal),*]),+ $(,)?) => {
        /// What a column holds, whatever a file calls it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Column { $($(#[$doc])* $variant),+ }

        impl Column {
            /// Every column.
            pub const ALL: &'static [Column] = &[$(Column::$variant),+];

            /// Its English name.
            pub const fn english(self) -> &'static str {
                match self { $(Column::$variant => $name),+ }
            }

            /// Its Chinese name.
            pub const fn chinese(self) -> &'static str {
                match self { $(Column::$variant => $chinese),+ }
            }

            /// Further names that files use.
            pub const fn aliases(self) -> &'static [&'static str] {
                match self { $(Column::$variant => &[$($alias),*]),+ }
            }
        }
    };
}

columns! {
    /// An organisation's own code.
    Code = "code" "代码" ["组织代码", "区划代码", "编码", "统计代码", "组织编码", "行政区划代码"],
    /// An organisation's public name.
    Name = "name" "名称" ["组织名称", "党组织名称", "单位名称", "全称"],
    /// A member's name.
    MemberName = "name" "姓名" ["党员姓名", "名称", "名字", "志愿者姓名", "志愿者", "队员", "队员姓名", "人员姓名", "参加人员", "服务人员"],
    /// An organisation's level.
    Level = "level" "层级" ["级别", "组织层级", "组织类别"],
    /// The code of the organisation above.
    Parent = "parent" "上级代码" ["parent_code", "上级", "上级组织", "上级组织代码", "上级党组织", "上级编码", "隶属"],
    /// From which day on.
    Since = "since" "起始日期" ["日期", "成立日期", "入册日期", "列入日期", "成立时间", "起始时间", "date"],
    /// A member's opaque id.
    Member = "member" "党员标识" ["member_id", "标识"],
    /// A member's number in the street's own list.
    Number = "number" "编号" ["党员编号", "member_number", "工号", "人员编号", "志愿者编号", "证号", "党员证号"],
    /// The code of a member's branch.
    Branch = "branch" "支部代码" ["支部", "所在支部", "所在支部代码", "所属支部", "所属支部代码", "党支部代码", "支部编码", "branch_code"],
    /// A member's class, or an activity's.
    Class = "class" "类别" ["党员类别", "活动性质", "性质", "人员类别", "党员类型"],
    /// The code of the community that a member reports to.
    Community = "community" "报到社区" ["报到社区代码", "双报到社区", "community_code"],
    /// The day on which they reported.
    EnrolledOn = "enrolled_on" "报到日期" ["报到时间", "enrollment_date"],
    /// Why a member is exempt.
    Exemption = "exemption" "免报原因" ["豁免原因", "免予报到原因"],
    /// From which day on.
    ExemptFrom = "exempt_from" "免报日期" ["免报起始日期"],
    /// Until which day.
    ExemptUntil = "exempt_until" "免报截止" ["免报截止日期"],
    /// What sort of fact a row is.
    Type = "type" "类型" ["记录类型", "事项", "事项类型", "服务类型"],
    /// An activity's id or code.
    Activity = "activity" "活动" ["活动代码", "活动编号", "活动编码", "班次"],
    /// The code of the organisation that a fact is about.
    Organization = "organization" "组织" ["组织代码", "社区代码", "社区", "组织编码", "服务社区", "organization_code"],
    /// A household's id or code.
    Household = "household" "困难家庭" ["家庭代码", "户", "户编号", "户代码", "帮扶户"],
    /// The day, where another column has the time.
    Date = "date" "日期" ["活动日期", "服务日期", "值守日期", "签到日期", "巡逻日期", "走访日期", "年月日"],
    /// When it began or happened, or from when until when.
    Start = "start" "开始时间" ["时间", "开始", "签到时间", "活动时间", "服务时间", "值守时间", "巡逻时间", "走访时间", "起止时间", "时间段", "时段", "到岗时间", "starts_at", "time"],
    /// When it ended.
    End = "end" "结束时间" ["结束", "签退时间", "离岗时间", "ends_at"],
    /// How long it took.
    Minutes = "minutes" "分钟" ["分钟数", "时长(分钟)", "服务时长(分钟)", "服务分钟", "时长分钟数"],
    /// How long it took, in hours.
    Hours = "hours" "小时" ["小时数", "时长(小时)", "服务时长(小时)", "服务小时", "工时", "时长(h)"],
    /// How long it took, with its unit.
    Duration = "duration" "时长" ["服务时长", "活动时长", "值守时长", "用时"],
    /// An activity's kind.
    Kind = "kind" "活动类型" ["活动种类", "活动类别"],
    /// The grade of the emergency that an activity answers.
    Grade = "emergency_grade" "突发事件级别" ["应急级别"],
    /// Whether a member was there.
    Outcome = "outcome" "出席情况" ["出席", "到会情况", "参会情况", "考勤"],
    /// How it is evidenced.
    Evidence = "evidence" "佐证方式" ["佐证", "证明方式"],
    /// Why.
    Reason = "reason" "原因" ["事由", "理由"],
    /// The record that is reviewed, corrected or reversed.
    Record = "record" "记录" ["记录编号"],
    /// When it was planned.
    PlannedAt = "planned_at" "安排时间" ["计划时间"],
    /// A clause of the rules.
    Clause = "clause" "条款" ["细则条款", "条款编号"],
    /// An amount of points.
    Points = "points" "分值" ["积分", "分数", "加扣分"],
    /// The last day of an exemption.
    Until = "until" "截止日期" [],
    /// The row's idempotency key.
    Key = "key" "幂等键" ["idempotency_key"],
}

/// Whether a table can do without a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Every row needs it.
    Required,
    /// Some rows need it, or none.
    Optional,
    /// A file without this other column needs it.
    Without(Column),
}

/// A column of one table.
#[derive(Clone, Copy, Debug)]
pub struct TableColumn {
    /// Which.
    pub column: Column,
    /// Whether the table can do without it.
    pub need: Need,
    /// What it holds, in Chinese.
    pub chinese: &'static str,
    /// What it holds, in English.
    pub english: &'static str,
}

/// What sort of table a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// 组织.
    Organizations,
    /// 花名册.
    Roster,
    /// 记录.
    Records,
}

const fn required(column: Column, chinese: &'static str, english: &'static str) -> TableColumn {
    TableColumn { column, need: Need::Required, chinese, english }
}

const fn optional(column: Column, chinese: &'static str, english: &'static str) -> TableColumn {
    TableColumn { column, need: Need::Optional, chinese, english }
}

const ORGANIZATIONS: &[TableColumn] = &[
    required(Column::Code, "统计用区划代码，社区以下加后缀", "division code; below the community with a suffix"),
    required(Column::Name, "公开名称", "public name"),
    optional(
        Column::Level,
        "市、县、街道、社区、支部、小组；空则按代码长度判断（4、6、9、12 位）",
        "city, county, subdistrict, community, branch, group; if empty, told by the code's length (4, 6, 9, 12)",
    ),
    optional(Column::Parent, "上级组织的代码；最上级为空", "code of the organisation above; empty for the root"),
    optional(
        Column::Since,
        "成立日期；空则视为自账本最早时刻起",
        "established on; if empty, from the earliest instant on",
    ),
];

const ROSTER: &[TableColumn] = &[
    optional(
        Column::Number,
        "本单位的党员编号；同支部有同名时必填",
        "your own number; needed where a branch has namesakes",
    ),
    required(
        Column::MemberName,
        "姓名：只存入可删除的身份库，不写入账本",
        "name: kept in the erasable identity store, never in the log",
    ),
    required(Column::Branch, "所在支部的代码或名称", "code or name of the branch"),
    required(Column::Class, "社区党员、在职党员、下沉党员、流动党员", "resident, in_service, deployed, floating"),
    optional(
        Column::Since,
        "列入花名册的日期；空则用导入时给出的日期",
        "on the roster since; if empty, the date given at import",
    ),
    optional(
        Column::Member,
        "党员标识（由账本给出）；空则按编号或姓名查找",
        "member id given by the ledger; if empty, looked up",
    ),
    optional(Column::Community, "报到社区的代码或名称", "code or name of the community reported to"),
    optional(Column::EnrolledOn, "报到日期；空则同起始日期", "reported on; if empty, the roster date"),
    optional(Column::Exemption, "年老体弱、因病、外出流动、孕产哺乳、其他", "age, illness, away, maternity, other"),
    optional(Column::ExemptFrom, "免报起始日期；空则同起始日期", "exempt from; if empty, the roster date"),
    optional(Column::ExemptUntil, "免报的最后一天；空则无期限", "last day of the exemption; if empty, without an end"),
];

const RECORDS: &[TableColumn] = &[
    required(Column::Type, "见下表", "see the table below"),
    optional(Column::Number, "党员编号", "the member's number"),
    optional(Column::MemberName, "姓名，与支部一起用", "the member's name, together with the branch"),
    optional(Column::Branch, "支部的代码或名称", "code or name of the member's branch"),
    optional(Column::Member, "党员标识（由账本给出）", "member id given by the ledger"),
    optional(
        Column::Activity,
        "活动代码，可自行编写，如 XL-2026-10-03-晚",
        "activity code of your own, such as XL-2026-10-03-late",
    ),
    optional(Column::Organization, "组织、社区的代码或名称", "code or name of the organisation or community"),
    optional(
        Column::Household,
        "户的代码，可自行编写，不写姓名、地址",
        "household code of your own; no name, no address",
    ),
    optional(Column::Date, "日期，时间另成一列时用", "the day, where the time has a column of its own"),
    TableColumn {
        column: Column::Start,
        need: Need::Without(Column::Date),
        chinese: "2026-10-03 19:30，或 10月3日 晚上7点半–10点；值守排班、审核可只写日期",
        english: "2026-10-03 19:30, or with its end; a date alone where a day is meant",
    },
    optional(
        Column::End,
        "结束时间；只写 00:30 即次日凌晨，更长的写“次日7:30”",
        "end; 00:30 alone is the next morning's, 次日7:30 the next day's",
    ),
    optional(Column::Minutes, "分钟数；可代替结束时间", "minutes; instead of the end"),
    optional(Column::Hours, "小时数，如 2.5；可代替结束时间", "hours, such as 2.5; instead of the end"),
    optional(
        Column::Duration,
        "带单位的时长，如 2小时30分；可代替结束时间",
        "length with its unit, such as 2小时30分; instead of the end",
    ),
    optional(
        Column::Kind,
        "夜间巡逻、走访、会议、值守、志愿服务、培训、急难险重",
        "night_patrol, home_visit, meeting, duty, service, training, mobilization",
    ),
    optional(Column::Class, "志愿服务、组织生活、值守；或党员类别", "voluntary, organized, duty; or a member's class"),
    optional(
        Column::Grade,
        "急难险重活动的突发事件级别：特别重大、重大、较大、一般",
        "grade of the emergency, for mobilization: extremely_serious, serious, large, ordinary",
    ),
    optional(Column::Outcome, "出席、请假、缺席", "attended, on_leave, absent"),
    optional(
        Column::Evidence,
        "现场扫码、双方确认、见证、导入、补录；空则为导入",
        "on_site_code, both_parties, attested, imported, back_entered; if empty, imported",
    ),
    optional(Column::Reason, "原因", "reason"),
    optional(
        Column::Record,
        "所审核、更正、冲正的记录：事件编号或该行的幂等键",
        "the record: its event id, or its row's key",
    ),
    optional(
        Column::PlannedAt,
        "活动安排、值守排班的时间；空则为首次导入的时间",
        "when an activity or a duty was planned; if empty, when it was first imported",
    ),
    optional(Column::Clause, "积分细则的条款", "clause of the rules"),
    optional(Column::Points, "分值", "points"),
    optional(Column::Until, "免报的最后一天", "last day of an exemption"),
    optional(Column::Key, "幂等键；空则由内容得出", "idempotency key; if empty, derived from the content"),
];

/// Headers of names of organisations, for files that have no column of codes.
const OF_NAMES: &[(Column, &[&str])] = &[
    (
        Column::Branch,
        &["支部名称", "党支部", "党支部名称", "所在党支部", "所在党支部名称", "所属党支部", "所属党支部名称"],
    ),
    (Column::Community, &["报到社区名称", "双报到社区名称"]),
    (Column::Organization, &["组织名称", "社区名称", "服务社区名称"]),
];

impl Table {
    /// Its columns.
    pub const fn columns(self) -> &'static [TableColumn] {
        match self {
            Table::Organizations => ORGANIZATIONS,
            Table::Roster => ROSTER,
            Table::Records => RECORDS,
        }
    }

    /// What people call it.
    pub const fn chinese(self) -> &'static str {
        match self {
            Table::Organizations => "组织",
            Table::Roster => "花名册",
            Table::Records => "记录",
        }
    }

    /// What commands and files call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Table::Organizations => "organizations",
            Table::Roster => "roster",
            Table::Records => "records",
        }
    }

    /// The column that a header means: case, spaces, underscores and punctuation don't matter.
    pub fn column_of(self, header: &str) -> Option<Column> {
        let header = plain_header(header);
        let means = |column: Column| {
            [column.english(), column.chinese()].iter().chain(column.aliases()).any(|name| plain_header(name) == header)
        };
        self.columns().iter().map(|table_column| table_column.column).find(|&column| means(column))
    }

    /// The column that a header means where no other header does: beside a column of codes, one of names is for people to read.
    pub(super) fn column_of_names(self, header: &str) -> Option<Column> {
        let header = plain_header(header);
        let (column, _) = OF_NAMES.iter().find(|(_, names)| names.contains(&header.as_str()))?;
        self.columns().iter().map(|table_column| table_column.column).find(|known| known == column)
    }

    /// The column of this name, for who names columns and not headers.
    pub fn column_named(self, name: &str) -> Option<Column> {
        self.columns().iter().map(|table_column| table_column.column).find(|column| column.english() == name)
    }
}

/// A header as it is compared: what people put around its word is left out.
pub(super) fn plain_header(header: &str) -> String {
    let plain = crate::import::text::plain(header);
    let dropped = |char: &char| {
        !char.is_whitespace() && !matches!(char, '_' | '-' | '*' | '(' | ')' | '[' | ']' | ':' | '【' | '】' | '、')
    };
    let kept: String = plain.chars().filter(dropped).flat_map(char::to_lowercase).collect();
    let mark = ["必填", "选填", "可不填", "可选"].iter().find_map(|mark| kept.strip_suffix(mark));
    mark.filter(|rest| !rest.is_empty()).map_or_else(|| kept.clone(), str::to_owned)
}
