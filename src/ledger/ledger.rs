//! The ledger as the rest of the program sees it: submit, read back, prove.

use super::batch::{Job, offset, read_event, read_near};
use super::repetitions::{RepetitionCounts, Repetitions};
use super::signing::{SignError, Signatory, Signing, SigningQueue};
use super::state::Mark;
use super::writer::{self, Queue};
use super::{Command, Head, IdempotencyKey, LedgerState, Mode, Outcome, Reply, Submission, SubmitError};
use crate::clock::Clock;
use crate::identity::Actor;
use crate::store::{EventStore, SignedHead, StoreError, read_block, read_tile};
use crate::transparency::{
    Hash, NoteError, OldBlock, SignedCheckpoint, Signer, Tile, Tree, TreeError, bundle, hand_over, leaf_hash,
};
use lru::LruCache;
use mingzhang_events::{EventId, Evidence, Instant, RecordedEvent, SigningKeyRotated, decode};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Batches a follower may be behind before the writer waits for it.
const FOLLOWER_BATCHES_MAX: usize = 64;

/// Blocks of old tiles that stay in memory for further proofs, 32 MiB when all are: a quarter of a million entries.
const OLD_BLOCKS_KEPT: NonZeroUsize = NonZeroUsize::new(16_384).expect("not zero");

/// What writer, committer and readers share.
pub(super) struct Shared {
    pub(super) store: Arc<dyn EventStore>,
    pub(super) origin: String,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) queue: Queue,
    pub(super) signing: SigningQueue,
    pub(super) state: RwLock<LedgerState>,
    pub(super) tree: RwLock<Tree>,
    /// What proofs were made from lately. Each is checked against the tree whenever it is used.
    old_blocks: Mutex<LruCache<u64, OldBlock>>,
    /// The log's own keys: the one in force, and one that follows or followed it.
    log_keys: RwLock<Vec<Arc<dyn Signer>>>,
    /// The public keys of those that sign beside the log's own.
    keys_beside: Vec<String>,
    head: RwLock<Head>,
    signed_last: RwLock<Option<Arc<SignedCheckpoint>>>,
    followers: Mutex<Vec<SyncSender<Committed>>>,
    stopped_for: Mutex<Option<SubmitError>>,
    /// A head that was signed and isn't of this log: see [`Ledger::hold_to`].
    held_to: Mutex<Option<SignedHead>>,
    pub(super) repetitions: RepetitionCounts,
}

/// A batch that has become durable.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The log index of its first event.
    pub first_index: u64,
    /// Its events, in order.
    pub events: Arc<Vec<RecordedEvent>>,
    /// The head that it made.
    pub head: Head,
}

impl Shared {
    pub(super) fn head(&self) -> Head {
        *self.head.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The head is durable: readers may see it and it may be signed.
    pub(super) fn publish(&self, head: Head, after: &Mark) {
        *self.head.write().unwrap_or_else(PoisonError::into_inner) = head;
        self.state.write().unwrap_or_else(PoisonError::into_inner).forget_before(after);
        self.tree.write().unwrap_or_else(PoisonError::into_inner).settle(head.tree_size);
    }

    pub(super) fn tell_followers(&self, committed: &Committed) {
        let mut followers = self.followers.lock().unwrap_or_else(PoisonError::into_inner);
        followers.retain(|follower| follower.send(committed.clone()).is_ok());
    }

    /// The key that signs the log of that size.
    pub(super) fn log_key_at(&self, tree_size: u64) -> Arc<dyn Signer> {
        let keys = self.log_keys.read().unwrap_or_else(PoisonError::into_inner);
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let in_force = state.signing_key_at(tree_size);
        let found = keys.iter().find(|key| in_force.is_none_or(|in_force| key.verifier_key() == in_force));
        Arc::clone(found.expect("a key is at hand before the log hands over to it"))
    }

    /// The checkpoint that was signed last since the log was opened.
    pub(super) fn signed_last(&self) -> Option<Arc<SignedCheckpoint>> {
        self.signed_last.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_signed_last(&self, signed: &Arc<SignedCheckpoint>) {
        *self.signed_last.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(signed));
    }

    pub(super) fn stopped_for(&self) -> Option<SubmitError> {
        self.stopped_for.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn stop_for(&self, reason: String) {
        self.stop_with(SubmitError::Stopped(reason));
    }

    fn stop_with(&self, error: SubmitError) {
        *self.stopped_for.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    pub(super) fn held_to(&self) -> Option<SignedHead> {
        *self.held_to.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One entry as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the log.
    pub log_index: u64,
    /// The exact bytes that were hashed.
    pub bytes: Vec<u8>,
}

/// An entry with the proof that it is in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenEntry {
    /// The entry.
    pub entry: Entry,
    /// The name of its event.
    pub id: EventId,
    /// The hash of its bytes as a leaf (RFC 6962 §2.1).
    pub leaf_hash: Hash,
    /// From the leaf's sibling up (RFC 6962 §2.1.1).
    pub inclusion_proof: Vec<Hash>,
}

/// What is given to whoever recorded (回执): with it anyone can check that the entry is in the log of that checkpoint.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The entry's place in the log.
    pub log_index: u64,
    /// The tree size that the proof leads to.
    pub tree_size: u64,
    /// From the leaf's sibling up (RFC 6962 §2.1.1).
    pub inclusion_proof: Vec<Hash>,
    /// The signed note of the checkpoint (C2SP tlog-checkpoint).
    pub checkpoint: Arc<SignedCheckpoint>,
}

/// Why the ledger can't be opened or can't give a proof.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The tree can't be rebuilt from the stored nodes, or the proof asked for doesn't exist.
    #[error("{0}")]
    Tree(String),
    /// The checkpoint can't be signed.
    #[error("signing the checkpoint: {0}")]
    Sign(#[from] SignError),
    /// The signing key can't be handed over.
    #[error("handing over the signing key: {0}")]
    HandOver(String),
    /// More was signed than is there: an older copy of the log was put back.
    #[error(
        "a checkpoint of {signed} entries was signed and the log has {tree_size}: an older copy of it was put back. Put back the newest copy; if what was recorded from entry {tree_size} on is lost, this log can't go on under its name: begin another ledger"
    )]
    OlderThanSigned {
        /// The size that was signed.
        signed: u64,
        /// The size that is there.
        tree_size: u64,
    },
    /// The log was handed over to a key that isn't at hand.
    #[error(
        "the log was handed over to the key {in_force}, and `signing-key` is another one: put that key in its place"
    )]
    KeyNotInForce {
        /// The verifier key that is in force.
        in_force: String,
    },
    /// The log isn't the one whose head was signed.
    #[error(
        "the first {signed} entries aren't those whose checkpoint was signed: the log was rewritten, or another copy of it was put back. Put back the newest copy of the log that was signed"
    )]
    OtherThanSigned {
        /// The size that was signed.
        signed: u64,
    },
}

/// The append-only log with its rules: the one place through which facts get in.
pub struct Ledger {
    shared: Arc<Shared>,
    writer: Mutex<Option<JoinHandle<()>>>,
    signatory: Option<JoinHandle<()>>,
}

impl Ledger {
    /// Opens the log in `store`. `state` is a snapshot of the decision state, or the empty one; what came after it is folded
    /// in. Calls `progress` with the tree size reached.
    pub fn open(
        store: Arc<dyn EventStore>,
        origin: &str,
        signing: Signing,
        clock: Arc<dyn Clock>,
        mut state: LedgerState,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Ledger, LedgerError> {
        let tree = load_tree(store.as_ref())?;
        if state.tree_size() > tree.size() {
            return Err(LedgerError::Tree(format!(
                "the snapshot has {} entries and the log only {}: was an old copy of the log put back?",
                state.tree_size(),
                tree.size()
            )));
        }
        let Signing { log_key, successor, beside, heads } = signing;
        let keys_beside = beside.iter().map(|key| key.verifier_key()).collect();
        let signatory = Signatory::new(heads, beside, store.as_ref(), tree.size())?;
        read_events(store.as_ref(), state.tree_size(), tree.size(), &mut |log_index, event| {
            state.apply(log_index, event);
            if log_index % 8_192 == 8_191 {
                let mark = state.mark();
                state.forget_before(&mark);
                progress(log_index + 1);
            }
        })?;
        let mark = state.mark();
        state.forget_before(&mark);
        let log_keys: Vec<Arc<dyn Signer>> = std::iter::once(log_key).chain(successor).map(Arc::from).collect();
        if let Some(in_force) = state.signing_key_at(tree.size())
            && !log_keys.iter().any(|key| key.verifier_key() == in_force)
        {
            return Err(LedgerError::KeyNotInForce { in_force: in_force.to_owned() });
        }
        let head = Head { tree_size: tree.size(), root: tree.root() };
        let shared = Arc::new(Shared {
            store,
            origin: origin.to_owned(),
            clock,
            queue: Queue::default(),
            signing: SigningQueue::default(),
            state: RwLock::new(state),
            tree: RwLock::new(tree),
            old_blocks: Mutex::new(LruCache::new(OLD_BLOCKS_KEPT)),
            log_keys: RwLock::new(log_keys),
            keys_beside,
            head: RwLock::new(head),
            signed_last: RwLock::default(),
            followers: Mutex::default(),
            stopped_for: Mutex::default(),
            held_to: Mutex::default(),
            repetitions: RepetitionCounts::default(),
        });
        let for_writer = Arc::clone(&shared);
        let writer = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer::run(&for_writer))
            .expect("a thread can be started");
        let for_signatory = Arc::clone(&shared);
        let signatory = std::thread::Builder::new()
            .name("signatory".to_owned())
            .spawn(move || signatory.run(&for_signatory))
            .expect("a thread can be started");
        Ok(Ledger { shared, writer: Mutex::new(Some(writer)), signatory: Some(signatory) })
    }

    /// Submits at once and gives the answer to wait for: what it acknowledges is durable. Submissions are decided in the order
    /// of these calls, whoever waits first.
    pub fn submit(&self, submission: Submission) -> impl Future<Output = Result<Reply, SubmitError>> + Send + use<> {
        let answer = self.enqueue(submission);
        async move { answer?.await.unwrap_or_else(|_| Err(stopped())) }
    }

    /// As [`Ledger::submit`], for a thread that may block.
    pub fn submit_blocking(&self, submission: Submission) -> Result<Reply, SubmitError> {
        let answer = self.enqueue(submission)?;
        answer.blocking_recv().unwrap_or_else(|_| Err(stopped()))
    }

    fn enqueue(&self, submission: Submission) -> Result<oneshot::Receiver<Result<Reply, SubmitError>>, SubmitError> {
        let (answer, receiver) = oneshot::channel();
        self.shared.queue.push(Job { submission, answer }).map_err(|_| stopped())?;
        Ok(receiver)
    }

    /// What was handed in again and not recorded, since this ledger was opened.
    pub fn repetitions(&self) -> Repetitions {
        self.shared.repetitions.so_far()
    }

    /// The durable head.
    pub fn head(&self) -> Head {
        self.shared.head()
    }

    /// When the newest entry was recorded.
    pub fn last_recorded_at(&self) -> Instant {
        self.shared.state.read().unwrap_or_else(PoisonError::into_inner).last_recorded_at()
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.shared.origin
    }

    /// The key that its checkpoints are checked with, as a C2SP verifier key.
    pub fn verifier_key(&self) -> String {
        self.shared.log_key_at(self.head().tree_size).verifier_key()
    }

    /// Every key that signs its checkpoints, the log's own first.
    pub fn verifier_keys(&self) -> Vec<String> {
        std::iter::once(self.verifier_key()).chain(self.shared.keys_beside.iter().cloned()).collect()
    }

    /// Hands the log over to another key: recorded as an entry that both keys have signed, after which the new one signs. The
    /// caller keeps the new key where it is found at the next start before this is called.
    pub fn rotate_key(&self, successor: Box<dyn Signer>, actor: Arc<Actor>) -> Result<Outcome, LedgerError> {
        let old = self.shared.log_key_at(self.head().tree_size);
        let unsigned = |source: NoteError| LedgerError::HandOver(source.to_string());
        let handover = hand_over(old.as_ref(), successor.as_ref()).map_err(unsigned)?;
        let (old_key, new_key) = (old.verifier_key(), successor.verifier_key());
        self.shared.log_keys.write().unwrap_or_else(PoisonError::into_inner).push(Arc::from(successor));
        self.set_handover(Some((old_key.clone(), new_key.clone())));
        let key = IdempotencyKey::of_content(&["signing-key", &new_key]);
        let event = SigningKeyRotated { handover, new_key, old_key }.into();
        let command =
            Command { key, event, evidence: Evidence::Office, imported: None, occurred_at: self.shared.clock.now() };
        let reply = self.submit_blocking(Submission { actor, commands: vec![command], mode: Mode::EachAlone });
        self.set_handover(None);
        let outcome = reply.map_err(|source| LedgerError::HandOver(source.to_string()))?.outcomes.pop();
        Ok(outcome.expect("one command has one outcome"))
    }

    fn set_handover(&self, handover: Option<(String, String)>) {
        self.shared.state.write().unwrap_or_else(PoisonError::into_inner).set_handover(handover);
    }

    /// The signed checkpoint of the durable head, or of a later one.
    pub async fn signed_checkpoint(&self) -> Result<Arc<SignedCheckpoint>, LedgerError> {
        self.signed(self.head().tree_size).await
    }

    /// As [`Ledger::signed_checkpoint`], for a thread that may block.
    pub fn checkpoint(&self) -> Result<Arc<SignedCheckpoint>, LedgerError> {
        blocking(self.signed_checkpoint())
    }

    /// A checkpoint with at least so many entries. All who ask while one is being signed share the next.
    async fn signed(&self, tree_size: u64) -> Result<Arc<SignedCheckpoint>, LedgerError> {
        if let Some(last) = self.shared.signed_last().filter(|last| last.checkpoint().size >= tree_size) {
            return Ok(last);
        }
        Ok(self.shared.signing.push().await.unwrap_or(Err(SignError::Stopped))?)
    }

    /// The receipt of an entry that is in a durable head, such as that of its reply: against the checkpoint of that head or
    /// of a later one.
    pub async fn signed_receipt(&self, log_index: u64, head: Head) -> Result<Receipt, LedgerError> {
        let checkpoint = self.signed(head.tree_size).await?;
        let tree_size = checkpoint.checkpoint().size;
        Ok(Receipt { log_index, tree_size, inclusion_proof: self.inclusion_proof(log_index, tree_size)?, checkpoint })
    }

    /// As [`Ledger::signed_receipt`], for a thread that may block.
    pub fn receipt(&self, log_index: u64, head: Head) -> Result<Receipt, LedgerError> {
        blocking(self.signed_receipt(log_index, head))
    }

    /// The proof that the entry is in the log of that size (RFC 6962 §2.1.1).
    pub fn inclusion_proof(&self, log_index: u64, tree_size: u64) -> Result<Vec<Hash>, LedgerError> {
        let tree = self.shared.tree.read().unwrap_or_else(PoisonError::into_inner);
        tree.inclusion_proof(log_index, tree_size, |block| self.old_block(&tree, block))
            .map_err(|source| tree_error(&source))
    }

    /// Entries with their proofs in the log of that size, in the order asked for. One that the log of that size doesn't have is left out.
    pub fn prove(&self, log_indexes: &[u64], tree_size: u64) -> Result<Vec<ProvenEntry>, LedgerError> {
        let mut proven = Vec::with_capacity(log_indexes.len());
        for &log_index in log_indexes.iter().filter(|&&log_index| log_index < tree_size) {
            let Some(entry) = self.entries(log_index, 1)?.pop() else { continue };
            let damaged = |what: String| StoreError::Damaged { log_index, what };
            proven.push(ProvenEntry {
                id: decode(&entry.bytes).map_err(|source| damaged(source.to_string()))?.id,
                leaf_hash: leaf_hash(&entry.bytes),
                inclusion_proof: self.inclusion_proof(log_index, tree_size)?,
                entry,
            });
        }
        Ok(proven)
    }

    /// The proof that the log of `new` entries extends the log of `old` entries (RFC 6962 §2.1.2).
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Vec<Hash>, LedgerError> {
        let tree = self.shared.tree.read().unwrap_or_else(PoisonError::into_inner);
        tree.consistency_proof(old, new, |block| self.old_block(&tree, block)).map_err(|source| tree_error(&source))
    }

    /// The root hash of the log when it had that size.
    pub fn root_at(&self, tree_size: u64) -> Result<Hash, LedgerError> {
        let tree = self.shared.tree.read().unwrap_or_else(PoisonError::into_inner);
        tree.root_at(tree_size, |block| self.old_block(&tree, block)).map_err(|source| tree_error(&source))
    }

    fn old_block(&self, tree: &Tree, block: u64) -> Result<OldBlock, StoreError> {
        let kept = || self.shared.old_blocks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = kept().get(&block) {
            return Ok(old.clone());
        }
        let old = read_block(&*self.shared.store, tree, block)?;
        kept().put(block, old.clone());
        Ok(old)
    }

    /// Holds the ledger to a head that the key in force has signed, wherever: whoever has it holds the log to it for ever. Gives whether it is one
    /// of this log. If it isn't, nothing more is recorded or signed, and that head is remembered as the one signed last, so that this log
    /// isn't opened again either. The caller has checked the signature. May block.
    pub fn hold_to(&self, signed: Head) -> Result<bool, LedgerError> {
        let tree_size = self.head().tree_size;
        if signed.tree_size <= tree_size && self.root_at(signed.tree_size)? == signed.root {
            return Ok(true);
        }
        let error = SignError::Contradicted { signed: signed.tree_size, tree_size };
        tracing::error!(error = %error, "the ledger stops");
        let signed = SignedHead { tree_size: signed.tree_size, root: signed.root };
        self.shared.held_to.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(signed);
        self.shared.stop_with(SubmitError::Contradicted(error));
        // The signatory remembers it, between one signature and the next.
        match blocking(self.shared.signing.push()) {
            Ok(Err(SignError::Contradicted { .. })) | Err(_) => Ok(false),
            Ok(Err(failed)) => Err(failed.into()),
            Ok(Ok(_)) => unreachable!("nothing is signed by a ledger that is held to another history"),
        }
    }

    /// Why nothing is recorded any more; none as long as it is. Entries can be read all the same.
    pub fn stopped_for(&self) -> Option<SubmitError> {
        self.shared.stopped_for()
    }

    /// Up to `count` durable entries from a log index on.
    pub fn entries(&self, from: u64, count: u64) -> Result<Vec<Entry>, StoreError> {
        let end = from.saturating_add(count).min(self.head().tree_size);
        let mut entries = Vec::new();
        if from >= end {
            return Ok(entries);
        }
        for segment in self.shared.store.read(from, end - from)? {
            for (log_index, entry) in (segment.first_index..).zip(bundle::entries(&segment.bundle)) {
                let entry = entry.map_err(|source| StoreError::Damaged { log_index, what: source.to_string() })?;
                if (from..end).contains(&log_index) {
                    entries.push(Entry { log_index, bytes: entry.to_vec() });
                }
            }
        }
        Ok(entries)
    }

    /// The ids of the events at these places, by place. Each segment of the store is read once.
    pub fn ids_at(&self, log_indexes: &BTreeSet<u64>) -> Result<BTreeMap<u64, EventId>, StoreError> {
        let (store, mut last_read) = (self.shared.store.as_ref(), None);
        let id = |&log_index: &u64| Ok((log_index, read_near(store, &mut last_read, log_index)?.id));
        log_indexes.iter().map(id).collect()
    }

    /// A tile of hashes or bundle of entries, byte for byte as published (C2SP tlog-tiles); none if the durable log doesn't
    /// have all of it.
    pub fn tile(&self, tile: &Tile) -> Result<Option<Vec<u8>>, StoreError> {
        if !tile.is_within(self.head().tree_size) {
            return Ok(None);
        }
        read_tile(self.shared.store.as_ref(), tile).map(Some)
    }

    /// The place of an event, if it is durable.
    pub fn find(&self, id: EventId) -> Result<Option<u64>, StoreError> {
        let durable = self.head().tree_size;
        let candidates: Vec<u64> = {
            let state = self.shared.state.read().unwrap_or_else(PoisonError::into_inner);
            state.candidates(id).filter(|&log_index| log_index < durable).collect()
        };
        for log_index in candidates {
            if read_event(self.shared.store.as_ref(), log_index)?.id == id {
                return Ok(Some(log_index));
            }
        }
        Ok(None)
    }

    /// Every batch that becomes durable from now on. A follower that falls behind makes the writer wait.
    pub fn follow(&self) -> Receiver<Committed> {
        let (sender, receiver) = sync_channel(FOLLOWER_BATCHES_MAX);
        self.shared.followers.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }

    /// Works off what was submitted, then stops. Later submissions are refused.
    pub fn stop(&self) {
        self.shared.queue.stop();
        if let Some(writer) = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take() {
            drop(writer.join());
        }
        self.shared.followers.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The decision state for a snapshot, with the head it belongs to. Only once stopped: before, it may be ahead of what is
    /// durable.
    pub fn state_snapshot(&self) -> Option<(Head, Vec<u8>)> {
        if self.writer.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            return None;
        }
        let state = self.shared.state.read().unwrap_or_else(PoisonError::into_inner);
        let head = self.head();
        (state.tree_size() == head.tree_size).then(|| (head, state.to_bytes()))
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.stop();
        self.shared.signing.stop();
        if let Some(signatory) = self.signatory.take() {
            drop(signatory.join());
        }
    }
}

/// Waits for what another thread answers.
fn blocking<T>(answer: impl Future<Output = T>) -> T {
    futures::executor::block_on(answer)
}

fn stopped() -> SubmitError {
    SubmitError::Stopped("it was told to stop".to_owned())
}

fn tree_error(source: &TreeError<StoreError>) -> LedgerError {
    LedgerError::Tree(source.to_string())
}

/// The tree over everything in the store, from its stored nodes.
pub fn load_tree(store: &dyn EventStore) -> Result<Tree, LedgerError> {
    tree_of_size(store, store.head()?)
}

/// The tree over the first `size` entries in the store, from its stored nodes.
pub fn tree_of_size(store: &dyn EventStore, size: u64) -> Result<Tree, LedgerError> {
    let tile_roots = store.nodes(1, 0, size / 256)?;
    let last_tile = store.nodes(0, size / 256 * 256, size)?;
    Tree::from_tile_roots(size, tile_roots, &last_tile).map_err(|source| LedgerError::Tree(source.to_string()))
}

/// Decodes the stored events `from..end` in order.
pub fn read_events(
    store: &dyn EventStore,
    from: u64,
    end: u64,
    then: &mut dyn FnMut(u64, &RecordedEvent),
) -> Result<(), StoreError> {
    /// How many entries are read at once.
    const CHUNK: u64 = 16_384;
    let mut next = from;
    while next < end {
        let segments = store.read(next, CHUNK.min(end - next))?;
        if segments.is_empty() {
            return Err(StoreError::Damaged { log_index: next, what: "the entry is missing".to_owned() });
        }
        for segment in segments {
            let skip = offset(next - segment.first_index);
            for (log_index, entry) in (segment.first_index..end).zip(bundle::entries(&segment.bundle)).skip(skip) {
                let damaged = |what: String| StoreError::Damaged { log_index, what };
                let event = decode(entry.map_err(|source| damaged(source.to_string()))?)
                    .map_err(|source| damaged(source.to_string()))?;
                then(log_index, &event);
                next = log_index + 1;
            }
        }
    }
    Ok(())
}
