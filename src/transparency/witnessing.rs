//! What witnesses (见证人) say of the beginning of a log, for people to read: by whom it is witnessed, or that it isn't.
//!
//! A checkpoint that is witnessed covers all smaller ones that it extends. That it does extend them is for a consistency proof to show.

use super::Policy;

/// What is said of the first entries of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Witnessing {
    /// The operator has named no witnesses.
    #[default]
    NotConfigured,
    /// No published checkpoint that has these entries meets the quorum.
    Unwitnessed {
        /// How many witnesses there are.
        witnesses: usize,
    },
    /// A published checkpoint with these entries was cosigned by enough of them.
    Witnessed {
        /// Who cosigned it, as the policy calls them, in its order.
        names: Vec<String>,
        /// How many witnesses there are.
        witnesses: usize,
        /// The tree size of that checkpoint.
        tree_size: u64,
    },
}

impl Witnessing {
    /// What is said of the first `tree_size` entries, given the policy, if there is one that asks for witnesses, and the published
    /// checkpoint.
    #[must_use]
    pub fn of(policy: Option<&Policy>, published: Option<&str>, tree_size: u64) -> Witnessing {
        let Some(policy) = policy.filter(|policy| policy.asks_for_witnesses()) else {
            return Witnessing::NotConfigured;
        };
        let witnesses = policy.witnesses().len();
        let witnessed = published.and_then(|note| policy.check(note.as_bytes()).ok());
        match witnessed.filter(|witnessed| witnessed.checkpoint.size >= tree_size) {
            Some(witnessed) => Witnessing::Witnessed {
                names: witnessed.cosigners.iter().map(|cosigner| cosigner.witness.name.clone()).collect(),
                witnesses,
                tree_size: witnessed.checkpoint.size,
            },
            None => Witnessing::Unwitnessed { witnesses },
        }
    }

    /// One word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Witnessing::NotConfigured => "not_configured",
            Witnessing::Unwitnessed { .. } => "unwitnessed",
            Witnessing::Witnessed { .. } => "witnessed",
        }
    }
}
