//! Bundles that earlier versions made (`tests/fixtures/bundles`): what they say is worked out today as it was then.

use super::fixture::{audit_with, codes};
use mingzhang::audit::offline::Trust;
use mingzhang::transparency::{Policy, VerifierKey};
use std::path::Path;

/// Each format with how many figures its notice has.
const KEPT: &[(&str, usize)] = &[("mingzhang.notice.v1", 322)];

#[test]
fn a_notice_that_was_issued_with_an_earlier_format_is_composed_anew_figure_by_figure() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bundles");
    for (format, figures) in KEPT {
        let bundle = std::fs::read(directory.join(format!("{format}.tar.zst"))).expect("the bundle");
        let key = std::fs::read_to_string(directory.join(format!("{format}.key"))).expect("its key");
        let policy = Policy::of_log(VerifierKey::parse(key.trim()).expect("a key"));
        let verdict = audit_with(&bundle, Trust::Policy(&policy), None);
        assert!(verdict.sound, "{format}: {:?} {:#?}", codes(&verdict), verdict.differences);
        assert_eq!(verdict.figures_compared, Some(*figures), "{format}");
    }
}
