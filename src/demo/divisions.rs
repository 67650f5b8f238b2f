//! Real divisions of three cities, and the part of them that a demo plays in.

use crate::import::{OrganizationContext, Table, TableFile, organizations};
use mingzhang_events::{Event, Instant, OrganizationEstablished, OrganizationId, OrganizationLevel};

/// Statistical division codes of 2023-06-30; source and licence stand beside the files.
const CITIES: [&str; 3] = [
    include_str!("divisions/xiaogan.csv"),
    include_str!("divisions/dazhou.csv"),
    include_str!("divisions/yinchuan.csv"),
];

/// A division with the chain above it and everything below, parents before children.
#[derive(Debug)]
pub(super) struct Divisions {
    /// In the order in which they can be established.
    pub(super) organizations: Vec<OrganizationEstablished>,
    /// Which division was chosen.
    pub(super) chosen: OrganizationId,
}

impl Divisions {
    /// The part of the three cities that belongs to a division; `None` if none of them has it.
    pub(super) fn of(chosen: OrganizationId) -> Option<Divisions> {
        CITIES.into_iter().find_map(|city| {
            let all = read(city);
            all.iter().any(|division| division.organization == chosen).then(|| {
                let organizations =
                    all.into_iter().filter(|division| is_related(division.organization, chosen)).collect();
                Divisions { organizations, chosen }
            })
        })
    }

    /// The communities of the chosen division.
    pub(super) fn communities(&self) -> impl Iterator<Item = &OrganizationEstablished> {
        self.at_level(OrganizationLevel::Community)
    }

    fn at_level(&self, level: OrganizationLevel) -> impl Iterator<Item = &OrganizationEstablished> {
        self.organizations.iter().filter(move |division| division.level == level)
    }

    /// Which office records for a community: the street, or the county where a demo has too many streets, or the community
    /// itself where it is all there is.
    pub(super) fn office_of(&self, community: OrganizationId) -> OrganizationId {
        let code = community.as_str();
        let streets = self.at_level(OrganizationLevel::Subdistrict).count();
        let office = match (self.chosen == community, streets > STREET_OFFICES_MAX) {
            (true, _) => code,
            (false, false) => &code[..9],
            (false, true) => &code[..6],
        };
        office.parse().expect("part of a code is a code")
    }
}

/// Up to so many streets each have an office of their own: each batch of an office is a commit.
const STREET_OFFICES_MAX: usize = 24;

fn read(city: &str) -> Vec<OrganizationEstablished> {
    let table = TableFile::of_text(Table::Organizations, city).expect("the built-in divisions are a table");
    let parsed = organizations(&table, &OrganizationContext { known: &|_| false, since: Instant::EARLIEST });
    assert!(parsed.faults.is_empty(), "the built-in divisions are sound: {:?}", parsed.faults);
    let established = parsed.commands.into_iter().filter_map(|(_, command)| {
        if let Event::OrganizationEstablished(event) = command.event { Some(event) } else { None }
    });
    established.collect()
}

/// A division's code begins with the code of the one above.
fn is_related(division: OrganizationId, chosen: OrganizationId) -> bool {
    let (division, chosen) = (division.as_str(), chosen.as_str());
    division.starts_with(chosen) || chosen.starts_with(division)
}
