//! What attributes told, on its way into the portrait.

use super::attributes::Attributes;
use crate::{Portrait, Topic, Value, Way};

pub struct Told<'a> {
    pub attributes: Attributes<'a>,
    pub portrait: &'a mut Portrait,
}

impl Told<'_> {
    /// A value that an attribute tells; the attribute stands beside it as it came.
    pub fn learn(&mut self, topic: Topic, value: impl Into<Value>, name: &str) {
        let answered = self.attributes.shown(name);
        self.portrait.learn(topic, value, Way::Ipp, name, answered);
    }

    /// The first text of an attribute, where it has one.
    pub fn text(&mut self, topic: Topic, name: &str) {
        if let Some(text) = self.attributes.text(name) {
            self.learn(topic, text, name);
        }
    }

    /// What a number stands for.
    pub fn number_as(&mut self, topic: Topic, name: &str, read: impl Fn(i64) -> Option<Value>) {
        if let Some(value) = self.attributes.integer(name).and_then(read) {
            self.learn(topic, value, name);
        }
    }
}
