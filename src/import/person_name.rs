//! A cell → one person's name. It knows no member. Invariant: what only stands where a name should is a fault: it would be somebody of
//! that name for ever.

use crate::import::fault::Reason;
use crate::import::layout::is_total;
use crate::import::text::{person, plain};
use mingzhang_events::is_public_name;

/// From so many digits on, it is a telephone's, an identity card's or a member's number.
const DIGITS: usize = 6;
/// What stands between two names.
const SEPARATORS: [char; 6] = ['、', ',', '/', ';', '&', '+'];
/// What stands for the cell above, in words and in marks.
const DITTO: &[&str] = &["同上", "同前", "同左", "同上行", "ditto", "''"];
const DITTO_MARKS: &str = "〃″\"“”〞々";
/// What stands where a name isn't known, or isn't a cell of a member.
const NO_NAMES: &str = "无 无名 暂无 暂缺 缺 空 空缺 未知 不详 待定 待补 待补充 略 匿名 某某 姓名 名字 党员姓名 \
    n/a na nil null none unknown name true false";

/// A person's name.
pub(super) fn person_name(text: &str) -> Result<String, Reason> {
    let name = person(text);
    if !is_public_name(&name) {
        return Err(Reason::NotAName);
    }
    let plain = plain(&name).to_lowercase();
    if is_ditto(&plain) {
        return Err(Reason::Ditto);
    }
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    // 张* is how a name is published that mustn't be.
    let has_none = !plain.chars().any(char::is_alphabetic) || plain.contains('*');
    if NO_NAMES.split(' ').any(|word| word == plain) || has_none || digits >= DIGITS || is_total(&plain) {
        return Err(Reason::NotAPersonsName);
    }
    // Of a formula that came in as text, no part is a name.
    let mut parts = plain.split(SEPARATORS).map(str::trim).filter(|part| !part.is_empty());
    let is_list = plain.contains(SEPARATORS) && parts.all(|part| part.starts_with(char::is_alphabetic));
    if is_list || text.trim().contains('\n') { Err(Reason::SeveralNames) } else { Ok(name) }
}

/// Whether a cell, written plainly, means the one above.
pub(super) fn is_ditto(plain: &str) -> bool {
    DITTO.contains(&plain) || (!plain.is_empty() && plain.chars().all(|char| DITTO_MARKS.contains(char)))
}
