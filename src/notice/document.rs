//! The notice as a document (公文): circular (通报), disclosure (公示) or superseding notice (更正通报), by what it is. Says what the pages say, in
//! the same sentences; every figure is there as a value, also before and after where it was corrected.
//!
//! Works nothing out, and knows no format.

mod changed;
mod tables;
#[cfg(test)]
mod tests;

use super::circular::Notice;
use super::imprint::Imprint;
use super::prose;
use super::wording::{self, headings};
use crate::document::{Anchor, Block, Document, Signature};

/// The document of a notice.
pub fn document<'a>(notice: &'a Notice, imprint: &'a Imprint) -> Document<'a> {
    let issuing_body = imprint.letterhead.issuing_body.as_deref().unwrap_or(&notice.name);
    let number =
        if notice.number.is_empty() { imprint.without_number().chinese.into_owned() } else { notice.number.clone() };
    Document {
        header: imprint.red_header(issuing_body).map(|parts| parts.concat()),
        number: Some(number),
        title: imprint.title(notice.month),
        addressees: imprint.addressees().map(str::to_owned),
        body: body(notice, imprint),
        signature: imprint.issued_on.map(|date| Signature {
            body: issuing_body.to_owned(),
            date,
            sealed: imprint.letterhead.sealed,
        }),
        anchor: Some(anchor(notice, imprint)),
        annexes: changed::items(notice, imprint).into_iter().chain([tables::members(notice, imprint)]).collect(),
        dated: imprint.issued_on,
    }
}

fn body<'a>(notice: &'a Notice, imprint: &Imprint) -> Vec<Block<'a>> {
    let heading = |words: wording::Words| Block::Heading { depth: 1, text: words.chinese.into_owned() };
    let mut body = Vec::new();
    if imprint.demonstration {
        body.push(Block::Note(wording::DEMONSTRATION.chinese.into_owned()));
    }
    if let Some(until) = imprint.disclosed_until {
        body.push(heading(wording::OBJECTING));
        body.push(Block::Paragraph(wording::disclosure_period(imprint.issued_on, until)));
        body.push(Block::Paragraph(imprint.letterhead.how_to_object().to_owned()));
        body.extend(
            imprint
                .letterhead
                .contact
                .as_ref()
                .map(|contact| Block::Paragraph(format!("{}{contact}", wording::CONTACT))),
        );
    }
    body.extend(changed::blocks(notice));

    body.push(heading(headings::OVERVIEW));
    body.extend(prose::overview(notice).map(Block::Paragraph));
    body.extend([Block::Table(tables::rates(notice)), Block::Table(tables::sums(notice))]);

    body.push(heading(headings::ORGANIZATIONS));
    if notice.sub_organizations.is_empty() {
        body.push(Block::Paragraph(prose::NO_SUB_ORGANIZATIONS.to_owned()));
    } else {
        body.extend([Block::Table(tables::organizations(notice)), Block::Table(tables::participation(notice))]);
    }

    body.push(heading(headings::SERVICE));
    let sentence = |(name, sentence): (wording::Words, String)| format!("{}：{sentence}", name.chinese);
    body.extend(prose::service(notice).map(|service| Block::Paragraph(sentence(service))));

    body.push(heading(headings::EVIDENCE));
    body.extend([Block::Paragraph(prose::records(notice)), Block::Table(tables::evidence(notice))]);

    body.push(heading(headings::DEFINITIONS));
    body.push(Block::Paragraph(prose::rules(notice)));
    let definitions = (1..).zip(prose::definitions(notice, imprint));
    body.extend(definitions.map(|(place, words)| Block::Note(format!("{place}. {}", words.chinese))));

    body.extend(imprint.closing().map(|closing| Block::Paragraph(closing.to_owned())));
    body
}

fn anchor(notice: &Notice, imprint: &Imprint) -> Anchor {
    let head = &notice.checkpoint;
    let digest = format!("{}　{}", wording::figures::DIGEST.chinese, notice.digest());
    let witnessing = wording::witnessing(&imprint.witnessing, head.tree_size).chinese.into_owned();
    let steps = (1..).zip(wording::CHECKING_STEPS).map(|(place, step)| format!("{place}. {}", step.chinese));
    Anchor {
        origin: head.origin.clone(),
        tree_size: head.tree_size,
        root_hash: head.root_hash.clone(),
        lines: [digest, prose::checkpoint(notice), witnessing]
            .into_iter()
            .chain(steps)
            .chain([wording::QR_CODE.chinese.into_owned()])
            .collect(),
        code: head.text().trim_end().to_owned(),
    }
}
