//! Bars on long steps: only where somebody watches (a terminal), on standard error, and without colour.

use super::output::columns_beside;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::time::Duration;

/// Often enough to be seen moving.
const TICK: Duration = Duration::from_millis(120);

/// A terminal as wide as they have been for fifty years has room for all of it.
const ALL_OF_IT: usize = 80;
/// Narrower ones have room for a bar,
const A_BAR: usize = 50;

/// A bar on one step. It vanishes when it is dropped.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// A bar that fills as the step goes on. It isn't shown before anything is known of how far it is.
    pub(super) fn of(title: &str) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        let template = match columns_beside() {
            Some(ALL_OF_IT..) => "{msg}  {bar:24}  {human_pos} / {human_len}  {rate}  {eta}",
            Some(A_BAR..) => "{msg}  {wide_bar}  {percent}%",
            // and the others for a number.
            Some(_) | None => "{msg}  {percent}%",
        };
        let style = ProgressStyle::with_template(template).expect("a template that indicatif knows");
        let rate = |state: &ProgressState, into: &mut dyn Write| write!(into, "{:.0}/s", state.per_sec()).unwrap_or(());
        bar.set_style(style.with_key("rate", rate).progress_chars("█▉▊▋▌▍▎▏·"));
        bar.set_message(title.to_owned());
        Progress(bar)
    }

    /// A sign that something goes on whose end can't be told.
    pub(super) fn without_end(title: &str) -> Progress {
        let bar = if is_wanted() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        bar.set_style(
            ProgressStyle::with_template("{spinner} {msg}  {elapsed}").expect("a template that indicatif knows"),
        );
        bar.set_message(title.to_owned());
        bar.enable_steady_tick(TICK);
        Progress(bar)
    }

    /// How far it is, of how much.
    pub(super) fn reached(&self, done: u64, total: u64) {
        if total == 0 {
            return;
        }
        self.0.set_length(total);
        self.0.set_position(done);
        if self.0.is_hidden() && is_wanted() {
            self.0.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

/// Bars are drawn with escape sequences: whoever wants none gets none.
fn is_wanted() -> bool {
    columns_beside().is_some() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
