use super::{
    message::{End, Group, MOST_VALUES, Message},
    value::Value,
};

fn value(tag: u8, name: &str, value: &[u8]) -> Vec<u8> {
    let sized = |part: &[u8]| [&(part.len() as u16).to_be_bytes()[..], part].concat();
    [&[tag][..], &sized(name.as_bytes()), &sized(value)].concat()
}

fn message(parts: &[&[u8]]) -> Message {
    Message::parse(&[&[2, 0, 0, 0, 0, 0, 0, 1][..], &parts.concat()].concat())
}

fn names(group: &Group) -> Vec<(&str, usize)> {
    group.attributes.iter().map(|one| (one.name.as_str(), one.values.len())).collect()
}

#[test]
fn groups_of_any_tag_and_values_of_any_kind_are_kept() {
    let message = message(&[
        &[0x09],
        &value(0x44, "a", b"x"),
        &value(0x44, "", b"y"),
        &value(0x7E, "b", &[1, 2]),
        &value(0x21, "short", &[1]),
        &[4],
        &value(0x13, "c", b""),
        &value(0x35, "d", b"\0\x02en\0\x02hi"),
        &value(0x36, "e", b"\0\xFFen"),
        &[3],
    ]);
    assert_eq!((message.end, message.groups.len()), (End::Whole, 2));
    assert_eq!(names(&message.groups[0]), [("a", 2), ("b", 1), ("short", 1)]);
    assert_eq!(message.groups[0].attributes[2].values, [Value::Bytes(vec![1])]);
    let values: Vec<_> = message.groups[1].attributes.iter().map(|one| &one.values[0]).collect();
    assert_eq!(values[0], &Value::Nothing);
    assert_eq!(values[1], &Value::Text("hi".into()));
    assert!(matches!(values[2], Value::Text(_)));
}

#[test]
fn collections_hold_members_and_collections() {
    let message = message(&[
        &[4],
        &value(0x34, "outer", b""),
        &value(0x4A, "", b"size"),
        &value(0x34, "", b""),
        &value(0x4A, "", b"x"),
        &value(0x21, "", &[0, 0, 0, 7]),
        &value(0x21, "", &[0, 0, 0, 8]),
        &value(0x37, "", b""),
        &value(0x37, "", b""),
        &value(0x34, "", b""),
        &value(0x37, "", b""),
        &value(0x22, "after", &[1]),
        &[3],
    ]);
    assert_eq!(names(&message.groups[0]), [("outer", 2), ("after", 1)]);
    let Value::Collection(outer) = &message.groups[0].attributes[0].values[0] else { panic!() };
    let Value::Collection(size) = &outer[0].values[0] else { panic!() };
    assert_eq!(size[0].values, [Value::Integer(7), Value::Integer(8)]);
}

#[test]
fn what_came_before_a_wrong_end_is_kept() {
    let good = [&[4][..], &value(0x42, "printer-name", b"p")].concat();
    for (rest, end) in [
        (&[][..], End::Open),
        (&[3, 0, 0], End::Early),
        (&[0x42, 0, 9, b'x'], End::Cut),
        (&[0x42, 0xFF, 0xFF], End::Cut),
        (&[0x42], End::Cut),
    ] {
        let message = message(&[&good, rest]);
        assert_eq!(message.end, end, "{rest:?}");
        assert_eq!(names(&message.groups[0]), [("printer-name", 1)], "{rest:?}");
        assert!(message.flaw().is_some());
    }
    assert_eq!(Message::parse(b"HTTP").end, End::Short);
}

#[test]
fn nesting_and_number_have_an_end() {
    let deep = value(0x34, "", b"").repeat(1000);
    let message_deep = message(&[&[4], &deep]);
    assert_eq!(message_deep.end, End::Deep);
    let many = value(0x44, "a", b"").repeat(MOST_VALUES + 10);
    let message_many = message(&[&[4], &many]);
    assert_eq!(message_many.end, End::Many);
    assert_eq!(message_many.groups[0].attributes.len(), MOST_VALUES);
}

#[test]
fn a_charset_of_old_is_read() {
    let message = message(&[
        &[1],
        &value(0x47, "attributes-charset", b"ISO-8859-1"),
        &value(0x41, "a", b"B\xFCro"),
    ]);
    assert_eq!(message.groups[0].attributes[1].values, [Value::Text("Büro".into())]);
}
