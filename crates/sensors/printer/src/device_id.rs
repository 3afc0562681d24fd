//! The identity of a printer by IEEE 1284: keys and values in one text, `MFG:HP;MDL:LaserJet;CMD:PJL,PCL;`.

use leaksweep_catalogue::printer_makers;

/// The most keys that are read.
const MOST: usize = 64;

/// What the text says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceId<'a>(Vec<(&'a str, &'a str)>);

impl<'a> DeviceId<'a> {
    pub fn parse(text: &'a str) -> Self {
        let pairs = text.split(';').filter_map(|pair| pair.split_once(':'));
        let trimmed = pairs.map(|(key, value)| (key.trim(), value.trim()));
        Self(trimmed.filter(|(_, value)| !value.is_empty()).take(MOST).collect())
    }

    /// The value of the first of these keys that is there, however they are written.
    pub fn value(&self, keys: &[&str]) -> Option<&'a str> {
        let of = |key: &&str| self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(key));
        keys.iter().find_map(of).map(|(_, value)| *value)
    }

    pub fn maker(&self) -> Option<String> {
        self.value(&["MFG", "MANUFACTURER"]).map(maker)
    }

    pub fn model(&self) -> Option<&'a str> {
        self.value(&["MDL", "MODEL"])
    }

    /// The languages, separated by spaces; what begins with a digit is none (`802.11`).
    pub fn languages(&self) -> Option<String> {
        let list = self.value(&["CMD", "COMMAND SET"])?;
        let words = list.split(',').map(str::trim);
        let words = words.filter(|word| word.starts_with(|c: char| !c.is_ascii_digit()));
        let languages: Vec<String> = words.map(language).collect();
        Some(languages.join(" ")).filter(|text| !text.is_empty())
    }

    /// Whether it has a fax: a language of that name, or what EPSON says of its functions (with it, or none).
    pub fn fax(&self) -> Option<bool> {
        let has = |key: &str, word: &str| {
            self.value(&[key]).is_some_and(|list| list.split(',').any(|one| one.trim() == word))
        };
        let with = has("CMD", "FAX") || self.is_epson() && has("FID", "FXA");
        let without = self.is_epson() && has("FID", "FXN");
        (with || without).then_some(with)
    }

    fn is_epson(&self) -> bool {
        self.maker().is_some_and(|maker| maker.eq_ignore_ascii_case("epson"))
    }

    /// EPSON writes each letter of it as two digits.
    pub fn serial(&self) -> Option<String> {
        let serial = self.value(&["SN", "SERN", "SERIALNUMBER"])?;
        let letters = self.is_epson().then(|| unfolded(serial)).flatten();
        Some(letters.unwrap_or_else(|| serial.to_owned()))
    }
}

/// `PS` and `POSTSCRIPT` are one.
fn language(word: &str) -> String {
    match word.to_ascii_uppercase().as_str() {
        "PS" | "POSTSCRIPT" => "PostScript".into(),
        _ => word.replace(' ', "_"),
    }
}

/// As far as they are letters; fewer than four are none.
fn unfolded(digits: &str) -> Option<String> {
    let letter = |pair: &[u8]| {
        let byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        byte.is_ascii_alphanumeric().then_some(char::from(byte))
    };
    let letters: String = digits.as_bytes().chunks_exact(2).map_while(letter).collect();
    (letters.len() >= 4).then_some(letters)
}

/// How the catalogue calls a maker; one that it does not know is called as it calls itself.
pub fn maker(name: &str) -> String {
    known(name).map_or_else(|| name.to_owned(), |(maker, _)| maker)
}

/// The maker and the model of a text that begins with the maker, `HP LaserJet 400`; the maker alone where the catalogue knows it.
pub fn maker_and_model(text: &str) -> (Option<String>, String) {
    match known(text) {
        Some((maker, rest)) if !rest.is_empty() => (Some(maker), rest.to_owned()),
        _ => (None, text.to_owned()),
    }
}

/// A maker of the catalogue with whose name a text begins, and what follows.
fn known(text: &str) -> Option<(String, &str)> {
    let text = text.trim();
    printer_makers().iter().find_map(|maker| {
        let behind = maker.names.iter().filter_map(|name| after_word(text, name));
        let rest = behind.min_by_key(|rest| rest.len())?;
        Some((maker.name.clone(), rest))
    })
}

/// What follows a word; none where the text goes on within it.
pub(crate) fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let begins = text.get(..word.len())?.eq_ignore_ascii_case(word);
    let rest = text.get(word.len()..).filter(|_| begins)?;
    (!rest.starts_with(char::is_alphanumeric)).then(|| rest.trim_start())
}

/// The model without its maker's name before it.
pub fn without_maker<'a>(model: &'a str, maker: Option<&str>) -> &'a str {
    let rest = maker.and_then(|maker| after_word(model, maker)).filter(|rest| !rest.is_empty());
    rest.or_else(|| known(model).map(|(_, rest)| rest).filter(|rest| !rest.is_empty()))
        .unwrap_or(model)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_however_they_are_written() {
        let id = DeviceId::parse(
            "MANUFACTURER:Hewlett-Packard;COMMAND SET:PJL,MLC,PCL,POSTSCRIPT,802.11;MODEL:HP LaserJet 4250;SN:CNRX;",
        );
        assert_eq!(id.maker().as_deref(), Some("HP"));
        assert_eq!(id.model(), Some("HP LaserJet 4250"));
        assert_eq!(id.languages().as_deref(), Some("PJL MLC PCL PostScript"));
        assert_eq!(id.serial().as_deref(), Some("CNRX"));
        assert_eq!(DeviceId::parse("no pairs").maker(), None);
    }

    #[test]
    fn a_serial_number_of_epson_is_unfolded() {
        let id = DeviceId::parse("MFG:EPSON;SN:565A5250");
        assert_eq!(id.serial().as_deref(), Some("VZRP"));
        assert_eq!((id.fax(), DeviceId::parse("MFG:X;FID:FXA").fax()), (None, None));
        assert_eq!(DeviceId::parse("MFG:EPSON;FID:FXN,DPN").fax(), Some(false));
        assert_eq!(DeviceId::parse("MFG:X;CMD:PCL,FAX").fax(), Some(true));
        assert_eq!(DeviceId::parse("MFG:EPSON;SN:X1Y").serial().as_deref(), Some("X1Y"));
    }

    #[test]
    fn a_model_stands_without_its_maker() {
        assert_eq!(maker_and_model("HP LaserJet 400"), (Some("HP".into()), "LaserJet 400".into()));
        assert_eq!(maker_and_model("HPX 1"), (None, "HPX 1".into()));
        assert_eq!(without_maker("Nobody 12", Some("Nobody")), "12");
        assert_eq!(without_maker("HP Photosmart", Some("Hewlett-Packard")), "Photosmart");
        assert_eq!(without_maker("HP", Some("HP")), "HP");
    }
}
