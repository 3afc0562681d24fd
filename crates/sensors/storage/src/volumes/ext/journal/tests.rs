use super::*;

const BLOCK: usize = 1024;

fn block(words: &[u32]) -> Vec<u8> {
    let mut block: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
    block.resize(BLOCK, 0);
    block
}

/// A journal that begins with transaction 1 in its block 1.
fn superblock(blocks: u32) -> Vec<u8> {
    block(&[MAGIC, 4, 0, BLOCK as u32, blocks, 1, 1, 1])
}

#[test]
fn what_was_revoked_is_not_laid_over_however_often_it_was() {
    // One copy of block 7, one of block 8.
    let copies = block(&[MAGIC, 1, 1, 7, 0, 0, 0, 0, 0, 8, 2 | 8]);
    let data = vec![1; BLOCK];
    let end = |transaction| block(&[MAGIC, 2, transaction]);
    let revoked = block(&[MAGIC, 5, 2, 24, 7, 9]);
    let blocks = [copies, data.clone(), data, end(1), revoked, end(2)].concat();
    let times = 1000;
    let medium = [superblock(times + 6), blocks].concat();
    let size = BLOCK as u64;
    let mut runs = vec![Run::new(0, 5 * size)];
    runs.extend((0..times).map(|_| Run::new(5 * size, size)));
    runs.push(Run::new(6 * size, size));
    let journal = Journal::read(&medium, &runs, size).unwrap();
    let laid: Vec<u64> = journal.overlay.keys().copied().collect();
    assert_eq!(laid, [8]);
}

#[test]
fn a_file_is_led_to_the_journal_in_so_many_pieces_and_no_more() {
    let raw = superblock(8);
    let form = Form::parse(&raw, 8).unwrap();
    let copy = |block| OldBlock { block, sequence: 1, place: 0, escaped: false, checksum: None };
    let overlay = (0..MOST_RUNS as u64).map(|at| (at * 2, copy(at * 2))).collect();
    let journal = Journal { copies: Vec::new(), overlay, block: BLOCK, form };
    let size = BLOCK as u64;
    let hole = Run::new(Run::HOLE, 5 * size);
    let led = journal.overlay(&[hole, Run::new(size, 2 * size + 9)], size);
    let pieces = [Run::new(size, size), Run::new(0, size), Run::new(3 * size, 9)];
    assert_eq!((led[0], &led[1..]), (hole, &pieces[..]));
    let led = journal.overlay(&[Run::new(0, size << 32)], size);
    assert_eq!(led.len(), MOST_RUNS);
    assert_eq!((led[0], led[1]), (Run::new(0, size), Run::new(size, size)));
}
