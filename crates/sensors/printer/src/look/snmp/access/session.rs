//! A conversation under SNMP v3: the engine tells its id and its clock to anybody (RFC 3414, 4); then a user asks.

use super::{
    super::{
        message::{
            Answer, Damage, Kind, Question,
            user::{self, Envelope, Received, SEALED, SIGNED},
        },
        oid::Oid,
    },
    AskError, Asker, chance,
    keys::{Keys, Moment},
};
use crate::{options::User, plan::Packet};

/// Where an engine counts what it refuses; the number behind it says why.
const REPORTS: &[u32] = &[1, 3, 6, 1, 6, 3, 15, 1, 1];
const NOT_IN_TIME: u32 = 2;
/// RFC 3411 lets an id have 32 bytes.
const LONGEST_ENGINE: usize = 32;

/// Who answers, and when it is there.
#[derive(Debug, Clone)]
pub struct Engine {
    id: Vec<u8>,
    moment: Moment,
}

pub struct Session {
    name: Vec<u8>,
    context: String,
    keys: Option<Keys>,
    engine: Engine,
    salt: u64,
}

impl Session {
    /// Asks the engine who it is, as nobody.
    pub fn discover(asker: &mut Asker) -> Result<Engine, AskError> {
        let question = Question { kind: Kind::Get, id: asker.next(), oids: Vec::new() };
        let envelope = Envelope { id: asker.next(), ..Envelope::default() };
        let bytes = envelope.write(&user::scoped(b"", "", &question));
        asker.exchange(Packet::SnmpV3, &bytes, |bytes| {
            let received = user::read(bytes)?;
            let named = !received.envelope.engine.is_empty()
                && received.envelope.engine.len() <= LONGEST_ENGINE;
            let mine = received.envelope.id == envelope.id && named;
            Ok(mine.then(|| Engine {
                id: received.envelope.engine.clone(),
                moment: moment(&received),
            }))
        })
    }

    pub fn new(user: &User, engine: Engine) -> Result<Self, AskError> {
        let keys = Keys::of(user, &engine.id)?;
        let (name, context) = user.name.rsplit_once('@').unwrap_or((&user.name, ""));
        let (name, context) = (name.as_bytes().to_vec(), context.to_owned());
        Ok(Self { name, context, keys, engine, salt: chance() })
    }

    pub fn seals(&self) -> bool {
        self.keys.as_ref().is_some_and(Keys::seals)
    }

    pub fn signs(&self) -> bool {
        self.keys.is_some()
    }

    pub fn ask(&mut self, asker: &mut Asker, question: &Question) -> Result<Answer, AskError> {
        // The clock that the engine told at first may be none; then it tells it once more, signed.
        for _ in 0..2 {
            let (answer, moment) = self.ask_once(asker, question)?;
            match answer.report.then(|| refusal(&answer)) {
                None => return Ok(answer),
                Some(NOT_IN_TIME) if moment != self.engine.moment => self.engine.moment = moment,
                Some(why) => return Err(AskError::Refused(why_not(why))),
            }
        }
        Err(AskError::Refused(why_not(NOT_IN_TIME)))
    }

    fn ask_once(
        &mut self,
        asker: &mut Asker,
        question: &Question,
    ) -> Result<(Answer, Moment), AskError> {
        let (id, bytes) = (asker.next(), user::scoped(&self.engine.id, &self.context, question));
        self.salt = self.salt.wrapping_add(1);
        let bytes = self.message(id, bytes);
        let session = &*self;
        asker.exchange(Packet::SnmpV3, &bytes, |bytes| session.take(id, question.id, bytes))
    }

    fn message(&self, id: i32, scoped: Vec<u8>) -> Vec<u8> {
        let mut envelope = Envelope {
            id,
            engine: self.engine.id.clone(),
            boots: self.engine.moment.boots,
            time: self.engine.moment.time,
            user: self.name.clone(),
            ..Envelope::default()
        };
        let Some(keys) = &self.keys else { return envelope.write(&scoped) };
        let mut data = scoped;
        envelope.flags = SIGNED;
        if keys.seals() {
            envelope.flags |= SEALED;
            (data, envelope.salt) = keys.seal(self.engine.moment, self.salt, &data);
        }
        envelope.mac = keys.blank();
        envelope.mac = keys.sign(&envelope.write(&data));
        envelope.write(&data)
    }

    /// An answer counts if it is signed and sealed as the question was; a report may come without.
    fn take(
        &self,
        id: i32,
        question: i32,
        bytes: &[u8],
    ) -> Result<Option<(Answer, Moment)>, Damage> {
        let received = user::read(bytes)?;
        if received.envelope.id != id {
            return Ok(None);
        }
        let flags = received.envelope.flags;
        let opened = match &self.keys {
            Some(keys) if flags & SIGNED != 0 => {
                if !keys.holds(bytes, received.mac_at, &received.envelope.mac) {
                    return Ok(None);
                }
                open(keys, &received)
            }
            _ if flags & SEALED != 0 => None,
            _ => Some(received.data.to_vec()),
        };
        let Some(opened) = opened else { return Ok(None) };
        let answer = user::read_scoped(&opened)?;
        let as_asked =
            (!self.signs() || flags & SIGNED != 0) && (!self.seals() || flags & SEALED != 0);
        let mine = answer.report || (as_asked && answer.id == i64::from(question));
        Ok(mine.then(|| (answer, moment(&received))))
    }
}

fn open(keys: &Keys, received: &Received) -> Option<Vec<u8>> {
    match received.envelope.flags & SEALED {
        0 => Some(received.data.to_vec()),
        _ => keys.open(moment(received), &received.envelope.salt, received.data),
    }
}

fn moment(received: &Received) -> Moment {
    Moment { boots: received.envelope.boots, time: received.envelope.time }
}

/// Which counter a report shows; 0 for another.
fn refusal(report: &Answer) -> u32 {
    let number = |oid: &Oid| oid.below(REPORTS).and_then(|rest| rest.first().copied());
    report.pairs.first().and_then(|(oid, _)| number(oid)).unwrap_or_default()
}

fn why_not(number: u32) -> &'static str {
    match number {
        1 => "it does not offer this way to sign and seal",
        NOT_IN_TIME => "its clock cannot be followed",
        3 => "it does not know the user",
        4 => "it does not know its own engine",
        5 => "the password to sign with, or its way, is wrong",
        6 => "the password to seal with, or its way, is wrong",
        _ => "it does not say why",
    }
}
