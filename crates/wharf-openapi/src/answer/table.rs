//! CSV and its relatives: `{"columns": […], "rows": [[…], …]}`, every cell the text it was.

use serde_json::{Value, json};

use super::media_type::MediaType;
use super::reading::{self, Reading};
use super::{AnswerLimits, Response, charset, control};

/// Reads a table. Rows rather than objects: column names are said once, and may repeat. The text
/// block keeps the server's own lines, which are shorter still.
pub(super) fn read(
    response: &Response<'_>,
    limits: &AnswerLimits,
    media_type: &MediaType,
    separator: u8,
) -> Reading {
    let decoded = charset::decode(response.body, media_type, response.cut.is_some());
    let (clean, removed) = control::strip(&decoded.text);
    let whole = match (response.cut, clean.rsplit_once('\n')) {
        (Some(_), Some((whole, _))) => whole,
        _ => &clean,
    };
    let Some(table) = rows(whole, separator, limits, media_type) else {
        return reading::text(response, limits, media_type);
    };
    let structured = json!({ "columns": table.columns, "rows": table.rows });
    let mut reading = Reading::text(whole[..table.bytes].trim_end());
    reading.structured = serde_json::value::to_raw_value(&structured).ok();
    if table.rows.len() < table.total {
        let kept = table.rows.len();
        reading.notes.push(format!(
            "The table was cut: its first {kept} of {} rows are shown.",
            table.total
        ));
    }
    reading.notes.extend(decoded.note);
    if removed > 0 {
        reading
            .notes
            .push(format!("{removed} control characters were removed."));
    }
    reading.notes.extend(reading::cut_in_transfer(response));
    reading
}

struct Table {
    columns: Vec<Value>,
    rows: Vec<Vec<String>>,
    /// Rows in the whole text.
    total: usize,
    /// Where the last row that was kept ends.
    bytes: usize,
}

fn rows(text: &str, separator: u8, limits: &AnswerLimits, media_type: &MediaType) -> Option<Table> {
    let separator = if separator == b',' {
        likeliest(text)
    } else {
        separator
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        // Real tables have ragged rows.
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut table = Table {
        columns: Vec::new(),
        rows: Vec::new(),
        total: 0,
        bytes: 0,
    };
    // RFC 4180: `text/csv; header=absent`.
    let mut headless = media_type.parameter("header") == Some("absent");
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).ok()? {
        let end = usize::try_from(reader.position().byte()).ok()?;
        let cells = record.iter().map(str::to_owned);
        if table.columns.is_empty() {
            let numbered = (1..=record.len()).map(|at| Value::from(format!("column {at}")));
            table.columns = if headless {
                numbered.collect()
            } else {
                cells.clone().map(Value::from).collect()
            };
            table.bytes = end;
            if !std::mem::take(&mut headless) {
                continue;
            }
        }
        table.total += 1;
        if table.rows.len() + 1 == table.total
            && table.rows.len() < limits.rows
            && end <= limits.text_bytes
        {
            table.rows.push(cells.collect());
            table.bytes = end;
        }
    }
    table.bytes = table.bytes.min(text.len());
    (table.bytes <= limits.text_bytes).then_some(table)
}

/// Excel in most of Europe writes semicolons and calls it CSV.
fn likeliest(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    if !head.contains(',') && head.contains(';') {
        b';'
    } else {
        b','
    }
}
