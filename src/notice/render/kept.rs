//! Files of notices that take a while to make: made one at a time, and kept, so that nobody keeps a server busy by asking for one again and again.
//! Whoever waits keeps no thread waiting, and only a few may.
//!
//! Invariants: what is handed out is what would be made now: of the same figures, with the names and the witnesses of today, asked for once it is its turn.
//! No file outlives the erasure of somebody, and none is handed out that was begun before one.

use super::FileFormat;
use crate::document::{FontDirectory, RenderError};
use crate::notice::{Imprint, Notice};
use crate::turns::Queue;
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
    kept: Mutex<Kept>,
    queue: Queue,
}

#[derive(Default)]
struct Kept {
    /// Those asked for lately come last.
    files: VecDeque<File>,
    /// Documents about somebody that were issued lately, the newest last.
    issued: VecDeque<Issued>,
    /// How often somebody was erased: a file that was begun before names them.
    erasures: u64,
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
    pub const PLACES: usize = 8;

    /// None yet; set in the fonts of a directory.
    pub fn set_in(fonts: FontDirectory) -> KeptFiles {
        KeptFiles { fonts, kept: Mutex::default(), queue: Queue::of(KeptFiles::PLACES) }
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
        let files = &mut self.kept().files;
        let same = |file: &File| file.format == format && file.digest == digest && file.imprint == imprint;
        let Some(file) = files.iter().position(same).and_then(|place| files.remove(place)) else { return Ok(None) };
        let bytes = Arc::clone(&file.bytes);
        files.push_back(file);
        Ok(Some(bytes))
    }

    /// The notice in a format: at hand, or made and kept, with the imprint of this moment; made anew if somebody was erased meanwhile. Takes seconds; a
    /// server asks for it with [`KeptFiles::in_turn`].
    pub fn file<E: From<RenderError>>(
        &self,
        notice: &Notice,
        imprint: impl Fn() -> Result<Imprint, E>,
        format: FileFormat,
    ) -> Result<Arc<[u8]>, E> {
        loop {
            let erasures = self.kept().erasures;
            let imprint = imprint()?;
            if let Some(bytes) = self.at_hand(notice, &imprint, format)? {
                return Ok(bytes);
            }
            let bytes: Arc<[u8]> = format.write(notice, &imprint, &self.fonts)?.into();
            let (digest, imprint) = (notice.digest(), imprint.digest());
            let mut kept = self.kept();
            if kept.erasures == erasures {
                kept.keep(File { digest, imprint, format, bytes: Arc::clone(&bytes) });
                return Ok(bytes);
            }
        }
    }

    /// Makes a file once it is its turn, on a thread that may block. None, at once, if too many wait already.
    pub async fn in_turn<T: Send + 'static>(
        self: &Arc<Self>,
        make: impl FnOnce(&KeptFiles) -> T + Send + 'static,
    ) -> Option<T> {
        let files = Arc::clone(self);
        self.queue.work(move || make(&files)).await
    }

    /// How often somebody was erased so far: told to [`KeptFiles::keep_issued`] of a file that is begun now.
    pub fn erasures(&self) -> u64 {
        self.kept().erasures
    }

    /// Keeps a file that was issued, for whoever asks for the same once more because the answer didn't reach them; unless somebody was erased since it
    /// was begun.
    pub fn keep_issued(&self, id: EventId, asked: [u8; 32], bytes: Arc<[u8]>, erasures: u64) {
        let mut kept = self.kept();
        if kept.erasures != erasures {
            return;
        }
        let issued = &mut kept.issued;
        issued.push_back(Issued { id, asked, bytes });
        while issued.len() > 1 && issued.iter().map(|file| file.bytes.len()).sum::<usize>() > ISSUED_BYTES_MAX {
            issued.pop_front();
        }
    }

    /// The file that this event issued, and the digest of what was asked for, if it is at hand.
    pub fn issued(&self, id: EventId) -> Option<([u8; 32], Arc<[u8]>)> {
        self.kept().issued.iter().find(|file| file.id == id).map(|file| (file.asked, Arc::clone(&file.bytes)))
    }

    /// Lets go of every file, and of what is being made: somebody was erased, and may be named in any of them.
    pub fn forget(&self) {
        let mut kept = self.kept();
        kept.files.clear();
        kept.issued.clear();
        kept.erasures += 1;
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn keep(&mut self, made: File) {
        let files = &mut self.files;
        files.retain(|file| !(file.digest == made.digest && file.format == made.format));
        files.push_back(made);
        while files.len() > 1 && files.iter().map(|file| file.bytes.len()).sum::<usize>() > KEPT_BYTES_MAX {
            files.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FileFormat, KeptFiles};
    use crate::document::{FontDirectory, Format, RenderError};
    use crate::notice::{Imprint, Notice, samples};
    use mingzhang_events::EventId;
    use std::cell::Cell;
    use std::path::Path;
    use std::sync::Arc;

    const XLSX: FileFormat = FileFormat::Document(Format::Xlsx);

    fn kept() -> KeptFiles {
        KeptFiles::set_in(FontDirectory::of_ledger(Path::new(".")))
    }

    fn file(files: &KeptFiles, notice: &Notice, imprint: &Imprint, format: FileFormat) -> Arc<[u8]> {
        files.file(notice, || Ok::<_, RenderError>(imprint.clone()), format).expect("made")
    }

    #[test]
    fn a_file_is_made_once_and_anew_when_a_name_may_no_longer_be_shown() {
        let (files, notice, mut imprint) = (kept(), samples::street(), samples::imprint());
        let first = file(&files, &notice, &imprint, XLSX);
        assert!(Arc::ptr_eq(&first, &file(&files, &notice, &imprint, XLSX)));
        imprint.names.remove(&notice.members[0].member);
        let second = file(&files, &notice, &imprint, XLSX);
        assert!(first != second && second == XLSX.write(&notice, &imprint, &files.fonts).expect("written").into());
        assert_eq!(files.kept().files.len(), 1, "the file with the name is gone");
        files.forget();
        assert!(files.at_hand(&notice, &imprint, XLSX).expect("looked for").is_none());
    }

    #[test]
    fn of_issued_files_the_newest_are_at_hand_until_somebody_is_erased() {
        let files = kept();
        let third = vec![0_u8; super::ISSUED_BYTES_MAX / 3];
        for number in 1..=4 {
            files.keep_issued(EventId(number), [7; 32], third.clone().into(), 0);
        }
        let at_hand = |number| files.issued(EventId(number)).is_some();
        assert_eq!([1, 2, 3, 4].map(at_hand), [false, true, true, true]);
        files.keep_issued(EventId(5), [7; 32], vec![0; 2 * super::ISSUED_BYTES_MAX].into(), 0);
        assert_eq!([4, 5].map(at_hand), [false, true], "the newest, however large");
        files.forget();
        assert!(!at_hand(5));
        files.keep_issued(EventId(6), [7; 32], third.into(), 0);
        assert!(!at_hand(6), "it was begun before somebody was erased");
    }

    #[test]
    fn nobody_who_is_erased_while_a_file_is_made_stands_in_it() {
        let (files, notice) = (kept(), samples::street());
        let without = {
            let mut imprint = samples::imprint();
            imprint.names.remove(&notice.members[0].member);
            imprint
        };
        let asked = Cell::new(0);
        // The names were read; then somebody is erased, and only then the file is finished.
        let imprint = || {
            asked.set(asked.get() + 1);
            if asked.get() > 1 {
                return Ok::<_, RenderError>(without.clone());
            }
            files.forget();
            Ok(samples::imprint())
        };
        let made = files.file(&notice, imprint, XLSX).expect("made");
        assert_eq!(made, XLSX.write(&notice, &without, &files.fonts).expect("written").into());
        assert!(files.at_hand(&notice, &samples::imprint(), XLSX).expect("looked for").is_none(), "nor is it kept");
    }

    #[test]
    fn the_file_that_was_asked_for_lately_stays() {
        let (files, notice, imprint) = (kept(), samples::street(), samples::imprint());
        let docx = FileFormat::Document(Format::Docx);
        for format in [XLSX, docx, XLSX] {
            file(&files, &notice, &imprint, format);
        }
        assert_eq!(files.kept().files.iter().map(|file| file.format).collect::<Vec<_>>(), [docx, XLSX]);
    }

    #[test]
    fn a_file_of_other_figures_or_in_another_format_is_another() {
        let (files, mut notice, imprint) = (kept(), samples::street(), samples::imprint());
        let docx = FileFormat::Document(Format::Docx);
        let made = [XLSX, docx].map(|format| file(&files, &notice, &imprint, format));
        notice.members[0].voluntary_minutes += 1;
        assert!(file(&files, &notice, &imprint, XLSX) != made[0]);
        assert_ne!(made[0], made[1]);
    }
}
