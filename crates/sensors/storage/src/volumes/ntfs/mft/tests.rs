use super::*;

const RECORD: usize = 1024;

fn boot() -> Boot {
    let (bytes, serial) = (64 << 10, 0);
    Boot { cluster: 1024, count: 64, record: RECORD, table: 0, mirror: 0, bytes, serial }
}

/// A part of the table's own stream: its first cluster's number, and its runs.
fn part(first: u64, pairs: &[u8]) -> Vec<u8> {
    let mut part = vec![0; 64];
    part[0] = DATA as u8;
    part[4..8].copy_from_slice(&((64 + pairs.len()) as u32).to_le_bytes());
    part[8] = 1;
    part[16..24].copy_from_slice(&first.to_le_bytes());
    part[32] = 64;
    part[48..56].copy_from_slice(&(1_u64 << 40).to_le_bytes());
    part.extend(pairs);
    part
}

/// A list that names these records.
fn list(records: &[u64]) -> Vec<u8> {
    let mut value = Vec::new();
    for number in records {
        let entry = value.len();
        value.resize(entry + 26, 0);
        value[entry] = DATA as u8;
        value[entry + 4] = 26;
        value[entry + 16..entry + 24].copy_from_slice(&number.to_le_bytes());
    }
    let mut list = vec![0; 24];
    list[0] = LIST as u8;
    list[4..8].copy_from_slice(&((24 + value.len()) as u32).to_le_bytes());
    list[16..20].copy_from_slice(&(value.len() as u32).to_le_bytes());
    list[20] = 24;
    list.extend(value);
    list
}

fn record(attributes: &[Vec<u8>]) -> Vec<u8> {
    sized(RECORD, attributes)
}

fn sized(size: usize, attributes: &[Vec<u8>]) -> Vec<u8> {
    let mut record = b"FILE".to_vec();
    record.resize(160, 0);
    (record[4], record[6], record[20]) = (48, (size / 512 + 1) as u8, 160);
    record.extend(attributes.concat());
    // What lies in the last two bytes of a sector is kept in front.
    for index in 1..=size / 512 {
        let (at, kept) = (index * 512 - 2, 48 + index * 2);
        if let Some(last) = record.get(at..at + 2).map(<[u8]>::to_vec) {
            record[kept..kept + 2].copy_from_slice(&last);
            record[at..at + 2].fill(0);
        }
    }
    let used = record.len() as u32;
    record[24..28].copy_from_slice(&used.to_le_bytes());
    record.resize(size, 0);
    record
}

/// A stream with this name and nothing in it.
fn stream(name: char) -> Vec<u8> {
    let mut stream = vec![0; 32];
    (stream[0], stream[4], stream[9], stream[10], stream[20]) = (DATA as u8, 32, 1, 24, 26);
    stream[24..26].copy_from_slice(&(name as u16).to_le_bytes());
    stream
}

#[test]
fn more_streams_than_are_kept_are_known() {
    let volume = vec![0; 64 << 10];
    let table = Pieces::part(&volume, 0, 64 << 10);
    let boot = boot();
    for (count, cut) in [(256, false), (257, true)] {
        let streams: Vec<Vec<u8>> = ('一'..).take(count).map(stream).collect();
        let record = Record::parse(&sized(16 << 10, &streams)).unwrap();
        let mut table = Mft::new(&table, &boot, 64 << 10);
        let file = file::File::read(&record, 16, &volume, &mut table);
        assert_eq!((file.streams.len(), file.cut), (256, cut));
    }
}

#[test]
fn a_table_in_parts_is_put_together() {
    let first = record(&[list(&[1, 1, 1]), part(0, &[0x11, 4, 0, 0])]);
    let second = record(&[part(4, &[0x11, 2, 8, 0]), part(6, &[0x11, 1, 20, 0])]);
    let mut volume = [first, second].concat();
    volume.resize(64 << 10, 0);
    let runs = runs(&volume, &boot()).unwrap();
    let places = [(0, 4), (8, 2), (20, 1)].map(|(first, count)| Run::new(first << 10, count << 10));
    assert_eq!(runs, places);
}

#[test]
fn more_clusters_than_can_be_counted_end_it() {
    let boot = boot();
    let mut own = Own { boot: &boot, told: 0, runs: Runs::default() };
    let near = Extent { first: Some(1), count: 3 };
    let endless = Extent { first: None, count: u64::MAX - 5 };
    assert_eq!(own.add(&[near]), Some(()));
    assert_eq!((own.add(&[near, endless]), own.told), (None, 3));
}

#[test]
fn what_a_list_names_again_adds_nothing() {
    let first = record(&[list(&[1, 2, 1, 2, 1, 2]), part(0, &[0x11, 4, 0, 0])]);
    let others = [(4, 8), (5, 20)].map(|(at, place)| record(&[part(at, &[0x11, 1, place, 0])]));
    let mut volume = [first, others.concat()].concat();
    volume.resize(64 << 10, 0);
    let places = [(0, 4), (8, 1), (20, 1)].map(|(first, count)| Run::new(first << 10, count << 10));
    assert_eq!(runs(&volume, &boot()).unwrap(), places);
}

#[test]
fn more_records_than_are_kept_are_known() {
    let boot = Boot { count: 256, ..boot() };
    for (count, cut) in [(4096, false), (4097, true)] {
        let numbers: Vec<u64> = (100..100 + count).collect();
        let value = list(&numbers).split_off(24);
        let mut volume = vec![0; 256 << 10];
        volume[10 << 10..][..value.len()].copy_from_slice(&value);
        let mut outside = part(0, &[0x11, 105, 10, 0]);
        outside[0] = LIST as u8;
        outside[48..56].copy_from_slice(&(value.len() as u64).to_le_bytes());
        let record = Record::parse(&record(&[outside])).unwrap();
        let table = Pieces::part(&volume, 0, 4 << 10);
        let mut table = Mft::new(&table, &boot, 4 << 10);
        assert_eq!(file::File::read(&record, 16, &volume, &mut table).cut, cut);
    }
}
