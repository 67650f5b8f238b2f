//! The composition root: opens a ledger's directory and joins store, ledger, follower and identity. No rule lives here.
//!
//! A ledger's directory holds `mingzhang.toml`, `policy`, `ledger.sqlite`, `identity.sqlite`, `signing-key`, `verifier-key`,
//! `signed-heads`, `checkpoint`, `witness-sizes`, `letterheads/` and `snapshots/`.

mod audit_export;
mod beside;
mod burden;
mod commitments;
mod conduct;
mod demonstration;
mod erasure;
mod export;
mod failure;
mod notices;
mod papers;
mod published;
mod resume;
mod signing;
mod state_snapshot;
mod verification;
mod waiting;
mod warnings;

pub use crate::publication::PublicationError;
pub use audit_export::{AuditExportError, AuditExported, AuditWanted, export_audit};
pub use beside::unknown_organizations;
pub use commitments::CommitmentError;
pub use demonstration::clear_demonstration;
pub use export::{ExportLogError, export_log};
pub use failure::StoreFailure;
pub use notices::DisclosureError;
pub use papers::{CertificateRequest, PaperDraft, PaperError, PaperToIssue};
pub use published::PublishedLogError;
pub use resume::{Resumed, resume};
pub use signing::{add_sm2, published_note};
pub use verification::{VerifyError, verify};
pub use waiting::{Waiting, WaitingById, WaitingFound};
pub use warnings::{CannotDecide, Given, Warning};

use crate::audit::Finding;
use crate::clock::Clock;
use crate::config::{Config, ConfigError};
use crate::document::FontDirectory;
use crate::durable::MachineDisk;
use crate::follower::{CommittedEvents, FollowError, Follower, Models, RootAt};
use crate::identity::{Identity, IdentityError};
use crate::keys::{self, AskPassphrase, KeyError};
use crate::ledger::{Ledger, LedgerError, Reply, Submission, SubmitError, load_tree};
use crate::letterheads::{LetterheadError, Letterheads};
use crate::notice::render::KeptFiles;
use crate::publication::{Publication, PublicationFiles};
use crate::store::{EventStore, SignedHead, SignedHeadsError, SqliteStore, StoreError, read_block};
use crate::transparency::{Frontier, SignedCheckpoint, TlogProof, Tree, TreeError};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Why a ledger can't be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// There is something already.
    #[error("{0} is there already and isn't empty: choose another directory")]
    Exists(PathBuf),
    /// In the place of a demonstration stands something that no demonstration makes.
    #[error("{0} is no file of the demonstration, so nothing was removed: move it, or choose another directory")]
    NotOfDemonstration(PathBuf),
    /// There is no ledger.
    #[error("there is no ledger in {0}: make one with `mingzhang init {0} --origin NAME`")]
    NoLedger(PathBuf),
    /// A file or directory can't be read or written.
    #[error("{doing} {path}")]
    File {
        /// What was being tried.
        doing: &'static str,
        /// With which.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// The store failed, or another process holds the ledger.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file with the head that was signed last can't be read or written.
    #[error(transparent)]
    SignedHeads(#[from] SignedHeadsError),
    /// What the directory keeps contradicts itself, so that nothing may be signed on it.
    #[error(transparent)]
    Contradiction(#[from] Finding),
    /// What was given as a checkpoint of this ledger isn't one.
    #[error("{0} isn't a checkpoint that this ledger's key signed")]
    NotOurCheckpoint(PathBuf),
    /// The log can't be opened.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The read models can't be built.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// The database of people can't be opened.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The signing key can't be made or read.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The configuration can't be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// No checkpoint can be published.
    #[error(transparent)]
    Publication(#[from] PublicationError),
    /// What stood on a notice can't be kept or read.
    #[error(transparent)]
    Letterhead(#[from] LetterheadError),
}

/// A clock that is set back by less is none that ran ahead.
const CLOCK_BEHIND_MINUTES: u32 = 24 * 60;

/// The files of a ledger's directory.
#[derive(Debug, Clone)]
pub struct LedgerDirectory(PathBuf);

impl LedgerDirectory {
    /// The directory at a path.
    pub fn at(path: &Path) -> LedgerDirectory {
        LedgerDirectory(path.to_owned())
    }

    /// The directory itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The log.
    pub fn log(&self) -> PathBuf {
        self.0.join("ledger.sqlite")
    }

    /// People and log-ins.
    pub fn identity(&self) -> PathBuf {
        self.0.join("identity.sqlite")
    }

    /// The private key.
    pub fn signing_key(&self) -> PathBuf {
        self.0.join("signing-key")
    }

    /// The private key that is about to follow, while the log is being handed over.
    pub fn next_signing_key(&self) -> PathBuf {
        self.0.join("signing-key.next")
    }

    /// The private key of the second signature, with SM2.
    pub fn sm2_signing_key(&self) -> PathBuf {
        self.0.join("signing-key-sm2")
    }

    /// The public keys, one a line: the log's own first.
    pub fn verifier_key(&self) -> PathBuf {
        self.0.join("verifier-key")
    }

    /// The head that was signed last. Not for backups: an old copy of it would forget what was signed since.
    pub fn signed_heads(&self) -> PathBuf {
        self.0.join("signed-heads")
    }

    /// The checkpoint published last, a signed note.
    pub fn checkpoint(&self) -> PathBuf {
        self.0.join("checkpoint")
    }

    /// The configuration.
    pub fn config(&self) -> PathBuf {
        self.0.join("mingzhang.toml")
    }

    /// Whom the operator asks to witness (C2SP tlog-policy); absent where nobody is asked.
    pub fn policy(&self) -> PathBuf {
        self.0.join("policy")
    }

    /// What each witness cosigned last.
    pub fn witness_sizes(&self) -> PathBuf {
        self.0.join("witness-sizes")
    }

    /// Disposable snapshots.
    pub fn snapshots(&self) -> PathBuf {
        self.0.join("snapshots")
    }

    /// What the operator had set when each notice was issued.
    pub fn letterheads(&self) -> PathBuf {
        self.0.join("letterheads")
    }

    fn state_snapshot(&self) -> PathBuf {
        self.snapshots().join("decisions.state")
    }
}

/// A ledger that is open for recording and reading.
pub struct Service {
    /// The log and its rules.
    pub ledger: Arc<Ledger>,
    /// The read models.
    pub follower: Arc<Follower>,
    /// People and log-ins.
    pub identity: Arc<Identity>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What the operator has set.
    pub config: Config,
    /// Where it all is.
    pub directory: LedgerDirectory,
    /// Which checkpoint everybody is shown, and the witnesses.
    pub publication: Arc<Publication>,
    /// Files of notices that were asked for lately.
    pub notice_files: Arc<KeptFiles>,
    /// What stood on notices when they were issued.
    pub letterheads: Letterheads,
    /// What was read of the log, as its entries are stored, before figures of it were given out.
    entries_read: Mutex<Frontier>,
    following: Mutex<Option<JoinHandle<()>>>,
    publishing: Mutex<Option<Publishing>>,
}

impl Service {
    /// Makes a ledger in a directory that is absent or empty. With a `seed` its signing key is a known one: it is a
    /// demonstration, and says so.
    pub fn create(
        path: &Path,
        origin: &str,
        seed: Option<[u8; 32]>,
        clock: Arc<dyn Clock>,
    ) -> Result<Service, ServiceError> {
        let config = Config { demonstration: seed.is_some(), ..Config::for_origin(origin)? };
        let file = |doing| move |source| ServiceError::File { doing, path: path.to_owned(), source };
        match std::fs::read_dir(path) {
            Ok(mut entries) => {
                if entries.next().is_some() {
                    return Err(ServiceError::Exists(path.to_owned()));
                }
            }
            Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => {
                std::fs::create_dir_all(path).map_err(file("making the directory"))?;
            }
            Err(source) => return Err(file("looking into")(source)),
        }
        let directory = LedgerDirectory::at(path);
        keys::create(&directory.signing_key(), seed)?;
        drop(SqliteStore::create(&directory.log())?);
        let nothing = SignedHead { tree_size: 0, root: Tree::new().root() };
        let key = signing::log_key(&directory, &config, &keys::no_passphrase)?;
        signing::begin(&directory, &config, nothing, key.as_ref())?;
        drop(Identity::create(&directory.identity(), Arc::clone(&clock))?);
        // The configuration comes last: a directory without it is no ledger yet.
        std::fs::write(directory.config(), config.to_toml()).map_err(file("writing the configuration in"))?;
        Service::open(path, clock, &mut |_, _| {})
    }

    /// A new ledger whose clock stands, for tests of those that may not import a clock.
    #[cfg(test)]
    pub(crate) fn create_at(path: &Path, now: &str) -> Service {
        let clock = Arc::new(crate::clock::SetClock::at(now.parse().expect("an instant")));
        Service::create(path, "test.example/street", None, clock).expect("a ledger")
    }

    /// Opens a ledger whose key is under no passphrase. Otherwise as [`Service::open_with`].
    pub fn open(
        path: &Path,
        clock: Arc<dyn Clock>,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<Service, ServiceError> {
        Service::open_with(path, clock, &keys::no_passphrase, progress)
    }

    /// Opens a ledger for recording. Asks for the passphrase of a key that is under one; calls `progress` with the entries read
    /// and their total.
    pub fn open_with(
        path: &Path,
        clock: Arc<dyn Clock>,
        ask: &AskPassphrase<'_>,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<Service, ServiceError> {
        let directory = LedgerDirectory::at(path);
        if !directory.config().exists() {
            return Err(ServiceError::NoLedger(path.to_owned()));
        }
        let config = Config::read(&directory.config())?;
        let database = Arc::new(SqliteStore::open(&directory.log())?);
        let store: Arc<dyn EventStore> = Arc::clone(&database) as _;
        let identity = Arc::new(Identity::open(&directory.identity(), Arc::clone(&clock))?);
        let published = signing::published(&directory)?;
        let signing = signing::signing(&directory, &config, ask)?;
        let signed_last = signing.heads.last()?;
        let log_key = signing.log_key.verifier_key();
        let tree = Arc::new(load_tree(store.as_ref())?);
        let tree_size = tree.size();
        let root_at = root_at(&store, &tree);
        // Two folds of the same log: each is read from its snapshot and brought up to date on a core of its own.
        let (ledger, follower) = std::thread::scope(|scope| {
            let (store_of_ledger, clock) = (Arc::clone(&store), Arc::clone(&clock));
            let origin = config.origin.as_str();
            let (directory_of_state, root_at_of_state) = (&directory, Arc::clone(&root_at));
            let ledger = scope.spawn(move || {
                let state = state_snapshot::read(directory_of_state, tree_size, &root_at_of_state).unwrap_or_default();
                Ledger::open(store_of_ledger, origin, signing, clock, state, &mut |_| {})
            });
            let mut report = |reached| progress(reached, tree_size);
            let follower = Follower::open(
                Arc::clone(&store),
                &directory.snapshots(),
                Arc::clone(&root_at),
                tree_size,
                &mut report,
            );
            (ledger.join().expect("opening the ledger doesn't panic"), follower)
        });
        let (ledger, mut follower) = (Arc::new(ledger?), follower?);
        // Asked once the log is known to have that head: if it hasn't, that is what is wrong.
        signing::check_remembered(&published, signed_last)?;
        let taken_away = database.take_away_beyond_end()?;
        if taken_away > 0 {
            tracing::warn!(
                rows = taken_away,
                "the ledger's database had hashes of tiles that the log hasn't filled, and they were taken away: somebody wrote into it"
            );
        }
        let last_recorded_at = ledger.last_recorded_at();
        if last_recorded_at > clock.now().plus_minutes(CLOCK_BEHIND_MINUTES) {
            tracing::warn!(
                now = %clock.now(), %last_recorded_at,
                "the newest entry lies ahead of the machine's clock: set the clock, or see decision 0030 if it once ran ahead"
            );
        }
        signing::settle(&directory, &ledger, &log_key)?;
        // From here on the ledger's own tree tells the roots; the one for opening is dropped.
        let for_roots = Arc::downgrade(&ledger);
        follower.tell_roots(Arc::new(move |size| for_roots.upgrade()?.root_at(size).ok()));
        let follower = Arc::new(follower);
        let files = PublicationFiles {
            checkpoint: directory.checkpoint(),
            policy: directory.policy(),
            witness_sizes: directory.witness_sizes(),
        };
        let publication = Arc::new(Publication::open(Arc::clone(&ledger), files, Arc::new(MachineDisk))?);
        erasure::make_good(&identity, &follower.models())?;
        let notice_files = Arc::new(KeptFiles::set_in(FontDirectory::of_ledger(directory.path())));
        let letterheads = Letterheads::in_folder(directory.letterheads());
        let following = Mutex::new(Some(follow(&ledger, &follower, &identity, &notice_files)));
        let publishing = Mutex::default();
        let service = Service {
            ledger,
            follower,
            identity,
            clock,
            config,
            directory,
            publication,
            notice_files,
            letterheads,
            entries_read: Mutex::default(),
            following,
            publishing,
        };
        service.make_commitments_good();
        Ok(service)
    }

    /// Submits and waits: what is acknowledged is durable.
    pub async fn submit(&self, submission: Submission) -> Result<Reply, SubmitError> {
        self.ledger.submit(submission).await
    }

    /// The read models with everything that was durable when it was called.
    pub async fn models(&self) -> Models<'_> {
        self.follower.caught_up(self.ledger.head().tree_size).await;
        self.follower.models()
    }

    /// As [`Service::models`], for a thread that may block.
    pub fn models_blocking(&self) -> Models<'_> {
        let head = self.ledger.head().tree_size;
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime without I/O");
        runtime.block_on(self.follower.caught_up(head));
        self.follower.models()
    }

    /// The checkpoint that the public is shown: the log up to its size is published. May wait for the disk.
    pub fn published_checkpoint(&self) -> Result<Arc<SignedCheckpoint>, ServiceError> {
        Ok(self.publication.published()?.checkpoint)
    }

    /// The receipt of a durable entry, to be checked offline: against the published checkpoint, or against the present head if
    /// the entry isn't published yet.
    pub fn proof(&self, log_index: u64) -> Result<TlogProof, ServiceError> {
        let published = self.published_checkpoint()?;
        let checkpoint = if published.checkpoint().size > log_index { published } else { self.ledger.checkpoint()? };
        let inclusion_proof = self.ledger.inclusion_proof(log_index, checkpoint.checkpoint().size)?;
        Ok(TlogProof { extra: None, log_index, inclusion_proof, checkpoint: checkpoint.note().to_owned() })
    }

    /// From now on, as long as it is open, a checkpoint is published every few seconds and handed to the witnesses.
    pub fn publish_regularly(&self) {
        let (stop, told_to_stop) = channel();
        let publication = Arc::clone(&self.publication);
        let every = Duration::from_secs(u64::from(self.config.publish_every_seconds.max(1)));
        let thread = std::thread::Builder::new().name("publication".to_owned());
        let thread = thread.spawn(move || publication.run(every, &told_to_stop)).expect("a thread can be started");
        *self.publishing.lock().unwrap_or_else(PoisonError::into_inner) = Some(Publishing { stop, thread });
    }

    /// Works off what was submitted, publishes the checkpoint, keeps snapshots. Nothing is recorded afterwards.
    pub fn stop(&self) -> Result<(), ServiceError> {
        self.ledger.stop();
        if let Some(following) = self.following.lock().unwrap_or_else(PoisonError::into_inner).take() {
            drop(following.join());
        } else {
            return Ok(());
        }
        if let Some(publishing) = self.publishing.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // It makes one round more, for the last entries.
            drop(publishing.stop);
            drop(publishing.thread.join());
        }
        self.publication.publish_head()?;
        self.follower.snapshot();
        if let Some((head, bytes)) = self.ledger.state_snapshot()
            && head.tree_size >= state_snapshot::FROM
        {
            state_snapshot::write(&self.directory, head, &bytes);
        }
        Ok(())
    }
}

/// The thread that publishes.
struct Publishing {
    /// Dropped, it tells the thread to stop.
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Err(failure) = self.stop() {
            tracing::warn!(error = %failure, "stopping the ledger");
        }
    }
}

fn root_at(store: &Arc<dyn EventStore>, tree: &Arc<Tree>) -> RootAt {
    let (store, tree) = (Arc::clone(store), Arc::clone(tree));
    Arc::new(move |size| {
        let root: Result<_, TreeError<StoreError>> = tree.root_at(size, |block| read_block(&*store, &tree, block));
        root.ok()
    })
}

fn follow(
    ledger: &Ledger,
    follower: &Arc<Follower>,
    identity: &Arc<Identity>,
    files: &Arc<KeptFiles>,
) -> JoinHandle<()> {
    let (committed, follower) = (ledger.follow(), Arc::clone(follower));
    let (identity, files) = (Arc::clone(identity), Arc::clone(files));
    std::thread::Builder::new()
        .name("follower".to_owned())
        .spawn(move || {
            follower.run(committed.into_iter().map(|batch| {
                // Before anybody can read that it was done.
                erasure::carry_out(&identity, &files, &batch.events);
                CommittedEvents { first_index: batch.first_index, events: batch.events }
            }));
        })
        .expect("a thread can be started")
}
