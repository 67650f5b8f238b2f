//! Members (党员): their place in the roster, and their points with every item explained.

pub(crate) mod erase;
pub(crate) mod find;
pub(crate) mod person;
pub(crate) mod points;
pub(crate) mod reveal;
pub(crate) mod show;

use crate::http::Problem;

fn unknown() -> Problem {
    Problem::unknown("这名党员", "member")
}
