//! A file inside an argument: base64, or a data URI that also tells its type and name.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::error::PlanError;
use super::scalar;

/// Padding is optional, because models forget it.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The bytes, and what a data URI said about them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    pub bytes: Vec<u8>,
    pub media_type: Option<String>,
    /// `data:image/png;name=chart.png;base64,…`, a common extension of the scheme.
    pub name: Option<String>,
}

/// Reads the file in `value`; `argument` is for the error.
pub(super) fn read(argument: &str, value: &Value) -> Result<File, PlanError> {
    let Value::String(text) = value else {
        return Err(PlanError::Kind {
            argument: argument.to_owned(),
            expected: "a file as base64 or as a data URI",
            found: scalar::kind(value),
        });
    };
    let failed = |reason| PlanError::File {
        argument: argument.to_owned(),
        reason,
    };
    if let Some((scheme, rest)) = text.split_once(':')
        && scheme.eq_ignore_ascii_case("data")
    {
        return data_uri(rest).map_err(failed);
    }
    Ok(File {
        bytes: base64(text.as_bytes()).map_err(failed)?,
        media_type: None,
        name: None,
    })
}

/// RFC 2397.
fn data_uri(rest: &str) -> Result<File, String> {
    let (head, data) = rest
        .split_once(',')
        .ok_or("a data URI has a comma before its data")?;
    let mut parts = head.split(';').map(str::trim);
    let media_type = parts
        .next()
        .filter(|each| each.contains('/'))
        .map(str::to_ascii_lowercase);
    let mut encoded = false;
    let mut name = None;
    let mut charset = String::new();
    for part in parts {
        match part.split_once('=') {
            Some(("name" | "filename", value)) => {
                let value = percent_decode_str(value).decode_utf8_lossy();
                name = Some(value.trim_matches('"').to_owned());
            }
            Some(("charset", value)) => charset = format!("; charset={value}"),
            None if part.eq_ignore_ascii_case("base64") => encoded = true,
            _ => {}
        }
    }
    let decoded: Vec<u8> = percent_decode_str(data).collect();
    let bytes = if encoded { base64(&decoded)? } else { decoded };
    Ok(File {
        bytes,
        media_type: media_type.map(|each| each + &charset),
        name,
    })
}

fn base64(text: &[u8]) -> Result<Vec<u8>, String> {
    let text: Vec<u8> = text
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let engine = if text.iter().any(|byte| matches!(byte, b'-' | b'_')) {
        &URL_SAFE
    } else {
        &STANDARD
    };
    engine.decode(text).map_err(|error| error.to_string())
}
