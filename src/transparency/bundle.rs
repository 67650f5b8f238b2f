//! The entry bundle (C2SP tlog-tiles): `uint16be length || bytes` for each entry, without count or trailer.
//!
//! Copies nothing on reading. An entry that was begun is either closed with its true length or taken away again.

use std::ops::Range;

/// The longest entry that a bundle can hold, in bytes.
pub const ENTRY_BYTES_MAX: usize = 65_535;

const LENGTH_BYTES: usize = 2;

/// Appends an entry.
pub fn append_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), EntryTooLong> {
    let start = begin_entry(bundle);
    bundle.extend_from_slice(entry);
    end_entry(bundle, start).map(|_| ())
}

/// Begins an entry whose bytes the caller then appends itself. Returns where it begins, for [`end_entry`].
pub fn begin_entry(bundle: &mut Vec<u8>) -> usize {
    bundle.extend_from_slice(&[0; LENGTH_BYTES]);
    bundle.len()
}

/// Ends the entry that began at `start` and returns its bytes. One that is too long is taken out of the bundle.
pub fn end_entry(bundle: &mut Vec<u8>, start: usize) -> Result<&[u8], EntryTooLong> {
    let size_bytes = bundle.len() - start;
    let Ok(length) = u16::try_from(size_bytes) else {
        bundle.truncate(start - LENGTH_BYTES);
        return Err(EntryTooLong { size_bytes });
    };
    bundle[start - LENGTH_BYTES..start].copy_from_slice(&length.to_be_bytes());
    Ok(&bundle[start..])
}

/// The entries of a bundle in order. The first that can't be read ends them with an error.
#[must_use]
pub fn entries(bundle: &[u8]) -> Entries<'_> {
    Entries { rest: bundle, position: 0 }
}

/// Where in a bundle the bytes of each entry are, likewise.
pub fn places(bundle: &[u8]) -> impl Iterator<Item = Result<Range<usize>, BundleError>> {
    let mut end = 0;
    entries(bundle).map(move |entry| {
        let start = end + LENGTH_BYTES;
        end = start + entry?.len();
        Ok(start..end)
    })
}

/// See [`entries`].
#[derive(Debug, Clone)]
pub struct Entries<'bundle> {
    rest: &'bundle [u8],
    position: u64,
}

impl<'bundle> Iterator for Entries<'bundle> {
    type Item = Result<&'bundle [u8], BundleError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let entry = self
            .rest
            .split_first_chunk::<LENGTH_BYTES>()
            .and_then(|(length, rest)| rest.split_at_checked(usize::from(u16::from_be_bytes(*length))));
        match entry {
            Some((entry, rest)) => {
                self.rest = rest;
                self.position += 1;
                Some(Ok(entry))
            }
            None => {
                let left_bytes = std::mem::take(&mut self.rest).len();
                Some(Err(BundleError { position: self.position, left_bytes }))
            }
        }
    }
}

/// A bundle ends in the middle of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("entry number {position} of the bundle is cut off: {left_bytes} bytes are left")]
pub struct BundleError {
    /// Which entry of the bundle, from 0.
    pub position: u64,
    /// How many bytes there are from its length field on.
    pub left_bytes: usize,
}

/// An entry is longer than its length field can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an entry of {size_bytes} bytes is longer than the {ENTRY_BYTES_MAX} that the log can hold")]
pub struct EntryTooLong {
    /// Its size.
    pub size_bytes: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_as_they_were_appended() {
        let mut bundle = Vec::new();
        for entry in [&b"first"[..], b"", &[7; ENTRY_BYTES_MAX]] {
            append_entry(&mut bundle, entry).unwrap();
        }
        assert_eq!(bundle[..7], *b"\x00\x05first");
        let back: Vec<_> = entries(&bundle).map(Result::unwrap).collect();
        assert_eq!(back, [&b"first"[..], b"", &[7; ENTRY_BYTES_MAX]]);
        let placed: Vec<_> = places(&bundle).map(|place| &bundle[place.unwrap()]).collect();
        assert_eq!(placed, back);
    }

    #[test]
    fn an_entry_that_is_too_long_leaves_the_bundle_as_it_was() {
        let mut bundle = Vec::new();
        append_entry(&mut bundle, b"kept").unwrap();
        let before = bundle.clone();
        let refused = append_entry(&mut bundle, &vec![0; ENTRY_BYTES_MAX + 1]);
        assert_eq!(refused, Err(EntryTooLong { size_bytes: ENTRY_BYTES_MAX + 1 }));
        assert_eq!(bundle, before);
    }

    #[test]
    fn a_bundle_cut_anywhere_names_the_entry_that_is_cut() {
        let mut bundle = Vec::new();
        for entry in [&b"one"[..], b"two", b"three"] {
            append_entry(&mut bundle, entry).unwrap();
        }
        let ends = [0, 5, 10, 17];
        for cut in 0..bundle.len() {
            let whole = ends.iter().rposition(|end| *end <= cut).unwrap();
            let read: Vec<_> = entries(&bundle[..cut]).collect();
            let error = read.iter().find_map(|entry| entry.err());
            if ends.contains(&cut) {
                assert_eq!((read.len(), error), (whole, None));
            } else {
                let expected = BundleError { position: whole as u64, left_bytes: cut - ends[whole] };
                assert_eq!((read.len(), error), (whole + 1, Some(expected)), "cut at {cut}");
            }
        }
    }
}
