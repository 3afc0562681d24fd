//! What EXIF tells: who and what made a picture, and when.

use super::{
    ifd::{Directory, Order},
    origin::Origin,
};
use crate::{Stretch, formats::Details};

const DESCRIPTION: u16 = 270;
const MAKE: u16 = 271;
const MODEL: u16 = 272;
const WIDTH_DENSITY: u16 = 282;
const HEIGHT_DENSITY: u16 = 283;
const UNIT: u16 = 296;
const SOFTWARE: u16 = 305;
const TIME: u16 = 306;
const ARTIST: u16 = 315;
const HOST: u16 = 316;
const EXIF: u16 = 34665;
const TIME_TAKEN: u16 = 36867;

/// Reads the block that begins with its byte order at `base`.
pub fn read(stretch: &mut Stretch, base: u64, details: &mut Details, origin: &mut Origin) {
    let Some((order, first)) = Order::read(stretch, base) else { return };
    let Some(directory) = order.directory(stretch, first) else { return };
    tell(stretch, order, &directory, details, origin);
}

/// Tells what one directory says, and the EXIF directory that it names.
pub fn tell(
    stretch: &mut Stretch,
    order: Order,
    directory: &Directory,
    details: &mut Details,
    origin: &mut Origin,
) {
    let mut text = |tag| order.text(stretch, directory, tag).and_then(|text| Details::bytes(&text));
    let (make, model) = (text(MAKE), text(MODEL));
    keep(&mut details.title, text(DESCRIPTION));
    keep(&mut details.author, text(ARTIST));
    keep(&mut details.application, text(SOFTWARE));
    keep(&mut details.host, text(HOST));
    let unit = order.first(stretch, directory, UNIT).unwrap_or(2);
    let sides = [WIDTH_DENSITY, HEIGHT_DENSITY].map(|tag| order.ratio(stretch, directory, tag));
    if let ([Some(across), Some(down)], (0, 0)) = (sides, origin.density) {
        origin.density = match unit {
            2 => (across, down),
            3 => Origin::of_centimetres(across, down),
            _ => (0, 0),
        };
    }
    let mut text = |tag| order.text(stretch, directory, tag).and_then(|text| Details::bytes(&text));
    let changed = text(TIME).and_then(|time| seconds(time.as_bytes()));
    details.modified = details.modified.or(changed);
    origin.says(details.application.as_deref());
    let machine = machine(make, model);
    origin.says(machine.as_deref());
    keep(&mut details.host, machine);
    let more = order.first(stretch, directory, EXIF);
    if let Some(more) = more.and_then(|offset| order.directory(stretch, offset)) {
        let taken = order.text(stretch, &more, TIME_TAKEN).and_then(|time| seconds(&time));
        details.created = details.created.or(taken);
    }
}

fn keep(into: &mut Option<String>, text: Option<String>) {
    if into.is_none() {
        *into = text;
    }
}

/// Make and model as one name; many models begin with their make.
fn machine(make: Option<String>, model: Option<String>) -> Option<String> {
    match (make, model) {
        (Some(make), Some(model)) if model.starts_with(&make) => Some(model),
        (Some(make), Some(model)) => Details::text(&format!("{make} {model}")),
        (make, model) => make.or(model),
    }
}

/// `2026:11:27 10:20:30` in seconds since 1970; what other separators stand between is no matter.
pub fn seconds(time: &[u8]) -> Option<i64> {
    let number = |from: usize, digits: usize| {
        let digits = time.get(from..from + digits)?;
        digits.iter().try_fold(0_i64, |sum, digit| {
            digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0'))
        })
    };
    let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
    let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
    moment([year, month, day, hour, minute, second])
}

/// Year, month, day, hour, minute and second in seconds since 1970; none where there is no such day.
pub fn moment([year, month, day, hour, minute, second]: [i64; 6]) -> Option<i64> {
    let right = (1900..2200).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    // Years begin in March, so that the day that is sometimes there comes last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    right.then(|| (days - 719_468) * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!(seconds(b"1970:01:01 00:00:00"), Some(0));
        assert_eq!(seconds(b"2024:02:29 12:30:45"), Some(1_709_209_845));
        assert_eq!(seconds(b"2026-11-27T02:03:57Z"), Some(1_795_745_037));
        for wrong in [&b"0000:00:00 00:00:00"[..], b"    :  :     :  :  ", b"2024:02:2", b""] {
            assert_eq!(seconds(wrong), None);
        }
    }

    #[test]
    fn a_make_is_not_said_twice() {
        let name = |make: &str, model: &str| machine(Some(make.into()), Some(model.into()));
        assert_eq!(name("Canon", "Canon MF4500").as_deref(), Some("Canon MF4500"));
        assert_eq!(
            name("KONICA MINOLTA", "bizhub C308").as_deref(),
            Some("KONICA MINOLTA bizhub C308")
        );
    }
}
