//! Whom commands put on the roster: what was told of them before is committed to once they are there. Pure.
//!
//! Invariant: nobody is committed to in the name of somebody whose command was refused.

use crate::ledger::{Command, Outcome};
use mingzhang_events::{Event, MemberId};

/// The members that commands would put on the roster, by the place of the command.
#[derive(Default)]
pub(super) struct Proposed(Vec<(usize, MemberId)>);

impl Proposed {
    pub(super) fn by(commands: &[Command]) -> Proposed {
        let member = |(at, command): (usize, &Command)| {
            if let Event::MemberRostered(event) = &command.event { Some((at, event.member)) } else { None }
        };
        Proposed(commands.iter().enumerate().filter_map(member).collect())
    }

    /// Those who are there now. The outcomes are those of all the commands, and of no dry run.
    pub(super) fn rostered(self, outcomes: &[Outcome]) -> impl Iterator<Item = MemberId> {
        let is_there =
            |at: usize| matches!(outcomes.get(at), Some(Outcome::Recorded { .. } | Outcome::Repeated { .. }));
        self.0.into_iter().filter(move |(at, _)| is_there(*at)).map(|(_, member)| member)
    }
}
