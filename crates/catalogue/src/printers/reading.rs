//! What a value of an object means.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Description;

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Reading {
    /// What each value means, as a text or as a number; a value that is not there means nothing. Without it the value counts as it is.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// The bit of the number that decides, from 0; it stands for the value `1` or `0`.
    pub bit: Option<u8>,
    /// What it means that the printer answers a general error for the object: it has it and does not show it.
    pub refused: Option<String>,
    /// How a day is written in it: `yyyymmdd`, `mm/dd/yyyy`, `yy.mm.dd`; what stands behind the day does not count.
    pub day: Option<String>,
}

impl Reading {
    /// What a value means, given as a text and, where it is one, as a number.
    pub fn meaning(&self, text: Option<&str>, number: Option<i64>) -> Option<String> {
        if let Some(bit) = self.bit {
            let set = number?.checked_shr(bit.into())? & 1;
            return if self.values.is_empty() {
                Some((set == 1).to_string())
            } else {
                self.values.get(&set.to_string()).cloned()
            };
        }
        if let Some(form) = &self.day {
            return day(form, text?);
        }
        if self.values.is_empty() {
            return text.map(str::to_owned);
        }
        let by_number = || self.values.get(&number?.to_string());
        text.and_then(|text| self.values.get(text)).or_else(by_number).cloned()
    }
}

impl Description {
    /// What it tells of a description, if it is in there.
    pub fn told(&self, text: &str) -> Option<String> {
        let mut rest = text;
        for mark in &self.after {
            rest = rest.split_once(mark.as_str())?.1;
        }
        if self.means.is_some() {
            return self.means.clone();
        }
        let value = self.until.as_ref().and_then(|until| rest.split_once(until.as_str()));
        let value = value.map_or(rest, |(value, _)| value).trim();
        match &self.day {
            Some(form) => day(form, value),
            None => Some(value.to_owned()).filter(|value| !value.is_empty()),
        }
    }
}

/// A day as `2018-05-28`, read by a form whose letters y, m and d stand for digits.
pub fn day(form: &str, text: &str) -> Option<String> {
    let (mut year, mut month, mut day) = (0_u32, 0_u32, 0_u32);
    let mut rest = text.trim().chars();
    for expected in form.chars() {
        let found = rest.next()?;
        let digit = || found.to_digit(10);
        match expected {
            'y' => year = year * 10 + digit()?,
            'm' => month = month * 10 + digit()?,
            'd' => day = day * 10 + digit()?,
            other if other == found => {}
            _ => return None,
        }
    }
    let year = if year < 100 { year + 2000 } else { year };
    let possible =
        (1980..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    possible.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(values: &[(&str, &str)]) -> Reading {
        let values = values.iter().map(|(value, means)| ((*value).into(), (*means).into()));
        Reading { values: values.collect(), ..Reading::default() }
    }

    #[test]
    fn a_value_means_what_is_written_for_it_and_nothing_else() {
        let reading = reading(&[("1", "false"), ("2", "true")]);
        assert_eq!(reading.meaning(Some("2"), Some(2)).as_deref(), Some("true"));
        assert_eq!(reading.meaning(None, Some(1)).as_deref(), Some("false"));
        assert_eq!(reading.meaning(Some("3"), Some(3)), None);
        assert_eq!(Reading::default().meaning(Some("1.80"), None).as_deref(), Some("1.80"));
        assert_eq!(Reading::default().meaning(None, Some(1)), None);
    }

    #[test]
    fn a_bit_decides() {
        let bit = |bit| Reading { bit: Some(bit), ..Reading::default() };
        assert_eq!(bit(1).meaning(None, Some(2)).as_deref(), Some("true"));
        assert_eq!(bit(0).meaning(None, Some(2)).as_deref(), Some("false"));
        assert_eq!(bit(200).meaning(None, Some(2)), None);
        let named = Reading { bit: Some(0), ..reading(&[("1", "once")]) };
        assert_eq!(named.meaning(None, Some(1)).as_deref(), Some("once"));
        assert_eq!(named.meaning(None, Some(2)), None);
    }

    #[test]
    fn a_description_tells_what_stands_between_its_marks() {
        let description = |after: &[&str], until: Option<&str>| Description {
            about: "firmware".into(),
            after: after.iter().map(|mark| (*mark).into()).collect(),
            until: until.map(str::to_owned),
            means: None,
            day: None,
            source: "s".into(),
        };
        let text = "LAN Rev.01.23 x: Attached to MC342 Rev.02.70 : c";
        let told = |after: &[&str], until| description(after, until).told(text);
        assert_eq!(told(&["Attached to ", " Rev."], Some(" :")).as_deref(), Some("02.70"));
        assert_eq!(told(&["Attached to "], Some(" Rev.")).as_deref(), Some("MC342"));
        assert_eq!(told(&["Attached to ", "Rev."], Some(";")).as_deref(), Some("02.70 : c"));
        assert_eq!(told(&["Version "], None), None);
        let fax = Description { means: Some("true".into()), ..description(&["MC342"], None) };
        assert_eq!(fax.told(text).as_deref(), Some("true"));
    }

    #[test]
    fn days_are_read_in_the_form_that_is_named() {
        for (form, text, expected) in [
            ("yyyymmdd", "20210203", Some("2021-02-03")),
            ("yyyymmdd", "200709110910", Some("2007-09-11")),
            ("yy.mm.dd", "08.12.12)", Some("2008-12-12")),
            ("mm/dd/yyyy", "05/28/2018", Some("2018-05-28")),
            ("yyyymmdd", "2021020", None),
            ("yyyymmdd", "20211303", None),
            ("yy.mm.dd", "08-12-12", None),
        ] {
            assert_eq!(day(form, text).as_deref(), expected, "{text}");
        }
    }
}
