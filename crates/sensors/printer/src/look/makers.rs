//! Which maker of the catalogue a printer is of, by its words.

use leaksweep_catalogue::{printer_makers, printers::Maker};

use crate::{Portrait, Topic, Way, device_id};

/// The maker of this printer, by whatever it said of itself.
pub fn of(portrait: &Portrait) -> Option<&'static Maker> {
    let told = [Topic::Maker, Topic::Model, Topic::DeviceId, Topic::Name];
    told.into_iter().filter_map(|topic| portrait.text(topic)).find_map(|text| named(&text))
}

/// The maker that a text names.
pub fn named(text: &str) -> Option<&'static Maker> {
    let text = text.to_lowercase();
    printer_makers().iter().find(|maker| maker.names.iter().any(|name| names(&text, name)))
}

/// Whether a word of the text begins with the name, and the name ends where the word does, or a digit follows.
fn names(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().chars().next_back();
        let after = text.get(at + name.len()..).unwrap_or_default().chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphabetic)
    })
}

/// Notes a make and model in one: the maker's name goes to its own column.
pub fn learn_model(portrait: &mut Portrait, text: &str, way: Way, asked: &str) {
    let (maker, model) = device_id::maker_and_model(text);
    if let Some(maker) = maker {
        portrait.learn(Topic::Maker, maker, way, asked, text);
    }
    portrait.learn(Topic::Model, model, way, asked, text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_maker_is_known_by_a_whole_word() {
        assert_eq!(named("HP LaserJet 4250").unwrap().id, "hp");
        assert_eq!(named("MFG:Hewlett-Packard;MDL:x").unwrap().id, "hp");
        assert!(named("PHP 5").is_none() && named("hpx").is_none());
    }

    #[test]
    fn make_and_model_are_told_apart() {
        let mut portrait = Portrait::default();
        learn_model(&mut portrait, "HP OfficeJet Pro 7740", Way::Escl, "MakeAndModel");
        assert_eq!(portrait.text(Topic::Maker).as_deref(), Some("HP"));
        assert_eq!(portrait.text(Topic::Model).as_deref(), Some("OfficeJet Pro 7740"));
        let mut other = Portrait::default();
        learn_model(&mut other, "Unheard 7", Way::Escl, "MakeAndModel");
        assert_eq!(other.text(Topic::Maker), None);
        assert_eq!(other.text(Topic::Model).as_deref(), Some("Unheard 7"));
    }
}
