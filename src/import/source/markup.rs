//! The XML parts of a workbook, looked through before they are read: what a part says, and how it says it, may be made to take memory.
//!
//! The parser is the one that reads workbooks later, so that both see the same tags. Nothing is kept. Invariant: of what is let through, no tag, text or
//! cell is longer than [`PIECE_BYTES_MAX`], and of what that reader keeps there is a bounded number.

use super::MERGED_MAX;
use super::hidden::HiddenRows;
use crate::import::fault::Reason;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufRead, BufReader, Read};

/// The longest tag, text or cell, in bytes of XML: what is kept beside a table may be long, a cell has at most 32,767 characters.
const PIECE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// The largest part that isn't XML, such as a picture.
const OTHER_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// The most shared texts: as many as a sheet of half a million rows has in eight columns.
const SHARED_TEXTS_MAX: usize = 4_000_000;
/// The most tags of parts that are kept and aren't shared texts. A workbook has at most 65,490 formats.
const KEPT_TAGS_MAX: usize = 1_000_000;
/// The deepest nesting; what is open is kept.
const DEPTH_MAX: usize = 256;

/// What was seen in all parts together.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Merged regions.
    pub(super) merged: usize,
    /// Rows that aren't shown.
    pub(super) hidden: HiddenRows,
    shared_texts: usize,
    kept_tags: usize,
}

impl Seen {
    /// Looks through a part, which is called so in lower case, as far as it is XML. `kept` is said of a part that is held in memory as long as the workbook is open.
    pub(super) fn look_through(&mut self, called: &str, part: impl Read, kept: bool) -> Result<(), Reason> {
        self.hidden.begin_part();
        let mut part = Metered { inner: BufReader::with_capacity(1 << 16, part), left: PIECE_BYTES_MAX };
        if !is_markup(part.fill_buf().map_err(|_| Reason::Unreadable)?) {
            let held = std::io::copy(&mut part.inner.take(OTHER_BYTES_MAX + 1), &mut std::io::sink());
            let held = held.map_err(|_| Reason::Unreadable)?;
            return if held > OTHER_BYTES_MAX { Err(Reason::TooLargeInflated) } else { Ok(()) };
        }
        let mut reader = quick_xml::Reader::from_reader(part);
        let config = reader.config_mut();
        (config.check_end_names, config.check_comments, config.expand_empty_elements) = (false, false, true);
        let (mut buffer, mut depth, mut is_shared_texts) = (Vec::new(), 0_usize, false);
        // How deep the cell or shared text lies that is being read, and where it begins.
        let mut cell: Option<(usize, u64)> = None;
        loop {
            buffer.clear();
            reader.get_mut().left = PIECE_BYTES_MAX;
            let event = reader.read_event_into(&mut buffer);
            match event {
                Ok(Event::Start(tag)) => {
                    depth += 1;
                    let name = tag.local_name();
                    is_shared_texts |= name.as_ref() == "sst";
                    self.note(&tag, name.as_ref(), kept && !is_shared_texts)?;
                    self.hidden.note(called, &tag, name.as_ref());
                    if cell.is_none() && matches!(name.as_ref(), "c" | "si") {
                        cell = Some((depth, reader.buffer_position()));
                    }
                }
                Ok(Event::End(_)) => {
                    cell = cell.filter(|(at, _)| *at != depth);
                    depth = depth.saturating_sub(1);
                }
                Ok(Event::Eof) => return Ok(()),
                Ok(_) => {}
                Err(_) if reader.get_ref().left == 0 => return Err(Reason::TooLargeInflated),
                // What can't be parsed here can't be parsed there either.
                Err(_) => return Ok(()),
            }
            if depth > DEPTH_MAX || cell.is_some_and(|(_, start)| reader.buffer_position() - start > PIECE_BYTES_MAX) {
                return Err(Reason::TooLargeInflated);
            }
        }
    }

    fn note(&mut self, tag: &BytesStart<'_>, name: &str, kept: bool) -> Result<(), Reason> {
        self.kept_tags += usize::from(kept);
        match name {
            "mergeCell" => self.merged += 1,
            "si" => self.shared_texts += 1,
            // Room is made for as many texts as it says.
            "sst" if says_millions(tag.attributes_raw()) => return Err(Reason::TooLargeInflated),
            _ => {}
        }
        let too_many =
            self.merged > MERGED_MAX || self.shared_texts > SHARED_TEXTS_MAX || self.kept_tags > KEPT_TAGS_MAX;
        if too_many { Err(Reason::TooLargeInflated) } else { Ok(()) }
    }
}

/// Whether a number of eight digits or more stands there.
fn says_millions(attributes: &str) -> bool {
    attributes.split(|char: char| !char.is_ascii_digit()).any(|digits| digits.len() > 7)
}

/// Whether the first thing that isn't blank, a byte-order mark or half a character of UTF-16 is a tag's.
fn is_markup(beginning: &[u8]) -> bool {
    let passed = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0 | 0xEF | 0xBB | 0xBF | 0xFE | 0xFF);
    beginning.iter().find(|byte| !passed(byte)).is_none_or(|byte| *byte == b'<')
}

/// Ends with an error where more is read than what is `left`.
struct Metered<R> {
    inner: BufReader<R>,
    left: u64,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: Read> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.left == 0 {
            return Err(std::io::Error::other("one piece of XML without an end"));
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        let filled = self.inner.fill_buf()?;
        Ok(&filled[..filled.len().min(most)])
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(u64::try_from(amount).unwrap_or(u64::MAX));
        self.inner.consume(amount);
    }
}
