//! Questions of IPP: RFC 8011, and those of CUPS and of the System Service (PWG 5100.22). None of them changes anything.

use super::message::tag;

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    GetJobs,
    GetPrinterAttributes,
    GetSystemAttributes,
    CupsGetPrinters,
}

impl Operation {
    fn code(self) -> u16 {
        match self {
            Operation::GetJobs => 0x000A,
            Operation::GetPrinterAttributes => 0x000B,
            Operation::GetSystemAttributes => 0x005B,
            Operation::CupsGetPrinters => 0x4002,
        }
    }
}

/// A question that grows attribute by attribute.
pub struct Question(Vec<u8>);

impl Question {
    /// With what every question begins with.
    pub fn new(version: (u8, u8), operation: Operation) -> Self {
        let [high, low] = operation.code().to_be_bytes();
        let mut question = Self(vec![version.0, version.1, high, low, 0, 0, 0, 1, tag::OPERATION]);
        question.push(0x47, "attributes-charset", b"utf-8");
        question.push(0x48, "attributes-natural-language", b"en");
        question
    }

    pub fn uri(mut self, name: &str, uri: &str) -> Self {
        self.push(0x45, name, uri.as_bytes());
        self
    }

    pub fn user(mut self, name: &str) -> Self {
        self.push(0x42, "requesting-user-name", name.as_bytes());
        self
    }

    pub fn keywords(mut self, name: &str, keywords: &[&str]) -> Self {
        for (at, keyword) in keywords.iter().enumerate() {
            self.push(0x44, if at == 0 { name } else { "" }, keyword.as_bytes());
        }
        self
    }

    pub fn integer(mut self, name: &str, number: i32) -> Self {
        self.push(0x21, name, &number.to_be_bytes());
        self
    }

    pub fn bytes(mut self) -> Vec<u8> {
        self.0.push(tag::END);
        self.0
    }

    /// Names and values here are short: a longer one would be cut.
    fn push(&mut self, tag: u8, name: &str, value: &[u8]) {
        self.0.push(tag);
        for part in [name.as_bytes(), value] {
            let part = part.get(..1023).unwrap_or(part);
            self.0.extend(u16::try_from(part.len()).unwrap_or_default().to_be_bytes());
            self.0.extend(part);
        }
    }
}
