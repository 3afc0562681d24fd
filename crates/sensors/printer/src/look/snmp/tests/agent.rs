//! An agent of v1 and v2c on loopback, out of a map.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, UdpSocket},
    thread,
    time::Duration,
};

use super::super::{
    message::ber::{self, Reader},
    oid::Oid,
};

/// What came, taken apart.
pub struct Asked {
    pub version: i64,
    pub community: Vec<u8>,
    pub tag: u8,
    pub id: i64,
    /// How many rows of each; zero for a question that is no GETBULK.
    pub rows: i64,
    pub oids: Vec<Oid>,
}

/// What is answered.
pub enum Told {
    AsItShould,
    Nothing,
    Late(Duration),
    Error(i64, i64),
    Pairs(Vec<(Oid, Vec<u8>)>),
    /// As it should, without so many bytes at the end.
    Cut(usize),
    Bytes(Vec<u8>),
}

type Manner = Box<dyn Fn(&Asked) -> Told + Send>;

pub struct Agent {
    objects: BTreeMap<Oid, Vec<u8>>,
    manner: Manner,
    strays: bool,
}

pub fn octets(bytes: &[u8]) -> Vec<u8> {
    ber::write(ber::OCTETS, bytes)
}

pub fn integer(number: i64) -> Vec<u8> {
    ber::write_integer(number)
}

pub fn oid_value(text: &str) -> Vec<u8> {
    ber::write_identifier(&Oid::parse(text).unwrap())
}

/// One that stands behind it in a walk.
pub fn after(oid: &Oid) -> Oid {
    let mut numbers = oid.numbers().to_vec();
    match numbers.len() {
        0..=14 => numbers.push(1),
        _ => *numbers.last_mut().unwrap() += 1,
    }
    Oid::from(numbers.as_slice())
}

impl Agent {
    pub fn new() -> Self {
        Self { objects: BTreeMap::new(), manner: Box::new(|_| Told::AsItShould), strays: false }
    }

    pub fn with(mut self, oid: &str, value: Vec<u8>) -> Self {
        self.objects.insert(Oid::parse(oid).unwrap(), value);
        self
    }

    pub fn that(mut self, manner: impl Fn(&Asked) -> Told + Send + 'static) -> Self {
        self.manner = Box::new(manner);
        self
    }

    /// Answers to a question that nobody asked come before each answer.
    pub fn with_strays(mut self) -> Self {
        self.strays = true;
        self
    }

    /// Where it answers, until the test ends.
    pub fn start(self) -> u16 {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = socket.local_addr().unwrap().port();
        thread::spawn(move || {
            let mut bytes = vec![0; 65_535];
            while let Ok((count, from)) = socket.recv_from(&mut bytes) {
                let Some(asked) = read(&bytes[..count]) else { continue };
                if self.strays {
                    let wrong = Asked {
                        id: asked.id + 1,
                        community: asked.community.clone(),
                        oids: Vec::new(),
                        ..asked
                    };
                    socket.send_to(&answer(&wrong, 0, 0, &[]), from).unwrap();
                }
                if let Some(answer) = self.answer(&asked) {
                    socket.send_to(&answer, from).unwrap();
                }
            }
        });
        port
    }

    fn answer(&self, asked: &Asked) -> Option<Vec<u8>> {
        match (self.manner)(asked) {
            Told::Nothing => None,
            Told::AsItShould => Some(self.proper(asked)),
            Told::Late(wait) => {
                thread::sleep(wait);
                Some(self.proper(asked))
            }
            Told::Error(status, index) => Some(answer(asked, status, index, &[])),
            Told::Pairs(pairs) => Some(answer(asked, 0, 0, &pairs)),
            Told::Cut(bytes) => {
                let mut whole = self.proper(asked);
                whole.truncate(whole.len() - bytes);
                Some(whole)
            }
            Told::Bytes(bytes) => Some(bytes),
        }
    }

    fn proper(&self, asked: &Asked) -> Vec<u8> {
        let mut pairs = Vec::new();
        let mut oids = asked.oids.clone();
        for _ in 0..asked.rows.max(1) {
            for (at, oid) in oids.iter_mut().enumerate() {
                let found = match asked.tag {
                    0xA0 => self.objects.get_key_value(oid),
                    _ => self.objects.iter().find(|(known, _)| *known > &*oid),
                };
                match found {
                    Some((known, value)) => {
                        *oid = known.clone();
                        pairs.push((known.clone(), value.clone()));
                    }
                    None if asked.version == 0 => return answer(asked, 2, at as i64 + 1, &[]),
                    None => pairs
                        .push((oid.clone(), vec![if asked.tag == 0xA0 { 0x80 } else { 0x82 }, 0])),
                }
            }
        }
        answer(asked, 0, 0, &pairs)
    }
}

fn read(bytes: &[u8]) -> Option<Asked> {
    let mut message = Reader::new(bytes).open(ber::SEQUENCE).ok()?;
    let version = message.integer().ok().filter(|version| *version < 2)?;
    let community = message.expect(ber::OCTETS).ok()?.to_vec();
    let tag = message.peek()?;
    let mut pdu = message.open(tag).ok()?;
    let (id, _, rows) = (pdu.integer().ok()?, pdu.integer().ok()?, pdu.integer().ok()?);
    let mut pairs = pdu.open(ber::SEQUENCE).ok()?;
    let mut oids = Vec::new();
    while let Ok(pair) = pairs.expect(ber::SEQUENCE) {
        oids.push(ber::identifier(Reader::new(pair).expect(ber::OID).ok()?).ok()?);
    }
    assert!([0xA0, 0xA1, 0xA5].contains(&tag), "nothing but questions is ever asked: {tag:x}");
    Some(Asked { version, community, tag, id, rows, oids })
}

fn answer(asked: &Asked, status: i64, index: i64, pairs: &[(Oid, Vec<u8>)]) -> Vec<u8> {
    let pair = |(oid, value): &(Oid, Vec<u8>)| {
        ber::write(ber::SEQUENCE, &[ber::write_identifier(oid), value.clone()].concat())
    };
    let pairs: Vec<u8> = pairs.iter().flat_map(pair).collect();
    let numbers = [asked.id, status, index].map(ber::write_integer).concat();
    let pdu = ber::write(0xA2, &[numbers, ber::write(ber::SEQUENCE, &pairs)].concat());
    let parts = [ber::write_integer(asked.version), octets(&asked.community), pdu];
    ber::write(ber::SEQUENCE, &parts.concat())
}
