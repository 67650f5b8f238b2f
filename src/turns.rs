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

/// One turn at a time, which only a few may wait for: whoever waits keeps in memory what the work needs.
pub struct Queue {
    turn: Turns,
    places: Turns,
}

impl Queue {
    /// Of so many places, with that of whoever has the turn.
    pub fn of(places: usize) -> Queue {
        Queue { turn: Turns::of(1), places: Turns::of(places) }
    }

    /// Does this when it is its turn, on a thread that may block. None, at once, if every place is taken.
    pub async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let _place = self.places.take_now()?;
        Some(self.turn.work(work).await)
    }
}

#[cfg(test)]
mod tests {
    use super::Queue;
    use futures::FutureExt;
    use std::pin::pin;
    use std::sync::mpsc::channel;

    #[tokio::test]
    async fn who_waits_in_a_queue_keeps_no_thread_and_only_few_may_wait() {
        const PLACES: usize = 8;
        let queue = Queue::of(PLACES);
        let (finish, finished) = channel::<()>();
        let mut first = pin!(queue.work(move || finished.recv()));
        assert!(first.as_mut().now_or_never().is_none(), "it is being done");
        let mut waiting: Vec<_> = (1..PLACES).map(|number| Box::pin(queue.work(move || number))).collect();
        for wait in &mut waiting {
            assert!(wait.as_mut().now_or_never().is_none());
        }
        assert_eq!(queue.work(|| ()).await, None, "seven wait: there are enough");
        // Whoever goes away makes room.
        waiting.pop();
        let mut last = pin!(queue.work(|| ()));
        assert!(last.as_mut().now_or_never().is_none());
        finish.send(()).expect("it waits for this");
        assert!(first.await.is_some_and(|sent| sent.is_ok()));
        for (number, wait) in (1..).zip(waiting) {
            assert_eq!(wait.await, Some(number));
        }
        assert_eq!(last.await, Some(()));
    }
}
