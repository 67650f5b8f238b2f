//! The members' table for spreadsheets: UTF-8 with a byte order mark, so that Excel reads the Chinese.
//!
//! Invariant: no cell is a formula. A text that begins like one gets an apostrophe in front (OWASP, CSV injection).

use crate::notice::wording::{LEFT, figures};
use crate::notice::{Imprint, Notice, prose};
use std::borrow::Cow;

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULA_STARTS) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// One row for each member: rank, name, number, branch, points, voluntary minutes. Below them, as many cells wide, the checkpoint and the digest.
pub fn csv(notice: &Notice, imprint: &Imprint) -> Vec<u8> {
    let mut writer =
        ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec());
    let header = [
        &*figures::RANK.chinese,
        &*figures::MEMBER.chinese,
        "编号尾号",
        &*figures::BRANCH.chinese,
        &*figures::MEMBER_POINTS.chinese,
        "志愿服务时长（分钟）",
    ];
    writer.write_record(header).expect("writing to memory");
    for line in &notice.members {
        let (rank, points, minutes) =
            (line.rank.to_string(), line.points.to_string(), line.voluntary_minutes.to_string());
        let name = guarded(imprint.name_of(line.member).unwrap_or(""));
        // A spreadsheet would take a number such as 00e4 for 0·10⁴.
        let number = format!("尾号{}", line.number_tail);
        let row: [&str; 6] =
            [&rank, &name, &number, &guarded(line.branch.as_deref().unwrap_or(LEFT)), &points, &minutes];
        writer.write_record(row).expect("writing to memory");
    }
    for (name, value) in prose::checkpoint_lines(notice) {
        writer.write_record(["", &name.chinese, "", &guarded(&value), "", ""]).expect("writing to memory");
    }
    writer.into_inner().expect("writing to memory")
}

#[cfg(test)]
mod tests {
    use super::csv;
    use crate::notice::samples;

    #[test]
    fn a_name_that_begins_like_a_formula_is_text() {
        let mut imprint = samples::imprint();
        let notice = samples::street();
        imprint.names.insert(notice.members[1].member, "=HYPERLINK(\"x\")".to_owned());
        let text = String::from_utf8(csv(&notice, &imprint)).expect("utf-8");
        assert!(text.contains("\"'=HYPERLINK"), "{text}");
    }

    #[test]
    fn the_checkpoint_stands_below_the_members() {
        let notice = samples::street();
        let text = String::from_utf8(csv(&notice, &samples::imprint())).expect("utf-8");
        let below: Vec<&str> = text.lines().skip(1 + notice.members.len()).collect();
        let head = &notice.checkpoint;
        let expected = [head.origin.clone(), head.tree_size.to_string(), head.root_hash.clone(), notice.digest()];
        assert!(below.iter().zip(&expected).all(|(line, value)| line.contains(value.as_str())), "{below:?}");
    }

    #[test]
    fn excel_sees_utf_8_and_every_member_has_a_row() {
        let notice = samples::street();
        let bytes = csv(&notice, &samples::imprint());
        assert!(bytes.starts_with(b"\xef\xbb\xbf"));
        let rows = bytes.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(rows, 1 + notice.members.len() + 4, "a header, the members, the four lines of the checkpoint");
    }
}
