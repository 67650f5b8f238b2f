//! What an office words itself on notices and disclosures: the table `[documents.wording]` of `mingzhang.toml`.

use serde::{Deserialize, Serialize};

/// What takes the place of the program's own words, which stand where a key is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentWording {
    /// The title (标题) of a notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_title: Option<TitleFormat>,
    /// The title of a disclosure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disclosure_title: Option<TitleFormat>,
    /// 主送机关; none is printed if it is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addressees: Option<Sentence>,
    /// The last sentence of a notice; none is printed if it is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_closing: Option<Sentence>,
    /// The last sentence of a disclosure; none is printed if it is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disclosure_closing: Option<Sentence>,
    /// Where, by whom and how objections to a disclosure are raised. The program's own words stand where it is empty: a disclosure always says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how_to_object: Option<Sentence>,
}

impl DocumentWording {
    /// Whether every word is the program's own.
    pub fn is_default(&self) -> bool {
        *self == DocumentWording::default()
    }
}

/// Not a text that stands on a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordingError {
    /// The title of a month says which month.
    #[error(
        "{0:?} is no title: write {{month}} once, no other figure or Latin letter, and | where a line may end, as in 关于{{month}}|党员积分情况的|通报, in {TITLE_CHARACTERS_MAX} characters at most"
    )]
    Title(String),
    /// A sentence is one paragraph.
    #[error("this is no sentence: write it in one line, in {SENTENCE_CHARACTERS_MAX} characters at most")]
    Sentence,
}

const MONTH: &str = "{month}";
const TITLE_CHARACTERS_MAX: usize = 60;
const SENTENCE_CHARACTERS_MAX: usize = 500;
/// A figure in a title would be one that nobody recomputes. Nor do Latin letters stand there, which may be words for one.
const NUMERALS: &str = "零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟萬億廿卅";

/// A title with `{month}` once, and `|` between its phrases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct TitleFormat(String);

impl TitleFormat {
    /// The phrases of the title of a month: a line ends behind one of them.
    pub fn phrases(&self, month: &str) -> Vec<String> {
        self.0.split('|').map(|phrase| phrase.replace(MONTH, month)).collect()
    }
}

impl TryFrom<String> for TitleFormat {
    type Error = WordingError;
    fn try_from(text: String) -> Result<TitleFormat, WordingError> {
        let rest = text.replacen(MONTH, "", 1);
        let foreign = |character: char| {
            matches!(character, '{' | '}')
                || character.is_control()
                || character.is_ascii_alphabetic()
                || character.is_numeric()
                || NUMERALS.contains(character)
        };
        let fits = rest.len() < text.len() && text.chars().count() <= TITLE_CHARACTERS_MAX && !rest.contains(foreign);
        if fits && text.split('|').all(|phrase| !phrase.trim().is_empty()) {
            return Ok(TitleFormat(text));
        }
        Err(WordingError::Title(text))
    }
}

/// One paragraph, without the space around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Sentence(String);

impl Sentence {
    /// Its text; empty where nothing is to be printed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Sentence {
    type Error = WordingError;
    fn try_from(text: String) -> Result<Sentence, WordingError> {
        let text = text.trim();
        if text.chars().count() > SENTENCE_CHARACTERS_MAX || text.contains(char::is_control) {
            return Err(WordingError::Sentence);
        }
        Ok(Sentence(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Sentence, TitleFormat};

    #[test]
    fn a_title_names_its_month_once_and_has_no_other_figure() {
        let title = TitleFormat::try_from("{month}|党员积分|榜".to_owned()).expect("a title");
        assert_eq!(title.phrases("2026年10月"), ["2026年10月", "党员积分", "榜"]);
        let long = format!("{{month}}{}", "长".repeat(54));
        for faulty in [
            "",
            "通报",
            "{month}{month}",
            "{month}{n}",
            "{month}||通报",
            "{month}前3名",
            "{month}第三期",
            "{month}\n",
            &long,
        ] {
            assert!(TitleFormat::try_from(faulty.to_owned()).is_err(), "{faulty}");
        }
    }

    #[test]
    fn a_sentence_is_one_line_and_may_be_none() {
        let sentence = |text: &str| Sentence::try_from(text.to_owned()).map(|sentence| sentence.as_str().to_owned());
        assert_eq!(sentence("  各党支部：  "), Ok("各党支部：".to_owned()));
        assert_eq!(sentence(" "), Ok(String::new()));
        assert!(sentence("一\n二").is_err() && sentence(&"长".repeat(501)).is_err());
    }
}
