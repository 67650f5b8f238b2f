//! The pages as a browser shows them: on a phone, in a wide window, in a dark room, in large type and on paper.

use super::browser::Browser;
use super::fixture::Street;
use base64::Engine;
use serde_json::Value;

/// Every text whose contrast with what is behind it is below WCAG 2.2 AA (1.4.3): 4.5, or 3 for large text.
const TOO_FAINT: &str = r"(() => {
    const channels = colour => colour.match(/[\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255)
        .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = element => {
        for (let e = element; e; e = e.parentElement) {
            const colour = channels(getComputedStyle(e).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    const faint = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim(), element = walker.currentNode.parentElement;
        if (!text || !element.checkVisibility()) continue;
        const style = getComputedStyle(element), size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        const [a, b] = [luminance(channels(style.color)), luminance(behind(element))];
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (contrast < (large ? 3 : 4.5)) faint.push(`${contrast.toFixed(2)} ${text.slice(0, 20)}`);
    }
    return faint;
})()";

/// How far the page is wider than the window, in pixels.
const OVERFLOW: &str = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

/// What reaches beyond the window, for the message.
const WIDER: &str = "[...document.querySelectorAll('body *')] \
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5 && !e.closest('.scroll, pre')) \
    .map(e => e.className || e.tagName).join(' ')";

/// Controls that a finger can't hit: below 24 by 24 pixels (WCAG 2.2, 2.5.8), links within a sentence apart.
const TOO_SMALL: &str = r"[...document.querySelectorAll('nav a, .downloads a, .issued a, .behind, .verify button, .verify :is(input, textarea), label')]
    .filter(e => { const box = e.getBoundingClientRect(); return box.width < 24 || box.height < 24; })
    .map(e => e.textContent.trim())";

#[test]
fn the_pages_fit_a_phone_and_a_wide_window_and_can_be_read_in_light_and_dark() {
    let street = Street::served();
    let mut browser = Browser::start();
    let (front, notice, nothing) =
        (street.address.clone(), street.notice_page(), format!("{}/nothing", street.address));
    let line = format!("{notice}/lines/3");
    for (width, height) in [(320, 640), (390, 844), (1440, 900)] {
        for scheme in ["light", "dark"] {
            browser.window(width, height, scheme);
            for page in [&front, &notice, &line, &nothing] {
                browser.open(page);
                let at = format!("{page} at {width}, {scheme}");
                assert_eq!(browser.evaluate(OVERFLOW), 0, "{at}: wider than the window: {}", browser.evaluate(WIDER));
                assert_eq!(browser.evaluate(TOO_FAINT), Value::Array(Vec::new()), "{at}: too faint");
                assert_eq!(browser.evaluate(TOO_SMALL), Value::Array(Vec::new()), "{at}: too small to touch");
                let headings = "[...document.querySelectorAll('h1')].length";
                assert_eq!(browser.evaluate(headings), 1, "{at}: one first heading");
            }
        }
    }
    browser.complaints.retain(|complaint| !complaint.contains("404"));
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn large_type_makes_every_text_larger_without_a_script_and_still_fits_a_phone() {
    let street = Street::served();
    let mut browser = Browser::start();
    browser.window(390, 844, "light");
    browser.open(&street.notice_page());
    let size = "parseFloat(getComputedStyle(document.querySelector('.members td')).fontSize)";
    let before = browser.evaluate(size).as_f64().expect("a size");
    browser.evaluate("document.querySelector('#large-type').click()");
    let after = browser.evaluate(size).as_f64().expect("a size");
    assert!(after > before * 1.2, "{before} px, then {after} px");
    assert_eq!(browser.evaluate(OVERFLOW), 0);
}

#[test]
fn a_whole_key_can_be_read_in_its_field_on_a_phone() {
    let street = Street::served();
    let mut browser = Browser::start();
    browser.window(390, 844, "light");
    browser.open(&street.notice_page());
    let key = format!("demo.mingzhang.example/420902001001+5f9a1c2e+{}", "A".repeat(44));
    browser.evaluate(&format!("document.querySelector('#verify-key').value = '{key}'"));
    let hidden = "(field => field.scrollHeight - field.clientHeight)(document.querySelector('#verify-key'))";
    assert!(browser.evaluate(hidden).as_i64().expect("pixels") <= 0, "{}", browser.evaluate(hidden));
}

#[test]
fn a_notice_prints_on_a4_with_its_annex_on_a_page_of_its_own() {
    let street = Street::served();
    let mut browser = Browser::start();
    browser.window(1440, 900, "dark");
    browser.open(&street.notice_page());
    let pdf = base64::engine::general_purpose::STANDARD.decode(browser.print()).expect("base64");
    let text = String::from_utf8_lossy(&pdf);
    // 595 × 842 points are 210 × 297 mm.
    let boxes: Vec<&str> = text.split("/MediaBox ").skip(1).filter_map(|rest| rest.split(']').next()).collect();
    assert!(boxes.len() >= 3, "{} pages", boxes.len());
    assert!(boxes.iter().all(|size| size.starts_with("[0 0 59") && size.contains(" 84")), "{boxes:?}");
}
