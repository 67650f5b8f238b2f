//! Where fonts are looked for, and the fonts once they were needed.

use super::{Fonts, PdfError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A directory of one's own fonts, beside those of the machine. They are read when the first document is set, and kept: about 100 MB.
#[derive(Debug)]
pub struct FontDirectory {
    own: PathBuf,
    found: Mutex<Option<Arc<Fonts>>>,
}

impl FontDirectory {
    /// Of a ledger: `fonts/` in its directory, which needn't be there.
    pub fn of_ledger(directory: &Path) -> FontDirectory {
        FontDirectory { own: directory.join("fonts"), found: Mutex::default() }
    }

    /// Only those of the machine: an auditor has no ledger.
    pub fn of_machine() -> FontDirectory {
        FontDirectory { own: PathBuf::new(), found: Mutex::default() }
    }

    /// The fonts. What isn't found is looked for again the next time, because somebody may have installed it.
    pub fn fonts(&self) -> Result<Arc<Fonts>, PdfError> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fonts) = &*found {
            return Ok(Arc::clone(fonts));
        }
        let fonts = Arc::new(Fonts::find(&self.own)?);
        *found = Some(Arc::clone(&fonts));
        Ok(fonts)
    }
}
