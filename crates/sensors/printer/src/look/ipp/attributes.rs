//! Attributes by their names.

use super::value::{Attribute, Value};

/// The attributes of one printer or job.
#[derive(Debug, Clone, Copy)]
pub struct Attributes<'a>(pub &'a [Attribute]);

impl<'a> Attributes<'a> {
    /// All values of an attribute; a group that has it twice counts with the first.
    pub fn all(self, name: &str) -> &'a [Value] {
        let found = self.0.iter().find(|attribute| attribute.name == name);
        found.map_or(&[], |attribute| attribute.values.as_slice())
    }

    pub fn first(self, name: &str) -> Option<&'a Value> {
        self.all(name).first()
    }

    /// A text that is not empty.
    pub fn text(self, name: &str) -> Option<&'a str> {
        self.first(name)?.text().map(str::trim).filter(|text| !text.is_empty())
    }

    pub fn texts(self, name: &str) -> impl Iterator<Item = &'a str> {
        self.all(name).iter().filter_map(Value::text)
    }

    pub fn integer(self, name: &str) -> Option<i64> {
        self.first(name)?.integer().map(i64::from)
    }

    pub fn boolean(self, name: &str) -> Option<bool> {
        self.first(name)?.boolean()
    }

    /// The values of an attribute in one line.
    pub fn shown(self, name: &str) -> String {
        let texts: Vec<String> = self.all(name).iter().take(16).map(Value::to_string).collect();
        texts.join(", ")
    }
}
