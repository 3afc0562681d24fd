use super::*;

fn raw(name: &[u8; 11], attributes: u8) -> [u8; SIZE] {
    let mut raw = [0; SIZE];
    raw[..11].copy_from_slice(name);
    raw[11] = attributes;
    raw
}

fn names(entries: &[[u8; SIZE]]) -> Vec<String> {
    let mut reader = Entries::default();
    let seen = entries.iter().map(|raw| reader.next(*raw, false));
    let names = seen.filter_map(|seen| match seen {
        Seen::Entry(entry) => Some(entry.name),
        _ => None,
    });
    names.collect()
}

#[test]
fn what_stands_is_taken_as_it_is_and_what_is_deleted_only_if_it_can_be() {
    let odd = raw(b"A+B\"C   TXT", 0xE0);
    let gone = raw(b"\xE5+B\"C   TXT", 0x20);
    let end = [0; SIZE];
    assert_eq!(names(&[odd, gone, end, odd]), ["A+B\"C.TXT"]);
    assert!(names(&[[0xF6; SIZE]]).is_empty());
    assert_eq!(names(&[end, raw(b"KEPT    TXT", 0x20)]), ["KEPT.TXT"]);
}

#[test]
fn what_may_be_no_folder_has_no_odd_entries() {
    let mut reader = Entries::doubtful();
    assert_eq!(reader.next(raw(b"A+B\"C   TXT", 0x20), false), Seen::Other);
    assert!(matches!(reader.next(raw(b"KEPT    TXT", 0x20), false), Seen::Entry(_)));
}

#[test]
fn only_the_two_folders_of_dots_are_left_out() {
    let folders = [b".          ", b"..         ", b".CONFIG    ", b"...        "];
    assert_eq!(names(&folders.map(|name| raw(name, FOLDER))), [".CONFIG", "..."]);
}
