//! Tiles that following a log needs none of, and whoever verifies it needs: those of the higher levels, and old ones.

use super::fixture::*;
use mingzhang::monitor::{Again, AlarmKind};

const SIZE: u64 = 70_000;

/// What is done to a site after a look, and the alarm that looking again raises.
type Case = (&'static str, Option<AlarmKind>, fn(&Site));

#[test]
fn what_is_missing_or_wrong_in_tiles_that_following_doesn_t_read_is_noticed() {
    let leaves = leaves(SIZE, 0, 0);
    let table: [Case; 8] = [
        ("nothing", None, |_| {}),
        ("a tile of level 1 that is gone", Some(AlarmKind::MissingTile), |site| site.take_away("tile/1/000")),
        ("a bit of level 1", Some(AlarmKind::WrongTile), |site| site.change("tile/1/001.p/17", |tile| tile[40] ^= 1)),
        ("a tile of level 2 that is gone", Some(AlarmKind::MissingTile), |site| site.take_away("tile/2/000.p/1")),
        ("a bit of level 2", Some(AlarmKind::WrongTile), |site| site.change("tile/2/000.p/1", |tile| tile[0] ^= 1)),
        ("an old tile that is gone", Some(AlarmKind::MissingTile), |site| site.take_away("tile/0/005")),
        ("a bit of an old tile", Some(AlarmKind::WrongTile), |site| site.change("tile/0/200", |tile| tile[9] ^= 1)),
        ("a tile that is too short", Some(AlarmKind::WrongTile), |site| {
            site.change("tile/1/000", |tile| tile.truncate(64))
        }),
    ];
    let site = Site::default();
    let url = site.serve();
    for (what, kind, change) in table {
        let state = tempfile::tempdir().unwrap();
        let mut monitor = monitor(&url, state.path());
        site.publish(&leaves, SIZE, &[1, 2]);
        let seen = look(&mut monitor).unwrap_or_else(|alarm| panic!("{what}: {alarm}"));
        change(&site);
        let found = look_again(&mut monitor, &seen.checkpoint, Again::All);
        assert_eq!(found.as_ref().err().map(|alarm| alarm.kind), kind, "{what}: {found:?}");
    }
}

#[test]
fn old_tiles_are_read_again_in_turn_until_all_were() {
    let leaves = leaves(SIZE, 0, 0);
    let (site, state) = (Site::default(), tempfile::tempdir().unwrap());
    let url = site.serve();
    site.publish(&leaves, SIZE, &[1, 2]);
    let mut watching = monitor(&url, state.path());
    let head = look(&mut watching).unwrap().checkpoint;
    site.asked();
    assert_eq!(look_again(&mut watching, &head, Again::Tiles(2)).unwrap(), (2, 273));
    let upper = ["tile/0/000", "tile/0/001", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"];
    assert_eq!(site.asked(), upper);
    assert_eq!(look_again(&mut watching, &head, Again::Tiles(270)).unwrap(), (270, 273));
    assert!(site.asked().iter().all(|path| path.starts_with("tile/0/")), "the higher levels were read for this head");
    // A hint that is damaged begins at the first, or at any.
    for damaged in [&b"\xff\xfe"[..], b"tile", b"18446744073709551615\n"] {
        std::fs::write(state.path().join("reread"), damaged).unwrap();
        assert_eq!(look_again(&mut watching, &head, Again::Tiles(2)).unwrap(), (2, 273));
    }
    std::fs::write(state.path().join("reread"), "272\n").unwrap();
    // Where it was is in its directory and not in its memory: the last one, and from the first on again.
    drop(watching);
    let mut watching = monitor(&url, state.path());
    site.take_away("tile/0/272");
    let gone = look_again(&mut watching, &head, Again::Tiles(2)).expect_err("it is gone");
    assert_eq!(gone.kind, AlarmKind::MissingTile);
}
