//! The pictures of media, by meaning: the map of a medium, what can be recovered from it by kind, and small previews.

use leaksweep_facts::verdict::{Judgement, Picture, Subject};

use crate::picture_row::{self, PictureRow};

/// What is drawn of one medium.
pub struct Medium<'a> {
    pub target: &'a str,
    pub stretches: Vec<Stretch<'a>>,
    pub finds: Vec<Finds<'a>>,
    pub previews: Vec<Preview<'a>>,
    /// How many previews there are, shown or not.
    pub all_previews: usize,
    doubts: Vec<String>,
}

/// A stretch of one class.
#[derive(Debug, Clone, Copy)]
pub struct Stretch<'a> {
    pub start: i64,
    pub bytes: i64,
    pub class: &'a str,
    pub entropy: i64,
}

/// How much there is of one kind.
#[derive(Debug, Clone, Copy)]
pub struct Finds<'a>(PictureRow<'a>);

#[derive(Debug, Clone, Copy)]
pub struct Preview<'a>(PictureRow<'a>);

pub fn all(judgement: &Judgement) -> Vec<Medium<'_>> {
    let of = |subject| judgement.pictures.iter().filter(move |picture| picture.subject == subject);
    of(Subject::MediumFinds)
        .map(|finds| {
            let same = |other: &&Picture| other.target == finds.target;
            let map = of(Subject::MediumMap).find(same);
            let previews = of(Subject::MediumPreviews).find(same);
            Medium::new(finds, map, previews)
        })
        .collect()
}

impl<'a> Medium<'a> {
    fn new(finds: &'a Picture, map: Option<&'a Picture>, previews: Option<&'a Picture>) -> Self {
        let rows = |picture: Option<&'a Picture>| picture.into_iter().flat_map(picture_row::all);
        let doubts = [Some(finds), map].into_iter().flatten().flat_map(|picture| &picture.doubts);
        let mut doubts: Vec<String> = doubts.map(ToString::to_string).collect();
        doubts.dedup();
        let mut by_family: Vec<Finds> = rows(Some(finds)).map(Finds).collect();
        by_family.sort_by_key(|finds| place(finds.family()));
        Self {
            target: &finds.target,
            stretches: rows(map).filter_map(Stretch::new).collect(),
            finds: by_family,
            previews: rows(previews).map(Preview).collect(),
            all_previews: previews.map_or(0, |previews| previews.rows.total),
            doubts,
        }
    }

    /// How many bytes it has.
    pub fn bytes(&self) -> i64 {
        self.stretches.last().map_or(0, |last| last.start.saturating_add(last.bytes))
    }

    /// Bytes of each class, the most first.
    pub fn classes(&self) -> Vec<(&'a str, i64)> {
        let mut classes: Vec<(&str, i64)> = Vec::new();
        for stretch in &self.stretches {
            match classes.iter_mut().find(|(class, _)| *class == stretch.class) {
                Some((_, bytes)) => *bytes = bytes.saturating_add(stretch.bytes),
                None => classes.push((stretch.class, stretch.bytes)),
            }
        }
        classes.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
        classes
    }

    /// How many can be read of each family, the most telling family first.
    pub fn families(&self) -> Vec<(&'a str, i64)> {
        let mut families: Vec<(&str, i64)> = Vec::new();
        for finds in &self.finds {
            let count = finds.whole() + finds.partial();
            match families.iter_mut().find(|(family, _)| *family == finds.family()) {
                Some((_, sum)) => *sum += count,
                None => families.push((finds.family(), count)),
            }
        }
        families.retain(|(_, count)| *count > 0);
        families.sort_by_key(|(name, _)| place(name));
        families
    }

    /// Why more may be there than is shown, in one line.
    pub fn doubts(&self) -> Option<String> {
        (!self.doubts.is_empty()).then(|| self.doubts.join("; "))
    }
}

/// From what was meant for few to what is seldom telling.
const FAMILIES: &[&str] = &[
    "print job",
    "scan",
    "document",
    "mail",
    "contacts",
    "keys",
    "settings",
    "database",
    "picture",
    "archive",
    "text",
    "other",
];

pub(crate) fn place(family: &str) -> usize {
    FAMILIES.iter().position(|known| *known == family).unwrap_or(FAMILIES.len())
}

impl<'a> Stretch<'a> {
    fn new(row: PictureRow<'a>) -> Option<Self> {
        let (start, bytes) = (row.number("start")?, row.number("bytes")?);
        let entropy = row.number("entropy").unwrap_or(0).clamp(0, 8000);
        (start >= 0 && bytes > 0).then(|| Self { start, bytes, class: row.text("class"), entropy })
    }
}

impl<'a> Finds<'a> {
    pub fn family(&self) -> &'a str {
        self.0.text("family")
    }

    pub fn kind(&self) -> &'a str {
        self.0.text("kind")
    }

    pub fn whole(&self) -> i64 {
        self.count("whole")
    }

    /// Those of which a part is missing.
    pub fn partial(&self) -> i64 {
        self.count("partial")
    }

    pub fn named(&self) -> i64 {
        self.count("named")
    }

    pub fn deleted(&self) -> i64 {
        self.count("deleted")
    }

    pub fn bytes(&self) -> i64 {
        self.count("bytes")
    }

    pub fn marks(&self) -> i64 {
        self.count("marks")
    }

    fn count(&self, column: &str) -> i64 {
        self.0.number(column).unwrap_or(0)
    }
}

impl<'a> Preview<'a> {
    pub fn kind(&self) -> &'a str {
        self.0.text("kind")
    }

    pub fn name(&self) -> &'a str {
        self.0.text("name")
    }

    pub fn state(&self) -> &'a str {
        self.0.text("state")
    }

    pub fn bytes(&self) -> i64 {
        self.0.number("bytes").unwrap_or(0)
    }

    pub fn marks(&self) -> i64 {
        self.0.number("marks").unwrap_or(0)
    }

    pub fn text(&self) -> &'a str {
        self.0.text("text")
    }

    pub fn size(&self) -> (i64, i64) {
        let side = |column| self.0.number(column).unwrap_or(0).clamp(0, 480);
        (side("width"), side("height"))
    }

    /// The picture as an address that holds it; none where it is anything but base64.
    pub fn source(&self) -> Option<String> {
        let png = self.0.text("png");
        let base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
        (!png.is_empty() && png.bytes().all(base64)).then(|| format!("data:image/png;base64,{png}"))
    }
}

/// `4.2 GB`, `17 kB`.
pub fn size(bytes: i64) -> String {
    let mut value = bytes.max(0) as f64;
    for unit in ["bytes", "kB", "MB", "GB", "TB"] {
        if value < 1000.0 {
            let digits = usize::from(value < 10.0 && unit != "bytes");
            return format!("{value:.digits$} {unit}");
        }
        value /= 1000.0;
    }
    format!("{value:.0} PB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        let sizes =
            [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (2_147_483_648, "2.1 GB")];
        for (bytes, text) in sizes {
            assert_eq!(size(bytes), text);
        }
        assert_eq!(size(-5), "0 bytes");
        assert_eq!(size(i64::MAX), "9223 PB");
    }
}
