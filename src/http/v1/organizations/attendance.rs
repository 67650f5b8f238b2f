//! `GET /v1/organizations/{code}/attendance`: meetings, trainings and night patrols of a month (出席情况).

use super::{AboutMonth, MonthParams, percent};
use crate::http::answer::Answer;
use crate::http::csv::{Cell, Table};
use crate::http::{Problem, schema};
use axum::body::Body;
use axum::http::Response;
use mingzhang_events::{Month, OrganizationId};
use mingzhang_projections::{Patrols, SessionAttendance};
use serde::Serialize;

#[derive(Serialize)]
struct Attended {
    organization: OrganizationId,
    month: Month,
    meetings: SessionAttendance,
    trainings: SessionAttendance,
    patrols: Patrols,
}

impl Answer for Attended {
    const HAS_TABLE: bool = true;
    fn table(&self) -> Option<Table> {
        let rows = [("会议", &self.meetings), ("培训", &self.trainings)].map(|(name, sessions)| {
            vec![
                Cell::text(name),
                Cell::number(sessions.held),
                Cell::number(sessions.attended),
                Cell::number(sessions.on_leave),
                Cell::number(sessions.absent),
                Cell::text(percent(&sessions.rate)),
            ]
        });
        Some(Table {
            title: format!("{}-{}-出席情况", self.organization, self.month),
            head: &["类型", "场次", "出席", "请假", "缺席", "出席率"],
            rows: rows.into(),
        })
    }
}

/// Meetings and trainings that the organisation and those below it held, who came; and their night patrols.
#[utoipa::path(
    get, path = "/v1/organizations/{code}/attendance", tag = "organizations", summary = "出席情况",
    security(("token" = [])), description = "**Who:** a token with any role that reaches the organisation.",
    params(("code" = String, Path, description = "The organization's code", pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$"), MonthParams),
    responses((status = 200, description = "Attendance",
        content((schema::Attendance = "application/json"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn attendance(asked: AboutMonth) -> Result<Response<Body>, Problem> {
    asked
        .answer(|models, organization, month| {
            let attendance = models.attendance(organization, month)?;
            let patrols = models.patrols(organization, month)?;
            let (meetings, trainings) = (attendance.meetings, attendance.trainings);
            Some(Attended { organization, month, meetings, trainings, patrols })
        })
        .await
}
