//! Sentences for answers that are all status and no body, and the names of statuses.

use super::{Response, header};

/// `204 No Content`; a status that nobody registered is only its number.
pub(super) fn named(status: u16) -> String {
    match reason(status) {
        Some(reason) => format!("{status} {reason}"),
        None => status.to_string(),
    }
}

/// A success without a body.
pub(super) fn empty(status: u16) -> String {
    format!(
        "The call succeeded (HTTP {}); the answer has no body.",
        named(status)
    )
}

/// An answer that points elsewhere. Where it points is for the caller to judge: it may be another
/// server, and a download link is often the very thing that was asked for.
pub(super) fn redirection(response: &Response<'_>) -> String {
    let named = named(response.status);
    if response.status == 304 {
        return format!("HTTP {named}: nothing has changed since the version the request named.");
    }
    match header::value(response.headers, "location") {
        Some(location) => {
            format!("HTTP {named}: the server points to {location}, which was not followed.")
        }
        None => format!("HTTP {named}: the server points elsewhere without saying where."),
    }
}

/// Registered reason phrases (RFC 9110 and the IANA registry).
pub(super) fn reason(status: u16) -> Option<&'static str> {
    Some(match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        203 => "Non-Authoritative Information",
        204 => "No Content",
        205 => "Reset Content",
        206 => "Partial Content",
        207 => "Multi-Status",
        208 => "Already Reported",
        226 => "IM Used",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        305 => "Use Proxy",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        417 => "Expectation Failed",
        421 => "Misdirected Request",
        422 => "Unprocessable Content",
        423 => "Locked",
        424 => "Failed Dependency",
        425 => "Too Early",
        426 => "Upgrade Required",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        507 => "Insufficient Storage",
        508 => "Loop Detected",
        511 => "Network Authentication Required",
        _ => return None,
    })
}
