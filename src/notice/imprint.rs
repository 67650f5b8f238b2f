//! What stands on the paper beside the figures (版记) and isn't part of the digest: names as they may be shown now, and the date.

use super::counting::Counting;
use super::wording::{self, Words};
use crate::config::{DocumentWording, Sentence, TitleFormat};
use crate::document::Title;
use crate::transparency::Witnessing;
use jiff::civil::Date;
use mingzhang_events::{MemberId, Month};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// What the operator sets about how notices look and what stands on them beside what follows from the log (版头).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Letterhead {
    /// What stands above the document; the organisation's own name if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuing_body: Option<String>,
    /// 红头, if the operator has set another than the issuing body with the name of the series; without any character, there is to be none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// Whether room is left for a seal.
    pub sealed: bool,
    /// Whom to turn to with objections and questions, if the operator has said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// What the office words itself. Last: a table in TOML.
    #[serde(skip_serializing_if = "DocumentWording::is_default")]
    pub wording: DocumentWording,
}

impl Default for Letterhead {
    fn default() -> Letterhead {
        Letterhead {
            issuing_body: None,
            header: None,
            sealed: true,
            contact: None,
            wording: DocumentWording::default(),
        }
    }
}

impl Letterhead {
    /// Where, by whom and how objections to a disclosure are raised.
    pub fn how_to_object(&self) -> &str {
        self.own_how_to_object().unwrap_or(wording::HOW_TO_OBJECT)
    }

    /// The same, if the office words it itself.
    pub fn own_how_to_object(&self) -> Option<&str> {
        self.wording.how_to_object.as_ref().map(Sentence::as_str).filter(|own| !own.is_empty())
    }
}

/// Who issued the notice and when, and names as they may be shown at this moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imprint {
    /// Whether the members are made up: the paper says so.
    pub demonstration: bool,
    /// As it was when the notice was issued; as it is today on a draft.
    pub letterhead: Letterhead,
    /// The last day of the disclosure, where this is what was disclosed (公示稿).
    pub disclosed_until: Option<Date>,
    /// The date of issue in Shanghai; none in a draft.
    pub issued_on: Option<Date>,
    /// What witnesses say today of the entries that the figures rest on.
    pub witnessing: Witnessing,
    /// How the rules of the month count.
    pub counting: Counting,
    /// Display names as `identity` gives them: masked (`张*`), or full where a consent is on record and not withdrawn. A member that isn't here, such as
    /// one who was erased, is shown by number.
    pub names: BTreeMap<MemberId, String>,
}

impl Imprint {
    /// SHA-256 of all of it: tells within one process whether two are the same, and keeps no name.
    pub fn digest(&self) -> [u8; 32] {
        struct Hashed(Sha256);
        impl Write for Hashed {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                self.0.update(text);
                Ok(())
            }
        }
        let mut hashed = Hashed(Sha256::new());
        write!(hashed, "{self:?}").expect("hashing doesn't fail");
        hashed.0.finalize().into()
    }

    /// 红头 in its parts, as a body issues it: set by the operator, or the body and the name of the series. None where it is switched off.
    pub fn red_header<'a>(&'a self, issuing_body: &'a str) -> Option<Vec<Cow<'a, str>>> {
        match self.letterhead.header.as_deref() {
            None => Some(vec![issuing_body.into(), wording::SERIES.chinese]),
            Some(header) => (!header.trim().is_empty()).then(|| vec![header.trim().into()]),
        }
    }

    /// 标题 of a month.
    pub fn title(&self, month: Month) -> Title {
        match (self.own_title(), self.disclosed_until) {
            (Some(own), _) => Title::of(&own.phrases(&wording::month_in_words(month))),
            (None, Some(_)) => wording::disclosure_title(month),
            (None, None) => wording::title(month),
        }
    }

    /// The title that the office words itself.
    pub fn own_title(&self) -> Option<&TitleFormat> {
        let wording = &self.letterhead.wording;
        self.disclosed_until.map_or(&wording.notice_title, |_| &wording.disclosure_title).as_ref()
    }

    /// 主送机关; none where the office wants none.
    pub fn addressees(&self) -> Option<&str> {
        worded(self.letterhead.wording.addressees.as_ref(), wording::ADDRESSEES)
    }

    /// The end of the body; none where the office wants none.
    pub fn closing(&self) -> Option<&str> {
        worded(self.own_closing(), self.disclosed_until.map_or(wording::HEREBY, |_| wording::HEREBY_DISCLOSED))
    }

    /// The end that the office words itself.
    pub fn own_closing(&self) -> Option<&Sentence> {
        let wording = &self.letterhead.wording;
        self.disclosed_until.map_or(&wording.notice_closing, |_| &wording.disclosure_closing).as_ref()
    }

    /// What stands in the place of a number as long as there is none.
    pub fn without_number(&self) -> Words {
        self.disclosed_until.map_or(wording::DRAFT, wording::disclosed_until)
    }

    /// What to print for a member; none if only the number may be shown.
    pub fn name_of(&self, member: MemberId) -> Option<&str> {
        self.names.get(&member).map(String::as_str)
    }
}

fn worded<'a>(own: Option<&'a Sentence>, fixed: &'static str) -> Option<&'a str> {
    Some(own.map_or(fixed, Sentence::as_str)).filter(|text| !text.is_empty())
}
