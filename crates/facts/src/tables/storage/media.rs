use crate::table;

table! {
    /// Media: disks, cards, chips, and images of them; one row for each sweep.
    #[table("storage_media", version = 1)]
    pub struct Medium {
        /// The device or file that was read, as the user named it.
        pub path: String,
        /// `device`, `raw`, `split`, `ewf`, `qcow2`, `flash` (a chip's dump with spare areas) or `stream` (standard input).
        pub form: String,
        /// How many bytes it holds for its user; of a packed image those inside.
        pub bytes: i64,
        /// Bytes of a sector, where the device or its image says.
        pub sector: Option<i64>,
        /// Who made it.
        pub maker: Option<String>,
        /// Its model.
        pub model: Option<String>,
        /// Its serial number, by the device or by the image's own record.
        pub serial: Option<String>,
        /// Its firmware's version.
        pub firmware: Option<String>,
        /// `ata`, `nvme`, `scsi`, `usb`, `mmc`, `loop` or `virtual`.
        pub bus: Option<String>,
        /// Whether it has turning platters.
        pub rotating: Option<bool>,
        /// `readable`, `locked` (a password keeps everybody out), `frozen`, or `unreadable`; a locked one is never blank.
        pub access: String,
        /// Whether a password is set, by the device.
        pub password: Option<bool>,
        /// Bytes behind the visible end: a host-protected area or a device configuration overlay.
        pub hidden_bytes: Option<i64>,
        /// Bytes that were read.
        pub read_bytes: i64,
        /// Bytes in places that could not be read.
        pub bad_bytes: i64,
        /// Where: `start+bytes`, separated by spaces; of more than 64 the first.
        pub bad_places: Option<String>,
        /// Bytes in blocks of zeros alone.
        pub zero_bytes: i64,
        /// Bytes in blocks of FF alone, as erased flash reads.
        pub ones_bytes: i64,
        /// Bytes in blocks of a short pattern that repeats.
        pub pattern_bytes: i64,
        /// Bytes in blocks of text.
        pub text_bytes: i64,
        /// Bytes in blocks of other order: programs, tables, pictures without compression.
        pub structured_bytes: i64,
        /// Bytes in blocks that look like chance: compressed or encrypted.
        pub random_bytes: i64,
        /// The pattern that repeats most, in hexadecimal, where there is one.
        pub pattern: Option<String>,
        /// What can be told of a wipe from what was read: `zeros`, `ones`, `pattern`, `random` where nearly everything is that
        /// and nothing could be recovered; null elsewhere.
        pub wiped: Option<String>,
        /// BLAKE3 of the medium: over place and digest of every block of 64 KiB that is not zeros, and the length.
        pub fingerprint: Option<String>,
        /// What its own records say of a maker's label or an examiner's notes in the image file.
        pub notes: Option<String>,
    }
}

table! {
    /// Partitions of media, file systems that fill a medium without any, and gaps between partitions.
    #[table("storage_partitions", version = 1)]
    pub struct Partition {
        /// Its number, from 1; 0 for a file system without a partition table, and for what was found without any.
        pub number: i64,
        /// `gpt`, `mbr`, `apm`, `none` (a file system fills the medium), or `found` (by its content; no table names it).
        pub scheme: String,
        /// The first byte.
        pub start: i64,
        /// How many bytes.
        pub bytes: i64,
        /// What the table calls it: `Linux filesystem`, `EFI system`; for an unknown one its type in hexadecimal.
        pub kind: Option<String>,
        /// The name in the table.
        pub name: Option<String>,
        /// Its id in the table.
        pub uuid: Option<String>,
        /// The table that names it: `whole`, `backup` (only the copy was whole), `damaged`; null without a table.
        pub table_state: Option<String>,
        /// The file system: `ext4`, `ntfs`, `fat32`, `exfat`, `iso9660`, `squashfs`, `jffs2`, `ubifs`, `xfs` …; null where none is known.
        pub file_system: Option<String>,
        /// The file system's label.
        pub label: Option<String>,
        /// What encrypts it: `luks1`, `luks2`, `bitlocker`, `fscrypt`, `filevault`, `geli`; null where nothing was seen to.
        pub encryption: Option<String>,
        /// How many files it has.
        pub files: Option<i64>,
        /// How many deleted files its records still name.
        pub deleted_files: Option<i64>,
    }
}

table! {
    /// The map of a medium: stretches of one class, from the first byte to the last; small ones are merged into
    /// `mixed` where there are more than 4096.
    #[table("storage_extents", version = 1)]
    pub struct Extent {
        /// The first byte.
        pub start: i64,
        /// How many bytes.
        pub bytes: i64,
        /// `zero`, `ones`, `pattern`, `text`, `structured`, `random`, `bad` or `mixed`.
        pub class: String,
        /// The mean entropy of its blocks, in thousandths of a bit for each byte: 0 to 8000.
        pub entropy: i64,
    }
}
