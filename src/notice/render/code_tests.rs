//! That another program reads the checkpoint's code off what is rendered.

use crate::notice::render::{html, text};
use crate::notice::samples;

/// What another program reads off a picture of `side` by `side` modules, each of 4 by 4 points.
fn read(side: usize, is_dark: impl Fn(usize, usize) -> bool) -> String {
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(
            side * 4,
            side * 4,
            |x, y| {
                if is_dark(x / 4, y / 4) { 0 } else { 255 }
            },
        );
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1, "one code in the picture");
    grids[0].decode().expect("a code that can be read").1
}

#[test]
fn another_program_reads_origin_size_and_root_off_the_page() {
    let notice = samples::street();
    let html = html(&notice, &samples::imprint());
    let (_, svg) = html.split_once("class=\"qr\" viewBox=\"0 0 ").expect("a code in the page");
    let (side, svg) = svg.split_once(' ').expect("its width");
    let side: usize = side.parse().expect("a number");
    let (_, path) = svg.split_once(" d=\"").expect("its path");
    let (path, _) = path.split_once('"').expect("its end");
    let mut dark = vec![false; side * side];
    for run in path.split('M').skip(1) {
        let (x, rest) = run.split_once(' ').expect("x");
        let (y, rest) = rest.split_once('h').expect("y");
        let (length, _) = rest.split_once('v').expect("a length");
        let [x, y, length] = [x, y, length].map(|number| number.parse::<usize>().expect("a number"));
        dark[y * side + x..y * side + x + length].fill(true);
    }
    assert_eq!(read(side, |x, y| dark[y * side + x]), notice.checkpoint.text().trim_end());
}

#[test]
fn another_program_reads_the_same_off_the_plain_text() {
    let notice = samples::street();
    let text = text(&notice, &samples::imprint());
    let is_of_code =
        |line: &&str| line.chars().all(|module| " ▀▄█".contains(module)) && line.chars().any(|module| module != ' ');
    let lines: Vec<Vec<char>> = text.lines().filter(is_of_code).map(|line| line.chars().collect()).collect();
    let side = 2 + lines.iter().map(Vec::len).max().expect("lines").max(2 * lines.len() + 8);
    let is_dark = |x: usize, y: usize| {
        let module = y.checked_sub(4).and_then(|y| Some((lines.get(y / 2)?.get(x).copied()?, y % 2)));
        matches!(module, Some(('█', _) | ('▀', 0) | ('▄', 1)))
    };
    assert_eq!(read(side, is_dark), notice.checkpoint.text().trim_end());
}
