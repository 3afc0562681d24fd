//! What is known of a medium before its content is looked at; see the table storage_media.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Device,
    Raw,
    Split,
    Ewf,
    Qcow2,
    Flash,
    Stream,
}

impl Form {
    pub fn as_str(self) -> &'static str {
        match self {
            Form::Device => "device",
            Form::Raw => "raw",
            Form::Split => "split",
            Form::Ewf => "ewf",
            Form::Qcow2 => "qcow2",
            Form::Flash => "flash",
            Form::Stream => "stream",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    #[default]
    Readable,
    /// A password keeps everybody out; what is read of it are not its bytes.
    Locked,
    Frozen,
    /// No place that was tried could be read.
    Unreadable,
}

impl Access {
    pub fn as_str(self) -> &'static str {
        match self {
            Access::Readable => "readable",
            Access::Locked => "locked",
            Access::Frozen => "frozen",
            Access::Unreadable => "unreadable",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub form: Form,
    pub bytes: u64,
    pub sector: Option<u32>,
    pub maker: Option<String>,
    pub model: Option<String>,
    pub serial: Option<String>,
    pub firmware: Option<String>,
    pub bus: Option<&'static str>,
    pub rotating: Option<bool>,
    pub access: Access,
    pub password: Option<bool>,
    pub hidden_bytes: Option<u64>,
    pub notes: Notes,
}

impl About {
    pub fn new(form: Form, bytes: u64) -> Self {
        Self {
            form,
            bytes,
            sector: None,
            maker: None,
            model: None,
            serial: None,
            firmware: None,
            bus: None,
            rotating: None,
            access: Access::Readable,
            password: None,
            hidden_bytes: None,
            notes: Notes::default(),
        }
    }
}

/// Remarks, which become one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes(Vec<String>);

impl Notes {
    const MOST: usize = 32;

    pub fn add(&mut self, note: impl Into<String>) {
        if self.0.len() < Self::MOST {
            self.0.push(note.into());
        }
    }

    pub fn text(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.to_string())
    }
}

impl fmt::Display for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}
