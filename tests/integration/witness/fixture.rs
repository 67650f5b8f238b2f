//! A log that signs whatever the test wants, a witness that watches it, and the requests between them.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use mingzhang::clock::SetClock;
use mingzhang::durable::{Disk, MachineDisk};
use mingzhang::transparency::{
    Checkpoint, CosignatureSigner, Ed25519Signer, Hash, OldBlock, SignedCheckpoint, Signer, Tree, VerifierKey,
    leaf_hash, witness_request,
};
use mingzhang::witness::{self, Witness};
use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use tower::ServiceExt;

pub(super) const ORIGIN: &str = "log.example/street";
pub(super) const WITNESS: &str = "witness.example/w1";
/// 2026-11-05T02:00:00Z.
pub(super) const NOW: u64 = 1_793_844_000;

/// A log whose key is known, and which forks when it is told to.
pub(super) struct Log {
    tree: Tree,
    signer: Ed25519Signer,
}

impl Log {
    /// Its first `size` entries; logs of other `branch`es differ from entry `common` on.
    pub(super) fn new(size: u64, branch: u64, common: u64) -> Log {
        let mut tree = Tree::new();
        for index in 0..size {
            let of = if index < common { 0 } else { branch };
            tree.push(leaf_hash(format!("{of}/{index}").as_bytes()));
        }
        Log { tree, signer: Ed25519Signer::from_seed(ORIGIN, &[1; 32]).unwrap() }
    }

    pub(super) fn key(&self) -> VerifierKey {
        VerifierKey::parse(&self.signer.verifier_key()).unwrap()
    }

    fn nothing_to_load(block: u64) -> Result<OldBlock, Infallible> {
        panic!("block {block} is in memory")
    }

    pub(super) fn proof(&self, old: u64, new: u64) -> Vec<Hash> {
        self.tree.consistency_proof(old, new, Log::nothing_to_load).unwrap()
    }

    pub(super) fn root(&self, size: u64) -> Hash {
        self.tree.root_at(size, Log::nothing_to_load).unwrap()
    }

    pub(super) fn checkpoint(&self, size: u64) -> String {
        self.sign(Checkpoint::new(ORIGIN, size, self.root(size)))
    }

    pub(super) fn sign(&self, checkpoint: Checkpoint) -> String {
        SignedCheckpoint::sign(checkpoint, &[&self.signer]).unwrap().note().to_owned()
    }

    /// The honest request that leads from `old` to `new`.
    pub(super) fn request(&self, old: u64, new: u64) -> String {
        witness_request::write(old, &self.proof(old, new), &self.checkpoint(new))
    }
}

pub(super) fn witness_key() -> VerifierKey {
    let signer = CosignatureSigner::from_seed(WITNESS, &[2; 32]).unwrap();
    VerifierKey::parse(&signer.verifier_key()).unwrap()
}

/// A witness with its memory in a directory.
pub(super) fn open(state: &Path, log: &Log) -> Witness {
    open_on(state, log, Arc::new(MachineDisk))
}

pub(super) fn open_on(state: &Path, log: &Log, disk: Arc<dyn Disk>) -> Witness {
    let clock = Arc::new(SetClock::at("2026-11-05T02:00:00Z".parse().unwrap()));
    let signer = CosignatureSigner::from_seed(WITNESS, &[2; 32]).unwrap();
    Witness::open(state, signer, vec![log.key()], disk, clock).unwrap()
}

/// What was answered over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) body: String,
}

pub(super) struct Served(Router);

impl Served {
    pub(super) fn new(witness: Witness) -> Served {
        Served(witness::router(Arc::new(witness)))
    }

    pub(super) async fn submit(&self, body: impl Into<Body>) -> Answered {
        self.send(Request::post("/add-checkpoint").body(body.into()).unwrap()).await
    }

    pub(super) async fn get(&self, path: &str) -> Answered {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answered {
        let response = self.0.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let content_type = response.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answered { status, content_type, body: String::from_utf8(body.to_vec()).unwrap() }
    }
}

/// The files of evidence, by name.
pub(super) fn evidence(state: &Path) -> Vec<String> {
    let of_logs = std::fs::read_dir(state).unwrap().filter_map(|entry| {
        let path = entry.unwrap().path().join("evidence");
        path.is_dir().then_some(path)
    });
    let mut names: Vec<String> = of_logs
        .flat_map(|directory| std::fs::read_dir(directory).unwrap())
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
