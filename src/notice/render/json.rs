//! The notice for machines: the canonical JSON with the digest and the imprint beside it.

use crate::notice::changes::Changes;
use crate::notice::{Imprint, Notice};
use crate::transparency::Witnessing;
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    /// What the QR code holds: the three lines of the checkpoint that the log signs.
    checkpoint_text: String,
    /// Of the canonical form of `notice`: keys sorted, no white space (RFC 8785).
    digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_on: Option<jiff::civil::Date>,
    /// Display names of `notice.members`, in their order; null where only the number is shown.
    names: Vec<Option<&'a str>>,
    /// Display names of `notice.changes.members`, likewise; absent where nothing is superseded.
    #[serde(skip_serializing_if = "Option::is_none")]
    names_of_changes: Option<Vec<Option<&'a str>>>,
    notice: &'a Notice,
    /// What witnesses say today of the entries below `notice.checkpoint`.
    witnesses: Witnesses<'a>,
}

#[derive(Serialize)]
struct Witnesses<'a> {
    /// `witnessed`, `unwitnessed` or `not_configured`.
    state: &'static str,
    /// Who cosigned.
    cosigners: &'a [String],
    /// Of how many.
    configured: usize,
    /// The size of the checkpoint that they cosigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    tree_size: Option<u64>,
}

impl<'a> From<&'a Witnessing> for Witnesses<'a> {
    fn from(witnessing: &'a Witnessing) -> Witnesses<'a> {
        let (cosigners, configured, tree_size): (&[String], _, _) = match witnessing {
            Witnessing::NotConfigured => (&[], 0, None),
            Witnessing::Unwitnessed { witnesses } => (&[], *witnesses, None),
            Witnessing::Witnessed { names, witnesses, tree_size } => (names, *witnesses, Some(*tree_size)),
        };
        Witnesses { state: witnessing.code(), cosigners, configured, tree_size }
    }
}

/// `{"checkpoint_text": …, "digest": …, "issued_on": …, "names": […], "notice": {…}, "witnesses": {…}}`. Whoever hashes `notice` in canonical form gets `digest`.
pub fn json(notice: &Notice, imprint: &Imprint) -> Vec<u8> {
    let names = notice.members.iter().map(|line| imprint.name_of(line.member)).collect();
    let document = Document {
        checkpoint_text: notice.checkpoint.text(),
        digest: notice.digest(),
        issued_on: imprint.issued_on,
        names,
        names_of_changes: notice.changes.as_ref().map(|changes| changes_names(changes, imprint)),
        notice,
        witnesses: (&imprint.witnessing).into(),
    };
    pretty(&document)
}

fn pretty(document: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(document).expect("a notice has only text and integers");
    bytes.push(b'\n');
    bytes
}

fn changes_names<'a>(changes: &Changes, imprint: &'a Imprint) -> Vec<Option<&'a str>> {
    changes.members.iter().map(|change| imprint.name_of(change.member())).collect()
}

#[cfg(test)]
mod tests {
    use super::json;
    use crate::notice::samples;
    use sha2::{Digest, Sha256};

    #[test]
    fn whoever_hashes_the_notice_of_the_json_gets_its_digest() {
        let document: serde_json::Value =
            serde_json::from_slice(&json(&samples::street(), &samples::imprint())).expect("json");
        let canonical = serde_json_canonicalizer::to_vec(&document["notice"]).expect("canonical");
        let digest: String = Sha256::digest(canonical).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(document["digest"], digest);
    }

    #[test]
    fn the_json_says_what_changed_with_the_names_beside_it() {
        let (notice, mut imprint) = (samples::superseding_street(), samples::imprint());
        let member = notice.changes.as_ref().expect("changes").members[0].member();
        imprint.names.insert(member, "王*".to_owned());
        let document: serde_json::Value = serde_json::from_slice(&json(&notice, &imprint)).expect("json");
        assert_eq!(document["names_of_changes"][0], "王*");
        let changes = &document["notice"]["changes"];
        assert_eq!(changes["members"][0]["causes"][0]["ground"], "time_wrong");
        assert!(changes["members"][0]["before"]["points"].is_string());
        assert!(!document["notice"].to_string().contains("王*"), "names stand outside what is digested");
    }

    #[test]
    fn the_json_holds_no_whole_member_id() {
        let notice = samples::street();
        let text = String::from_utf8(json(&notice, &samples::imprint())).expect("utf-8");
        for line in &notice.members {
            assert!(!text.contains(&line.member.to_string()), "{} is printed", line.member);
        }
    }
}
