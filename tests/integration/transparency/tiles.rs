//! Paths of tiles (C2SP tlog-tiles) beside those of another implementation, and which tiles a tree has.

use std::collections::HashSet;

use mingzhang::transparency::{Tile, TileContent, entry_bundles, hash_tiles};

fn paths(tiles: impl Iterator<Item = Tile>) -> Vec<String> {
    tiles.map(|tile| tile.to_string()).collect()
}

/// The sizes that the specification gives as examples.
#[test]
fn a_tree_has_the_tiles_that_the_specification_names() {
    let tiles = paths(hash_tiles(0, 70_000));
    assert_eq!(tiles.len(), 273 + 1 + 1 + 1 + 1);
    assert_eq!(tiles[..2], ["tile/0/000", "tile/0/001"]);
    assert_eq!(tiles[272..], ["tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]);
    assert_eq!(paths(hash_tiles(0, 256)), ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(paths(hash_tiles(0, 0)), [""; 0]);
    assert_eq!(paths(entry_bundles(0, 300)), ["tile/entries/000", "tile/entries/001.p/44"]);
    let tile = Tile { content: TileContent::Hashes { level: 0 }, index: 1_234_067, width: 256 };
    assert_eq!(tile.to_string(), "tile/0/x001/x234/067");
}

#[test]
fn paths_are_those_of_another_implementation() {
    let sizes = [1, 255, 256, 257, 65_535, 65_536, 70_000, 256_000, 256_001, 16_777_217];
    for size in sizes {
        for tile in hash_tiles(0, size).filter(|tile| tile.index % 997 == 0 || !tile.is_full()) {
            let TileContent::Hashes { level } = tile.content else { panic!("{tile}") };
            let theirs = tlog_tiles::tile::Tile::new(8, level, tile.index, u32::from(tile.width), false);
            assert_eq!(theirs.path().replacen("tile/8/", "tile/", 1), tile.to_string());
        }
    }
}

#[test]
fn every_path_is_read_back_and_no_other_spelling_of_it() {
    for size in [1, 256, 300, 70_000, 256_000_001] {
        for tile in hash_tiles(size - 1, size).chain(entry_bundles(size - 1, size)) {
            assert_eq!(Tile::parse(&tile.to_string()), Some(tile));
        }
    }
    for refused in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000",
        "tile/0/x000/001",
        "tile/0/001/001",
        "tile/0/x001/x001",
        "tile/0/x1/001",
        "tile/00/001",
        "tile/64/001",
        "tile/-1/001",
        "tile/data/001",
        "tile/entries",
        "tile/0/+01",
        "tile/0/001.p",
        "tile/0/001.p/",
        "tile/0/001.p/0",
        "tile/0/001.p/01",
        "tile/0/001.p/256",
        "tile/0/001.p/1/",
        "tile/0/001/",
        "/tile/0/001",
        "tile/0/001.p/1.p/1",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
    ] {
        assert_eq!(Tile::parse(refused), None, "{refused}");
    }
}

/// What a tree of each size has, told in one go, as what is new step by step, and by the rule of the specification.
#[test]
fn what_is_new_since_a_size_is_what_the_smaller_tree_has_not() {
    for size in [1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 131_000] {
        let has: HashSet<_> = hash_tiles(0, size).chain(entry_bundles(0, size)).collect();
        for level in 0..3_u8 {
            let of_level = |tile: &&Tile| tile.content == TileContent::Hashes { level };
            let (full, partial): (Vec<&Tile>, Vec<&Tile>) =
                has.iter().filter(of_level).partition(|tile| tile.is_full());
            let hashes = size / 256_u64.pow(level.into());
            assert_eq!(full.len() as u64, hashes / 256, "level {level} of {size}");
            let widths: Vec<_> = partial.iter().map(|tile| u64::from(tile.width)).collect();
            assert_eq!(widths, if hashes % 256 == 0 { vec![] } else { vec![hashes % 256] }, "level {level} of {size}");
        }
        for known in [0, 1, 200, 255, 256, 257, 512, 65_000, 65_536, 130_999].into_iter().filter(|known| *known <= size)
        {
            let had: HashSet<_> = hash_tiles(0, known).chain(entry_bundles(0, known)).collect();
            let new: HashSet<_> = hash_tiles(known, size).chain(entry_bundles(known, size)).collect();
            assert_eq!(new, has.difference(&had).copied().collect(), "from {known} to {size}");
            assert!(has.iter().all(|tile| tile.is_within(size)));
            assert!(new.iter().all(|tile| !tile.is_within(known)), "from {known} to {size}");
        }
    }
}
