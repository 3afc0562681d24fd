use crate::hardware::{ata, mmc::ext_csd::ExtendedCsd, nvme, scsi::answers, sense};

pub fn nvme_identify(bytes: &[u8]) {
    if let Some(controller) = nvme::identify::Controller::parse(bytes) {
        assert!(!controller.keeps_mapped() || controller.sanitize >> 29 & 1 == 0);
    }
    if let Some(namespace) = nvme::identify::Namespace::parse(bytes) {
        assert!(namespace.block >= 512 && namespace.bytes() >= namespace.blocks);
        assert!(namespace.format.layout < 64 && namespace.format.protection < 8);
    }
    let namespaces = nvme::identify::namespaces(bytes);
    assert!(namespaces.len() <= 1024 && namespaces.is_sorted());
}

pub fn nvme_sanitize_log(bytes: &[u8]) {
    let Some(log) = nvme::log::SanitizeLog::parse(bytes) else { return };
    assert!(log.passes < 32 && log.said().len() < 400);
    let _ = (log.action(), log.unrestricted(), log.going());
}

pub fn ata_configuration(bytes: &[u8]) {
    assert!(ata::configuration(bytes).is_none_or(|sectors| sectors > 1 && bytes.len() == 512));
}

pub fn scsi_sense(bytes: &[u8]) {
    let Some(sense) = sense::Sense::parse(bytes) else { return };
    assert!(sense.key < 16 && !sense.said().is_empty());
    assert!(sense.registers.is_none_or(|registers| registers.sector < 1 << 48));
}

pub fn scsi_answers(bytes: &[u8]) {
    let _ = (answers::Inquiry::parse(bytes), answers::supported(bytes), answers::protection(bytes));
    let _ = (answers::rotates(bytes), answers::thin(bytes), answers::serial(bytes));
    for page in 0..=u8::MAX {
        assert!(answers::page(bytes, page).is_none_or(|page| page.len() + 4 <= bytes.len()));
    }
}

pub fn emmc_extended_csd(bytes: &[u8]) {
    let Some(card) = ExtendedCsd::parse(bytes) else { return };
    assert!(card.bytes() >= 512 && card.group.is_none_or(|group| group >= 512 << 10));
    assert!(card.address(card.bytes() - 512).is_some());
    let _ = (card.takes(u64::MAX, true), card.takes(1, false));
}

pub fn wipe_journal(bytes: &[u8]) {
    use crate::journal::Journal;
    let medium = leaksweep_facts::certificate::Medium::default();
    if let Ok(journal) = Journal::parse(bytes, &medium) {
        assert_eq!(Journal::parse(&journal.to_bytes(), &medium).ok(), Some(journal));
    }
    // Behind a right digest the content is looked at, too.
    let digest = blake3::hash(bytes).to_hex();
    let _ = Journal::parse(&[bytes, b"\n", digest.as_bytes(), b"\n"].concat(), &medium);
}

pub fn wipe_manifest(bytes: &[u8]) {
    use crate::manifest::{Manifest, Search};
    let sealed = [bytes, blake3::hash(bytes).as_bytes()].concat();
    for bytes in [bytes, &sealed] {
        if let Ok(manifest) = Manifest::parse(bytes) {
            assert_eq!(manifest.sealed().0, bytes);
            let bytes = [7; 70_000];
            let search = Search::new(&manifest);
            let mut looking = search.begin();
            for start in [0, 65_536] {
                looking.at(start, &bytes, false, |place| panic!("found at {place}"));
            }
        }
    }
}

pub fn wipe_member(bytes: &[u8]) {
    let (head, tail) = bytes.split_at(bytes.len() / 2);
    crate::guard::member(head, tail);
    crate::guard::member(bytes, bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    type Parser = (&'static str, fn(&[u8]));

    /// What fuzzing begins with, and each seed with one byte changed.
    #[test]
    fn no_parser_falls_over_its_seeds() {
        let parsers: [Parser; 6] = [
            ("nvme_identify", nvme_identify),
            ("nvme_sanitize_log", nvme_sanitize_log),
            ("ata_configuration", ata_configuration),
            ("scsi_sense", scsi_sense),
            ("scsi_answers", scsi_answers),
            ("emmc_extended_csd", emmc_extended_csd),
        ];
        let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds");
        for (name, parse) in parsers {
            let seeds: Vec<_> = std::fs::read_dir(format!("{seeds}/{name}")).unwrap().collect();
            assert!(!seeds.is_empty(), "{name}");
            for seed in seeds {
                let mut seed = std::fs::read(seed.unwrap().path()).unwrap();
                for at in 0..seed.len() {
                    parse(seed.get(..at).unwrap());
                    for value in [0x00, 0x01, 0x80, 0xFF] {
                        let before = std::mem::replace(&mut seed[at], value);
                        parse(&seed);
                        seed[at] = before;
                    }
                }
            }
        }
    }
}
