//! Files that commands write. One that is issued is on the disk whole before the ledger records it, and has its name only afterwards.
//!
//! Invariants: nothing is written over a file that is there, unless somebody says so; nobody holds a file under its name that the ledger refused, and none is lost
//! that it may have recorded.

use super::exit::Exit;
use super::failure::{Both, Failure, both};
use super::output::remark;
use crate::durable::{Unfinished, beside};
use mingzhang_events::EventId;
use std::fs::File;
use std::io::{Error, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Whoever may look into the directory may read it.
pub(super) const FOR_ALL: u32 = 0o666;
/// It is about somebody: for whoever wrote it alone.
pub(super) const FOR_THE_OWNER: u32 = 0o600;

/// Whether a file that is there may be written over. Only what anybody could have made again takes this option.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Over {
    #[arg(long, help = "同名文件已存在时覆盖它  Write over a file that is there already")]
    force: bool,
}

impl Over {
    /// Refuses a place that isn't free: called before anything is recorded, or takes long.
    pub(super) fn must_be_free(self, path: &Path) -> Result<(), Failure> {
        if path.is_file() && !self.force { Err(taken(path).next(another_name_or_force())) } else { Ok(()) }
    }

    /// Writes a file that anybody could have made again, and says so.
    pub(super) fn write(self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        // What is no file, such as a pipe, has nothing to be lost.
        if self.force || (path.exists() && !path.is_file()) {
            std::fs::write(path, bytes).map_err(|error| cannot_write(path, &error))?;
        } else {
            write_new(path, bytes, FOR_ALL).map_err(|failure| match path.is_file() {
                true => failure.next(another_name_or_force()),
                false => failure,
            })?;
        }
        remark(format!("✓ {}", path.display()));
        Ok(())
    }
}

/// Writes a file that isn't there.
pub(super) fn write_new(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Failure> {
    let file = File::options().write(true).create_new(true).mode(mode).open(path);
    let mut file = file.map_err(|error| match error.kind() == ErrorKind::AlreadyExists {
        true => taken(path),
        false => cannot_write(path, &error),
    })?;
    file.write_all(bytes).map_err(|error| {
        // Half of it would stand in the way of the next try.
        drop(std::fs::remove_file(path));
        cannot_write(path, &error)
    })
}

/// Refuses the place of a file that is given once, before anything is recorded: it stands in nobody's place.
pub(super) fn must_be_free(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        return Err(taken(path)
            .next(both("印发的文件只给一次：请换个文件名", "an issued file is given once: choose another name")));
    }
    let unfinished = beside(path, ".unfinished");
    if unfinished.exists() { Err(left_over(&unfinished, path)) } else { Ok(()) }
}

/// Something is there.
pub(super) fn taken(path: &Path) -> Failure {
    let wrong = both(format!("{} 已存在", path.display()), format!("{} is there already", path.display()));
    Failure::new(Exit::WorldFailed, wrong)
}

fn another_name_or_force() -> Both {
    both("请换一个文件名；要覆盖它，请加 --force", "choose another name, or say --force to write over it")
}

/// Writes a file that is given out, has it recorded, gives it its name, and says so. If the rules say no, it is gone; if nobody knows whether it was
/// recorded, it is kept beside its place.
pub(super) fn issue<T>(
    path: &Path,
    bytes: &[u8],
    mode: u32,
    record: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    let unfinished = Unfinished::write(path, bytes, mode).map_err(|error| no_place(path, &error))?;
    let recorded = match record() {
        Ok(recorded) => recorded,
        Err(failure) if failure.recorded_nothing() => {
            unfinished.remove();
            return Err(failure);
        }
        Err(failure) => return Err(failure.next(check(unfinished.path(), path))),
    };
    unfinished.finish().map_err(|error| cannot_write(path, &error))?;
    remark(format!("✓ {}", path.display()));
    Ok(recorded)
}

/// Asks for a file that is recorded before it is handed over, and writes it. Its place is made before, so that it has one; if there is no room for it after all, what was
/// recorded is told.
pub(super) fn issue_asked<T>(
    path: &Path,
    mode: u32,
    ask: impl FnOnce() -> Result<(Vec<u8>, EventId, T), Failure>,
) -> Result<T, Failure> {
    let (unfinished, mut file) = Unfinished::create(path, mode).map_err(|error| no_place(path, &error))?;
    let (bytes, id, issued) = match ask() {
        Ok(answered) => answered,
        Err(failure) => {
            unfinished.remove();
            return Err(failure);
        }
    };
    let written = file.write_all(&bytes).and_then(|()| unfinished.finish());
    if let Err(error) = written {
        unfinished.remove();
        return Err(cannot_write(path, &error).next(both(
            format!("已印发并记入账本（{id}），文件没有写下：腾出空间后加 --supersedes {id} 重新印发"),
            format!("it was issued and is recorded as {id}, and the file isn't written: make room, and issue it anew with --supersedes {id}"),
        )));
    }
    remark(format!("✓ {}", path.display()));
    Ok(issued)
}

/// There is no place for a file that is to be issued.
fn no_place(path: &Path, error: &Error) -> Failure {
    match error.kind() == ErrorKind::AlreadyExists {
        true => left_over(&beside(path, ".unfinished"), path),
        false => cannot_write(path, error),
    }
}

/// A file that is made in a long time is there already, unfinished: of another run, or of one that broke off.
pub(super) fn unfinished_is_there(path: &Path) -> Failure {
    let unfinished = beside(path, ".unfinished");
    taken(&unfinished).next(both(
        "可能正由另一个命令写入，也可能是中断时留下的：确认没有命令在写，删除它再试",
        "another command may be writing it, or one that broke off left it: if none is, remove it and try again",
    ))
}

fn left_over(unfinished: &Path, path: &Path) -> Failure {
    let left = unfinished.display();
    let wrong = both(
        format!("{left} 已存在：可能是上次印发时留下的"),
        format!("{left} is there already: perhaps of an issue that broke off"),
    );
    Failure::of_world(wrong, &Error::from(ErrorKind::AlreadyExists)).next(check(unfinished, path))
}

/// What to do about a file that may have been issued.
fn check(unfinished: &Path, path: &Path) -> Both {
    let (left, path) = (unfinished.display(), path.display());
    both(
        format!("请用 mingzhang check-document {left} 核验：已印发就改名为 {path}，没有印发过就删除它再试"),
        format!(
            "run `mingzhang check-document {left}`: if it was issued, rename it {path}; if never, remove it and try again"
        ),
    )
}

/// A file can't be written.
pub(super) fn cannot_write(path: &Path, error: &Error) -> Failure {
    let path = path.display();
    Failure::of_world(both(format!("无法写入 {path}"), format!("writing {path}")), error)
}

#[cfg(test)]
mod tests {
    use super::{FOR_THE_OWNER, issue};
    use crate::cli::exit::Exit;
    use crate::cli::failure::{Failure, both};
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_is_refused_is_gone_and_what_may_be_recorded_is_kept() {
        let directory = tempfile::tempdir().expect("a directory");
        let (path, unfinished) = (directory.path().join("证明.pdf"), directory.path().join("证明.pdf.unfinished"));
        let beside = directory.path().join("证明.unfinished");
        std::fs::write(&beside, "somebody's own").expect("written");
        let refused = issue(&path, b"one", FOR_THE_OWNER, || {
            assert!(unfinished.exists() && !path.exists(), "it has no name before it is recorded");
            Err::<(), _>(Failure::new(Exit::Refused, both("不", "no")))
        });
        assert!(refused.is_err() && !unfinished.exists() && !path.exists());
        let unknown = issue(&path, b"two", FOR_THE_OWNER, || Err::<(), _>(Failure::bug("the line went dead")));
        assert!(unknown.is_err() && !path.exists());
        assert_eq!(std::fs::read(&unfinished).expect("kept"), b"two");
        let again = issue(&path, b"three", FOR_THE_OWNER, || -> Result<(), Failure> { panic!("nothing is recorded") });
        assert!(again.is_err() && std::fs::read(&unfinished).expect("kept") == b"two", "it is somebody's");
        std::fs::remove_file(&unfinished).expect("removed");
        issue(&path, b"four", FOR_THE_OWNER, || Ok(())).expect("issued");
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!((std::fs::read(&path).expect("issued").as_slice(), mode & 0o777), (b"four".as_slice(), 0o600));
        assert_eq!(std::fs::read_to_string(&beside).expect("left alone"), "somebody's own");
    }
}
