//! What one answer told, and by what way it came.

use std::fmt;

use leaksweep_facts::Time;

/// By what way an answer came; the first is the most direct, and counts before the later ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    Ipp,
    Pjl,
    Snmp,
    Http,
    Escl,
    Wsd,
    Mdns,
    Lpd,
    Tls,
    Statement,
}

impl Way {
    pub fn as_str(self) -> &'static str {
        match self {
            Way::Ipp => "ipp",
            Way::Pjl => "pjl",
            Way::Snmp => "snmp",
            Way::Http => "http",
            Way::Escl => "escl",
            Way::Wsd => "wsd",
            Way::Mdns => "mdns",
            Way::Lpd => "lpd",
            Way::Tls => "tls",
            Way::Statement => "statement",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Flag(bool),
    Number(i64),
    Moment(Time),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Flag(flag) => write!(f, "{flag}"),
            Value::Number(number) => write!(f, "{number}"),
            Value::Moment(moment) => write!(f, "{moment}"),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Value::Flag(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Number(number)
    }
}

impl From<Time> for Value {
    fn from(moment: Time) -> Self {
        Value::Moment(moment)
    }
}
