//! How long something may take: `90s`, `10m`, `8h`.

use std::time::Duration;

/// The longest watch: a day.
const LONGEST: u64 = 24 * 60 * 60;

/// `90s`, `10m`, `8h`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let unit = text.chars().last().unwrap_or_default();
    let factor = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        _ => return Err("a number with s, m or h behind it, as in 60s".into()),
    };
    let number = text.strip_suffix(unit).unwrap_or_default();
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = number.parse().ok().and_then(|number: u64| number.checked_mul(factor));
    match seconds.filter(|_| digits) {
        Some(0) | None => Err("a number with s, m or h behind it, as in 60s".into()),
        Some(seconds) if seconds > LONGEST => Err("at most 24h".into()),
        Some(seconds) => Ok(Duration::from_secs(seconds)),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn a_duration_has_a_unit_and_an_end() {
        for (text, seconds) in [("1s", 1), ("90s", 90), ("10m", 600), ("24h", 86_400)] {
            assert_eq!(duration(text).map(|found| found.as_secs()), Ok(seconds), "{text}");
        }
        let wrong = ["", "s", "0s", "60", "-1s", "+1s", "1.5m", "1d", "1 s", "25h", "秒", "1秒"];
        for text in wrong.into_iter().chain(["99999999999999999999h"]) {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
