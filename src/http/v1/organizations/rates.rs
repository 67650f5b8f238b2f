//! `GET /v1/organizations/{code}/rates`: the rates of a month (报到率、结对报名率、巡逻报名率…), for the public.

use super::{MonthParams, percent};
use crate::http::answer::{Answer, Ask, answer};
use crate::http::csv::{Cell, Table};
use crate::http::extract::{Named, Params};
use crate::http::{App, Problem, schema};
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use mingzhang_events::{Month, OrganizationId};
use mingzhang_projections::{Rate, Rates, ReadModels, Withheld};
use serde::Serialize;
use std::sync::Arc;

/// A rate for the public: of a small group not even the numerator, which would tell who didn't.
#[derive(Serialize)]
struct PublicRate {
    numerator: Option<u32>,
    denominator: u32,
    percent_hundredths: Option<u32>,
    withheld: Option<Withheld>,
    #[serde(skip)]
    printed: String,
}

impl From<Rate> for PublicRate {
    fn from(rate: Rate) -> PublicRate {
        let numerator = match rate.withheld {
            Some(Withheld::SmallGroup | Withheld::BesideSmallGroup) => None,
            Some(Withheld::NothingToDivideBy) | None => Some(rate.numerator),
        };
        let Rate { denominator, percent_hundredths, withheld, .. } = rate;
        PublicRate { numerator, denominator, percent_hundredths, withheld, printed: percent(&rate) }
    }
}

#[derive(Serialize)]
struct PublicRates {
    organization: OrganizationId,
    month: Month,
    closed: bool,
    enrollment: PublicRate,
    pairing_sign_up: PublicRate,
    patrol_sign_up: PublicRate,
    visit_participation: PublicRate,
    patrol_participation: PublicRate,
    participation: PublicRate,
}

impl Answer for PublicRates {
    const HAS_TABLE: bool = true;
    fn table(&self) -> Option<Table> {
        let rows = [
            ("报到率", &self.enrollment),
            ("结对报名率", &self.pairing_sign_up),
            ("巡逻报名率", &self.patrol_sign_up),
            ("走访参与率", &self.visit_participation),
            ("巡逻参与率", &self.patrol_participation),
            ("参与率", &self.participation),
        ];
        let rows = rows.map(|(name, rate)| {
            vec![
                Cell::text(name),
                Cell::optional(rate.numerator, Cell::number),
                Cell::number(rate.denominator),
                Cell::text(&rate.printed),
            ]
        });
        Some(Table {
            title: format!("{}-{}-三率", self.organization, self.month),
            head: &["指标", "分子", "分母", "比率"],
            rows: rows.into(),
        })
    }
}

/// The rates of an organisation and all below it, with numerator and denominator. Of a group smaller than the rules allow
/// to be published neither rate nor numerator is given; of nobody there is no rate. Until the month is closed they are
/// those of what is recorded so far.
#[utoipa::path(
    get, path = "/v1/organizations/{code}/rates", tag = "organizations", summary = "三率",
    description = "**Who:** anybody.",
    params(("code" = String, Path, description = "The organization's code", pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$"), MonthParams),
    responses((status = 200, description = "The rates",
        content((schema::Rates = "application/json"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn rates(
    State(app): State<Arc<App>>,
    Named(organization): Named<OrganizationId>,
    Params(MonthParams { month, as_of }): Params<MonthParams>,
    ask: Ask,
) -> Result<Response<Body>, Problem> {
    super::must_have_begun(&app, month)?;
    answer(
        &app,
        ask,
        as_of,
        |_, _| Ok(()),
        move |models: &ReadModels| {
            let rates: Rates = models.rates(organization, month).ok_or_else(super::unknown)?;
            Ok(PublicRates {
                organization,
                month,
                closed: models.closed(organization, month).is_some(),
                enrollment: rates.enrollment.into(),
                pairing_sign_up: rates.pairing_sign_up.into(),
                patrol_sign_up: rates.patrol_sign_up.into(),
                visit_participation: rates.visit_participation.into(),
                patrol_participation: rates.patrol_participation.into(),
                participation: rates.participation.into(),
            })
        },
    )
    .await
}
