//! `/notices/{event}`: one issued notice; the same as a file with the suffix of its format after it.

use super::Failure;
use crate::document::attachment;
use crate::notice::Imprint;
use crate::notice::render::{FileFormat, NoticeArticle, file_name};
use crate::web::answer::{answer, named};
use crate::web::issued::Issued;
use crate::web::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use mingzhang_events::EventId;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "web/templates/notice.html", config = ".askama.toml")]
struct Page<'a> {
    event: EventId,
    origin: &'a str,
    /// None: the whole notice is checked.
    line_number: Option<usize>,
    /// The page's own address, to which the suffix of a file is added.
    address: String,
    article: NoticeArticle<'a>,
    /// The notice that this one takes the place of.
    supersedes: Option<EventId>,
    /// The notice that has taken its place.
    superseded_by: Option<EventId>,
    /// The digest that was issued, if the figures of today's page have another.
    digest_issued: Option<&'a str>,
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path(file): Path<String>,
    request: HeaderMap,
) -> Result<Response, Failure> {
    let (event, suffix) = file.split_once('.').map_or((file.as_str(), None), |(event, suffix)| (event, Some(suffix)));
    let event: EventId = event.parse().map_err(|_| Failure::NotFound)?;
    let format = match suffix {
        None => None,
        Some(suffix) => Some(FileFormat::of_suffix(suffix).ok_or(Failure::NotFound)?),
    };
    let entry = site.models().await.published(event).ok_or(Failure::NotFound)?;
    // What supersedes it may have been issued after it was composed and kept.
    let links = (entry.supersedes, entry.superseded_by);
    let Some(format) = format else {
        let issued = site.issued.compose_with_charts(&site, entry).await?;
        let html = move || issued.imprint(&site).and_then(|imprint| page(&issued, &imprint, links));
        let page = tokio::task::spawn_blocking(html).await.map_err(Failure::of)??;
        return Ok(answer(&request, FileFormat::Html.content_type(), page));
    };
    let issued = site.issued.compose(&site, entry).await?;
    if format != FileFormat::Json && !issued.is_as_issued() {
        return Err(Failure::Altered);
    }
    let (file, name) = written(site, issued, format).await?;
    Ok(named(answer(&request, format.content_type(), file), &attachment(&name, format.suffix())))
}

/// The notice as a file, at hand or made once it is its turn; and its name.
async fn written(site: Arc<Site>, issued: Arc<Issued>, format: FileFormat) -> Result<(Arc<[u8]>, String), Failure> {
    let files = Arc::clone(&site.notice_files);
    let (asked_at, at_work) = (Arc::clone(&site), Arc::clone(&issued));
    let found = tokio::task::spawn_blocking(move || {
        let imprint = at_work.imprint(&asked_at)?;
        let at_hand = asked_at.notice_files.at_hand(&at_work.notice, &imprint, format)?;
        Ok::<_, Failure>((at_hand, file_name(&at_work.notice, &imprint)))
    });
    let (at_hand, name) = found.await.map_err(Failure::of)??;
    if let Some(file) = at_hand {
        return Ok((file, name));
    }
    let made = files.in_turn(move |files| files.file(&issued.notice, || issued.imprint(&site), format)).await;
    Ok((made.ok_or(Failure::Busy)??, name))
}

fn page(
    issued: &Issued,
    imprint: &Imprint,
    (supersedes, superseded_by): (Option<EventId>, Option<EventId>),
) -> Result<Vec<u8>, Failure> {
    let notice = &issued.notice;
    let page = Page {
        event: issued.entry.id,
        origin: &notice.checkpoint.origin,
        line_number: None,
        supersedes,
        superseded_by,
        address: format!("/notices/{}", issued.entry.id),
        article: NoticeArticle::new(notice, imprint)
            .with_lines_at(format!("/notices/{}/lines", issued.entry.id))
            .with_charts(issued.charts().unwrap_or_default()),
        digest_issued: (!issued.is_as_issued()).then_some(&issued.entry.digest),
    };
    Ok(page.render().map_err(Failure::of)?.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::Page;
    use crate::notice::render::{FileFormat, NoticeArticle};
    use crate::notice::samples;
    use askama::Template;
    use mingzhang_events::EventId;

    fn page(digest_issued: Option<&str>) -> String {
        let (notice, imprint) = (samples::street(), samples::imprint());
        let article = NoticeArticle::new(&notice, &imprint).with_lines_at("/notices/e0/lines".to_owned());
        let (event, origin, line_number) = (EventId(0), notice.checkpoint.origin.as_str(), None);
        let address = "/notices/e0".to_owned();
        let (supersedes, superseded_by) = (None, Some(EventId(1)));
        Page { event, origin, line_number, address, article, supersedes, superseded_by, digest_issued }
            .render()
            .expect("writing to memory")
    }

    #[test]
    fn a_notice_page_offers_every_file() {
        let html = page(None);
        for format in FileFormat::ALL {
            let file = format!("/notices/e0.{}", format.suffix());
            assert!(html.contains(&format!("href=\"{file}\"")), "{file}");
        }
        assert!(!html.contains("role=\"alert\""));
        assert!(html.contains("href=\"/notices/e0/lines/1\"") && html.contains("href=\"/notices/e0/lines/60\""));
    }

    #[test]
    fn a_notice_leads_to_the_one_that_supersedes_it_and_back_only_if_there_is_one() {
        let html = page(None);
        assert!(html.contains(&format!("href=\"/notices/{}\"", EventId(1))) && !html.contains("取代"));
    }

    #[test]
    fn a_notice_that_is_not_the_one_issued_says_so() {
        assert!(page(Some("9f2c")).contains("role=\"alert\""));
    }
}
