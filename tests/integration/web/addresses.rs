//! Where a page stands: at the address of another it is found; copies elsewhere aren't accused.

use super::browser::Browser;
use super::fixture::Street;
use super::verification::{assert_passes, assert_stops, verify};

fn text_of(address: &str) -> String {
    ureq::get(address).call().expect("an answer").body_mut().read_to_string().expect("text")
}

#[test]
fn a_page_at_the_address_of_another_notice_or_line_is_found() {
    let street = Street::served();
    let later = street.supersede();
    let later = format!("/notices/{later}");
    let (line, other_line) = (format!("{later}/lines/1"), format!("{later}/lines/2"));
    let (earlier, other) = (text_of(&street.notice_page()), text_of(&format!("{}{other_line}", street.address)));
    let mut browser = Browser::start();
    for path in [&later, &line] {
        browser.open(&format!("{}{path}", street.address));
        assert_passes(&mut browser, path);
    }
    let (at_later, at_line) = (later.clone(), line.clone());
    street.forge(move |path, text| {
        if path == at_later {
            earlier.clone()
        } else if path == at_line {
            other.clone()
        } else {
            text
        }
    });
    for path in [&later, &line] {
        browser.open(&format!("{}{path}", street.address));
        assert_stops(&mut browser, "failed", "page", path);
    }
}

#[test]
fn a_copy_below_another_path_passes_and_one_whose_address_names_no_notice_says_so() {
    let street = Street::served();
    let page = text_of(&street.notice_page());
    street.forge(move |path, text| if path.starts_with("/copies/") { page.clone() } else { text });
    let mut browser = Browser::start();
    browser.open(&format!("{}/copies/notices/{}", street.address, street.notice));
    assert_passes(&mut browser, "below a path");
    assert!(!verify(&mut browser).text.contains("网址里没有写明通报"));
    browser.open(&format!("{}/copies/october", street.address));
    assert_passes(&mut browser, "under another name");
    assert!(verify(&mut browser).text.contains("网址里没有写明通报"));
}
