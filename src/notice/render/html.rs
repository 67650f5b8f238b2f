//! The notice as HTML: an article that a page can hold, and a document that stands alone, with its style sheet inside.

use crate::chart::Chart;
use crate::document::Qr;
use crate::notice::changes::{self, About, ChangeGroup, Superseded};
use crate::notice::figures::{Rate, Rates, SubOrganization};
use crate::notice::wording::{self, Words, figures, headings};
use crate::notice::{Imprint, Notice, format, prose};
use askama::Template;

/// The style sheet of the article, for screen, phone, dark rooms and paper.
pub const STYLE: &str = include_str!("templates/notice.css");

/// So many lines of the annex are in the page; whoever wants more takes the table.
const MEMBERS_ON_PAGE_MAX: usize = 3_000;

/// The notice as a document that needs nothing else.
pub fn html(notice: &Notice, imprint: &Imprint) -> String {
    Document { article: NoticeArticle::new(notice, imprint), style: STYLE }.render().expect("writing to memory")
}

#[derive(Template)]
#[template(path = "notice/render/templates/document.html", config = ".askama.toml")]
struct Document<'a> {
    article: NoticeArticle<'a>,
    style: &'static str,
}

/// The notice as one `<article>`, to be placed into a page.
#[derive(Template)]
#[template(path = "notice/render/templates/notice.html", config = ".askama.toml")]
pub struct NoticeArticle<'a> {
    notice: &'a Notice,
    imprint: &'a Imprint,
    digest: String,
    lines_at: Option<String>,
    charts: &'a [Chart],
}

impl<'a> NoticeArticle<'a> {
    /// The article of a notice.
    pub fn new(notice: &'a Notice, imprint: &'a Imprint) -> NoticeArticle<'a> {
        NoticeArticle { notice, imprint, digest: notice.digest(), lines_at: None, charts: &[] }
    }

    /// The same with a link from each line of the annex to what stands behind it: the address below which these pages are, by number from 1.
    #[must_use]
    pub fn with_lines_at(self, address: String) -> NoticeArticle<'a> {
        NoticeArticle { lines_at: Some(address), ..self }
    }

    /// The same with pictures before the annex.
    #[must_use]
    pub fn with_charts(self, charts: &'a [Chart]) -> NoticeArticle<'a> {
        NoticeArticle { charts, ..self }
    }

    /// The title of the page.
    pub fn title(&self) -> String {
        format!("{}　{}", self.heading(), self.notice.name)
    }

    /// The changes of a superseding notice, in words.
    fn changed(&self) -> Option<Changed<'a>> {
        let (superseded, changes) = self.notice.supersedes.as_ref().zip(self.notice.changes.as_ref())?;
        Some(Changed {
            superseded,
            supersedes: changes::wording::supersedes(superseded),
            groups: changes::groups(changes, self.notice.month, |member| self.imprint.name_of(member)),
            shifts: changes::shifts_in_words(changes),
        })
    }

    fn issuing_body(&self) -> &str {
        self.imprint.letterhead.issuing_body.as_deref().unwrap_or(&self.notice.name)
    }

    fn heading(&self) -> String {
        self.imprint.title(self.notice.month).to_string()
    }

    fn disclosure_period(&self) -> Option<String> {
        self.imprint.disclosed_until.map(|until| wording::disclosure_period(self.imprint.issued_on, until))
    }

    fn heading_in_english(&self) -> String {
        wording::title_in_english(self.notice.month)
    }

    fn month(&self) -> String {
        wording::month_in_words(self.notice.month)
    }

    fn issued_on(&self) -> Option<(String, String)> {
        self.imprint.issued_on.map(|date| (date.to_string(), wording::date_in_words(date)))
    }

    fn witnessing(&self) -> Words {
        wording::witnessing(&self.imprint.witnessing, self.notice.checkpoint.tree_size)
    }

    fn cards(&self) -> [RateCard; 4] {
        let (now, earlier) = (&self.notice.rates, self.notice.previous.as_ref().map(|previous| &previous.rates));
        let card = |name, did, rate_of: fn(&Rates) -> Rate| RateCard {
            change: earlier.and_then(|earlier| rate_of(now).change_since(rate_of(earlier))).map(Change),
            did,
            name,
            rate: rate_of(now),
        };
        [
            card(figures::ENROLLMENT, figures::ENROLLED, |rates| rates.enrollment),
            card(figures::PAIRING_SIGN_UP, figures::PAIRED, |rates| rates.pairing_sign_up),
            card(figures::PATROL_SIGN_UP, figures::SIGNED_UP, |rates| rates.patrol_sign_up),
            card(figures::PARTICIPATION, figures::TOOK_PART, |rates| rates.participation),
        ]
    }

    fn qr(&self) -> Qr {
        Qr::of(self.notice.checkpoint.text().trim_end())
    }

    fn checkpoint_text(&self) -> String {
        self.notice.checkpoint.text()
    }

    fn sums(&self) -> [Sum; 3] {
        let (now, earlier) = (&self.notice.totals, self.notice.previous.as_ref().map(|previous| &previous.totals));
        [
            Sum {
                name: figures::POINTS,
                text: format::points(now.points),
                change: earlier.map(|earlier| Change(now.points.hundredths() - earlier.points.hundredths())),
            },
            Sum {
                name: figures::AVERAGE_POINTS,
                text: now.average_points.map_or(format::WITHHELD.to_owned(), format::points),
                change: now
                    .average_points
                    .zip(earlier.and_then(|earlier| earlier.average_points))
                    .map(|(now, earlier)| Change(now.hundredths() - earlier.hundredths())),
            },
            Sum { name: figures::VOLUNTARY_TIME, text: format::hours_in_words(now.voluntary_minutes), change: None },
        ]
    }

    fn evidence(&self) -> Vec<EvidenceRow> {
        let denominator: u32 = self.notice.evidence.iter().map(|line| line.records).sum();
        let share = |numerator: u32| match denominator {
            0 => Rate::Nobody,
            denominator => Rate::Of { numerator, denominator },
        };
        let row = |line: &crate::notice::EvidenceCount| EvidenceRow {
            name: wording::evidence(line.evidence),
            records: format::count(u64::from(line.records)),
            share: share(line.records),
        };
        self.notice.evidence.iter().map(row).collect()
    }

    fn members_on_page(&self) -> impl Iterator<Item = MemberRow<'_>> {
        self.notice.members.iter().take(MEMBERS_ON_PAGE_MAX).zip(1..).map(|(line, number)| MemberRow {
            address: self.lines_at.as_ref().map(|address| format!("{address}/{number}")),
            branch: line.branch.as_deref().unwrap_or(wording::LEFT),
            name: self.imprint.name_of(line.member),
            number_tail: &line.number_tail,
            points: format::points_in_column(line.points),
            rank: line.rank,
            time: format::hours_and_minutes(u64::from(line.voluntary_minutes)),
        })
    }

    fn members_elsewhere(&self) -> usize {
        self.notice.members.len().saturating_sub(MEMBERS_ON_PAGE_MAX)
    }
}

/// What a superseding notice says beside its figures.
struct Changed<'a> {
    superseded: &'a Superseded,
    supersedes: Words,
    groups: Vec<ChangeGroup>,
    shifts: Option<String>,
}

/// A rate as a large numeral, with what it was counted from and a bar.
struct RateCard {
    name: Words,
    did: Words,
    rate: Rate,
    change: Option<Change>,
}

impl RateCard {
    /// Numerator and denominator, where they may be published.
    fn counted(&self) -> Option<(String, String)> {
        match self.rate {
            Rate::Of { numerator, denominator } => {
                Some((format::count(u64::from(numerator)), format::count(u64::from(denominator))))
            }
            Rate::Nobody | Rate::Withheld => None,
        }
    }

    /// The numeral without its percent sign, and the sign.
    fn numeral(&self) -> (String, &'static str) {
        let text = format::percent(self.rate);
        match text.strip_suffix('%') {
            Some(number) => (number.to_owned(), "%"),
            None => (text, ""),
        }
    }

    fn bar(&self) -> String {
        bar_width(self.rate)
    }
}

/// The width of a bar, in percent of its track.
fn bar_width(rate: Rate) -> String {
    let hundredths = rate.percent_hundredths().unwrap_or(0);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

struct Sum {
    name: Words,
    text: String,
    change: Option<Change>,
}

/// A change since last month, in hundredths.
struct Change(i64);

impl Change {
    fn text(&self) -> String {
        format::signed(self.0)
    }

    fn direction(&self) -> &'static str {
        match self.0 {
            0 => "same",
            1.. => "up",
            _ => "down",
        }
    }

    fn arrow(&self) -> &'static str {
        match self.0 {
            0 => "＝",
            1.. => "▲",
            _ => "▼",
        }
    }
}

struct EvidenceRow {
    name: Words,
    records: String,
    share: Rate,
}

impl EvidenceRow {
    fn share(&self) -> String {
        format::percent(self.share)
    }

    fn bar(&self) -> String {
        bar_width(self.share)
    }
}

struct MemberRow<'a> {
    /// The page of the records behind it.
    address: Option<String>,
    branch: &'a str,
    name: Option<&'a str>,
    number_tail: &'a str,
    points: String,
    rank: usize,
    time: String,
}

fn rate_of(rate: &Rate) -> String {
    format::percent(*rate)
}

fn points_of(points: &mingzhang_events::Points) -> String {
    format::points_in_column(*points)
}

fn count_of(count: &u32) -> String {
    format::count(u64::from(*count))
}

fn rank_of(organization: &SubOrganization) -> String {
    organization.rank.map_or(format::NO_FIGURE.to_owned(), |rank| rank.to_string())
}

fn average_of(organization: &SubOrganization) -> String {
    organization.totals.average_points.map_or(format::WITHHELD.to_owned(), format::points_in_column)
}

#[cfg(test)]
mod tests {
    use super::html;
    use crate::notice::samples;

    #[test]
    fn the_same_notice_gives_the_same_bytes() {
        let (notice, imprint) = (samples::street(), samples::imprint());
        assert_eq!(html(&notice, &imprint), html(&notice.clone(), &imprint));
    }

    #[test]
    fn the_document_loads_nothing_and_runs_nothing() {
        let html = html(&samples::street(), &samples::imprint());
        for forbidden in ["<script", "<link", "<img", "src=", "url(", "@import", " style=", "https://", "http://"] {
            assert!(!html.contains(forbidden), "{forbidden} is in the document");
        }
    }

    #[test]
    fn a_superseding_notice_says_what_changed_for_whom_and_why_and_any_other_does_not() {
        let html = html(&samples::superseding_street(), &samples::imprint());
        for said in ["本通报取代〔2026〕10号通报", "异议成立：时间不符", "59.55", "新列入", "仅名次随之变动"]
        {
            assert!(html.contains(said), "{said}");
        }
        assert!(!super::html(&samples::street(), &samples::imprint()).contains("class=\"changes\""));
    }

    #[test]
    fn a_name_is_text_and_never_markup() {
        let (notice, mut imprint) = (samples::street(), samples::imprint());
        imprint.names.insert(notice.members[0].member, "<b>赵</b>".to_owned());
        assert!(!html(&notice, &imprint).contains("<b>赵"));
    }

    #[test]
    fn a_draft_of_a_branch_of_three_shows_no_rate_and_no_number() {
        let html = html(&samples::small_branch(), &samples::imprint());
        assert!(html.contains("尚未印发") && html.contains("＊"));
        let (before_service, _) = html.split_once("id=\"service\"").expect("the section on service");
        let (_, rates) = before_service.split_once("<article").expect("the article");
        assert!(!rates.contains('%'), "a rate over three members is printed");
    }
}
