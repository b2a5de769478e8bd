//! Points in time as tasks tell them: RFC 3339, in UTC.

use std::time::{SystemTime, UNIX_EPOCH};

/// `time` with milliseconds, such as `2026-07-28T10:30:00.000Z`.
pub(super) fn stamp(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, rest) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    let milliseconds = since.subsec_millis();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milliseconds:03}Z")
}

/// The Gregorian date that lies `days` after 1970-01-01 (Howard Hinnant, `civil_from_days`): the year
/// begins in March here, so that leap days are at its end.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use expect_test::{Expect, expect};

    use super::stamp;

    #[track_caller]
    fn check(milliseconds: u64, expected: Expect) {
        expected.assert_eq(&stamp(UNIX_EPOCH + Duration::from_millis(milliseconds)));
    }

    #[test]
    fn leap_days_and_the_turns_of_years_are_where_they_belong() {
        check(0, expect!["1970-01-01T00:00:00.000Z"]);
        check(951_782_400_000, expect!["2000-02-29T00:00:00.000Z"]);
        check(1_785_542_399_999, expect!["2026-07-31T23:59:59.999Z"]);
        check(4_107_542_400_000, expect!["2100-03-01T00:00:00.000Z"]);
    }
}
