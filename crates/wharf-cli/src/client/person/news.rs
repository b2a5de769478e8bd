//! What a server says while it works, as lines on standard error.

use std::io::Write as _;

use serde_json::Value;
use serde_json::value::RawValue;
use wharf_protocol::method::Method;
use wharf_protocol::notification::{LogLevel, LogParams, ProgressParams};
use wharf_protocol::port::Notification;

use crate::paint;
use crate::printable::printable;

/// Shows progress and log messages; anything else is nothing to a person.
pub(super) fn tell(notification: &Notification) {
    let params = notification.params.as_deref().map_or("{}", RawValue::get);
    if notification.method == Method::PROGRESS {
        if let Ok(progress) = serde_json::from_str(params) {
            say(&advanced(&progress));
        }
    } else if notification.method == Method::MESSAGE
        && let Ok(logged) = serde_json::from_str(params)
    {
        say(&line(&logged));
    }
}

/// A line of small print. Where standard error is closed there is nobody to tell.
pub(super) fn say(text: &str) {
    let faint = paint::FAINT;
    let text = printable(text);
    let _ = writeln!(anstream::stderr(), "{faint}{text}{faint:#}");
}

fn advanced(news: &ProgressParams) -> String {
    let so_far = news.progress;
    let message = news.message.as_deref().unwrap_or_default();
    match news.total {
        Some(total) => format!("… {so_far} of {total} {message}"),
        None => format!("… {so_far} {message}"),
    }
}

fn line(logged: &LogParams) -> String {
    let level = match logged.level {
        LogLevel::Debug => "debug",
        LogLevel::Info => "info",
        LogLevel::Notice => "notice",
        LogLevel::Warning => "warning",
        LogLevel::Error => "error",
        LogLevel::Critical => "critical",
        LogLevel::Alert => "alert",
        LogLevel::Emergency => "emergency",
    };
    let said = match serde_json::from_str(logged.data.get()) {
        Ok(Value::String(text)) => text,
        _ => logged.data.get().to_owned(),
    };
    match &logged.logger {
        Some(logger) => format!("{level} {logger}: {said}"),
        None => format!("{level}: {said}"),
    }
}
