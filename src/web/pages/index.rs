//! `/`: what is disclosed today, the latest notices, what this is in plain words, and the checkpoint with which anyone can check.

use super::Failure;
use crate::notice::format::percent;
use crate::notice::wording::{Words, date_in_words, figures, month_in_words};
use crate::notice::{Letterhead, Rates};
use crate::web::answer::answer;
use crate::web::issued::Issued;
use crate::web::site::Site;
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use mingzhang_events::{EventId, OrganizationId};
use mingzhang_projections::{DisclosureEntry, NoticeEntry};
use std::sync::Arc;

/// So many notices are on the front page.
const NOTICES_MAX: usize = 50;
/// So many are composed for it, if nobody has asked for them yet; the others show their rates once somebody has.
const COMPOSED_MAX: usize = 3;

#[derive(Template)]
#[template(path = "web/templates/index.html", config = ".askama.toml")]
struct Page {
    /// Whether the members are made up.
    demonstration: bool,
    /// What may be objected to today, the newest first.
    disclosed: Vec<Disclosed>,
    /// How to object to it, and whom to turn to.
    letterhead: Letterhead,
    /// The newest first.
    notices: Vec<IssuedNotice>,
    /// The signed note of the present head.
    checkpoint: String,
}

/// What is being disclosed.
struct Disclosed {
    event: EventId,
    organization: String,
    month: String,
    /// The last day, in Shanghai.
    until: String,
    until_in_words: String,
}

/// One line of the list.
struct IssuedNotice {
    event: EventId,
    organization: String,
    month: String,
    number: String,
    /// In Shanghai.
    date: String,
    date_in_words: String,
    /// Whether another notice has taken its place.
    is_superseded: bool,
    /// The three rates as printed; none while the notice isn't composed.
    rates: Option<[(Words, String); 3]>,
}

pub(crate) async fn show(State(site): State<Arc<Site>>, request: HeaderMap) -> Result<Response, Failure> {
    let (disclosed, entries): (Vec<Disclosed>, Vec<(NoticeEntry, String)>) = {
        let models = site.models().await;
        let name = |of: OrganizationId| models.organization(of, None).map(|card| card.name).unwrap_or_default();
        let running = models.running_disclosures(site.clock.now().local_date()).into_iter().take(NOTICES_MAX);
        let disclosed = running.map(|disclosure| Disclosed::new(&disclosure, name(disclosure.organization))).collect();
        let newest = models.newest_notices(NOTICES_MAX).into_iter();
        (disclosed, newest.map(|entry| (name(entry.organization), entry)).map(|(name, entry)| (entry, name)).collect())
    };
    let mut notices = Vec::with_capacity(entries.len());
    for (place, (entry, organization)) in entries.into_iter().enumerate() {
        let composed = match place < COMPOSED_MAX {
            true => Some(site.issued.compose(&site, entry.clone()).await?),
            false => site.issued.kept(entry.id),
        };
        notices.push(IssuedNotice::new(&entry, organization, composed.as_deref()));
    }
    let (demonstration, letterhead) = (site.demonstration, site.letterhead.clone());
    let checkpoint = tokio::task::spawn_blocking(move || checkpoint(&site)).await.map_err(Failure::of)??;
    let page = Page { demonstration, disclosed, letterhead, notices, checkpoint };
    let html = page.render().map_err(Failure::of)?;
    Ok(answer(&request, "text/html; charset=utf-8", html.into_bytes()))
}

/// The signed note. It may have to be written down first; where that fails, for want of room say, the one before still holds.
fn checkpoint(site: &Site) -> Result<String, Failure> {
    let published = match site.publication.published() {
        Ok(published) => published.checkpoint,
        Err(failure) => site.publication.published_before().ok_or_else(|| Failure::of(failure))?,
    };
    Ok(published.note().to_owned())
}

impl Disclosed {
    fn new(disclosure: &DisclosureEntry, organization: String) -> Disclosed {
        Disclosed {
            event: disclosure.id,
            organization,
            month: month_in_words(disclosure.month),
            until: disclosure.until.to_string(),
            until_in_words: date_in_words(disclosure.until),
        }
    }
}

impl IssuedNotice {
    fn new(entry: &NoticeEntry, organization: String, composed: Option<&Issued>) -> IssuedNotice {
        let date = entry.issued_at.local_date();
        let three = |rates: &Rates| {
            [
                (figures::ENROLLMENT, percent(rates.enrollment)),
                (figures::PAIRING_SIGN_UP, percent(rates.pairing_sign_up)),
                (figures::PATROL_SIGN_UP, percent(rates.patrol_sign_up)),
            ]
        };
        IssuedNotice {
            event: entry.id,
            organization,
            month: month_in_words(entry.month),
            number: entry.number.clone(),
            date: date.to_string(),
            date_in_words: date_in_words(date),
            is_superseded: entry.superseded_by.is_some(),
            rates: composed.map(|issued| three(&issued.notice.rates)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Disclosed, IssuedNotice, Page};
    use crate::notice::Letterhead;
    use crate::notice::wording::figures;
    use askama::Template;
    use mingzhang_events::EventId;

    #[test]
    fn the_front_page_links_each_notice_and_shows_the_checkpoint() {
        let issued = |event: u128, organization: &str, month: &str| IssuedNotice {
            event: EventId(event),
            organization: organization.to_owned(),
            month: month.to_owned(),
            number: "〔2026〕10号".to_owned(),
            date: "2026-11-03".to_owned(),
            date_in_words: "2026年11月3日".to_owned(),
            is_superseded: event == 5,
            rates: Some([
                (figures::ENROLLMENT, "95.82%".to_owned()),
                (figures::PAIRING_SIGN_UP, "41.93%".to_owned()),
                (figures::PATROL_SIGN_UP, "62.94%".to_owned()),
            ]),
        };
        let page = Page {
            demonstration: true,
            disclosed: vec![Disclosed {
                event: EventId(9),
                organization: "书院街道".to_owned(),
                month: "2026年11月".to_owned(),
                until: "2026-12-08".to_owned(),
                until_in_words: "2026年12月8日".to_owned(),
            }],
            letterhead: Letterhead { contact: Some("书院街道党工委办公室".to_owned()), ..Letterhead::default() },
            notices: vec![issued(7, "书院街道", "2026年10月"), issued(5, "书院街道", "2026年9月"), issued(4, "槐荫社区", "2026年9月")],
            checkpoint: "ledger.shuyuan.example/2026\n28416\nnyxKYbfY4DVSqhwPbnudSMP1ouGQe2TYgVz+I6BLfRY=\n\n— ledger.shuyuan.example/2026 vQ0bE9Qz0nJpY4y2s1k6v8w3rVn1m5c7x9z2b4d6f8h0j2l4n6p8r0t2v4x6z8A==\n".to_owned(),
        };
        let html = page.render().expect("writing to memory");
        assert!(html.contains(&format!("href=\"/notices/{}\"", EventId(7))));
        assert!(html.contains("ledger.shuyuan.example/2026\n28416\n"), "the note must be printed as it is");
        assert!(!html.contains("<script"));
        let disclosed = html.split("<li>").find(|line| line.contains(&format!("href=\"/notices/{}\"", EventId(9))));
        assert!(disclosed.is_some_and(|line| line.contains("2026年12月8日")), "until when");
        assert!(html.contains(crate::notice::wording::HOW_TO_OBJECT) && html.contains("书院街道党工委办公室"));
        let superseded = html.split("<li>").filter(|line| line.contains("已更正"));
        let superseded: Vec<bool> = superseded.map(|line| line.contains(&EventId(5).to_string())).collect();
        assert_eq!(superseded, [true], "the notice that another took the place of is marked, and no other");
    }
}
