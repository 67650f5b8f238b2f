//! The files of the repository, as a fresh clone would have them: what `.gitignore` names at the top is left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A text file.
pub(crate) struct File {
    /// Relative to the top, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// All text files below the top, in the order of their paths.
pub(crate) struct Repository {
    top: PathBuf,
    pub(crate) top_level: Vec<String>,
    pub(crate) files: Vec<File>,
}

impl Repository {
    pub(crate) fn open() -> Repository {
        let top = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let ignored = fs::read_to_string(top.join(".gitignore")).expect("reading .gitignore");
        let ignored: BTreeSet<&str> =
            ignored.lines().filter_map(|line| line.strip_prefix('/')).chain([".git"]).collect();
        let mut top_level = names_in(&top);
        top_level.retain(|name| !ignored.contains(name.as_str()));
        let mut files = Vec::new();
        for name in &top_level {
            collect(&top, name, &mut files);
        }
        Repository { top, top_level, files }
    }

    pub(crate) fn below<'a>(&'a self, directory: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.path.starts_with(directory))
    }

    pub(crate) fn rust_below<'a>(&'a self, directory: &'a str) -> impl Iterator<Item = &'a File> {
        self.below(directory).filter(|file| file.path.ends_with(".rs"))
    }

    /// The Rust that is in the program, without tests and benches.
    pub(crate) fn shipped_rust(&self) -> impl Iterator<Item = &File> {
        ["src/", "events/src/", "projections/src/"].into_iter().flat_map(|directory| self.rust_below(directory))
    }

    /// The text of a file that must be there; empty, and so in breach of its rule, if it isn't.
    pub(crate) fn read(&self, path: &str) -> String {
        self.files.iter().find(|file| file.path == path).map_or(String::new(), |file| file.text.clone())
    }

    pub(crate) fn holds(&self, path: &str) -> bool {
        self.top.join(path).exists()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        fs::write(self.top.join(path), text).unwrap_or_else(|error| panic!("writing {path}: {error}"));
    }

    /// The modules that the map names: those of `src/` by their name, those of the pure crates with the crate before it.
    pub(crate) fn modules(&self) -> BTreeSet<String> {
        let mut modules = BTreeSet::new();
        for (directory, prefix) in [("src/", ""), ("events/src/", "events::"), ("projections/src/", "projections::")] {
            for file in self.rust_below(directory) {
                let name = file.path[directory.len()..].split('/').next().unwrap_or_default().trim_end_matches(".rs");
                if !matches!(name, "lib" | "main") {
                    modules.insert(format!("{prefix}{name}"));
                }
            }
        }
        modules
    }
}

fn names_in(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap_or_else(|error| panic!("reading {}: {error}", directory.display()));
    let name = |entry: std::io::Result<fs::DirEntry>| entry.ok()?.file_name().into_string().ok();
    let mut names: Vec<String> = entries.map(|entry| name(entry).expect("a file name in UTF-8")).collect();
    names.sort();
    names
}

fn collect(top: &Path, path: &str, files: &mut Vec<File>) {
    let absolute = top.join(path);
    if absolute.is_dir() {
        for name in names_in(&absolute) {
            collect(top, &format!("{path}/{name}"), files);
        }
    } else if let Ok(text) = fs::read_to_string(&absolute) {
        files.push(File { path: path.to_owned(), text });
    }
}

/// Fails with every violation, one a line.
pub(crate) fn hold(violations: impl IntoIterator<Item = String>) {
    let violations: Vec<String> = violations.into_iter().collect();
    assert!(violations.is_empty(), "{} breaches of the house rules:\n{}", violations.len(), violations.join("\n"));
}
