//! Problems (RFC 9457): every refusal and failure as a client sees it. Nothing internal gets in.

use crate::document::{FONT_PACKAGES, PDF_CELLS_MAX, PdfError, RenderError};
use crate::ledger::{Rejection, SubmitError, wording};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// One kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The stable code.
    pub code: &'static str,
    /// The HTTP status.
    pub http_status: u16,
    /// In Chinese.
    pub title: &'static str,
    /// In English.
    pub meaning: &'static str,
}

macro_rules! kinds {
    ($($name:ident = $status:literal $code:literal $title:literal $meaning:literal;)+) => {
        impl Kind {
            $(#[doc = $meaning] pub const $name: Kind =
                Kind { code: $code, http_status: $status, title: $title, meaning: $meaning };)+
            /// Every kind that isn't a refusal by the ledger's rules.
            pub const ALL: &'static [Kind] = &[$(Kind::$name),+];
        }
    };
}

kinds! {
    MALFORMED_JSON = 400 "malformed_json" "不是合法的 JSON" "The body isn't JSON.";
    MALFORMED_QUERY = 400 "malformed_query" "查询参数有误" "A query parameter is missing, unknown or malformed.";
    MALFORMED_PATH = 400 "malformed_path" "地址有误" "An identifier in the path is malformed.";
    KEY_MISSING = 400 "idempotency_key_missing" "缺少幂等键" "The header Idempotency-Key is missing or isn't 1 to 200 visible ASCII characters.";
    TOKEN_MISSING = 401 "token_missing" "需要令牌" "This needs a bearer token.";
    TOKEN_UNKNOWN = 401 "token_unknown" "令牌无效" "The bearer token is unknown or was revoked.";
    ROLE_DOES_NOT_REACH = 403 "role_does_not_reach" "没有权限" "No role of the token allows this there.";
    NOT_FOUND = 404 "not_found" "没有这个地址" "There is no such route.";
    UNKNOWN = 404 "unknown" "没有找到" "The ledger has nothing of that name.";
    METHOD_NOT_ALLOWED = 405 "method_not_allowed" "方法不支持" "The route doesn't have this method.";
    NOT_ACCEPTABLE = 406 "not_acceptable" "没有所要的格式" "The answer isn't made in any of the accepted formats.";
    BODY_TIMED_OUT = 408 "body_timed_out" "请求体接收超时" "The body didn't arrive in time.";
    BODY_BROKEN = 400 "body_broken" "请求体不完整或格式有误" "The body's framing is broken, or its connection ended.";
    NUMBER_TAKEN = 409 "number_taken" "编号已用于他人" "Another member has this number.";
    REGISTERED_OTHERWISE = 409 "registered_otherwise" "登记的是另一个姓名或编号" "The member is registered under another name or number.";
    KEY_REUSED = 409 "key_reused_with_other_content" "规则不允许" "The idempotency key was used before for another fact.";
    ASSIGNEE_CANNOT_DECIDE = 409 "assignee_cannot_decide" "承办人不能决定异议" "The assignee holds no role of a reviewer or publisher over the member's branch, or is the member: nobody decides about themselves.";
    MONTH_NOT_BEGUN = 409 "month_not_begun" "该月还没有开始" "The month hasn't begun.";
    NOT_CERTIFIABLE = 409 "not_certifiable" "不能出具证明" "The months of the certificate or the activity of the attendance sheet aren't over, or no voluntary service that counts is on record in them.";
    KEY_OF_OTHER_CONTENT = 409 "key_of_other_content" "幂等键属于其他内容" "The idempotency key has the form of one made from a content, and this isn't that content.";
    TOO_LARGE = 413 "too_large" "请求过大" "The body or one command of it is too large.";
    UNSUPPORTED_MEDIA = 415 "unsupported_media_type" "不支持的内容类型" "The body has a content type that isn't read here.";
    CONTENT_MALFORMED = 422 "content_malformed" "内容有误" "The body is JSON, but not what is asked for.";
    UNKNOWN_EVENT_TYPE = 422 "unknown_event_type" "没有这种事实" "The type of the command is none of the stored types.";
    AS_OF_BEYOND_HEAD = 404 "as_of_beyond_head" "账本没有这么长" "as_of is larger than the log.";
    NOTICE_DIFFERS = 500 "notice_differs" "通报与印发时不符" "The notice that the log gives isn't the one that was issued: the ledger was changed. It is still given as JSON, to be checked.";
    INTERNAL = 500 "internal" "服务出错" "Something failed inside; the log of the service says what.";
    BUSY = 503 "busy" "忙" "Others are served who ask for as much; nothing was done.";
    STOPPED = 503 "recording_stopped" "暂停记账" "The ledger doesn't record at the moment.";
    FORMAT_UNAVAILABLE = 503 "format_unavailable" "暂无这种格式" "The server can't make this format at the moment: fonts are missing, or it was built without PDF. Every other format can be had.";
    CONTRADICTED = 503 "log_contradicted" "账本与自己签过的检查点不符" "A witness has a checkpoint with the ledger's own signature that isn't of this log; nothing is recorded until its operator has put that right.";
    TIMED_OUT = 503 "timed_out" "处理超时" "The answer took too long.";
    DISK_FULL = 507 "disk_full" "磁盘已满" "No room is left for the ledger; nothing was recorded.";
}

/// A refusal or failure as it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// `urn:mingzhang:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:mingzhang:problem:not_checked_in")]
    pub kind: String,
    /// What sort of problem it is, in Chinese.
    pub title: &'static str,
    /// The HTTP status.
    #[serde(rename = "status")]
    pub http_status: u16,
    /// The stable code: what programs look at.
    #[schema(example = "not_checked_in")]
    pub code: &'static str,
    /// What is wrong here and what to do next, in Chinese.
    pub detail: String,
    /// The same in English.
    pub detail_en: String,
}

impl Problem {
    /// A problem of a kind, with what is wrong in Chinese and English.
    pub fn new(kind: Kind, detail: impl Into<String>, detail_en: impl Into<String>) -> Problem {
        Problem {
            kind: format!("urn:mingzhang:problem:{}", kind.code),
            title: kind.title,
            http_status: kind.http_status,
            code: kind.code,
            detail: detail.into(),
            detail_en: detail_en.into(),
        }
    }

    /// Something failed below. The cause is logged and not told.
    pub(crate) fn internal(doing: &'static str, cause: &dyn std::error::Error) -> Problem {
        tracing::error!(doing, error = %Causes(cause), "a request failed");
        Problem::new(
            Kind::INTERNAL,
            "服务内部出错，已记入日志：请稍后再试或联系管理员",
            "something failed inside and was logged: try again later or tell the operator",
        )
    }

    /// A body that names people isn't what is asked for. serde_json's message may quote what stands there, which is a name: only
    /// the place is told.
    pub(crate) fn of_people(fault: &serde_json::Error) -> Problem {
        let kind = if fault.is_data() { Kind::CONTENT_MALFORMED } else { Kind::MALFORMED_JSON };
        let place = format!("line {}, column {}", fault.line(), fault.column());
        Problem::new(
            kind,
            format!("请求体有误（{place}）：见 /docs"),
            format!("at {place}: see /docs for what is asked for"),
        )
    }

    /// There is nothing of that name.
    pub(crate) fn unknown(what: &str, what_en: &str) -> Problem {
        Problem::new(
            Kind::UNKNOWN,
            format!("没有{what}：请核对编号"),
            format!("there is no such {what_en}: check the identifier"),
        )
    }
}

impl From<RenderError> for Problem {
    fn from(failure: RenderError) -> Problem {
        match failure {
            RenderError::Pdf(PdfError::NoFonts { .. }) => Problem::new(
                Kind::FORMAT_UNAVAILABLE,
                format!("服务器没有中文字体，暂不能生成 PDF：请改取其他格式，并请管理员安装 {FONT_PACKAGES}"),
                format!(
                    "the server has no Chinese fonts, so it makes no PDF: take another format, and ask its operator to install {FONT_PACKAGES}"
                ),
            ),
            RenderError::Pdf(PdfError::NotBuilt) => Problem::new(
                Kind::FORMAT_UNAVAILABLE,
                "服务器构建时没有带 PDF：请改取其他格式",
                "the server was built without PDF: take another format",
            ),
            RenderError::Pdf(PdfError::TooLong { cells }) => Problem::new(
                Kind::FORMAT_UNAVAILABLE,
                format!("各表共 {cells} 个单元格，PDF 至多 {PDF_CELLS_MAX} 个：请改取 XLSX"),
                format!("its tables have {cells} cells, and a PDF at most {PDF_CELLS_MAX}: take XLSX"),
            ),
            RenderError::Pdf(PdfError::Typesetting(_)) | RenderError::Workbook(_) => {
                Problem::internal("writing a document", &failure)
            }
        }
    }
}

/// An error and what caused it, in one line.
struct Causes<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

/// The HTTP status of a refusal by its code.
pub(super) fn http_status_of(code: &str) -> u16 {
    match code {
        "role_does_not_reach" | "recording_suspended" => 403,
        "content_out_of_range"
        | "occurred_in_the_future"
        | "evidence_not_accepted"
        | "activity_times_wrong"
        | "rules_faulty" => 422,
        unknown if unknown.starts_with("unknown_") => 404,
        _ => 409,
    }
}

impl From<&Rejection> for Problem {
    fn from(rejection: &Rejection) -> Problem {
        let code = rejection.code();
        let http_status = http_status_of(code);
        Problem {
            kind: format!("urn:mingzhang:problem:{code}"),
            title: match http_status {
                403 => "没有权限",
                404 => "没有找到",
                422 => "内容有误",
                _ => "规则不允许",
            },
            http_status,
            code,
            detail: wording::chinese(rejection),
            detail_en: wording::english(rejection),
        }
    }
}

impl From<SubmitError> for Problem {
    fn from(failure: SubmitError) -> Problem {
        match failure {
            SubmitError::DiskFull => Problem::new(
                Kind::DISK_FULL,
                "磁盘已满，没有记入任何内容：腾出空间后重试",
                "no room is left on the disk, and nothing was recorded: try again once there is room",
            ),
            SubmitError::AnotherWriter => Problem::new(
                Kind::STOPPED,
                "另一个服务正在向这本账记账：请用同一幂等键重试",
                "another service was recording into this ledger: try again with the same key",
            ),
            SubmitError::Stopped(reason) => {
                tracing::error!(reason, "a submission was not recorded");
                Problem::new(
                    Kind::STOPPED,
                    "账本已停止记账：请稍后用同一幂等键重试",
                    "the ledger has stopped recording: try again later with the same key",
                )
            }
            SubmitError::Contradicted(reason) => {
                tracing::error!(error = %reason, "a submission was not recorded");
                Problem::new(
                    Kind::CONTRADICTED,
                    "账本停止记账：见证人持有本账本签过名、却与现有记录不符的检查点，可能放回了旧副本；请告知运维人员，勿重复提交",
                    "the ledger has stopped recording: a witness has a checkpoint with its signature that isn't of this log; an old copy may have been put back. Tell its operator; trying again doesn't help",
                )
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).expect("a problem is JSON");
        let status = StatusCode::from_u16(self.http_status).expect("written out above");
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            let challenge = if self.code == Kind::TOKEN_UNKNOWN.code {
                HeaderValue::from_static("Bearer realm=\"mingzhang\", error=\"invalid_token\"")
            } else {
                HeaderValue::from_static("Bearer realm=\"mingzhang\"")
            };
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
