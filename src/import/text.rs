//! What people type → what they mean: full-width digits, odd spaces, characters that can't be seen. Meaning is never guessed here.

use std::borrow::Cow;

/// Codes, numbers, dates and words: full-width becomes half-width, every space an ordinary one, nothing invisible is left.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim_matches(is_blank);
    if text.bytes().all(|byte| matches!(byte, b'!'..=b'~')) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for char in text.chars().filter(|char| !is_invisible(*char)) {
        plain.push(if is_blank(char) { ' ' } else { half_width(char) });
    }
    Cow::Owned(plain.trim().to_owned())
}

/// A name as it is kept: full-width letters and digits become half-width, spaces single. Punctuation stays: `（东）` is part of a
/// public name.
pub(super) fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for char in text.chars().filter(|char| !is_invisible(*char)) {
        let char = match char {
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => half_width(char),
            char if is_blank(char) => ' ',
            char => char,
        };
        if char != ' ' || !tidy.ends_with(' ') {
            tidy.push(char);
        }
    }
    tidy.trim().to_owned()
}

/// A person's name, as it is read from a table and compared: letters, digits and spaces as those of a code, and without the spaces that align `张  三` with 欧阳娜娜; one dot for all that people type
/// between the parts of a name such as 买买提·艾力.
pub fn person(text: &str) -> String {
    let dotted: String = tidy(text)
        .chars()
        .map(|char| if matches!(char, '•' | '‧' | '・' | '･' | '∙' | '．' | '●' | '⋅') { '·' } else { char })
        .collect();
    if dotted.chars().all(|char| char == ' ' || char == '·' || is_han(char)) {
        dotted.replace(' ', "")
    } else {
        dotted
    }
}

/// An organisation's name as it is compared: that of a code, without any space.
pub fn organization(text: &str) -> String {
    plain(text).chars().filter(|char| *char != ' ').flat_map(char::to_lowercase).collect()
}

fn half_width(char: char) -> char {
    match char {
        '！'..='～' => char::from_u32(u32::from(char) - 0xFEE0).unwrap_or(char),
        '。' => '.',
        '−' | '‐' | '‑' => '-',
        char => char,
    }
}

fn is_blank(char: char) -> bool {
    char.is_whitespace() || char == '\u{3164}'
}

fn is_invisible(char: char) -> bool {
    matches!(char, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

fn is_han(char: char) -> bool {
    matches!(char, '〇' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// A number in Arabic or Chinese digits, up to 99: `10`, `十`, `二十三`, `两`.
pub(super) fn small_number(text: &str) -> Option<u16> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let digit = |char: char| match char {
        '两' => Some(2),
        _ => "〇一二三四五六七八九".chars().position(|known| known == char).and_then(|at| u16::try_from(at).ok()),
    };
    let chars: Vec<char> = text.chars().collect();
    match chars[..] {
        ['十'] => Some(10),
        ['十', unit] => Some(10 + digit(unit)?),
        [ten, '十'] => Some(10 * digit(ten)?),
        [ten, '十', unit] => Some(10 * digit(ten)? + digit(unit)?),
        [unit] => digit(unit),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{person, plain, small_number, tidy};

    #[test]
    fn what_looks_the_same_is_read_the_same() {
        for (text, expected) in [
            ("　４２０９０２００１　", "420902001"),
            ("２０２６－１０－０３\u{a0}１９：３０", "2026-10-03 19:30"),
            ("\u{feff}1001\u{200b}", "1001"),
            ("a b", "a b"),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
        for (text, expected) in [
            ("张　三", "张三"),
            ("欧 阳 娜 娜", "欧阳娜娜"),
            ("买买提•艾力", "买买提·艾力"),
            ("Anna  Schmidt", "Anna Schmidt"),
        ] {
            assert_eq!(person(text), expected, "{text:?}");
        }
        assert_eq!(tidy("第３网格　党支部（东）"), "第3网格 党支部（东）");
        let numbers = ["7", "十", "十二", "二十", "二十三", "两", "", "百", "1x"].map(small_number);
        assert_eq!(numbers, [Some(7), Some(10), Some(12), Some(20), Some(23), Some(2), None, None, None]);
    }
}
