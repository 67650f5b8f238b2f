//! The words that a column takes, from the closed lists that the import reads it by: for templates, for mappings to fill in, and for what every row has.

use crate::import::column::{Column, Table};
use crate::import::fault::Reason;
use crate::import::records::RecordType;
use crate::import::word::Word;
use mingzhang_events::{
    ActivityClass, ActivityKind, AttendanceOutcome, CancellationReason, CorrectionReason, EmergencyGrade, Evidence,
    ExemptionReason, LateCheckInReason, LeavingReason, MemberClass, OrganizationLevel, QuashingReason, ReturnReason,
};

/// A list of reasons: its words, and whether a text is one of them.
type Reasons = (fn() -> Vec<&'static str>, fn(&str) -> bool);

const REASONS: &[Reasons] = &[
    list_of::<LateCheckInReason>(),
    list_of::<CancellationReason>(),
    list_of::<LeavingReason>(),
    list_of::<ExemptionReason>(),
    list_of::<ReturnReason>(),
    list_of::<CorrectionReason>(),
    list_of::<QuashingReason>(),
];

const fn list_of<W: Word>() -> Reasons {
    (of::<W>, |text| W::read(text).is_ok())
}

fn of<W: Word>() -> Vec<&'static str> {
    W::WORDS.iter().map(|(_, _, chinese)| chinese[0]).collect()
}

/// The Chinese words that a column takes; none where it is free.
pub(super) fn words(table: Table, column: Column) -> Vec<&'static str> {
    type Words = fn() -> Vec<&'static str>;
    const LISTS: &[(Column, Words)] = &[
        (Column::Level, of::<OrganizationLevel>),
        (Column::Exemption, of::<ExemptionReason>),
        (Column::Type, of::<RecordType>),
        (Column::Kind, of::<ActivityKind>),
        (Column::Grade, of::<EmergencyGrade>),
        (Column::Outcome, of::<AttendanceOutcome>),
        // 系统登记 is for acts of office, which no table has.
        (Column::Evidence, || of::<Evidence>().into_iter().filter(|word| *word != "系统登记").collect()),
        (Column::Reason, reasons),
    ];
    match table {
        Table::Roster if column == Column::Class => of::<MemberClass>(),
        Table::Records if column == Column::Class => [of::<ActivityClass>(), of::<MemberClass>()].concat(),
        Table::Organizations | Table::Roster | Table::Records => {
            let list = LISTS.iter().find(|(listed, _)| *listed == column);
            list.map(|(_, words)| words()).unwrap_or_default()
        }
    }
}

/// Reads a reason of any of the lists; which of them holds depends on the type of the row.
pub(super) fn reason(text: &str) -> Result<(), Reason> {
    match REASONS.iter().any(|(_, is_one)| is_one(text)) {
        true => Ok(()),
        false => Err(Reason::UnknownWord { known: reasons().join("、") }),
    }
}

fn reasons() -> Vec<&'static str> {
    let mut all: Vec<&'static str> = REASONS.iter().flat_map(|(words, _)| words()).collect();
    let mut seen = std::collections::HashSet::new();
    all.retain(|word| seen.insert(*word));
    all
}
