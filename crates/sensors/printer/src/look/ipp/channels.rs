//! The ways by which jobs reach a printer, as its attributes announce them: addresses with their security and authentication in
//! pairs, and what else it names.

use leaksweep_facts::tables::printer::Channel;

use super::{attributes::Attributes, settings::without_password, value::Value};
use crate::{Portrait, portrait::cut};

/// The most addresses of one attribute that are kept.
const MOST: usize = 256;

pub fn learn(attributes: Attributes, portrait: &mut Portrait) {
    let mut found = addresses(attributes);
    found.extend(extended(attributes));
    found.extend(named(attributes, "printer-fax-log-uri", "fax"));
    found.extend(named(attributes, "system-xri-supported", "ipp"));
    for channel in found {
        let known = |row: &Channel| {
            (&row.kind, &row.name, &row.authentication)
                == (&channel.kind, &channel.name, &channel.authentication)
        };
        if !portrait.channels.iter().any(known) {
            portrait.channels.push(channel);
        }
    }
}

/// RFC 8011, 5.4.1: the values of the three attributes belong together one by one.
fn addresses(attributes: Attributes) -> Vec<Channel> {
    let security = attributes.all("uri-security-supported");
    let authentication = attributes.all("uri-authentication-supported");
    let text = |values: &[Value], at: usize| values.get(at).and_then(Value::text).map(cut);
    let channel = |(at, uri): (usize, &str)| {
        let source = "ipp printer-uri-supported";
        channel(uri, text(security, at), text(authentication, at), source)
    };
    attributes.texts("printer-uri-supported").take(MOST).enumerate().map(channel).collect()
}

/// The same in collections: PWG 5100.13 and later.
fn extended(attributes: Attributes) -> Vec<Channel> {
    let members = attributes.all("printer-xri-supported").iter().filter_map(|value| match value {
        Value::Collection(members) => Some(Attributes(members)),
        _ => None,
    });
    let one = |members: Attributes| {
        let (security, authentication) =
            (members.text("xri-security"), members.text("xri-authentication"));
        let source = "ipp printer-xri-supported";
        let uri = members.text("xri-uri")?;
        Some(channel(uri, security.map(cut), authentication.map(cut), source))
    };
    members.take(MOST).filter_map(one).collect()
}

fn channel(
    uri: &str,
    security: Option<String>,
    authentication: Option<String>,
    source: &str,
) -> Channel {
    let scheme = uri.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let tls = matches!(scheme.as_str(), "ipps" | "https");
    let kind = match scheme.as_str() {
        "ipp" | "http" if security.as_deref() == Some("tls") => "ipps",
        "ipp" | "http" => "ipp",
        "ipps" | "https" => "ipps",
        "socket" => "raw",
        "lpd" => "lpd",
        "smb" => "smb",
        "ftp" => "ftp",
        "usb" => "usb",
        "mailto" => "email",
        _ => "other",
    };
    Channel {
        kind: kind.into(),
        name: cut(&without_password(uri)),
        enabled: Some(true),
        encrypted: security.map(|word| word != "none").or(tls.then_some(true)),
        authentication,
        source: source.into(),
    }
}

fn named(attributes: Attributes, name: &str, kind: &str) -> Vec<Channel> {
    let one = |text: &str| Channel {
        kind: kind.into(),
        name: cut(&without_password(text)),
        source: format!("ipp {name}"),
        ..Channel::default()
    };
    attributes.texts(name).filter(|text| !text.trim().is_empty()).take(MOST).map(one).collect()
}
