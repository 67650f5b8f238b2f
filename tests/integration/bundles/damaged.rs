//! Bundles and openings of commitments, damaged at random: a verdict comes back, in little room.

use super::fixture::{DEMONSTRATION, Parts, audit, compress, pack};
use crate::fuzz::{self, Damage, damaged, within_little};
use mingzhang::audit::Reveal;
use std::sync::LazyLock;

/// The files of a sound bundle, the manifest first.
static FILES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let whole = Parts::whole();
    let manifest = ("manifest.json".to_owned(), whole.manifest_bytes());
    std::iter::once(manifest).chain(whole.files).collect()
});

static UNPACKED: LazyLock<Vec<u8>> = LazyLock::new(|| zstd::decode_all(DEMONSTRATION.whole.as_slice()).expect("zstd"));

#[test]
fn of_a_damaged_bundle_a_verdict_comes_back() {
    within_little("bundles::damaged::of_a_damaged_bundle_a_verdict_comes_back", || {
        bolero::check!().with_type::<(u8, u16, Vec<Damage>)>().with_test_time(fuzz::time()).for_each(
            |(how, which, damages)| {
                match how % 4 {
                    0 => drop(audit(&damaged(&DEMONSTRATION.whole, damages))),
                    1 => drop(audit(&compress(&damaged(&UNPACKED, damages)))),
                    // The notice, an entry bundle, the policy: whatever a file holds.
                    _ => {
                        let mut files = FILES.clone();
                        let at = usize::from(*which) % files.len();
                        files[at].1 = damaged(&files[at].1, damages);
                        drop(audit(&pack(&files, |_| {})));
                    }
                }
                drop(Reveal::parse(&damaged(&DEMONSTRATION.reveal, damages)));
            },
        );
    });
}
