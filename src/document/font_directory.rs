//! Where fonts are looked for, and the fonts once they were needed; where there is room to work.

use super::{Fonts, PdfError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Where distributions keep fonts.
const OF_DISTRIBUTIONS: [&str; 2] = ["/usr/share/fonts", "/usr/local/share/fonts"];

/// A directory of one's own fonts, if there is one, and those of the machine. They are read when the first document is set, and kept: about 100 MB.
#[derive(Debug)]
pub struct FontDirectory {
    /// The ledger's directory; none of an auditor.
    ledger: Option<PathBuf>,
    of_the_machine: Vec<PathBuf>,
    found: Mutex<Option<Arc<Fonts>>>,
}

impl FontDirectory {
    /// Of a ledger: `fonts/` in its directory, which needn't be there.
    pub fn of_ledger(directory: &Path) -> FontDirectory {
        FontDirectory::of_places(Some(directory.to_owned()), of_the_machine())
    }

    /// Only those of the machine: an auditor has no ledger.
    pub fn of_machine() -> FontDirectory {
        FontDirectory::of_places(None, of_the_machine())
    }

    /// Of a ledger in this directory, if there is one, and of these directories of the machine and no others.
    pub fn of_places(ledger: Option<PathBuf>, of_the_machine: Vec<PathBuf>) -> FontDirectory {
        FontDirectory { ledger, of_the_machine, found: Mutex::default() }
    }

    /// Where temporary files go: the ledger's own directory, which its operator guards. None where there is no ledger.
    pub fn scratch(&self) -> Option<&Path> {
        self.ledger.as_deref()
    }

    /// The fonts. What isn't found is looked for again the next time, because somebody may have installed it.
    pub fn fonts(&self) -> Result<Arc<Fonts>, PdfError> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fonts) = &*found {
            return Ok(Arc::clone(fonts));
        }
        let own = self.ledger.as_ref().map(|ledger| ledger.join("fonts"));
        let fonts = Arc::new(Fonts::find(own.as_deref(), &self.of_the_machine)?);
        *found = Some(Arc::clone(&fonts));
        Ok(fonts)
    }
}

fn of_the_machine() -> Vec<PathBuf> {
    let home = std::env::home_dir().map(|home| home.join(".fonts"));
    OF_DISTRIBUTIONS.iter().map(PathBuf::from).chain(home).collect()
}
