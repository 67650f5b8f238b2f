//! The machine's clock, and the only place that reads it. Everything else is handed an instant.

use mingzhang_events::Instant;

/// Tells the time. A trait, because tests and the demo bring their own.
pub trait Clock: Send + Sync {
    /// The present instant, in whole seconds. May go back if the machine's clock is set back; the ledger's writer sees to it
    /// that `recorded_at` never does.
    fn now(&self) -> Instant;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct MachineClock;

impl Clock for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Instant {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let seconds = i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX);
        Instant::from_unix_seconds(seconds).unwrap_or(Instant::EARLIEST)
    }
}

/// A clock that stands where it was put.
#[derive(Debug)]
pub struct SetClock(std::sync::Mutex<Instant>);

impl SetClock {
    /// A clock that shows `now` until it is set.
    pub fn at(now: Instant) -> SetClock {
        SetClock(std::sync::Mutex::new(now))
    }

    /// Puts the clock forward or back.
    pub fn set(&self, now: Instant) {
        *self.0.lock().expect("nobody panics while holding the clock") = now;
    }
}

impl Clock for SetClock {
    fn now(&self) -> Instant {
        *self.0.lock().expect("nobody panics while holding the clock")
    }
}
