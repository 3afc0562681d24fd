//! Messages of SNMP v3 (RFC 3412) under the User-based Security Model (RFC 3414).

use super::{
    ber::{self, Damage, Reader},
    pdu::{Answer, Question},
};

/// The largest answer that is taken.
const LARGEST: i64 = 65_507;
const MODEL: i64 = 3;
pub const SIGNED: u8 = 1;
pub const SEALED: u8 = 2;
const REPORTABLE: u8 = 4;

/// Everything of a message that goes round its question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    pub id: i32,
    pub flags: u8,
    pub engine: Vec<u8>,
    pub boots: i64,
    pub time: i64,
    pub user: Vec<u8>,
    pub mac: Vec<u8>,
    pub salt: Vec<u8>,
}

/// A question in its context; this is what is sealed.
pub fn scoped(engine: &[u8], context: &str, question: &Question) -> Vec<u8> {
    let context = ber::write(ber::OCTETS, context.as_bytes());
    let parts = [ber::write(ber::OCTETS, engine), context, question.bytes()];
    ber::write(ber::SEQUENCE, &parts.concat())
}

impl Envelope {
    /// The whole message; `data` is a scoped question, sealed if the flags say so.
    pub fn write(&self, data: &[u8]) -> Vec<u8> {
        let header = [
            ber::write_integer(self.id.into()),
            ber::write_integer(LARGEST),
            ber::write(ber::OCTETS, &[self.flags | REPORTABLE]),
            ber::write_integer(MODEL),
        ];
        let security = [
            ber::write(ber::OCTETS, &self.engine),
            ber::write_integer(self.boots),
            ber::write_integer(self.time),
            ber::write(ber::OCTETS, &self.user),
            ber::write(ber::OCTETS, &self.mac),
            ber::write(ber::OCTETS, &self.salt),
        ];
        let security = ber::write(ber::SEQUENCE, &security.concat());
        let data = match self.flags & SEALED {
            0 => data.to_vec(),
            _ => ber::write(ber::OCTETS, data),
        };
        let parts = [
            ber::write_integer(3),
            ber::write(ber::SEQUENCE, &header.concat()),
            ber::write(ber::OCTETS, &security),
            data,
        ];
        ber::write(ber::SEQUENCE, &parts.concat())
    }
}

/// A message that came, not yet believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received<'a> {
    pub envelope: Envelope,
    /// Where its signature stands.
    pub mac_at: usize,
    /// What is to be opened, or a scoped answer.
    pub data: &'a [u8],
}

pub fn read(bytes: &[u8]) -> Result<Received<'_>, Damage> {
    let mut message = Reader::new(bytes).open(ber::SEQUENCE)?;
    if message.integer()? != 3 {
        return Err(Damage::Tag);
    }
    let mut header = message.open(ber::SEQUENCE)?;
    let id = header.integer()?;
    header.integer()?;
    let flags = header.expect(ber::OCTETS)?;
    let mut security = message.open(ber::OCTETS)?.open(ber::SEQUENCE)?;
    let mut envelope = Envelope {
        id: i32::try_from(id).map_err(|_| Damage::Number)?,
        flags: flags.first().copied().ok_or(Damage::Length)?,
        engine: security.expect(ber::OCTETS)?.to_vec(),
        boots: security.integer()?,
        time: security.integer()?,
        user: security.expect(ber::OCTETS)?.to_vec(),
        ..Envelope::default()
    };
    if security.peek() != Some(ber::OCTETS) {
        return Err(Damage::Tag);
    }
    let (_, mac, mac_at) = security.item()?;
    envelope.mac = mac.to_vec();
    envelope.salt = security.expect(ber::OCTETS)?.to_vec();
    let data = match envelope.flags & SEALED {
        // Whole as it stands, with its tag: a scoped answer is read from there.
        0 => rest(bytes, &message),
        _ => message.expect(ber::OCTETS)?,
    };
    Ok(Received { envelope, mac_at, data })
}

fn rest<'a>(bytes: &'a [u8], message: &Reader) -> &'a [u8] {
    bytes.get(message.place()..).unwrap_or_default()
}

/// Reads an answer in its context.
pub fn read_scoped(bytes: &[u8]) -> Result<Answer, Damage> {
    let mut scoped = Reader::new(bytes).open(ber::SEQUENCE)?;
    scoped.expect(ber::OCTETS)?;
    scoped.expect(ber::OCTETS)?;
    Answer::read(&mut scoped)
}
