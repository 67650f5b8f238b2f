//! Answers on their way to a client that may not read them.
//!
//! Invariant: what waits in memory for one client is bounded, whatever the client sends, and a turn lasts no longer than it is
//! needed.

use crate::http::{Kind, Problem};
use crate::turns::{Turn, Turns};
use axum::body::Bytes;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::{Stream, StreamExt};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::Notify;

/// Answers wait for any client up to here, and further up to [`WITH_A_TURN`] for as many clients as there are turns.
const FREELY: usize = 1 << 20;
const WITH_A_TURN: usize = 128 << 20;

/// Where answers are put.
#[cfg_attr(test, derive(Clone))]
pub(super) struct Answers {
    to: UnboundedSender<Bytes>,
    waiting: Arc<Waiting>,
}

/// The body that hands them to the client.
pub(super) struct Answered {
    from: UnboundedReceiver<Bytes>,
    waiting: Arc<Waiting>,
}

/// What has been put and not been taken.
#[derive(Default)]
struct Waiting {
    bytes: AtomicUsize,
    taken: Notify,
    turn: Mutex<Option<Turn>>,
}

/// Where answers are put, and where they come out.
pub(super) fn answers() -> (Answers, Answered) {
    let (to, from) = unbounded();
    let waiting = Arc::new(Waiting::default());
    (Answers { to, waiting: Arc::clone(&waiting) }, Answered { from, waiting })
}

impl Waiting {
    fn turn(&self) -> MutexGuard<'_, Option<Turn>> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes so much off what waits. Who waits for no more than anybody may needs no turn.
    fn took(&self, bytes: usize) {
        if self.bytes.fetch_sub(bytes, Ordering::AcqRel) - bytes <= FREELY {
            *self.turn() = None;
        }
        self.taken.notify_one();
    }
}

impl Answers {
    /// Puts an answer. A client that went away doesn't hear it; what is recorded is recorded.
    pub(super) fn put(&self, answer: Bytes) {
        self.waiting.bytes.fetch_add(answer.len(), Ordering::AcqRel);
        drop(self.to.unbounded_send(answer));
    }

    /// Keeps a turn for as long as more answers wait than may for any client.
    pub(super) fn keep(&self, turn: Turn) {
        let mut kept = self.waiting.turn();
        // Asked under the lock: whoever takes answers lets go of the turn under it, and afterwards.
        if !self.to.is_closed() && self.waiting.bytes.load(Ordering::Acquire) > FREELY {
            *kept = Some(turn);
        }
    }

    /// Waits until more may be answered, and so until more is read from a client that doesn't read what it is told.
    pub(super) async fn room(&self, turns: &Turns, unread_within: Duration) -> Result<(), Problem> {
        if self.waiting.bytes.load(Ordering::Acquire) <= FREELY {
            return Ok(());
        }
        tokio::time::timeout(unread_within, self.wait(turns)).await.map_err(|_| {
            Problem::new(
                Kind::BODY_TIMED_OUT,
                "结果一直没有被读取，其后的行没有处理：请边发送边读取，或分批发送",
                "the outcomes weren't read, and the lines after them weren't looked at: read while sending, or send less at once",
            )
        })
    }

    async fn wait(&self, turns: &Turns) {
        let has_turn = || self.waiting.turn().is_some();
        loop {
            let waiting = self.waiting.bytes.load(Ordering::Acquire);
            if waiting <= FREELY || self.to.is_closed() || (waiting <= WITH_A_TURN && has_turn()) {
                return;
            }
            tokio::select! {
                turn = turns.take(), if !has_turn() => self.keep(turn),
                () = self.waiting.taken.notified() => {}
            }
        }
    }
}

impl Stream for Answered {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let taken = self.from.poll_next_unpin(context);
        if let Poll::Ready(Some(bytes)) = &taken {
            self.waiting.took(bytes.len());
        }
        taken.map(|bytes| bytes.map(Ok))
    }
}

impl Drop for Answered {
    /// The client has read everything, or has gone.
    fn drop(&mut self) {
        self.from.close();
        *self.waiting.turn() = None;
        self.waiting.taken.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    const LONG: Duration = Duration::from_secs(600);

    #[tokio::test]
    async fn more_is_read_once_the_answers_before_it_are() {
        let turns = Turns::of(1);
        let (answers, mut body) = answers();
        answers.put(vec![b'x'; FREELY + 1].into());
        assert!(answers.room(&turns, LONG).now_or_never().is_some(), "there is a turn");
        answers.put(vec![b'x'; WITH_A_TURN].into());
        assert!(answers.room(&turns, LONG).now_or_never().is_none(), "a turn isn't without bound");
        drop(body.next().await);
        drop(body.next().await);
        assert!(answers.room(&turns, LONG).now_or_never().is_some(), "all was read");
    }

    #[tokio::test]
    async fn who_has_no_turn_waits_for_one() {
        let turns = Turns::of(1);
        let ((first, first_body), (second, _second_body)) = (answers(), answers());
        for answers in [&first, &second] {
            answers.put(vec![b'x'; FREELY + 1].into());
        }
        assert!(first.room(&turns, LONG).now_or_never().is_some());
        assert!(second.room(&turns, LONG).now_or_never().is_none());
        let refused = second.room(&turns, Duration::from_millis(1)).await;
        assert_eq!(refused.map_err(|problem| problem.code), Err(Kind::BODY_TIMED_OUT.code));
        // The client has gone, and so has whoever answered it.
        drop((first, first_body));
        assert!(second.room(&turns, LONG).now_or_never().is_some());
    }

    #[tokio::test]
    async fn nobody_waits_for_a_client_that_has_gone() {
        let (answers, body) = answers();
        answers.put(vec![b'x'; WITH_A_TURN + FREELY].into());
        drop(body);
        assert!(answers.room(&Turns::of(0), LONG).now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_client_that_goes_away_is_waited_for_no_longer() {
        let turns = Turns::of(0);
        let (answers, body) = answers();
        answers.put(vec![b'x'; FREELY + 1].into());
        let mut room = std::pin::pin!(answers.room(&turns, LONG));
        assert!(room.as_mut().now_or_never().is_none());
        drop(body);
        assert!(room.as_mut().now_or_never().is_some(), "it is woken");
    }

    #[tokio::test]
    async fn a_turn_is_given_back_once_little_is_left_to_read_though_the_batch_goes_on() {
        let turns = Turns::of(1);
        let (answers, mut body) = answers();
        for _ in 0..2 {
            answers.put(vec![b'x'; FREELY].into());
        }
        assert!(answers.room(&turns, LONG).now_or_never().is_some());
        assert!(turns.take_now().is_none(), "it is this client's");
        drop(body.next().await);
        assert!(turns.take_now().is_some(), "what is left, anybody may leave unread");
        // A turn that comes when it is no longer needed isn't kept.
        answers.keep(turns.take_now().expect("a turn"));
        assert!(turns.take_now().is_some());
    }

    #[tokio::test]
    async fn a_client_that_has_gone_keeps_no_turn() {
        let turns = Turns::of(1);
        let (answers, body) = answers();
        answers.put(vec![b'x'; FREELY + 1].into());
        assert!(answers.room(&turns, LONG).now_or_never().is_some());
        drop(body);
        assert!(turns.take_now().is_some());
        answers.keep(turns.take_now().expect("a turn"));
        assert!(turns.take_now().is_some(), "nor gets one");
    }
}
