use std::{fs, io::Write, path::Path};

use leaksweep_facts::Reason;

use super::*;
use crate::{fixture, fixture::write};

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/seeds/boot_initramfs");

/// A member of an archive.
fn member(name: &str, content: &[u8], links: u32) -> Vec<u8> {
    sized(name, content, links, content.len())
}

fn sized(name: &str, content: &[u8], links: u32, size: usize) -> Vec<u8> {
    let fields = [
        7,
        0o100_755,
        0,
        0,
        links,
        1_700_000_000,
        size as u32,
        0,
        1,
        0,
        0,
        name.len() as u32 + 1,
        0,
    ];
    let mut bytes = b"070701".to_vec();
    fields.iter().for_each(|field| bytes.extend(format!("{field:08X}").bytes()));
    bytes.extend(name.bytes());
    bytes.push(0);
    bytes.resize((110 + name.len() + 1).next_multiple_of(4), 0);
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes: Vec<u8> =
        members.iter().flat_map(|(name, content)| member(name, content, 1)).collect();
    bytes.extend(member("TRAILER!!!", b"", 1));
    bytes
}

/// What is learnt of an image on a disk.
fn looked(disk: &Path, image: &[u8]) -> Image {
    looked_within(disk, image, 8 << 20)
}

fn looked_within(disk: &Path, image: &[u8], unpacked: u64) -> Image {
    let machine = fixture::mounted(disk);
    write(&disk.join("boot/initrd.img-1"), image);
    let path = Path::new("/boot/initrd.img-1");
    let stat = machine.root.stat(path).unwrap();
    let found = Found { root: &machine.root, path, stat, newest: true };
    read(found, &Sources::look(&machine.root), &Budget::new(unpacked))
}

fn rows(image: &Image) -> Vec<String> {
    let shown = |row: &BootFile| {
        let with = row.compared_with.as_deref().unwrap_or("-");
        format!("{} {} {with}", row.inner.as_deref().unwrap_or("-"), row.origin.as_deref().unwrap())
    };
    image.rows.iter().map(shown).collect()
}

#[test]
fn members_are_compared_with_what_they_are_copies_of() {
    let disk = tempfile::tempdir().unwrap();
    let at = |path: &str| disk.path().join(path);
    write(&at("usr/bin/tool"), b"tool");
    write(&at("usr/bin/changed"), b"good");
    write(&at("usr/share/initramfs-tools/init"), b"#!/bin/sh\n");
    write(&at("usr/share/initramfs-tools/hooks/x"), b"cp -p /usr/lib/x/from \"$DESTDIR/to\"");
    write(&at("usr/lib/x/from"), b"renamed");
    write(&at("usr/lib/dracut/modules.d/99base/hook.sh"), b"dracut");
    write(&at("scripts/evil"), b"evil");
    let module = zstd::encode_all(&b"a module"[..], 1).unwrap();
    write(&at("usr/lib/modules/1/m.ko.zst"), &module);
    let image = looked(
        disk.path(),
        &archive(&[
            ("./init", b"#!/bin/sh\n"),
            ("bin/tool", b"tool"),
            ("usr/sbin/tool", b"tool"),
            ("lib/modules/1/m.ko", b"a module"),
            ("to", b"renamed"),
            ("lib/dracut/hooks/cmdline/05-hook.sh", b"dracut"),
            ("usr/bin/changed", b"evil"),
            ("scripts/evil", b"evil"),
            ("../../etc/../new", b"#!/bin/sh\necho\n"),
            ("lib/modules/1/modules.dep", b"x"),
            ("conf/arch.conf", b"DPKG_ARCH=amd64\n"),
            ("conf/conf.d/x", b"A=$(run)\n"),
            (
                "scripts/local-top/ORDER",
                b"/scripts/local-top/a \"$@\"\n[ -e /conf/param.conf ] && . /conf/param.conf\n",
            ),
            ("scripts/nfs-top/ORDER", b"/bin/evil\n"),
        ]),
    );
    let expected = [
        "usr/bin/changed differs /usr/bin/changed",
        "scripts/evil foreign -",
        "new foreign -",
        "conf/conf.d/x foreign -",
        "scripts/nfs-top/ORDER foreign -",
    ];
    assert_eq!(rows(&image), expected);
    assert_eq!((image.members, image.same, image.failure), (14, 6, None));
    let expected = hex(&Sha256::digest(b"evil"));
    assert_eq!(image.rows[0].sha256, Some(expected));
    assert_eq!(image.rows[0].modified, Some(Time(1_700_000_000)));
}

#[test]
fn every_packing_is_read_one_behind_the_other() {
    let disk = tempfile::tempdir().unwrap();
    let one = |name: &str| archive(&[(name, b"x")]);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&one("gzip")).unwrap();
    let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
    lz4.write_all(&one("lz4")).unwrap();
    let layers = [
        one("plain"),
        vec![0; 512],
        gzip.finish().unwrap(),
        vec![0; 3],
        zstd::encode_all(&one("zstd")[..], 3).unwrap(),
        lz4.finish().unwrap(),
    ];
    let image = looked(disk.path(), &layers.concat());
    let names: Vec<_> = image.rows.iter().filter_map(|row| row.inner.clone()).collect();
    assert_eq!(names, ["plain", "gzip", "zstd", "lz4"]);
    assert_eq!(image.failure, None);
    for seed in ["plain", "gzip", "zstd", "xz", "lzma"] {
        let image = looked(disk.path(), &fs::read(Path::new(SEEDS).join(seed)).unwrap());
        assert_eq!(
            (rows(&image), image.failure),
            (vec!["init foreign -".into(), "b foreign -".into()], None),
            "{seed}"
        );
    }
}

#[test]
fn members_that_are_one_file_are_known_by_any_of_their_names() {
    let disk = tempfile::tempdir().unwrap();
    write(&disk.path().join("usr/bin/busybox"), b"many programs");
    let image = [
        member("usr/bin/busybox", b"", 3),
        member("usr/bin/[", b"", 3),
        member("usr/bin/ash", b"many programs", 3),
        archive(&[]),
    ];
    let image = looked(disk.path(), &image.concat());
    assert_eq!((rows(&image), image.members, image.same), (vec![], 3, 3));
}

#[test]
fn a_large_member_is_compared_as_a_stream() {
    let disk = tempfile::tempdir().unwrap();
    let mut content = vec![7; 3 << 20];
    write(&disk.path().join("usr/lib/large"), &content);
    let image = looked(disk.path(), &archive(&[("usr/lib/large", &content)]));
    assert_eq!((image.same, image.rows.len()), (1, 0));
    *content.last_mut().unwrap() = 8;
    let image = looked(disk.path(), &archive(&[("usr/lib/large", &content)]));
    assert_eq!(rows(&image), ["usr/lib/large differs /usr/lib/large"]);
    let expected = hex(&Sha256::digest(&content));
    assert_eq!(image.rows[0].sha256.as_deref(), Some(expected.as_str()));
}

#[test]
fn what_was_changed_on_disk_later_is_older_in_the_archive() {
    let disk = tempfile::tempdir().unwrap();
    let machine = fixture::mounted(disk.path());
    let image =
        archive(&[("usr/bin/a", b"old"), ("usr/lib/libz.so.1", b"old"), ("usr/bin/b", b"new")]);
    write(&disk.path().join("boot/initrd.img-1"), &image);
    let path = Path::new("/boot/initrd.img-1");
    let mut stat = machine.root.stat(path).unwrap();
    write(&disk.path().join("usr/bin/a"), b"newer");
    write(&disk.path().join("usr/lib/x"), b"");
    stat.st_ctime -= 100;
    let found = Found { root: &machine.root, path, stat, newest: true };
    let image = read(found, &Sources::default(), &Budget::new(1 << 20));
    let expected =
        ["usr/bin/a older /usr/bin/a", "usr/lib/libz.so.1 older -", "usr/bin/b foreign -"];
    assert_eq!(rows(&image), expected);
}

#[test]
fn a_bomb_ends_where_the_budget_ends() {
    let disk = tempfile::tempdir().unwrap();
    let zeros = vec![0; 64 << 20];
    let bomb = [sized("bomb", &[], 1, zeros.len()), zeros].concat();
    let bomb = zstd::encode_all(&bomb[..], 1).unwrap();
    assert!(bomb.len() < 1 << 20);
    let image = looked_within(disk.path(), &bomb, 1 << 20);
    assert_eq!(image.failure.map(|failure| failure.reason), Some(Reason::TooLarge));
    let huge = [sized("huge", &[], 1, u32::MAX as usize), vec![1; 100]].concat();
    let image = looked(disk.path(), &huge);
    assert_eq!(rows(&image), ["huge unread -"]);
    assert_eq!(image.failure.map(|failure| failure.reason), Some(Reason::Malformed));
}

#[test]
fn an_image_that_makes_no_sense_is_a_failure_and_its_digest_is_known() {
    let disk = tempfile::tempdir().unwrap();
    let whole = archive(&[("init", b"x"), ("b", b"y")]);
    let cases: [(Vec<u8>, Reason); 7] = [
        (b"hello".to_vec(), Reason::Malformed),
        (whole[..150].to_vec(), Reason::Malformed),
        (whole[..50].to_vec(), Reason::Malformed),
        (b"BZh91AY".to_vec(), Reason::Unsupported),
        (b"070701ZZZZZZZZ".repeat(20), Reason::Malformed),
        (sized(&"n".repeat(9_000), b"", 1, 0), Reason::Malformed),
        (zstd::encode_all(&b"not an archive"[..], 1).unwrap(), Reason::Malformed),
    ];
    for (bytes, reason) in cases {
        let image = looked(disk.path(), &bytes);
        assert_eq!(image.failure.map(|failure| failure.reason), Some(reason));
        assert_eq!(image.sha256, Some(hex(&Sha256::digest(&bytes))));
    }
    assert_eq!(looked(disk.path(), b"").failure, None);
}

#[test]
fn every_part_of_a_seed_may_be_cut_off_or_changed() {
    for seed in ["plain", "gzip", "zstd", "xz", "lzma"] {
        let bytes = fs::read(Path::new(SEEDS).join(seed)).unwrap();
        for at in 0..bytes.len() {
            parse(&bytes[..at]);
            let mut changed = bytes.clone();
            changed[at] ^= 0xff;
            parse(&changed);
        }
    }
}

#[test]
fn a_makers_own_text_is_told_from_what_runs_more() {
    let cases: [(&str, &[u8], bool); 17] = [
        ("conf/conf.d/resume", b"RESUME=UUID=a-b\n", true),
        ("conf/conf.d/resume", b"RESUME=`id`\n", false),
        ("conf/conf.d/x", b"init=/evil\n", false),
        ("conf/conf.d/x", b"A=b; run\n", false),
        ("conf/conf.d/x", b"A=\"b c\"\nexport B='c'\n# d\n", true),
        ("conf/conf.d/x", b"A=\"b$(run)\"\n", false),
        ("conf/modules", b"ext4\n# x\n", true),
        ("conf/modules", b"ext4; run\n", false),
        ("etc/passwd", b"root:*:0:0::/root-x:/bin/sh\n", true),
        ("etc/passwd", b"root:*:0:0::/:/bin/sh\ntoor::0:0::/:/bin/sh\n", false),
        ("etc/mdadm/mdadm.conf", b"HOMEHOST <system>\n", true),
        ("etc/mdadm/mdadm.conf", b"PROGRAM /evil\n", false),
        ("usr/bin/setupcon", b"#!/bin/sh\nkbd_mode '-a'\nexit 0\n", true),
        ("usr/bin/setupcon", b"#!/bin/sh\nkbd_mode '-a'; run\n", false),
        ("etc/cmdline.d/a.conf", b"root=UUID=x init=/evil\n", false),
        ("kernel/x86/microcode/GenuineIntel.bin", b"#!/bin/sh\n", false),
        ("etc/ld.so.cache", b"glibc-ld.so.cache1.1", true),
    ];
    for (path, content, expected) in cases {
        let told = made::is_made(Path::new(path), content);
        assert_eq!(told, expected, "{path} {}", name::text(content));
    }
}
