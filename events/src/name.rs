//! Public names (of organisations, rules and clauses): what may stand on a printed notice. Pure.

/// The longest public name, in characters.
pub const NAME_CHARACTERS_MAX: usize = 100;

/// Whether a text can be a public name: 1 to [`NAME_CHARACTERS_MAX`] characters, no space at either end, and none that
/// prints as nothing, breaks the line or turns the direction of what follows, so that two names that look the same are.
pub fn is_public_name(text: &str) -> bool {
    (1..=NAME_CHARACTERS_MAX).contains(&text.chars().count()) && text.trim() == text && !text.chars().any(is_invisible)
}

/// Control characters (Unicode Cc), line and paragraph separators, and the format characters that hide or reorder text
/// (UTS #39 §3.1, UAX #9). Soft hyphens and joiners are no part of Chinese or English names.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::is_public_name;

    #[test]
    fn names_that_people_write_are_accepted() {
        let longest = "社".repeat(100);
        for name in ["书院街道党工委", "第3网格党支部（东）", "O'Neill · \"quoted\" \\", "䶮", longest.as_str()]
        {
            assert!(is_public_name(name), "{name}");
        }
    }

    #[test]
    fn names_that_hide_something_are_refused() {
        let too_long = "社".repeat(101);
        for name in [
            "",
            " 书院街道",
            "书院街道\u{3000}",
            "书院\n街道",
            "书院\u{0}",
            "\u{85}",
            "书院\u{200b}街道",
            "\u{202e}道街",
            "\u{feff}书院",
            too_long.as_str(),
        ] {
            assert!(!is_public_name(name), "{name:?}");
        }
    }
}
