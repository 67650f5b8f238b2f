//! Failures of the disk, told apart from faults of the bundle: what was cut off by one proves nothing.

use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

/// The first failure of any of the inputs.
#[derive(Default)]
pub(super) struct Failure(Mutex<Option<io::Error>>);

impl Failure {
    /// The same input, whose failures are noticed here.
    pub(super) fn noticed_from<R: Read>(&self, input: R) -> Noticed<'_, R> {
        Noticed { input, failure: self }
    }

    /// The failure, if there was one.
    pub(super) fn happened(self) -> Option<io::Error> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct Noticed<'a, R> {
    input: R,
    failure: &'a Failure,
}

impl<R: Read> Read for Noticed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.input.read(buffer).map_err(|error| {
            let kind = error.kind();
            // Whoever reads tries again.
            if kind != io::ErrorKind::Interrupted {
                self.failure.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            }
            kind.into()
        })
    }
}
