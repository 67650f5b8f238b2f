//! 口径: how the rules in force at a notice's checkpoint count, as far as its definitions tell of it. Stands beside the figures, outside their digest: it follows from
//! the same entries.

use mingzhang_events::{Month, RateDefinition, RecordDating};
use mingzhang_projections::ReadModels;

/// What differs from rules to rules in how figures are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counting {
    /// Rates that the rules define in their own way; those that aren't here are counted as usual.
    pub own_rates: Vec<RateDefinition>,
    /// Of which day and month a record at one of the month's activities is; none if at some by one and at some by the other.
    pub dated_by: Option<RecordDating>,
    /// Whether what a small group's figure would follow from is withheld as well.
    pub withholds_against_subtraction: bool,
}

impl Default for Counting {
    /// As it is counted as long as there are no rules.
    fn default() -> Counting {
        let dated_by = Some(RecordDating::PlannedStart);
        Counting { own_rates: Vec::new(), dated_by, withholds_against_subtraction: true }
    }
}

impl Counting {
    /// As the rules of a month have it, those that these models know.
    pub fn of(models: &ReadModels, month: Month) -> Counting {
        let dated_by = models.records_dated_by(month);
        let Some((rules, _)) = models.rules_in_force(month) else {
            return Counting { dated_by, ..Counting::default() };
        };
        let withholds_against_subtraction = rules.withholds_against_subtraction();
        Counting { own_rates: rules.rates.clone(), dated_by, withholds_against_subtraction }
    }
}
