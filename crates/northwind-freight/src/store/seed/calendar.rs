//! Seconds since 1970 as the text that the database keeps.

/// The first moment of the company's books: 2024-01-01T00:00:00Z.
pub(super) const OPENING: i64 = 1_704_067_200;
/// The moment after the last seeded row: 2025-10-01T00:00:00Z. The seed never reads a clock.
pub(super) const CLOSING: i64 = 1_759_276_800;
pub(super) const HOUR: i64 = 3_600;
pub(super) const DAY: i64 = 24 * HOUR;

/// `2025-03-14T09:26:53Z`
pub(super) fn timestamp(seconds: i64) -> String {
    let clock = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (clock / HOUR, clock / 60 % 60, clock % 60);
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", date(seconds))
}

/// `2025-03-14`
pub(super) fn date(seconds: i64) -> String {
    // Days to a civil date, http://howardhinnant.github.io/date_algorithms.html#civil_from_days
    let days = seconds.div_euclid(DAY) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
