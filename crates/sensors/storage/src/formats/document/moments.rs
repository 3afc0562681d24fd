//! Calendar dates as seconds since 1970, by counting days.

/// Of a time in UTC; none where no calendar has it.
pub fn seconds(
    (year, month, day): (i64, i64, i64),
    (hour, minute, second): (i64, i64, i64),
) -> Option<i64> {
    let fits = (1600..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    // Years that begin in March have the leap day last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1;
    fits.then_some((days - 719_468) * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Of Windows: tenths of microseconds since 1601.
pub fn file_time(ticks: u64) -> Option<i64> {
    let seconds = i64::try_from(ticks / 10_000_000).ok()? - 11_644_473_600;
    (ticks > 0 && seconds < 253_402_300_800).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted() {
        assert_eq!(seconds((1970, 1, 1), (0, 0, 0)), Some(0));
        assert_eq!(seconds((2024, 2, 29), (12, 30, 1)), Some(1_709_209_801));
        assert_eq!(seconds((2000, 3, 1), (0, 0, 0)), Some(951_868_800));
        assert_eq!(seconds((2000, 13, 1), (0, 0, 0)), None);
        assert_eq!(file_time(116_444_736_000_000_000), Some(0));
        assert_eq!(file_time(0), None);
    }
}
