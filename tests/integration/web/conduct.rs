//! The page for auditors, in a real browser: it asks with a token that is typed in, and keeps it nowhere.

use super::browser::Browser;
use super::fixture::{STREET, Street};
use mingzhang_events::{ConductRules, Event};

const ASK: &str = r"(async (token, organization, month) => {
    const put = (name, value) => { document.querySelector(`#conduct-${name}`).value = value; };
    put('token', token); put('organization', organization); put('month', month);
    document.querySelector('#conduct-ask').requestSubmit();
    const result = document.querySelector('#conduct-result');
    while (result.textContent === '' || result.textContent.startsWith('正在')) await new Promise(wait => setTimeout(wait, 20));
    return result.textContent;
})";

#[test]
fn an_auditor_sees_how_records_were_entered_and_the_token_is_kept_nowhere() {
    let street = Street::served();
    let token = |grant: &str| {
        let (actor, grant) = ("x-1".parse().expect("an actor"), grant.parse().expect("a grant"));
        street.service.identity.create_token(actor, None, &[grant]).expect("a token")
    };
    let (auditor, recorder) = (token("auditor"), token("recorder"));
    let mut browser = Browser::start();
    for (width, height, scheme) in [(390, 844, "light"), (1440, 900, "dark")] {
        browser.window(width, height, scheme);
        browser.open(&format!("{}/conduct", street.address));
        let refused = browser.awaited(&format!("{ASK}('{recorder}', '{STREET}', '2026-10')"));
        assert!(refused.as_str().is_some_and(|told| told.contains("权限")), "{refused}");
        let told = browser.awaited(&format!("{ASK}('{auditor}', '{STREET}', '2026-10')"));
        assert!(told.as_str().is_some_and(|told| told.contains("共 44 条记录")), "{told}");
        let recorders = "document.querySelector('#conduct-tables section:nth-of-type(2) td').textContent";
        assert_eq!(browser.evaluate(recorders), "w-0001");
        let broken = "[...document.querySelectorAll('#conduct-tables th')].filter(th => {
            const range = document.createRange();
            range.selectNodeContents(th);
            return new Set([...range.getClientRects()].map(of => of.top)).size > 1;
        }).map(th => th.textContent).join()";
        assert_eq!(browser.evaluate(broken), "", "headings of one line, in a window of {width}");
        let overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(browser.evaluate(overflow), 0, "wider than a window of {width}");
        let kept = "JSON.stringify([localStorage.length, sessionStorage.length, document.cookie, location.href])";
        let kept = browser.evaluate(kept);
        assert!(kept.as_str().is_some_and(|kept| kept.starts_with("[0,0,\"\",") && !kept.contains("mz_")), "{kept}");
    }
    browser.complaints.retain(|complaint| !complaint.contains("403"));
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn the_headings_name_the_limits_that_the_rules_of_the_month_set() {
    let street = Street::shaped(|events| {
        let adopted = events
            .iter_mut()
            .find_map(|(_, event)| if let Event::ScoringRulesAdopted(adopted) = event { Some(adopted) } else { None });
        adopted.expect("rules").rules.conduct = Some(ConductRules {
            burst_minutes: Some(5),
            burst_records_min: Some(3),
            plausible_day_minutes: Some(60),
            ..ConductRules::default()
        });
    });
    let grant = "auditor".parse().expect("a grant");
    let auditor =
        street.service.identity.create_token("x-1".parse().expect("an actor"), None, &[grant]).expect("a token");
    let mut browser = Browser::start();
    browser.open(&format!("{}/conduct", street.address));
    browser.awaited(&format!("{ASK}('{auditor}', '{STREET}', '2026-10')"));
    let told = browser.evaluate("document.querySelector('#conduct-tables').textContent");
    for heading in ["5 分钟内手工登记 3 条以上", "3 or more by hand in 5 minutes", "一天超过 60 分钟"] {
        assert!(told.as_str().is_some_and(|told| told.contains(heading)), "{heading}: {told}");
    }
}
