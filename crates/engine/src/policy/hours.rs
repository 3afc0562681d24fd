//! When people may log in: days or ranges of days, and from when to when. What goes past midnight
//! counts on the next day too.

use leaksweep_facts::tables::policy::LogInHours;

use super::file::nearest;

const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const DAY: i64 = 24 * 60;

/// A row for each day.
pub fn rows(
    zone: Option<&String>,
    days: &[String],
    from: &str,
    to: &str,
) -> Result<Vec<LogInHours>, String> {
    if days.is_empty() {
        return Err("hours need their days".into());
    }
    let (start, end) = (minute(from)?, minute(to)?);
    if start == DAY || start == end {
        return Err(format!("from '{from}' to '{to}' is no time"));
    }
    let mut rows = Vec::new();
    for text in days {
        for day in range(text)? {
            let mut add = |day: usize, start_minute, end_minute| {
                if start_minute < end_minute {
                    let day = DAYS[day % DAYS.len()].into();
                    rows.push(LogInHours { zone: zone.cloned(), day, start_minute, end_minute });
                }
            };
            if start < end {
                add(day, start, end);
            } else {
                add(day, start, DAY);
                add(day + 1, 0, end);
            }
        }
    }
    Ok(rows)
}

/// `monday`, or `monday-friday`; a range may go past sunday.
fn range(text: &str) -> Result<Vec<usize>, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (day(first.trim())?, day(last.trim())?);
    let length = (last + DAYS.len() - first) % DAYS.len();
    Ok((first..=first + length).map(|day| day % DAYS.len()).collect())
}

fn day(text: &str) -> Result<usize, String> {
    let name = text.to_lowercase();
    let found = DAYS.iter().position(|day| *day == name);
    found.ok_or_else(|| match nearest(&name, DAYS.into_iter()) {
        Some(near) => format!("'{text}' is no day; did you mean '{near}'?"),
        None => format!("'{text}' is no day"),
    })
}

/// `07:00`; the day ends at `24:00`.
fn minute(text: &str) -> Result<i64, String> {
    let wrong = || format!("'{text}' is no time of day; write \"07:00\"");
    let (hours, minutes) = text.split_once(':').ok_or_else(wrong)?;
    let number = |text: &str| match text.len() {
        2 if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse::<i64>().ok(),
        _ => None,
    };
    let (Some(hours), Some(minutes)) = (number(hours), number(minutes)) else {
        return Err(wrong());
    };
    let minute = hours * 60 + minutes;
    if minutes < 60 && minute <= DAY { Ok(minute) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(days: &[&str], from: &str, to: &str) -> Result<String, String> {
        let days: Vec<String> = days.iter().map(|day| (*day).to_owned()).collect();
        let rows = rows(None, &days, from, to)?;
        let shown = rows.iter().map(|row| {
            format!(
                "{} {}-{}",
                row.day.get(..3).unwrap_or_default(),
                row.start_minute,
                row.end_minute
            )
        });
        Ok(shown.collect::<Vec<_>>().join(", "))
    }

    #[test]
    fn days_and_ranges_become_a_row_each() {
        let cases: [(&[&str], &str, &str, &str); 5] = [
            (&["monday"], "07:00", "19:00", "mon 420-1140"),
            (
                &["Monday-Wednesday", "sunday"],
                "00:00",
                "24:00",
                "mon 0-1440, tue 0-1440, wed 0-1440, sun 0-1440",
            ),
            (&["saturday-monday"], "08:30", "09:00", "sat 510-540, sun 510-540, mon 510-540"),
            (&["sunday"], "22:00", "06:00", "sun 1320-1440, mon 0-360"),
            (&["friday"], "22:00", "00:00", "fri 1320-1440"),
        ];
        for (days, from, to, expected) in cases {
            assert_eq!(told(days, from, to).as_deref(), Ok(expected), "{days:?}");
        }
    }

    #[test]
    fn what_is_no_day_and_no_time_is_an_error() {
        let cases: [(&[&str], &str, &str, &str); 8] = [
            (&[], "07:00", "19:00", "hours need their days"),
            (&["x"], "07:00", "19:00", "'x' is no day"),
            (&["monday-"], "07:00", "19:00", "'' is no day"),
            (&["monday"], "7:00", "19:00", "'7:00' is no time of day; write \"07:00\""),
            (&["monday"], "07:60", "19:00", "'07:60' is no time of day; write \"07:00\""),
            (&["monday"], "07:00", "24:01", "'24:01' is no time of day; write \"07:00\""),
            (&["monday"], "24:00", "07:00", "from '24:00' to '07:00' is no time"),
            (&["monday"], "07:00", "07:00", "from '07:00' to '07:00' is no time"),
        ];
        for (days, from, to, expected) in cases {
            assert_eq!(told(days, from, to), Err(expected.to_owned()), "{days:?} {from} {to}");
        }
    }
}
