//! What the fuzzer starts from, and what it once found, on the stable toolchain: whole and cut off.

use std::{fs, path::Path};

use leaksweep_storage::parsers;

macro_rules! parsers {
    ($($name:ident)*) => {
        const PARSERS: &[(&str, fn(&[u8]))] = &[$((stringify!($name), parsers::$name)),*];
    };
}

parsers! {
    bmp bzip2 contacts cpio_cabinet ejl elf emf emf_spool eps escp escpos evtx exfat ext
    ext_journal fat gif gzip heif hpgl ipp_control iso9660 jbig2 jffs2 jpeg jpeg2000
    known_block lnk lzo mail marks_text markup mbox media_ewf media_flash media_qcow2 ntfs
    oakt ole2 papers partitions pcl pcl_xl pcx pdf pdf_text pem pjl png postscript rar
    raster regf rtf seven_zip shd slx sqlite squashfs sweep_journal tar text_runs tiff ubifs
    ubi urf webp xfs xz zip_family zjstream zpl zstd
}

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_seed_is_read_without_a_panic() {
    for (name, parser) in PARSERS {
        let folder = top().join("../../../fuzz/seeds").join(name);
        let seeds: Vec<_> = fs::read_dir(&folder).unwrap().map(|seed| seed.unwrap()).collect();
        assert!(!seeds.is_empty(), "{}", folder.display());
        for seed in seeds {
            let bytes = fs::read(seed.path()).unwrap();
            parser(&bytes);
            for tenth in 0..10 {
                parser(&bytes[..bytes.len() * tenth / 10]);
            }
        }
    }
}

#[test]
fn every_target_is_listed() {
    let targets = fs::read_dir(top().join("../../../fuzz/src/bin")).unwrap();
    let sources = targets.map(|target| fs::read_to_string(target.unwrap().path()).unwrap());
    let mut targets: Vec<String> = sources
        .filter_map(|source| {
            let (_, rest) = source.split_once("leaksweep_storage::parsers::")?;
            Some(rest.split(')').next()?.to_owned())
        })
        .collect();
    targets.sort_unstable();
    let mut listed: Vec<&str> = PARSERS.iter().map(|(name, _)| *name).collect();
    listed.sort_unstable();
    assert_eq!(listed, targets);
}
