//! The label of a shipment: its tracking number as a Code 39 barcode in a frame.

use crate::png;

const HEIGHT: u32 = 160;
/// White around the bars, and black around the white.
const MARGIN: u32 = 24;
const FRAME: u32 = 4;
const NARROW: u32 = 2;
const WIDE: u32 = 5;

/// A PNG picture that a barcode scanner reads as `tracking_number`.
pub(crate) fn draw(tracking_number: &str) -> Vec<u8> {
    let bars = bars(tracking_number);
    let width = bars.len() + 2 * usize::try_from(MARGIN).expect("24");
    let width = u32::try_from(width).expect("twelve characters are a few hundred bars");
    png::picture(width, HEIGHT, |x, y| {
        let framed = x < FRAME || y < FRAME || x + FRAME >= width || y + FRAME >= HEIGHT;
        let inside = (MARGIN..HEIGHT - MARGIN).contains(&y);
        let bar = x
            .checked_sub(MARGIN)
            .and_then(|column| bars.get(usize::try_from(column).ok()?));
        framed || (inside && bar == Some(&true))
    })
}

/// One pixel column each, true where it is black.
fn bars(text: &str) -> Vec<bool> {
    let mut columns = Vec::new();
    for character in format!("*{text}*").chars() {
        for (index, element) in pattern(character).chars().enumerate() {
            let width = if element == 'w' { WIDE } else { NARROW };
            columns.extend((0..width).map(|_| index % 2 == 0));
        }
        columns.extend((0..NARROW).map(|_| false));
    }
    columns
}

/// Nine bars and spaces in turn, narrow or wide. Tracking numbers use these fourteen characters.
fn pattern(character: char) -> &'static str {
    match character {
        '0' => "nnnwwnwnn",
        '1' => "wnnwnnnnw",
        '2' => "nnwwnnnnw",
        '3' => "wnwwnnnnn",
        '4' => "nnnwwnnnw",
        '5' => "wnnwwnnnn",
        '6' => "nnwwwnnnn",
        '7' => "nnnwnnwnw",
        '8' => "wnnwnnwnn",
        '9' => "nnwwnnwnn",
        'N' => "nnnnwnnww",
        'W' => "wwwnnnnnn",
        'F' => "nnwnwwnnn",
        // The mark that starts and ends a barcode.
        _ => "nwnnwnwnn",
    }
}
