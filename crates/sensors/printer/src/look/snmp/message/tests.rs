use super::{
    super::{oid::Oid, value::Value},
    ber::{self, Reader},
    community::{self, Version},
    pdu::{Answer, Kind, Question},
    *,
};

fn oid(text: &str) -> Oid {
    Oid::parse(text).unwrap()
}

/// An answer as an agent writes it.
fn answered(id: i64, status: i64, index: i64, pairs: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let pair = |(name, value): &(&str, Vec<u8>)| {
        let parts = [ber::write_identifier(&oid(name)), value.clone()];
        ber::write(ber::SEQUENCE, &parts.concat())
    };
    let pairs: Vec<u8> = pairs.iter().flat_map(pair).collect();
    let numbers = [id, status, index].map(ber::write_integer).concat();
    let pdu = ber::write(0xA2, &[numbers, ber::write(ber::SEQUENCE, &pairs)].concat());
    let parts = [ber::write_integer(1), ber::write(ber::OCTETS, b"public"), pdu];
    ber::write(ber::SEQUENCE, &parts.concat())
}

#[test]
fn a_question_is_written_as_the_standard_says() {
    let question = Question { kind: Kind::Get, id: 1, oids: vec![oid("1.3.6.1.2.1.1.1.0")] };
    let bytes = community::write(Version::V1, "public", &question);
    let expected = [
        0x30, 0x26, 0x02, 1, 0, 0x04, 6, b'p', b'u', b'b', b'l', b'i', b'c', 0xA0, 0x19, 0x02, 1,
        1, 0x02, 1, 0, 0x02, 1, 0, 0x30, 0x0E, 0x30, 0x0C, 0x06, 8, 0x2B, 6, 1, 2, 1, 1, 1, 0,
        0x05, 0,
    ];
    assert_eq!(bytes, expected);
    let bulk = Question { kind: Kind::Bulk(10), ..question };
    assert_eq!(bulk.bytes()[..11], [0xA5, 0x19, 0x02, 1, 1, 0x02, 1, 0, 0x02, 1, 10]);
}

#[test]
fn numbers_keep_their_value_and_their_sign() {
    for number in [0, 1, -1, 127, 128, -128, -129, 65_535, i64::MAX, i64::MIN] {
        let bytes = ber::write_integer(number);
        assert_eq!(Reader::new(&bytes).integer(), Ok(number), "{bytes:02x?}");
    }
    for text in ["1.3", "2.999.3", "0.39.4294967295", "1.3.6.1.4.1.11.128.16383.16384"] {
        let bytes = ber::write_identifier(&oid(text));
        assert_eq!(ber::identifier(Reader::new(&bytes).expect(ber::OID).unwrap()), Ok(oid(text)));
    }
}

#[test]
fn every_sort_of_value_is_read() {
    let cases: &[(u8, &[u8], Value)] = &[
        (0x02, &[0xFF, 0x7F], Value::Integer(-129)),
        (0x04, b"HP", Value::Octets(b"HP".to_vec())),
        (0x40, &[192, 0, 2, 7], Value::Address([192, 0, 2, 7])),
        (0x41, &[0xFF, 0xFF, 0xFF, 0xFF], Value::Count(4_294_967_295)),
        (0x43, &[0, 0xFF], Value::Ticks(255)),
        (0x46, &[0, 255, 255, 255, 255, 255, 255, 255, 255], Value::Count(u64::MAX)),
        (0x81, &[], Value::Absent),
        (0x82, &[], Value::End),
    ];
    for (tag, bytes, expected) in cases {
        assert_eq!(ber::value(*tag, bytes).as_ref(), Ok(expected));
    }
    assert_eq!(ber::value(0x40, &[1, 2, 3]), Err(Damage::Length));
    assert_eq!(ber::value(0x02, &[1; 9]), Err(Damage::Number));
    assert_eq!(ber::value(0x06, &[0x2B, 0x80]), Err(Damage::Short));
    assert_eq!(ber::value(0x06, &[0xFF; 30]), Err(Damage::Number));
    assert_eq!(ber::value(0x06, &[0x2B; 400]), Err(Damage::TooMany));
}

#[test]
fn an_answer_keeps_its_error_and_its_pairs() {
    let text = ber::write(ber::OCTETS, b"LaserJet");
    let bytes = answered(7, 5, 2, &[("1.3.6.1", text), ("1.3.6.2", vec![ber::NULL, 0])]);
    let answer = community::read(Version::V2c, &bytes).unwrap();
    assert_eq!((answer.id, answer.status, answer.index, answer.damage), (7, 5, 2, None));
    assert_eq!(answer.pairs[0].1.text().as_deref(), Some("LaserJet"));
    assert!(community::read(Version::V1, &bytes).is_err(), "it is of the other version");
}

#[test]
fn what_came_of_a_cut_answer_counts() {
    let text = |text: &[u8]| ber::write(ber::OCTETS, text);
    let bytes = answered(7, 0, 0, &[("1.3.6.1", text(b"first")), ("1.3.6.2", text(b"second"))]);
    let answer = community::read(Version::V2c, &bytes[..bytes.len() - 3]).unwrap();
    assert_eq!(answer.pairs.len(), 1);
    assert_eq!(answer.damage, Some(Damage::Short));
    for length in 0..bytes.len() {
        // No cut makes it fall over, and none invents a pair.
        let pairs = community::read(Version::V2c, &bytes[..length]).map(|answer| answer.pairs);
        assert!(pairs.is_ok_and(|pairs| pairs.len() <= 1) || length < 30);
    }
}

#[test]
fn lengths_that_lie_are_refused() {
    let lies: &[&[u8]] = &[
        &[0x30, 0x80, 0x02, 1, 1],
        &[0x30, 0x85, 0, 0, 0, 0, 4, 0x02, 1, 1, 0],
        &[0x30, 0x84, 0xFF, 0xFF],
        &[0x30, 0x03, 0x02, 0x84, 0xFF, 0xFF, 0xFF, 0xFF],
        &[],
    ];
    for bytes in lies {
        assert!(community::read(Version::V2c, bytes).is_err(), "{bytes:02x?}");
        assert!(user::read(bytes).is_err(), "{bytes:02x?}");
    }
}

#[test]
fn a_flood_of_pairs_is_cut() {
    let one = ber::write(ber::SEQUENCE, &[ber::write_identifier(&oid("1.3")), vec![5, 0]].concat());
    let numbers = [1, 0, 0].map(ber::write_integer).concat();
    let pdu = ber::write(0xA2, &[numbers, ber::write(ber::SEQUENCE, &one.repeat(6000))].concat());
    let answer = Answer::read(&mut Reader::new(&pdu)).unwrap();
    assert_eq!((answer.pairs.len(), answer.damage), (2048, Some(Damage::TooMany)));
}

#[test]
fn a_message_of_version_3_comes_back_as_it_was_written() {
    let question = Question { kind: Kind::Get, id: 5, oids: vec![oid("1.3.6.1.2.1.1.1.0")] };
    let envelope = user::Envelope {
        id: 9,
        flags: user::SIGNED,
        engine: vec![0x80, 0, 0, 1],
        boots: 3,
        time: 77,
        user: b"sweeper".to_vec(),
        mac: vec![0xAA; 12],
        salt: Vec::new(),
    };
    let bytes = envelope.write(&user::scoped(&envelope.engine, "", &question));
    let received = user::read(&bytes).unwrap();
    assert_eq!(&bytes[received.mac_at..received.mac_at + 12], &[0xAA; 12]);
    assert_eq!(received.envelope.flags & user::SIGNED, user::SIGNED);
    assert_eq!(user::Envelope { flags: user::SIGNED, ..received.envelope.clone() }, envelope);
    assert_eq!(user::read_scoped(received.data), Err(Damage::Tag), "a question is no answer");
    let sealed = user::Envelope { flags: user::SIGNED | user::SEALED, ..envelope };
    assert_eq!(user::read(&sealed.write(b"secret")).unwrap().data, b"secret");
}
