//! What auditors are to look at (经办核查), as the rules have it: from when on an entry is late, a run of them a burst, a day too long.

use serde::{Deserialize, Serialize};

/// From when on the way in which records were entered should be looked at (核查标准). Changes nobody's points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConductRules {
    /// Within how many minutes records that one hand enters are a burst (集中登记); 10 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst_minutes: Option<u16>,
    /// From how many records on they are one: faster than anybody fills in what they see; 20 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst_records_min: Option<u16>,
    /// A record is late (逾期登记) if it was recorded more than so many days after its date; 3 if absent, a weekend and a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_after_days: Option<u16>,
    /// More minutes of service than these on one day are hardly possible (超长的一天); 720 if absent: half of it, without travel, rest and
    /// meals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plausible_day_minutes: Option<u16>,
}

impl ConductRules {
    /// Within how many minutes records by one hand are a burst.
    pub fn burst_minutes(&self) -> u16 {
        self.burst_minutes.unwrap_or(10)
    }

    /// From how many records on they are one.
    pub fn burst_records_min(&self) -> u16 {
        self.burst_records_min.unwrap_or(20)
    }

    /// After how many days a record is late.
    pub fn late_after_days(&self) -> u16 {
        self.late_after_days.unwrap_or(3)
    }

    /// How many minutes of service a day may plausibly hold.
    pub fn plausible_day_minutes(&self) -> u16 {
        self.plausible_day_minutes.unwrap_or(720)
    }
}
