//! Sign-ups (报名) in force, and check-ins that wait for their check-out.

use crate::intern::{Lookup, NONE, number_of, push_tight};
use bitcode::{Decode, Encode};

/// A sign-up, in the chain of the member's month in which the activity starts.
#[derive(Clone, Copy, Encode, Decode)]
pub(crate) struct SignUp {
    /// [`NONE`] once it is withdrawn.
    pub(crate) activity: u32,
    pub(crate) log_index: u32,
    next: u32,
}

/// Every sign-up, and the open check-ins.
#[derive(Default, Encode, Decode)]
pub(crate) struct Participation {
    sign_ups: Vec<SignUp>,
    /// By (member, activity): the record that waits for its check-out. At most one each.
    #[bitcode(skip)]
    open: Lookup<(u32, u32), u32>,
}

impl Participation {
    /// The sign-ups of a chain that are in force, newest first.
    pub(crate) fn sign_ups(&self, head: u32) -> impl Iterator<Item = (u32, SignUp)> + '_ {
        let entry = |number: u32| self.sign_ups.get(number as usize).map(|&sign_up| (number, sign_up));
        std::iter::successors(entry(head), move |(_, last)| entry(last.next))
            .filter(|(_, sign_up)| sign_up.activity != NONE)
    }

    pub(crate) fn sign_up(&self, number: u32) -> SignUp {
        self.sign_ups[number as usize]
    }

    /// Gives the chain's new head.
    pub(crate) fn add(&mut self, activity: u32, log_index: u32, head: u32) -> u32 {
        let number = number_of(self.sign_ups.len());
        push_tight(&mut self.sign_ups, SignUp { activity, log_index, next: head });
        number
    }

    pub(crate) fn withdraw(&mut self, number: u32) {
        self.sign_ups[number as usize].activity = NONE;
    }

    pub(crate) fn open_check_in(&self, member: u32, activity: u32) -> Option<u32> {
        self.open.get(&(member, activity)).copied()
    }

    pub(crate) fn note_open(&mut self, member: u32, activity: u32, record: u32) {
        self.open.insert((member, activity), record);
    }

    pub(crate) fn close(&mut self, member: u32, activity: u32) {
        self.open.remove(&(member, activity));
    }
}
