//! How a printer is set, as far as IPP tells it.

use leaksweep_facts::tables::printer::Store;

use super::{told::Told, value::Value};
use crate::{Topic, Way, portrait::cut};

pub fn learn(told: &mut Told) {
    job_password(told);
    job_retention(told);
    wifi(told);
    features(told);
    queue(told);
    storage(told);
}

/// The longest number that it takes; none is none.
fn job_password(told: &mut Told) {
    let name = "job-password-supported";
    told.number_as(Topic::JobPassword, name, |length| Some((length > 0).into()));
    let name = "job-password-encryption-supported";
    if told.attributes.texts(name).any(|method| method != "none") {
        told.learn(Topic::JobPassword, true, name);
    }
}

/// PWG 5100.11 and HP's own.
fn job_retention(told: &mut Told) {
    let keeps = |name: &str| {
        name.starts_with("hp-save-job") && name.ends_with("-supported")
            || name.starts_with("job-storage") && name.ends_with("-supported")
            || ["job-save-disposition-supported", "job-retain-until-supported"].contains(&name)
    };
    let found = told.attributes.0.iter().find(|attribute| keeps(&attribute.name));
    if let Some(name) = found.map(|attribute| attribute.name.clone()) {
        let values = told.attributes.all(&name);
        let none = values.iter().all(|value| {
            matches!(value, Value::Nothing | Value::Boolean(false)) || value.text() == Some("none")
        });
        told.learn(Topic::JobRetention, !none, &name);
    }
}

fn wifi(told: &mut Told) {
    // From off over four failures to join a network to on.
    told.number_as(Topic::Wifi, "printer-wifi-state", |state| match state {
        3 => Some(false.into()),
        4..=8 => Some(true.into()),
        _ => None,
    });
    told.text(Topic::WifiNetwork, "printer-wifi-ssid");
}

fn features(told: &mut Told) {
    let name = "ipp-features-supported";
    let has = |word: &str| told.attributes.texts(name).any(|feature| feature == word);
    let (fax, cloud) = (has("faxout"), has("infrastructure-printer"));
    if fax {
        told.learn(Topic::Fax, true, name);
    }
    if cloud {
        told.learn(Topic::CloudPrint, true, name);
    }
    if told.attributes.text("printer-fax-log-uri").is_some() {
        told.learn(Topic::Fax, true, "printer-fax-log-uri");
    }
}

/// What CUPS says of a queue. Who prints by a password there does not read it here.
fn queue(told: &mut Told) {
    if let Some(shared) = told.attributes.boolean("printer-is-shared") {
        told.learn(Topic::Shared, shared, "printer-is-shared");
    }
    if let Some(device) = told.attributes.text("device-uri") {
        let device = without_password(device);
        told.portrait.learn(Topic::Behind, device.as_str(), Way::Ipp, "device-uri", &device);
    }
}

/// An address with `***` for the account before its `@`: that there is one is a fact, what it is nobody's business.
pub fn without_password(uri: &str) -> String {
    let Some((scheme, rest)) = uri.split_once("://") else { return uri.to_owned() };
    let (place, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    match place.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://***@{host}{path}"),
        None => uri.to_owned(),
    }
}

/// PWG 5100.11: each store in keys and values, and its name beside it. Working memory keeps nothing.
fn storage(told: &mut Told) {
    let names: Vec<String> =
        told.attributes.texts("printer-storage-description").map(str::to_owned).collect();
    let mut found = false;
    let texts: Vec<String> = told.attributes.texts("printer-storage").map(str::to_owned).collect();
    for (at, text) in texts.iter().enumerate() {
        let lower = text.to_ascii_lowercase();
        if lower.contains("ram") || lower.contains("memory") {
            continue;
        }
        let kind = match () {
            () if lower.contains("hard") => "disk",
            () if lower.contains("ssd") || lower.contains("solid") => "ssd",
            () if lower.contains("flash") => "flash",
            () if lower.contains("removable") => "removable",
            () => "unknown",
        };
        found = true;
        told.portrait.stores.push(Store {
            kind: kind.into(),
            name: cut(names.get(at).unwrap_or(text)),
            source: "ipp printer-storage".into(),
            ..Store::default()
        });
    }
    if found {
        told.learn(Topic::Storage, true, "printer-storage");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_an_address_stays_out() {
        for (uri, plain) in [
            ("ipp://user:pass@p.example/ipp", "ipp://***@p.example/ipp"),
            ("smb://DOM;u:p@ss@host/share", "smb://***@host/share"),
            ("socket://p:9100", "socket://p:9100"),
            ("usb://HP/LaserJet?serial=a@b", "usb://HP/LaserJet?serial=a@b"),
            ("file:/dev/null", "file:/dev/null"),
        ] {
            assert_eq!(without_password(uri), plain);
        }
    }
}
