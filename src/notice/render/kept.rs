//! Files of notices that take a while to make: made one at a time, and kept, so that nobody keeps a server busy by asking for one again and again.
//!
//! Invariant: what is handed out is what would be made now: of the same figures, with the names and the witnesses of today.

use super::FileFormat;
use crate::document::{FontDirectory, RenderError};
use crate::notice::{Imprint, Notice};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// So much is kept, apart from the file that was asked for last.
const KEPT_BYTES_MAX: usize = 64 << 20;

/// Files that somebody has asked for.
pub struct KeptFiles {
    fonts: FontDirectory,
    kept: Mutex<VecDeque<File>>,
    turn: Mutex<()>,
}

struct File {
    /// Of the notice.
    digest: String,
    imprint: Imprint,
    format: FileFormat,
    bytes: Arc<[u8]>,
}

impl KeptFiles {
    /// None yet; set in the fonts of a directory.
    pub fn set_in(fonts: FontDirectory) -> KeptFiles {
        KeptFiles { fonts, kept: Mutex::default(), turn: Mutex::default() }
    }

    /// The fonts in which they are set, for other documents.
    pub fn fonts(&self) -> &FontDirectory {
        &self.fonts
    }

    /// The notice in a format: kept, or made once it is its turn. Blocks.
    pub fn file(&self, notice: &Notice, imprint: &Imprint, format: FileFormat) -> Result<Arc<[u8]>, RenderError> {
        if format.is_text() {
            return format.write(notice, imprint, &self.fonts).map(Arc::from);
        }
        let digest = notice.digest();
        if let Some(bytes) = self.kept(&digest, imprint, format) {
            return Ok(bytes);
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever had the turn before may have made it.
        if let Some(bytes) = self.kept(&digest, imprint, format) {
            return Ok(bytes);
        }
        let bytes: Arc<[u8]> = format.write(notice, imprint, &self.fonts)?.into();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|file| !(file.digest == digest && file.format == format));
        kept.push_back(File { digest, imprint: imprint.clone(), format, bytes: Arc::clone(&bytes) });
        while kept.len() > 1 && kept.iter().map(|file| file.bytes.len()).sum::<usize>() > KEPT_BYTES_MAX {
            kept.pop_front();
        }
        Ok(bytes)
    }

    fn kept(&self, digest: &str, imprint: &Imprint, format: FileFormat) -> Option<Arc<[u8]>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |file: &&File| file.format == format && file.digest == digest && file.imprint == *imprint;
        kept.iter().find(same).map(|file| Arc::clone(&file.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::{FileFormat, KeptFiles};
    use crate::document::{FontDirectory, Format};
    use crate::notice::samples;
    use std::path::Path;
    use std::sync::Arc;

    const XLSX: FileFormat = FileFormat::Document(Format::Xlsx);

    fn kept() -> KeptFiles {
        KeptFiles::set_in(FontDirectory::of_ledger(Path::new("nowhere")))
    }

    #[test]
    fn a_file_is_made_once_and_anew_when_a_name_may_no_longer_be_shown() {
        let (files, notice, mut imprint) = (kept(), samples::street(), samples::imprint());
        let first = files.file(&notice, &imprint, XLSX).expect("made");
        assert!(Arc::ptr_eq(&first, &files.file(&notice, &imprint, XLSX).expect("kept")));
        imprint.names.remove(&notice.members[0].member);
        let second = files.file(&notice, &imprint, XLSX).expect("made");
        assert!(first != second && second == XLSX.write(&notice, &imprint, &files.fonts).expect("written").into());
        assert_eq!(files.kept.lock().expect("no panic").len(), 1, "the file with the name is gone");
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
