//! Messages of SNMP v1 (RFC 1157) and v2c (RFC 1901): a version, a word that lets in, and a question or an answer.

use super::{
    ber::{self, Damage, Reader},
    pdu::{Answer, Question},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    V1,
    V2c,
}

impl Version {
    pub fn as_str(self) -> &'static str {
        match self {
            Version::V1 => "v1",
            Version::V2c => "v2c",
        }
    }

    fn number(self) -> i64 {
        match self {
            Version::V1 => 0,
            Version::V2c => 1,
        }
    }
}

pub fn write(version: Version, community: &str, question: &Question) -> Vec<u8> {
    let parts = [
        ber::write_integer(version.number()),
        ber::write(ber::OCTETS, community.as_bytes()),
        question.bytes(),
    ];
    ber::write(ber::SEQUENCE, &parts.concat())
}

/// Reads an answer in this version.
pub fn read(version: Version, bytes: &[u8]) -> Result<Answer, Damage> {
    let mut message = Reader::new(bytes).open(ber::SEQUENCE)?;
    if message.integer()? != version.number() {
        return Err(Damage::Tag);
    }
    message.expect(ber::OCTETS)?;
    Answer::read(&mut message)
}
