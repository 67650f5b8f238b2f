//! Bars on long steps: only where somebody watches (a terminal), on standard error, and without colour.

use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// Often enough to be seen moving.
const TICK: Duration = Duration::from_millis(120);

/// A bar on one step. It vanishes when it is dropped.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// A bar that fills as the step goes on.
    pub(super) fn of(title: &str) -> Progress {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{msg}  {bar:32}  {human_pos} / {human_len}  {per_sec}  {eta}");
        bar.set_style(style.expect("a template that indicatif knows").progress_chars("█▉▊▋▌▍▎▏·"));
        bar.set_message(title.to_owned());
        Progress(bar)
    }

    /// A sign that something goes on whose end can't be told.
    pub(super) fn without_end(title: &str) -> Progress {
        let bar = ProgressBar::new_spinner();
        bar.set_style(
            ProgressStyle::with_template("{spinner} {msg}  {elapsed}").expect("a template that indicatif knows"),
        );
        bar.set_message(title.to_owned());
        bar.enable_steady_tick(TICK);
        Progress(bar)
    }

    /// How far it is, of how much.
    pub(super) fn reached(&self, done: u64, total: u64) {
        self.0.set_length(total);
        self.0.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
