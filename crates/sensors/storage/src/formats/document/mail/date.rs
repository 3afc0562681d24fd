//! Dates of mail: `Tue, 1 Jul 2003 10:52:37 +0200`.

use crate::volumes::moments::civil;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Seconds since 1970.
pub fn parse(value: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(value.get(..value.len().min(100))?).ok()?.trim();
    let text = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut parts = text.split_ascii_whitespace();
    let day: i64 = parts.next()?.parse().ok()?;
    let name = parts.next()?.get(..3)?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|month| *month == name)? as i64 + 1;
    let year: i64 = parts.next()?.parse().ok()?;
    let mut clock = parts.next()?.split(':').map(str::parse::<i64>);
    let time = [clock.next()?.ok()?, clock.next()?.ok()?, clock.next().unwrap_or(Ok(0)).ok()?];
    civil([year, month, day], time)?.checked_sub(zone(parts.next().unwrap_or("")))
}

fn zone(text: &str) -> i64 {
    let sign = match text.as_bytes().first() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return 0,
    };
    match text.get(1..5).and_then(|digits| digits.parse::<i64>().ok()) {
        Some(clock) => sign * (clock / 100 * 3600 + clock % 100 * 60),
        None => 0,
    }
}
