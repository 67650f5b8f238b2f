//! `GET /v1/rules`: the scoring rules, for everybody.

use crate::http::answer::{Answer, Ask, LookUp, answer};
use crate::http::extract::Params;
use crate::http::{App, Problem, schema};
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use mingzhang_events::{Month, ScoringRules};
use mingzhang_projections::ReadModels;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RulesParams {
    /// Only the version that scores this month.
    #[param(value_type = Option<String>, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    month: Option<Month>,
    /// The answer as it was when the log had so many entries; the present one if absent.
    as_of: Option<u64>,
}

#[derive(Serialize)]
struct Adopted {
    /// The entry that adopted them.
    log_index: u64,
    rules: ScoringRules,
}

#[derive(Serialize)]
struct Rules {
    versions: Vec<Adopted>,
}

impl Answer for Rules {}

/// Every version of the rules in order of adoption, whole; or the one in force for a month.
#[utoipa::path(
    get, path = "/v1/rules", tag = "rules", summary = "积分细则", description = "**Who:** anybody.", params(RulesParams),
    responses((status = 200, description = "The rules", body = schema::RulesList), schema::Refusals)
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Params(RulesParams { month, as_of }): Params<RulesParams>,
    ask: Ask,
) -> Result<Response<Body>, Problem> {
    answer(
        &app,
        ask,
        as_of,
        |_, _| Ok(()),
        LookUp(move |models: &ReadModels| {
            let adopted = match month {
                Some(month) => models.rules_in_force(month).into_iter().collect(),
                None => models.rules_adopted(),
            };
            let versions = adopted.into_iter().map(|(rules, log_index)| Adopted { log_index, rules: rules.clone() });
            Ok(Rules { versions: versions.collect() })
        }),
    )
    .await
}
