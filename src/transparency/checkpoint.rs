//! Checkpoints (C2SP tlog-checkpoint): the signed head of the tree.
//!
//! May not sign by itself when to sign: what is signed here must have been committed before. Invariant: a parsed checkpoint
//! written out again gives the same bytes.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Hash, Note, NoteError, NoteSignature, Signer, VerifierKey, sign_note};

/// The head of a log: which log, how many entries, and the root over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log, the same for its whole life.
    pub origin: String,
    /// How many entries the tree has.
    pub size: u64,
    /// The root over these entries.
    pub root: Hash,
    /// Further lines, opaque. This ledger writes none: they aren't covered by every kind of cosignature.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    #[must_use]
    pub fn new(origin: impl Into<String>, size: u64, root: Hash) -> Self {
        Self { origin: origin.into(), size, root, extensions: Vec::new() }
    }

    /// Reads the checkpoint of a signed note, whoever signed it. Checks no signature.
    pub fn of_note(note: &[u8]) -> Result<Self, CheckpointError> {
        Self::parse(Note::parse(note)?.text)
    }

    /// Reads the text of a note.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let text = text.strip_suffix('\n').ok_or(CheckpointError::Malformed("it doesn't end with a newline"))?;
        let mut lines = text.split('\n');
        let mut line = || lines.next().filter(|line| !line.is_empty());
        let origin = line().ok_or(CheckpointError::Malformed("the first line, the origin, is missing"))?;
        let size = line()
            .and_then(parse_decimal)
            .ok_or(CheckpointError::Malformed("the second line isn't a size, in decimal without leading zeros"))?;
        let root = line()
            .and_then(|root| STANDARD.decode(root).ok()?.try_into().ok())
            .ok_or(CheckpointError::Malformed("the third line isn't the base64 of a hash"))?;
        let extensions: Vec<_> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(CheckpointError::Malformed("an extension line is empty"));
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions })
    }
}

/// The text that is signed, with its final newline.
impl std::fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, STANDARD.encode(self.root))?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Decimal without leading zeros, as all C2SP formats write numbers.
pub(super) fn parse_decimal(text: &str) -> Option<u64> {
    let canonical = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if canonical { text.parse().ok() } else { None }
}

/// A checkpoint with the note that proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: String,
}

impl SignedCheckpoint {
    /// Signs a checkpoint. Only a committed head may be signed, and never two different heads of one size.
    pub fn sign(checkpoint: Checkpoint, signers: &[&dyn Signer]) -> Result<Self, CheckpointError> {
        let text = checkpoint.to_string();
        // An origin with a line break would be read back as another checkpoint.
        if Checkpoint::parse(&text)? != checkpoint {
            return Err(CheckpointError::Malformed("a line of it has a line break"));
        }
        let note = sign_note(&text, signers)?;
        Ok(Self { checkpoint, note })
    }

    /// Opens the note of a log whose key is known. The name of that key must be the origin.
    pub fn open(note: &[u8], log_key: &VerifierKey) -> Result<Self, CheckpointError> {
        let (opened, _) = Note::open(note, std::slice::from_ref(log_key))?;
        let checkpoint = Checkpoint::parse(opened.text)?;
        if checkpoint.origin != log_key.name() {
            return Err(CheckpointError::OtherOrigin { origin: checkpoint.origin });
        }
        let note = String::from_utf8(note.to_vec()).expect("a note that opened is UTF-8");
        Ok(Self { checkpoint, note })
    }

    /// The same checkpoint with the cosignatures among these lines that are by one of the witnesses.
    ///
    /// Lines of other keys are passed over, so that nobody else can put anything under it; a wrong one of a witness fails. Of
    /// two cosignatures of one witness the later stays.
    pub fn with_cosignatures(
        &self,
        lines: &[NoteSignature<'_>],
        witnesses: &[VerifierKey],
    ) -> Result<Self, CheckpointError> {
        let mut note = Note::parse(self.note.as_bytes())?;
        for line in lines {
            let Some(witness) = witnesses.iter().find(|key| key.is_named_in(line)) else {
                continue;
            };
            let Some(time) = witness.signed_at(line).filter(|_| witness.verify(note.text.as_bytes(), &line.signature))
            else {
                return Err(NoteError::WrongSignature { name: witness.name().to_owned() }.into());
            };
            match note.signatures.iter_mut().find(|known| witness.is_named_in(known)) {
                Some(known) if witness.signed_at(known) < Some(time) => *known = line.clone(),
                Some(_) => {}
                None => note.signatures.push(line.clone()),
            }
        }
        let signatures: String = note.signatures.iter().map(NoteSignature::to_string).collect();
        Ok(Self { checkpoint: self.checkpoint.clone(), note: format!("{}\n{signatures}", note.text) })
    }

    /// The head that is signed.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The signed note, as it is served.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }
}

/// Why a checkpoint can't be read, opened or signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The text isn't a checkpoint.
    #[error("not a checkpoint: {0}")]
    Malformed(&'static str),
    /// It was signed with the key of this log, for another log.
    #[error("the checkpoint is of the log {origin} and not of the one that the key is for")]
    OtherOrigin {
        /// The origin it names.
        origin: String,
    },
    /// The note around it can't be opened.
    #[error(transparent)]
    Note(#[from] NoteError),
}
