//! How many do something at a time. Whoever waits gets a turn in the order of asking.
//!
//! Invariant: a turn lasts as long as the work, also when whoever asked for it has gone.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Turns at something.
pub struct Turns(Arc<Semaphore>);

/// One turn; it ends when this is dropped.
pub struct Turn(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

impl Turns {
    /// So many at a time.
    pub fn of(at_a_time: usize) -> Turns {
        Turns(Arc::new(Semaphore::new(at_a_time)))
    }

    /// A turn, once there is one.
    pub async fn take(&self) -> Turn {
        Turn(Arc::clone(&self.0).acquire_owned().await.expect("never closed"))
    }

    /// A turn, if there is one now.
    pub fn take_now(&self) -> Option<Turn> {
        Arc::clone(&self.0).try_acquire_owned().ok().map(Turn)
    }

    /// Does this when it is its turn, on a thread that may block.
    pub async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let turn = self.take().await;
        let worked = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        worked.await.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))
    }
}
