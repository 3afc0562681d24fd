//! A moment, in whole seconds of UTC: what clocks of machines, packages and file systems agree on.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl Time {
    pub fn now() -> Self {
        Self(Utc::now().timestamp())
    }

    /// Reads `2026-03-01` or RFC 3339.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return Some(Self(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp()));
        }
        let moment = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Self(moment.timestamp()))
    }

    /// The calendar day, `2026-03-01`.
    pub fn date(self) -> String {
        self.to_string().chars().take_while(|c| *c != 'T').collect()
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match DateTime::from_timestamp(self.0, 0) {
            Some(moment) => f.write_str(&moment.to_rfc3339_opts(SecondsFormat::Secs, true)),
            None => write!(f, "{}s", self.0),
        }
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Time::parse(&text).ok_or_else(|| D::Error::custom(format!("'{text}' is no date or time")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_and_its_text_agree() {
        assert_eq!(Time::parse("1970-01-02"), Some(Time(86_400)));
        assert_eq!(Time(86_400).to_string(), "1970-01-02T00:00:00Z");
        assert_eq!(Time(86_399).date(), "1970-01-01");
        assert_eq!(Time::parse("2026-13-01"), None);
    }

    #[test]
    fn a_moment_beyond_the_calendar_still_prints() {
        assert_eq!(Time(i64::MAX).to_string(), format!("{}s", i64::MAX));
    }
}
