//! What is asked and what is answered (RFC 3416, RFC 1157). There is no way to write a request that sets anything.

use super::{
    super::{oid::Oid, value::Value},
    ber::{self, Damage, Reader},
};

const RESPONSE: u8 = 0xA2;
const REPORT: u8 = 0xA8;
/// The most pairs of one answer: a datagram of 64 KiB holds no more that make sense.
const MOST: usize = 2048;

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Get,
    Next,
    /// So many rows.
    Bulk(u8),
}

#[derive(Debug, Clone)]
pub struct Question {
    pub kind: Kind,
    pub id: i32,
    pub oids: Vec<Oid>,
}

impl Question {
    pub fn bytes(&self) -> Vec<u8> {
        let (tag, rows) = match self.kind {
            Kind::Get => (0xA0, 0),
            Kind::Next => (0xA1, 0),
            Kind::Bulk(rows) => (0xA5, rows),
        };
        let pair = |oid: &Oid| {
            ber::write(ber::SEQUENCE, &[ber::write_identifier(oid), vec![ber::NULL, 0]].concat())
        };
        let pairs: Vec<u8> = self.oids.iter().flat_map(pair).collect();
        let numbers = [self.id.into(), 0, i64::from(rows)].map(ber::write_integer).concat();
        ber::write(tag, &[numbers, ber::write(ber::SEQUENCE, &pairs)].concat())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub id: i64,
    /// Whether it is a report of the engine and no answer.
    pub report: bool,
    /// 0, or what went wrong.
    pub status: i64,
    /// Which pair it was, from 1; 0 for none.
    pub index: i64,
    pub pairs: Vec<(Oid, Value)>,
    /// Why it holds less than was sent.
    pub damage: Option<Damage>,
}

impl Answer {
    /// Reads an answer or a report. Pairs count as far as they are whole.
    pub fn read(reader: &mut Reader) -> Result<Self, Damage> {
        let tag = reader.peek().ok_or(Damage::Short)?;
        if tag != RESPONSE && tag != REPORT {
            return Err(Damage::Tag);
        }
        let mut inner = reader.open(tag)?;
        let (id, status, index) = (inner.integer()?, inner.integer()?, inner.integer()?);
        let mut answer = Self {
            id,
            report: tag == REPORT,
            status,
            index,
            pairs: Vec::new(),
            damage: inner.cut.then_some(Damage::Short),
        };
        match inner.open(ber::SEQUENCE) {
            Ok(pairs) => answer.read_pairs(pairs),
            Err(damage) => answer.damage = Some(damage),
        }
        Ok(answer)
    }

    fn read_pairs(&mut self, mut pairs: Reader) {
        if pairs.cut {
            self.damage = Some(Damage::Short);
        }
        while !pairs.is_empty() {
            if self.pairs.len() >= MOST {
                return self.damage = Some(Damage::TooMany);
            }
            match pair(&mut pairs) {
                Ok(pair) => self.pairs.push(pair),
                Err(damage) => return self.damage = Some(damage),
            }
        }
    }
}

fn pair(pairs: &mut Reader) -> Result<(Oid, Value), Damage> {
    let mut pair = Reader::new(pairs.expect(ber::SEQUENCE)?);
    let oid = ber::identifier(pair.expect(ber::OID)?)?;
    let (tag, bytes, _) = pair.item()?;
    Ok((oid, ber::value(tag, bytes)?))
}

/// What an error is called (RFC 3416, 3).
pub fn status_name(status: i64) -> &'static str {
    match status {
        0 => "noError",
        1 => "tooBig",
        2 => "noSuchName",
        3 => "badValue",
        4 => "readOnly",
        5 => "genErr",
        6 => "noAccess",
        13 => "resourceUnavailable",
        16 => "authorizationError",
        _ => "an error of its own",
    }
}
