//! Files of notices that take a while to make: made one at a time, and kept, so that nobody keeps a server busy by asking for one again and again.
//! Whoever waits keeps no thread waiting, and only a few may.
//!
//! Invariants: what is handed out is what would be made now: of the same figures, with the names and the witnesses of today. No file outlives the
//! erasure of somebody.

use super::FileFormat;
use crate::document::{FontDirectory, RenderError};
use crate::notice::{Imprint, Notice};
use crate::turns::Turns;
use mingzhang_events::EventId;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So much is kept, apart from the file that was asked for last.
const KEPT_BYTES_MAX: usize = 64 << 20;
/// Of issued files so much, apart from the newest: those of some minutes.
const ISSUED_BYTES_MAX: usize = 16 << 20;

/// Files that somebody has asked for.
pub struct KeptFiles {
    fonts: FontDirectory,
    /// Those asked for lately come last.
    kept: Mutex<VecDeque<File>>,
    /// Documents about somebody that were issued lately, the newest last.
    issued: Mutex<VecDeque<Issued>>,
    turn: Turns,
    waiting: Turns,
}

struct File {
    /// Of the notice.
    digest: String,
    /// Of its imprint, whose names aren't to be kept beside the file.
    imprint: [u8; 32],
    format: FileFormat,
    bytes: Arc<[u8]>,
}

/// A file that can't be made again: it has a number that is kept nowhere else.
struct Issued {
    id: EventId,
    /// Of what was asked for.
    asked: [u8; 32],
    bytes: Arc<[u8]>,
}

impl KeptFiles {
    /// So many may wait for a file, with the one that is being made: a PDF takes seconds, and each who waits has the notice in memory.
    pub const WAITING_MAX: usize = 8;

    /// None yet; set in the fonts of a directory.
    pub fn set_in(fonts: FontDirectory) -> KeptFiles {
        let (kept, issued) = Default::default();
        KeptFiles { fonts, kept, issued, turn: Turns::of(1), waiting: Turns::of(KeptFiles::WAITING_MAX) }
    }

    /// The fonts in which they are set, for other documents.
    pub fn fonts(&self) -> &FontDirectory {
        &self.fonts
    }

    /// The notice in a format, if that takes no turn: a text, or a file that is kept.
    pub fn at_hand(
        &self,
        notice: &Notice,
        imprint: &Imprint,
        format: FileFormat,
    ) -> Result<Option<Arc<[u8]>>, RenderError> {
        if format.is_text() {
            return format.write(notice, imprint, &self.fonts).map(|bytes| Some(bytes.into()));
        }
        let (digest, imprint) = (notice.digest(), imprint.digest());
        let mut kept = self.kept();
        let same = |file: &File| file.format == format && file.digest == digest && file.imprint == imprint;
        let Some(file) = kept.iter().position(same).and_then(|place| kept.remove(place)) else { return Ok(None) };
        let bytes = Arc::clone(&file.bytes);
        kept.push_back(file);
        Ok(Some(bytes))
    }

    /// The notice in a format: at hand, or made and kept. Takes seconds; a server asks for it with [`KeptFiles::in_turn`].
    pub fn file(&self, notice: &Notice, imprint: &Imprint, format: FileFormat) -> Result<Arc<[u8]>, RenderError> {
        if let Some(bytes) = self.at_hand(notice, imprint, format)? {
            return Ok(bytes);
        }
        let bytes: Arc<[u8]> = format.write(notice, imprint, &self.fonts)?.into();
        let (digest, imprint) = (notice.digest(), imprint.digest());
        let mut kept = self.kept();
        kept.retain(|file| !(file.digest == digest && file.format == format));
        kept.push_back(File { digest, imprint, format, bytes: Arc::clone(&bytes) });
        while kept.len() > 1 && kept.iter().map(|file| file.bytes.len()).sum::<usize>() > KEPT_BYTES_MAX {
            kept.pop_front();
        }
        Ok(bytes)
    }

    /// Makes a file once it is its turn, on a thread that may block. None, at once, if too many wait already.
    pub async fn in_turn<T: Send + 'static>(
        self: &Arc<Self>,
        make: impl FnOnce(&KeptFiles) -> T + Send + 'static,
    ) -> Option<T> {
        let _waiting = self.waiting.take_now()?;
        let files = Arc::clone(self);
        Some(self.turn.work(move || make(&files)).await)
    }

    /// Keeps a file that was issued, for whoever asks for the same once more because the answer didn't reach them.
    pub fn keep_issued(&self, id: EventId, asked: [u8; 32], bytes: Arc<[u8]>) {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        issued.push_back(Issued { id, asked, bytes });
        while issued.len() > 1 && issued.iter().map(|file| file.bytes.len()).sum::<usize>() > ISSUED_BYTES_MAX {
            issued.pop_front();
        }
    }

    /// The file that this event issued, and the digest of what was asked for, if it is at hand.
    pub fn issued(&self, id: EventId) -> Option<([u8; 32], Arc<[u8]>)> {
        let issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        issued.iter().find(|file| file.id == id).map(|file| (file.asked, Arc::clone(&file.bytes)))
    }

    /// Lets go of every file: somebody was erased, and may be named in any of them.
    pub fn forget(&self) {
        self.kept().clear();
        self.issued.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<File>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{FileFormat, KeptFiles};
    use crate::document::{FontDirectory, Format};
    use crate::notice::samples;
    use futures::FutureExt;
    use mingzhang_events::EventId;
    use std::path::Path;
    use std::pin::pin;
    use std::sync::Arc;

    const XLSX: FileFormat = FileFormat::Document(Format::Xlsx);

    fn kept() -> KeptFiles {
        KeptFiles::set_in(FontDirectory::of_ledger(Path::new(".")))
    }

    #[test]
    fn a_file_is_made_once_and_anew_when_a_name_may_no_longer_be_shown() {
        let (files, notice, mut imprint) = (kept(), samples::street(), samples::imprint());
        let first = files.file(&notice, &imprint, XLSX).expect("made");
        assert!(Arc::ptr_eq(&first, &files.file(&notice, &imprint, XLSX).expect("kept")));
        imprint.names.remove(&notice.members[0].member);
        let second = files.file(&notice, &imprint, XLSX).expect("made");
        assert!(first != second && second == XLSX.write(&notice, &imprint, &files.fonts).expect("written").into());
        assert_eq!(files.kept().len(), 1, "the file with the name is gone");
        files.forget();
        assert!(files.at_hand(&notice, &imprint, XLSX).expect("looked for").is_none());
    }

    #[test]
    fn of_issued_files_the_newest_are_at_hand_until_somebody_is_erased() {
        let files = kept();
        let third = vec![0_u8; super::ISSUED_BYTES_MAX / 3];
        for number in 1..=4 {
            files.keep_issued(EventId(number), [7; 32], third.clone().into());
        }
        let at_hand = |number| files.issued(EventId(number)).is_some();
        assert_eq!([1, 2, 3, 4].map(at_hand), [false, true, true, true]);
        files.keep_issued(EventId(5), [7; 32], vec![0; 2 * super::ISSUED_BYTES_MAX].into());
        assert_eq!([4, 5].map(at_hand), [false, true], "the newest, however large");
        files.forget();
        assert!(!at_hand(5));
    }

    #[test]
    fn the_file_that_was_asked_for_lately_stays() {
        let (files, notice, imprint) = (kept(), samples::street(), samples::imprint());
        let docx = FileFormat::Document(Format::Docx);
        for format in [XLSX, docx, XLSX] {
            files.file(&notice, &imprint, format).expect("made");
        }
        assert_eq!(files.kept().iter().map(|file| file.format).collect::<Vec<_>>(), [docx, XLSX]);
    }

    #[tokio::test]
    async fn who_waits_for_a_file_keeps_no_thread_and_only_few_may_wait() {
        let files = Arc::new(kept());
        let (finish, finished) = std::sync::mpsc::channel::<()>();
        let mut first = pin!(files.in_turn(move |_| finished.recv()));
        assert!(first.as_mut().now_or_never().is_none(), "it is being made");
        let mut waiting: Vec<_> =
            (1..KeptFiles::WAITING_MAX).map(|number| Box::pin(files.in_turn(move |_| number))).collect();
        for wait in &mut waiting {
            assert!(wait.as_mut().now_or_never().is_none());
        }
        assert_eq!(files.in_turn(|_| ()).await, None, "there are enough");
        // Whoever goes away makes room.
        waiting.pop();
        let mut last = pin!(files.in_turn(|_| ()));
        assert!(last.as_mut().now_or_never().is_none());
        finish.send(()).expect("it waits for this");
        assert!(first.await.is_some_and(|sent| sent.is_ok()));
        for (number, wait) in (1..).zip(waiting) {
            assert_eq!(wait.await, Some(number));
        }
        assert_eq!(last.await, Some(()));
    }

    #[test]
    fn a_file_of_other_figures_or_in_another_format_is_another() {
        let (files, mut notice, imprint) = (kept(), samples::street(), samples::imprint());
        let docx = FileFormat::Document(Format::Docx);
        let made = [XLSX, docx].map(|format| files.file(&notice, &imprint, format).expect("made"));
        notice.members[0].voluntary_minutes += 1;
        assert!(files.file(&notice, &imprint, XLSX).expect("made") != made[0]);
        assert_ne!(made[0], made[1]);
    }
}
