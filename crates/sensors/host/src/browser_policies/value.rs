//! A setting's value as it may be shown: JSON of bounded length, without secrets.

use serde_json::Value;

use crate::{name, secrets};

const LENGTH: usize = 4 << 10;

pub fn shown(name: &str, value: &Value) -> String {
    let mut value = value.clone();
    hide(name, &mut value);
    let text = name::text(&secrets::in_line(value.to_string().as_bytes()));
    text.get(..text.floor_char_boundary(LENGTH)).unwrap_or_default().to_owned()
}

/// A text whose name says that it is secret. Numbers, flags and lists of addresses are settings about
/// secrets (`PasswordManagerEnabled`), and stay.
fn hide(name: &str, value: &mut Value) {
    match value {
        Value::String(text) if secrets::is_secret(name.as_bytes()) => {
            *text = String::from_utf8_lossy(secrets::HIDDEN).into_owned();
        }
        Value::Object(members) => members.iter_mut().for_each(|(name, value)| hide(name, value)),
        Value::Array(items) => items.iter_mut().for_each(|value| hide("", value)),
        _ => {}
    }
}
