//! The machine's own time, by `/etc/localtime`. Where there is none, it is UTC, as the C library
//! has it. 256 KiB.

use tz::TimeZone;

use crate::root::{Failure, Root};

pub const PATH: &str = "/etc/localtime";
const CAP: u64 = 256 << 10;
const DAY: i64 = 86_400;
const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

#[derive(Debug)]
pub struct Zone(Option<TimeZone>);

pub fn read(root: &Root) -> Result<Zone, Failure> {
    match root.read_if_there(PATH, CAP)? {
        Some(content) => Zone::parse(&content).ok_or_else(|| Failure::malformed("no time zone")),
        None => Ok(Zone(Some(TimeZone::utc()))),
    }
}

impl Zone {
    pub fn parse(content: &[u8]) -> Option<Self> {
        TimeZone::from_tz_data(content).ok().map(|zone| Self(Some(zone)))
    }

    pub fn unknown() -> Self {
        Self(None)
    }

    /// The day of the week and the minute of the day.
    pub fn day_and_minute(&self, time: i64) -> Option<(&'static str, i64)> {
        let offset = self.0.as_ref()?.find_local_time_type(time).ok()?.ut_offset();
        let local = time.checked_add(i64::from(offset))?;
        // The first day of 1970 was a Thursday.
        let day = usize::try_from((local.div_euclid(DAY) + 3).rem_euclid(7)).ok()?;
        Some((DAYS.get(day).copied()?, local.rem_euclid(DAY) / 60))
    }
}
