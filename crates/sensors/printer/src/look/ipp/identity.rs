//! Who a printer is, by its attributes.

use leaksweep_facts::Time;

use super::told::Told;
use crate::{
    Topic, Value, Way,
    device_id::{self, DeviceId},
};

/// More seconds than any printer has been running: it tells the time of day instead.
const LONGEST_UPTIME: i64 = 1_000_000_000;

pub fn learn(told: &mut Told) {
    maker_and_model(told);
    for (topic, names) in [
        (Topic::Serial, &["printer-serial-number", "system-serial-number"][..]),
        (Topic::Location, &["printer-location", "system-location"]),
        (Topic::PageOfPeople, &["printer-more-info", "system-more-info"]),
    ] {
        names.iter().for_each(|name| told.text(topic, name));
    }
    name(told);
    firmware(told);
    uuid(told);
    device_id(told);
    contact(told);
    told.number_as(Topic::State, "printer-state", |number| match number {
        3 => Some("idle".into()),
        4 => Some("processing".into()),
        5 => Some("stopped".into()),
        _ => None,
    });
    told.number_as(Topic::Uptime, "printer-up-time", |number| {
        (0..LONGEST_UPTIME).contains(&number).then_some(Value::Number(number))
    });
}

/// The identity by IEEE 1284 knows where the maker ends.
fn maker_and_model(told: &mut Told) {
    let id = told.attributes.text("printer-device-id").map(DeviceId::parse).unwrap_or_default();
    if let Some(maker) = id.maker() {
        told.learn(Topic::Maker, maker, "printer-device-id");
    }
    for name in ["printer-make-and-model", "system-make-and-model"] {
        let Some(text) = told.attributes.text(name) else { continue };
        let (maker, model) = device_id::maker_and_model(text);
        if let Some(maker) = maker {
            told.learn(Topic::Maker, maker, name);
        }
        let by_id = id.value(&["MFG", "MANUFACTURER"]);
        told.learn(Topic::Model, device_id::without_maker(&model, by_id), name);
    }
    if let Some(model) = id.model() {
        let maker = id.value(&["MFG", "MANUFACTURER"]);
        told.learn(Topic::Model, device_id::without_maker(model, maker), "printer-device-id");
    }
}

/// Some have the path of their address as their name.
fn name(told: &mut Told) {
    let names =
        ["printer-name", "printer-dns-sd-name", "printer-info", "system-name", "system-info"];
    let is_path = |name: &str| told.attributes.text(name).is_some_and(|text| text.contains('/'));
    let (paths, names): (Vec<&str>, Vec<&str>) = names.into_iter().partition(|name| is_path(name));
    names.into_iter().chain(paths).for_each(|name| told.text(Topic::Name, name));
}

/// Beside its firmware some name the version of IPP that they speak.
fn firmware(told: &mut Told) {
    let spoken: Vec<&str> = told.attributes.texts("ipp-versions-supported").collect();
    for of in ["printer", "system"] {
        let name = format!("{of}-firmware-string-version");
        let parts: Vec<&str> = told.attributes.texts(&format!("{of}-firmware-name")).collect();
        let versions = told.attributes.texts(&name).enumerate().filter(|(at, version)| {
            let of_ipp = parts.get(*at).is_some_and(|part| part.eq_ignore_ascii_case("ipp"));
            !(of_ipp && spoken.contains(version))
        });
        for (at, version) in versions.collect::<Vec<_>>() {
            told.learn(Topic::Firmware, version, &name);
            if at == 0
                && let Some(day) = day(version.trim())
            {
                told.learn(Topic::FirmwareDate, day, &name);
            }
        }
    }
}

/// The day that a version of eight digits is.
fn day(version: &str) -> Option<Time> {
    let digits = version.len() == 8 && version.bytes().all(|byte| byte.is_ascii_digit());
    let (year, rest) = version.split_at_checked(4).filter(|_| digits)?;
    let (month, day) = rest.split_at_checked(2)?;
    let recent = year.starts_with("199") || year.starts_with("20");
    Time::parse(&format!("{year}-{month}-{day}")).filter(|_| recent)
}

fn uuid(told: &mut Told) {
    for name in ["printer-uuid", "system-uuid"] {
        let Some(text) = told.attributes.text(name) else { continue };
        let uuid = text.strip_prefix("urn:uuid:").unwrap_or(text).to_ascii_lowercase();
        let folded = folded(&uuid);
        if let Some(mac) = folded.as_ref().map(|(_, mac)| mac.clone()).or_else(|| mac(&uuid)) {
            told.learn(Topic::Mac, mac, name);
        }
        if let Some((serial, _)) = folded {
            told.learn(Topic::Serial, serial, name);
        }
        told.learn(Topic::Uuid, uuid, name);
    }
}

/// An id of version 1 ends with the address of the card on which it was made; the lowest bit of its first byte is set where chance
/// stands instead (RFC 9562).
fn mac(uuid: &str) -> Option<String> {
    let [_, _, version, _, node] = *uuid.split('-').collect::<Vec<_>>() else { return None };
    let bytes = unfolded(node).filter(|bytes| bytes.len() == 6 && bytes.iter().any(|b| *b != 0))?;
    let real = version.starts_with('1') && bytes.first().is_some_and(|first| first & 1 == 0);
    real.then(|| colons(&bytes))
}

/// LaserJets of HP fold the ten letters of their serial number and the address of their card into an id.
fn folded(uuid: &str) -> Option<(String, String)> {
    let bytes = unfolded(&uuid.replace('-', "")).filter(|bytes| bytes.len() == 16)?;
    let (serial, card) = bytes.split_at_checked(10)?;
    let fits = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let serial = String::from_utf8(serial.to_vec()).ok().filter(|_| serial.iter().all(fits))?;
    Some((serial, colons(card)))
}

fn unfolded(digits: &str) -> Option<Vec<u8>> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.as_bytes().chunks(2).map(byte).collect()
}

fn colons(bytes: &[u8]) -> String {
    let texts: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    texts.join(":")
}

fn device_id(told: &mut Told) {
    let Some(text) = told.attributes.text("printer-device-id") else { return formats(told) };
    let id = DeviceId::parse(text);
    let (languages, serial) = (id.languages(), id.serial());
    let version = id.value(&["FWV", "FW", "VER"]).map(str::to_owned);
    let fax = id.fax();
    told.text(Topic::DeviceId, "printer-device-id");
    if let Some(fax) = fax {
        told.learn(Topic::Fax, fax, "printer-device-id");
    }
    for (topic, value) in
        [(Topic::Languages, languages), (Topic::Serial, serial), (Topic::Firmware, version)]
    {
        if let Some(value) = value {
            told.learn(topic, value, "printer-device-id");
        }
    }
    formats(told);
}

/// What it takes as documents tells its languages where its identity does not.
fn formats(told: &mut Told) {
    let word = |format: &str| match format.to_ascii_lowercase().as_str() {
        "application/postscript" => Some("PostScript"),
        "application/pdf" => Some("PDF"),
        "application/vnd.hp-pcl" => Some("PCL"),
        "application/vnd.hp-pclxl" => Some("PCLXL"),
        "image/urf" => Some("URF"),
        "image/pwg-raster" => Some("PWGRaster"),
        "application/pclm" => Some("PCLM"),
        "image/jpeg" => Some("JPEG"),
        _ => None,
    };
    let name = "document-format-supported";
    let mut words: Vec<&str> = told.attributes.texts(name).filter_map(word).collect();
    words.dedup();
    told.learn(Topic::Languages, words.join(" "), name);
}

fn contact(told: &mut Told) {
    for name in ["printer-contact-col", "system-contact-col"] {
        if let Some(super::value::Value::Collection(members)) = told.attributes.first(name) {
            let members = super::attributes::Attributes(members);
            let whom = members.text("contact-name").or(members.text("contact-uri"));
            if let Some(whom) = whom.map(str::to_owned) {
                told.portrait.learn(Topic::Contact, whom.as_str(), Way::Ipp, name, &whom);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_eight_digits_is_a_day_where_it_can_be_one() {
        assert_eq!(day("20141030"), Time::parse("2014-10-30"));
        assert_eq!(day("20141330"), None);
        assert_eq!(day("00010203"), None);
        assert_eq!(day("2014103"), None);
    }

    #[test]
    fn an_id_of_version_1_holds_the_address_of_its_card() {
        let real = "1c852a4d-b800-1f08-abcd-d0bf9c2c18d4";
        assert_eq!(mac(real).as_deref(), Some("d0:bf:9c:2c:18:d4"));
        assert_eq!(mac("6d4ff0ce-6b11-41d8-8020-180cacdb7871"), None);
        assert_eq!(mac("6d4ff0ce-6b11-11d8-8020-190cacdb7871"), None);
        assert_eq!(mac("6d4ff0ce-6b11-11d8-8020-18"), None);
        assert_eq!(mac("é-é-1é-é-é"), None);
    }

    #[test]
    fn a_serial_number_that_is_folded_into_an_id_is_found() {
        let (serial, mac) = folded("564e4433-5330-3036-3532-c8cbb862146d").unwrap();
        assert_eq!((serial.as_str(), mac.as_str()), ("VND3S00652", "c8:cb:b8:62:14:6d"));
        assert_eq!(folded("78fb8312-2b46-d942-88e0-c89d8da50780"), None);
        assert_eq!(folded("564e4433"), None);
    }
}
