use super::{
    bzip2::BZIP2, cabinet::CABINET, cpio::CPIO, gzip::GZIP, rar::RAR, seven_zip::SEVEN_ZIP,
    tar::TAR, xz::XZ, zstd::ZSTD,
};
use crate::formats::{
    Details, End, Format, Proof,
    document::specimens::{chance, heard, holds, python, walk},
};

/// What another file begins with.
const OTHER: &[u8] = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n";

#[test]
fn packed_files_end_exactly() {
    let scripts: [(&Format, &str); 5] = [
        (&GZIP, "import gzip\nout.write(gzip.compress(random.randbytes(9000)+b'secret'))"),
        (&BZIP2, "import bz2\nout.write(bz2.compress(random.randbytes(300000),1))"),
        (&XZ, "import lzma\nout.write(lzma.compress(random.randbytes(300000)))"),
        (
            &XZ,
            "import lzma\nout.write(lzma.compress(b''.join(b'%d ' % random.randrange(9999) for _ in range(200000))))",
        ),
        (
            &TAR,
            "import tarfile\nt=tarfile.open(fileobj=out,mode='w')\nfor n in 'abc':\n i=tarfile.TarInfo(n)\n i.size=3000\n t.addfile(i,io.BytesIO(random.randbytes(3000)))\nt.close()",
        ),
    ];
    for (format, script) in scripts {
        let Some(file) = python(script) else { return };
        holds(format, &file);
    }
}

#[test]
fn members_of_gzip_are_one_file() {
    let two =
        "import gzip\nout.write(gzip.compress(b'one'*900)+gzip.compress(random.randbytes(2000)))";
    let Some(file) = python(two) else { return };
    assert_eq!(walk(&GZIP, &file).unwrap().length, file.len() as u64);
    assert!(heard(&GZIP, &file).contains("oneone"));
    let named = "import gzip\nwith gzip.GzipFile('dir/a b.txt','w',fileobj=out,mtime=1700000000) as f: f.write(b'x'*99)";
    let Some(file) = python(named) else { return };
    let details = walk(&GZIP, &file).unwrap().details;
    let expected = Details {
        name: Some("a b.txt".into()),
        modified: Some(1_700_000_000),
        ..Details::default()
    };
    assert_eq!(details, expected);
}

#[test]
fn zstandard_is_decoded() {
    let plain: Vec<u8> =
        (0..90_000_u32).flat_map(|at| (at.wrapping_mul(at) >> 5).to_le_bytes()).collect();
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    std::io::Write::write_all(&mut encoder, &plain).unwrap();
    let mut file = encoder.finish().unwrap();
    assert_eq!(holds(&ZSTD, &file).proof, Proof::Checksum);
    let half = file.len() / 2;
    file[half..half + 512].copy_from_slice(&chance(512));
    assert!(walk(&ZSTD, &file).is_none_or(|walked| walked.end == End::Broken));
}

#[test]
fn a_7z_ends_with_its_header() {
    let (stream, header) = (chance(20_000), [&[1, 4][..], &chance(80)].concat());
    let mut start = Vec::new();
    start.extend((stream.len() as u64).to_le_bytes());
    start.extend((header.len() as u64).to_le_bytes());
    start.extend(crc32fast::hash(&header).to_le_bytes());
    let sum = crc32fast::hash(&start).to_le_bytes();
    let file = [b"7z\xbc\xaf\x27\x1c\0\x04", &sum[..], &start, &stream, &header].concat();
    let walked = walk(&SEVEN_ZIP, &[&file[..], &chance(900)].concat()).unwrap();
    assert_eq!(
        (walked.length, walked.end, walked.proof),
        (file.len() as u64, End::Whole, Proof::Checksum)
    );
    // What begins like one and goes on by chance is a bait.
    assert_eq!(walk(&SEVEN_ZIP, &[&file[..64], &chance(90_000)].concat()), None);
}

fn rar_block(body: &[u8]) -> Vec<u8> {
    let head = [&[body.len() as u8][..], body].concat();
    [&crc32fast::hash(&head).to_le_bytes()[..], &head].concat()
}

#[test]
fn rar_goes_from_block_to_block() {
    let main = rar_block(&[1, 0, 0]);
    let member =
        [&rar_block(&[2, 2, 0xA0, 0x1F, 0, 0xA0, 0x1F, 0, 0, 1, b'a'])[..], &chance(4000)].concat();
    let file =
        [b"Rar!\x1a\x07\x01\0", &main[..], &member, &member, &rar_block(&[5, 0, 0])].concat();
    holds(&RAR, &file);
    let broken = walk(&RAR, &[&file[..6000], &[0; 9000]].concat()).unwrap();
    assert!(broken.end == End::Broken && broken.length <= 6144, "{broken:?}");
}

/// A cabinet of one block of data that so many folders share, with space in its header.
fn cabinet(folders: u16, space: &[u8]) -> Vec<u8> {
    let data = chance(2000);
    let sum =
        data.chunks(4).fold(0, |sum, word| sum ^ u32::from_le_bytes(word.try_into().unwrap()));
    let sum = sum ^ (2000 | 2000 << 16);
    let mut file = b"MSCF\0\0\0\0".to_vec();
    let spaced = if space.is_empty() { 0 } else { 4 + space.len() as u32 };
    let files = 36 + spaced + 8 * u32::from(folders);
    let end = files + 18 + 8 + 2000_u32;
    [end, 0, files, 0].iter().for_each(|field| file.extend(field.to_le_bytes()));
    file.extend([3, 1]);
    [folders, 1, if spaced > 0 { 4 } else { 0 }, 0, 0]
        .iter()
        .for_each(|field| file.extend(field.to_le_bytes()));
    if spaced > 0 {
        file.extend([space.len() as u8, 0, 0, 0]);
        file.extend(space);
    }
    for _ in 0..folders {
        file.extend((files + 18).to_le_bytes());
        file.extend([1, 0, 0, 0]);
    }
    file.extend([0; 16]);
    file.extend(b"a\0");
    file.extend(sum.to_le_bytes());
    file.extend([0xD0, 7, 0xD0, 7]);
    file.extend(&data);
    file
}

#[test]
fn the_signature_behind_a_cabinet_belongs_to_it_and_blocks_to_one_folder() {
    let mut space = [0; 20];
    space[2] = 0x10;
    let end = cabinet(1, &space).len() as u32;
    space[4..8].copy_from_slice(&end.to_le_bytes());
    space[8..12].copy_from_slice(&304_u32.to_le_bytes());
    let signature = [&[0x30, 0x82, 1, 40][..], &chance(296), &[0; 4]].concat();
    let signed = [cabinet(1, &space), signature].concat();
    let walked = walk(&CABINET, &[&signed[..], &chance(600)].concat()).unwrap();
    assert_eq!((walked.length, walked.end), (signed.len() as u64, End::Whole));
    assert_eq!(walk(&CABINET, &cabinet(1, &space)).unwrap().length, u64::from(end));
    assert_eq!(walk(&CABINET, &cabinet(40, &[])), None);
}

#[test]
fn cpio_and_cabinets() {
    let member = |name: &str, bytes: &[u8]| {
        let mut out = b"070701".to_vec();
        let fields = [1, 0o100_644, 0, 0, 1, 0, bytes.len(), 0, 0, 0, 0, name.len() + 1, 0];
        fields.iter().for_each(|field| out.extend(format!("{field:08x}").bytes()));
        out.extend(name.bytes().chain([0]));
        out.resize(out.len().next_multiple_of(4), 0);
        out.extend(bytes);
        out.resize(out.len().next_multiple_of(4), 0);
        out
    };
    let mut file =
        [member("a", &chance(3000)), member("b", &chance(700)), member("TRAILER!!!", &[])].concat();
    file.resize(file.len().next_multiple_of(512), 0);
    holds(&CPIO, &file);

    let mut file = cabinet(1, &[]);
    assert_eq!(
        walk(&CABINET, &[&file[..], &chance(99)].concat()).unwrap().length,
        file.len() as u64
    );
    file[1000] ^= 1;
    assert_eq!(walk(&CABINET, &file), None);
}

#[test]
fn blocks_of_another_stream_make_no_beginning_a_file() {
    let program = "import bz2\nout.write(bz2.compress(random.randbytes(30000),1))";
    let Some(file) = python(program) else { return };
    let bait = [&file[..40], &chance(20_000), &file].concat();
    assert_eq!(walk(&BZIP2, &bait), None);
}

#[test]
fn a_last_member_that_ends_in_zeros_is_whole() {
    let program = "import tarfile\nt=tarfile.open(fileobj=out,mode='w')\ni=tarfile.TarInfo('a.tar')\ni.size=6144\nt.addfile(i,io.BytesIO(random.randbytes(4096)+bytes(2048)))\nt.close()";
    let Some(file) = python(program) else { return };
    let length = file.len() as u64;
    for behind in [vec![], vec![0xFF; 9000], chance(9000)] {
        let walked = walk(&TAR, &[&file[..], &behind].concat()).unwrap();
        assert_eq!((walked.length, walked.end), (length, End::Whole), "{}", behind.len());
    }
    // More zeros may be those of a medium on which its end is missing.
    let walked = walk(&TAR, &[&file[..], &[0; 9000]].concat()).unwrap();
    assert_eq!((walked.length, walked.end), (length, End::Damaged { at: 512 + 4096 }));
}

#[test]
fn a_torn_archive_takes_no_other_files() {
    let program = "import tarfile\nt=tarfile.open(fileobj=out,mode='w')\ni=tarfile.TarInfo('a.bin')\ni.size=50<<10\nt.addfile(i,io.BytesIO(random.randbytes(50<<10)))\nt.close()";
    let Some(mut file) = python(program) else { return };
    file.resize(90_000, 0);
    let torn = 512 + 10_240;
    file[torn..].fill(0);
    let cut = walk(&TAR, &file).unwrap();
    assert_eq!((cut.length, cut.end), (61_440, End::Damaged { at: torn as u64 }));
    for other in [torn, torn + 4096] {
        let mut file = file.clone();
        file[other..other + 20_480].copy_from_slice(&chance(20_480));
        file[other..other + OTHER.len()].copy_from_slice(OTHER);
        let walked = walk(&TAR, &file).unwrap();
        assert_eq!((walked.length, walked.end), (torn as u64, End::Broken));
    }
}

#[test]
fn what_is_no_map_of_a_sparse_file_is_not_passed() {
    let program = "import tarfile\ni=tarfile.TarInfo('s')\nh=bytearray(i.tobuf(tarfile.GNU_FORMAT))\nh[156]=83\nh[482]=1\nh[148:156]=b' '*8\nh[148:156]=b'%06o\\0 '%sum(h)\nout.write(h)";
    let Some(header) = python(program) else { return };
    let text = b"these are words of somebody else ".repeat(3000);
    let walked = walk(&TAR, &[&header[..], &text, &[0; 20_480]].concat());
    assert!(walked.as_ref().is_none_or(|walked| walked.length <= 1024), "{walked:?}");
}

#[test]
fn maps_of_sparse_files_are_passed() {
    let program = "import tarfile\ni=tarfile.TarInfo('s')\ni.size=1024\nh=bytearray(i.tobuf(tarfile.GNU_FORMAT))\nh[156]=83\nh[482]=1\nh[148:156]=b' '*8\nh[148:156]=b'%06o\\0 '%sum(h)\nout.write(h)\nout.write(b'1'*504+b'\\1'+bytes(7))\nout.write(b'2'*504+bytes(8))\nout.write(random.randbytes(1024))\nout.write(bytes(10240-512*5))";
    let Some(file) = python(program) else { return };
    let walked = walk(&TAR, &[&file[..], &chance(9000)].concat()).unwrap();
    assert_eq!((walked.length, walked.end), (file.len() as u64, End::Whole));
}

fn frame(plain: &[u8], summed: bool, told: bool, window: u32) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(summed).unwrap();
    encoder.include_contentsize(told).unwrap();
    if told {
        encoder.window_log(window).unwrap();
        encoder.set_pledged_src_size(Some(plain.len() as u64)).unwrap();
    }
    std::io::Write::write_all(&mut encoder, plain).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn frames_of_zstandard_that_are_skipped_belong_to_it() {
    let one = frame(&chance(20_000), true, true, 20);
    let skipped = |kind: u8, bytes: &[u8]| {
        [&[kind, 0x2A, 0x4D, 0x18][..], &(bytes.len() as u32).to_le_bytes(), bytes].concat()
    };
    let own = [&one[..], &skipped(0x50, &[1; 4]), &one, &skipped(0x5E, &chance(900))].concat();
    for behind in [vec![], vec![0; 9000], chance(9000)] {
        let walked = walk(&ZSTD, &[&own[..], &behind].concat()).unwrap();
        assert_eq!((walked.length, walked.end), (own.len() as u64, End::Whole));
    }
    // Nothing that another file begins in, and nothing beyond what is there.
    let mut hiding = skipped(0x50, &chance(9000));
    let sector = 512 - one.len() % 512;
    hiding[sector..sector + OTHER.len()].copy_from_slice(OTHER);
    for behind in
        [hiding, skipped(0x50, &vec![7; 17 << 20]), skipped(0x50, &[7; 900])[..800].to_vec()]
    {
        let walked = walk(&ZSTD, &[&one[..], &behind].concat()).unwrap();
        assert_eq!((walked.length, walked.end), (one.len() as u64, End::Whole));
    }
}

#[test]
fn zstandard_of_one_block_and_of_one_piece() {
    let plain = b"words that a pipe made short ".repeat(300);
    assert_eq!(holds(&ZSTD, &frame(&plain, true, false, 0)).proof, Proof::Checksum);
    let short = frame(&plain, false, false, 0);
    assert_eq!(walk(&ZSTD, &short), None);
    let first = frame(&plain, true, true, 20);
    let both = walk(&ZSTD, &[&first[..], &short, &chance(9000)].concat()).unwrap();
    assert_eq!((both.length, both.end), ((first.len() + short.len()) as u64, End::Whole));
    let long: Vec<u8> = (0..3_u32 << 20).flat_map(|at| (at / 9).to_le_bytes()).collect();
    let file = frame(&long, true, true, 25);
    assert!(file[4] & 0x20 != 0, "it has a window");
    let walked = walk(&ZSTD, &[&file[..], &chance(9000)].concat()).unwrap();
    assert_eq!(
        (walked.length, walked.end, walked.proof),
        (file.len() as u64, End::Whole, Proof::Structure)
    );
}
