//! Moments as programs write them into jobs.

use crate::volumes::moments::civil;

/// Seconds since 1970 of a day and a time of day, of years in which there were such printers.
pub fn seconds(date: [i64; 3], time: [i64; 3]) -> Option<i64> {
    let [year, month, day] = date;
    let [hour, minute, second] = time;
    let held = (1970..2200).contains(&year);
    civil([year, month, day], [hour, minute, second]).filter(|_| held)
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads `Fri Nov 27 02:10:12 2026`, `2026/11/27 02:10:14`, `D:20261127021000` and the like, of at most 64 bytes.
pub fn read(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(&text[..text.len().min(64)]).ok()?.to_ascii_lowercase();
    let packed = text.trim().trim_start_matches("d:");
    if let Some(digits) = packed.get(..14).filter(|d| d.bytes().all(|b| b.is_ascii_digit())) {
        let part = |from: usize, to: usize| digits[from..to].parse().ok();
        return seconds(
            [part(0, 4)?, part(4, 6)?, part(6, 8)?],
            [part(8, 10)?, part(10, 12)?, part(12, 14)?],
        );
    }
    let mut time = [0; 3];
    let mut numbers = Vec::new();
    let mut month = None;
    for word in text.split(|char: char| !(char.is_ascii_alphanumeric() || char == ':')) {
        let at = MONTHS.iter().position(|name| word.starts_with(name) && word.len() < 10);
        if word.contains(':') {
            let mut parts = word.split(':').map(|part| part.parse().ok());
            time = [parts.next()??, parts.next()??, parts.next().flatten().unwrap_or(0)];
        } else if let Some(at) = at {
            month = Some(at as i64 + 1);
        } else if let Ok(number) = word.parse::<i64>() {
            numbers.push(number);
        }
    }
    let date = match (month, numbers.as_slice()) {
        (None, [year, month, day, ..]) if *year > 1900 => [*year, *month, *day],
        (None, [month, day, year, ..]) => [*year, *month, *day],
        (Some(month), [first, second, ..]) if *first > 1900 => [*first, month, *second],
        (Some(month), numbers) => {
            [*numbers.iter().find(|number| **number > 1900)?, month, *numbers.first()?]
        }
        _ => return None,
    };
    seconds(date, time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_every_way_that_drivers_write_them() {
        let expected = Some(1_795_745_412);
        assert_eq!(seconds([2026, 11, 27], [2, 10, 12]), expected);
        for text in [
            "Fri Nov 27 02:10:12 2026",
            "2026/11/27 02:10:12",
            "D:20261127021012+01'00'",
            "27 November 2026 02:10:12",
            "Fri, 27-Nov-2026 02:10:12",
            "11/27/2026 02:10:12",
        ] {
            assert_eq!(read(text.as_bytes()), expected, "{text}");
        }
        for text in ["", "now", "12", "2026/13/01", "1 2 3 4"] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }
}
