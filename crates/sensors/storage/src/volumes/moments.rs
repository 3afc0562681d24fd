//! Times as file systems write them, in seconds since 1970.

/// Days since 1970 of a date of the Gregorian calendar; none where there is no such date, and none
/// after the year 9999: what is read here may be any number.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let (earlier, rest) = lengths.split_at(month as usize - 1);
    if !(1..=rest[0]).contains(&day) {
        return None;
    }
    let before: i64 = earlier.iter().sum();
    let years = year - 1;
    Some(years * 365 + years / 4 - years / 100 + years / 400 + before + day - 1 - 719_162)
}

/// A date with its time; none where there is no such moment.
pub fn civil(date: [i64; 3], time: [i64; 3]) -> Option<i64> {
    let [hour, minute, second] = time;
    let is = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..61).contains(&second);
    let days = days(date[0], date[1], date[2]).filter(|_| is)?;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Date and time of DOS, by the clock on the wall.
pub fn dos(date: u16, time: u16) -> Option<i64> {
    let (date, time) = (i64::from(date), i64::from(time));
    let date = [1980 + (date >> 9), date >> 5 & 15, date & 31];
    civil(date, [time >> 11, time >> 5 & 63, (time & 31) * 2])
}

/// Tenths of a microsecond since 1601, as Windows counts.
pub fn since_1601(ticks: u64) -> Option<i64> {
    let seconds = i64::try_from(ticks / 10_000_000).ok()?;
    // After the year 9999 nothing was written.
    (ticks != 0).then(|| seconds - 11_644_473_600).filter(|seconds| *seconds < 253_402_300_800)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days() {
        assert_eq!(civil([1970, 1, 1], [0, 0, 0]), Some(0));
        assert_eq!(civil([2000, 2, 29], [12, 0, 1]), Some(951_825_601));
        assert_eq!(civil([2026, 11, 27], [2, 5, 12]), Some(1_795_745_112));
        assert_eq!(civil([1601, 1, 1], [0, 0, 0]), Some(-11_644_473_600));
        assert_eq!((civil([1900, 2, 29], [0; 3]), civil([2000, 13, 1], [0; 3])), (None, None));
        assert_eq!(civil([2000, 1, 1], [24, 0, 0]), None);
    }

    #[test]
    fn no_number_is_too_large() {
        let ends = [i64::MIN, i64::MIN + 1, -1, 0, 10_000, i64::MAX];
        for end in ends {
            assert_eq!(civil([end, 0, 1], [0; 3]), None);
            assert_eq!(civil([2000, end, 1], [0; 3]), None);
            assert_eq!(civil([2000, 1, end], [0; 3]), None);
            for time in [[end, 61, 0], [24, end, 0], [0, 60, end]] {
                assert_eq!(civil([2000, 1, 1], time), None);
            }
        }
    }

    #[test]
    fn each_clock_is_read() {
        assert_eq!(dos(0x5B7B, 0x10A6), civil([2025, 11, 27], [2, 5, 12]));
        assert_eq!(dos(0, 0), None);
        assert_eq!(since_1601(116_444_736_000_000_000), Some(0));
        assert_eq!((since_1601(0), since_1601(u64::MAX)), (None, None));
    }
}
