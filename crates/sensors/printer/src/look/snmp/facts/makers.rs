//! Whose printer it is, and what its maker's own objects tell, by the catalogue.
//!
//! Makers buy from each other: the name in the description says who sold it, the number in sysObjectID whose objects it has. The objects of
//! every maker that either names are read.

use leaksweep_catalogue::{
    printer_makers,
    printers::{Maker, Object},
};

use super::super::{
    oid::{self, Oid},
    system::{SYS_DESCR, SYS_OBJECT_ID},
    value::Value,
    walk::Walk,
};
use crate::{Portrait, Topic, Way, device_id};

/// Below this every maker has his number.
const ENTERPRISES: &[u32] = &[1, 3, 6, 1, 4, 1];

/// The makers whose objects it may have; the one who sold it is the first.
pub fn makers_of(walk: &Walk) -> Vec<&'static Maker> {
    let described = walk.text(SYS_DESCR).unwrap_or_default();
    let number = walk.get(SYS_OBJECT_ID).and_then(Value::oid).and_then(enterprise);
    let all = printer_makers();
    let named = all.iter().filter(|maker| begins_with_name(maker, &described));
    let numbered =
        all.iter().filter(|maker| number.is_some_and(|number| maker.enterprises.contains(&number)));
    let mut found: Vec<&Maker> = Vec::new();
    for maker in named.chain(numbered) {
        if found.iter().all(|known| known.id != maker.id) {
            found.push(maker);
        }
    }
    found
}

/// The objects of these makers that are asked for one by one, or as columns.
pub fn objects_of(makers: &[&'static Maker], columns: bool) -> Vec<Oid> {
    let objects = makers.iter().flat_map(|maker| &maker.objects);
    let mut oids: Vec<Oid> = Vec::new();
    for object in objects.filter(|object| object.walk == columns) {
        let oid = Oid::parse(&object.oid);
        oids.extend(oid.filter(|oid| !oids.contains(oid)));
    }
    oids
}

fn enterprise(oid: &Oid) -> Option<u32> {
    oid.below(ENTERPRISES).and_then(|rest| rest.first().copied())
}

/// At the beginning of the text, and not of a longer word.
fn begins_with_name(maker: &Maker, described: &str) -> bool {
    maker.names.iter().any(|name| device_id::after_word(described, name).is_some())
}

pub fn tell(walk: &Walk, portrait: &mut Portrait) {
    let makers = makers_of(walk);
    if let Some(maker) = makers.first() {
        let (asked, answered) = match walk.text(SYS_DESCR) {
            Some(text) => (SYS_DESCR, text),
            None => (SYS_OBJECT_ID, walk.text(SYS_OBJECT_ID).unwrap_or_default()),
        };
        portrait.learn(Topic::Maker, maker.name.as_str(), Way::Snmp, oid::dotted(asked), answered);
    }
    for maker in &makers {
        tell_descriptions(maker, walk, portrait);
        for object in maker.objects.iter().filter(|object| !object.walk) {
            tell_object(object, maker, walk, portrait);
        }
    }
}

/// Of several that tell the same, the first.
fn tell_descriptions(maker: &Maker, walk: &Walk, portrait: &mut Portrait) {
    let Some(described) = walk.text(SYS_DESCR) else { return };
    let mut told: Vec<Topic> = Vec::new();
    for description in &maker.descriptions {
        let Some(topic) = Topic::named(&description.about).filter(|topic| !told.contains(topic))
        else {
            continue;
        };
        let value = description.told(&described).and_then(|text| value_of(topic, &text, maker));
        if let Some(value) = value {
            portrait.learn(topic, value, Way::Snmp, oid::dotted(SYS_DESCR), &described);
            told.push(topic);
        }
    }
}

fn tell_object(object: &Object, maker: &Maker, walk: &Walk, portrait: &mut Portrait) {
    let (Some(oid), Some(topic)) = (Oid::parse(&object.oid), Topic::named(&object.about)) else {
        return;
    };
    let held = walk.get(oid.numbers());
    let (meaning, answered) = if walk.is_refused(oid.numbers()) {
        (object.reading.refused.clone(), "genErr".to_owned())
    } else {
        let text = held.and_then(Value::text);
        let number = held.and_then(Value::number);
        (object.reading.meaning(text.as_deref(), number), answered(held, text))
    };
    if let Some(value) = meaning.and_then(|text| value_of(topic, &text, maker)) {
        portrait.learn(topic, value, Way::Snmp, object.oid.as_str(), answered);
    }
}

/// As a text; bytes that are none, as digits.
fn answered(held: Option<&Value>, text: Option<String>) -> String {
    match held.and_then(Value::octets) {
        Some(bytes) if bytes.iter().any(u8::is_ascii_control) && bytes.len() <= 8 => {
            bytes.iter().map(|byte| format!("{byte:02x}")).collect()
        }
        _ => text.unwrap_or_default(),
    }
}

/// A text as what stands in its column; none for what cannot be.
fn value_of(topic: Topic, text: &str, maker: &Maker) -> Option<crate::Value> {
    let text = if topic == Topic::Model {
        device_id::without_maker(text, Some(&maker.name))
    } else {
        text
    };
    topic.value(text).filter(|value| match value {
        // A printer says -1 where no wipe runs.
        crate::Value::Number(percent) if topic == Topic::EraseProgress => {
            (0..=100).contains(percent)
        }
        _ => true,
    })
}
