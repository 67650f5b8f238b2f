//! Bytes → text. Chinese offices write UTF-8 with and without a byte-order mark, GBK, GB18030, and UTF-16 as "Unicode text".
//!
//! Nothing is replaced or guessed within a text: bytes that aren't of the encoding are a fault with its line.

use crate::import::fault::Reason;
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// How a text was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a byte-order mark.
    Utf8Marked,
    /// GBK: what Excel and WPS in Chinese call CSV.
    Gbk,
    /// GB 18030 with characters that GBK doesn't have, such as rare names.
    Gb18030,
    /// UTF-16: what Excel calls Unicode text.
    Utf16,
}

impl Encoding {
    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf8Marked => "UTF-8（BOM）",
            Encoding::Gbk => "GBK",
            Encoding::Gb18030 => "GB18030",
            Encoding::Utf16 => "UTF-16",
        }
    }
}

/// The text of a file, and how it was written.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), Reason> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        let text = std::str::from_utf8(rest).map_err(|error| broken(rest, error.valid_up_to()))?;
        return Ok((Cow::Borrowed(text), Encoding::Utf8Marked));
    }
    for (mark, encoding) in [(b"\xff\xfe", UTF_16LE), (b"\xfe\xff", UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let text = encoding.decode_without_bom_handling_and_without_replacement(rest).ok_or(Reason::NotText)?;
            return Ok((text, Encoding::Utf16));
        }
    }
    if bytes.contains(&0) {
        return Err(Reason::NotText);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if !could_be_gbk(bytes, text) => Ok((Cow::Borrowed(text), Encoding::Utf8)),
        Ok(_) => gb18030(bytes).ok_or(Reason::NotText),
        Err(error) => {
            let good = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
            // Two Chinese characters in UTF-8 before the first bad byte are no accident in GBK: this is UTF-8, and damaged.
            if good.chars().filter(|char| char.len_utf8() > 2).count() >= 2 {
                return Err(broken(bytes, error.valid_up_to()));
            }
            gb18030(bytes).ok_or_else(|| broken(bytes, error.valid_up_to()))
        }
    }
}

fn gb18030(bytes: &[u8]) -> Option<(Cow<'_, str>, Encoding)> {
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    let encoding = if is_beyond_gbk(bytes) { Encoding::Gb18030 } else { Encoding::Gbk };
    Some((text, encoding))
}

/// Whether a valid text of GB 18030 has characters that GBK hasn't: of four bytes, the second of which is a digit, or those that
/// later editions put where GBK left room (䶮 is FE 9F).
fn is_beyond_gbk(bytes: &[u8]) -> bool {
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x81 {
            at += 1;
        } else if bytes
            .get(at + 1)
            .is_some_and(|next| next.is_ascii_digit() || (byte == 0xFE && (0x50..=0xA0).contains(next)))
        {
            return true;
        } else {
            at += 2;
        }
    }
    false
}

/// A few words of GBK are valid UTF-8, of letters that no table of a street has: 联通 reads as two of them.
fn could_be_gbk(bytes: &[u8], text: &str) -> bool {
    let (mut short, mut long) = (false, false);
    for char in text.chars() {
        short |= char.len_utf8() == 2;
        long |= char.len_utf8() > 2;
    }
    let chinese = |char: char| char.is_ascii() || matches!(char, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}');
    short && !long && gb18030(bytes).is_some_and(|(text, _)| text.chars().all(chinese))
}

fn broken(bytes: &[u8], at: usize) -> Reason {
    let line = 1 + u64::try_from(bytes[..at].iter().filter(|&&byte| byte == b'\n').count()).unwrap_or(u64::MAX - 1);
    Reason::EncodingBroken { line }
}
