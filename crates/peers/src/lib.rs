//! Test peers: other people's programs that tests hold leaksweep's answers against.
//!
//! A bare machine lacks them. `cargo xtask test` installs what it can; a test that still lacks one
//! is skipped, and the skip is recorded, because a skipped test must never look like a passed one.
//! Only for tests: nothing that users run depends on this crate.

mod images;
mod kept;
mod roots;

pub use images::storage_images;
pub use roots::{NAMES as ROOTS, root};

use std::{
    env,
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
    thread,
};

/// Where the peers lie that need no root. `cargo xtask test` sets it.
pub const FOLDER: &str = "LEAKSWEEP_PEERS_DIR";
/// Set to `required`, a skip is a failure.
pub const MODE: &str = "LEAKSWEEP_PEERS";
/// The file that takes a line `NAME: REASON` for every skip.
pub const SKIPPED: &str = "LEAKSWEEP_SKIPPED";

/// Where recorded data of others lies, if not in `../shared/data` beside the project.
pub const SHARED_DATA: &str = "LEAKSWEEP_SHARED_DATA";

/// Where a peer comes from, and by that, how it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Debian's archive; the peer is a program on the path, or a file.
    Debian,
    /// Python's package index, into a private virtual environment; the peer is a module.
    Python,
    /// The npm registry, in a private folder; the peer is a package's folder.
    Npm,
}

#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// The package's name at its source.
    pub package: &'static str,
    /// The exact version from Python's index or npm; Debian's archive has one of each release.
    pub version: Option<&'static str>,
    pub source: Source,
    /// The program, file, module or folder that is there once the package is.
    pub shows: &'static str,
    /// Which tests need it, and what for.
    pub serves: &'static str,
}

/// The explicit list. A new peer is one entry here and `leaksweep_peers::need` in its test.
pub const ALL: &[Peer] = &[
    Peer {
        package: "ewf-tools",
        version: None,
        source: Source::Debian,
        shows: "ewfacquire",
        serves: "storage: acquires E01 images of every form",
    },
    Peer {
        package: "qemu-utils",
        version: None,
        source: Source::Debian,
        shows: "qemu-img",
        serves: "storage: makes the qcow2 images that are read",
    },
    Peer {
        package: "fdisk",
        version: None,
        source: Source::Debian,
        shows: "sfdisk",
        serves: "storage: makes partition tables",
    },
    Peer {
        package: "gdisk",
        version: None,
        source: Source::Debian,
        shows: "sgdisk",
        serves: "storage: makes GPT tables",
    },
    Peer {
        package: "cryptsetup-bin",
        version: None,
        source: Source::Debian,
        shows: "cryptsetup",
        serves: "storage: makes encrypted volumes",
    },
    Peer {
        package: "apt",
        version: None,
        source: Source::Debian,
        shows: "apt-config",
        serves: "host: reads the configuration of APT that the sensor reads",
    },
    Peer {
        package: "chromium",
        version: None,
        source: Source::Debian,
        shows: "chromium",
        serves: "report: opens the HTML report; host: has its profile read by others",
    },
    Peer {
        package: "db5.3-util",
        version: None,
        source: Source::Debian,
        shows: "db5.3_load",
        serves: "host: makes the Berkeley DB file that old versions of rpm keep",
    },
    Peer {
        package: "debootstrap",
        version: None,
        source: Source::Debian,
        shows: "debootstrap",
        serves: "host: makes the roots that are swept as mounted disks",
    },
    Peer {
        package: "fonts-droid-fallback",
        version: None,
        source: Source::Debian,
        shows: "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
        serves: "report: draws the Chinese text of certificates in PDF",
    },
    Peer {
        package: "fonts-noto-cjk",
        version: None,
        source: Source::Debian,
        shows: "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        serves: "report: draws the Chinese text of the HTML report",
    },
    Peer {
        package: "imagemagick",
        version: None,
        source: Source::Debian,
        shows: "convert",
        serves: "storage: makes pictures and scans of many kinds, whose ends are known",
    },
    Peer {
        package: "openssh-client",
        version: None,
        source: Source::Debian,
        shows: "ssh-keygen",
        serves: "host: makes keys of every kind and tells their fingerprints",
    },
    Peer {
        package: "ghostscript",
        version: None,
        source: Source::Debian,
        shows: "gs",
        serves: "storage: makes print jobs in the languages of printers",
    },
    Peer {
        package: "git",
        version: None,
        source: Source::Debian,
        shows: "git",
        serves: "host: reads the configuration of Git that the sensor reads",
    },
    Peer {
        package: "openssl",
        version: None,
        source: Source::Debian,
        shows: "openssl",
        serves: "printer: makes certificates of every kind and shows them under old and new TLS",
    },
    Peer {
        package: "openssh-server",
        version: None,
        source: Source::Debian,
        shows: "sshd",
        serves: "host: a real way in, live on loopback",
    },
    Peer {
        package: "e2fsprogs",
        version: None,
        source: Source::Debian,
        shows: "mke2fs",
        serves: "storage: makes ext2, ext3 and ext4 volumes, and deletes on them",
    },
    Peer {
        package: "xfsprogs",
        version: None,
        source: Source::Debian,
        shows: "mkfs.xfs",
        serves: "storage: makes XFS volumes",
    },
    Peer {
        package: "mtd-utils",
        version: None,
        source: Source::Debian,
        shows: "mkfs.jffs2",
        serves: "storage: makes JFFS2 images",
    },
    Peer {
        package: "mtd-utils",
        version: None,
        source: Source::Debian,
        shows: "mkfs.ubifs",
        serves: "storage: makes UBIFS and UBI images",
    },
    Peer {
        package: "dosfstools",
        version: None,
        source: Source::Debian,
        shows: "mkfs.fat",
        serves: "storage: makes FAT volumes",
    },
    Peer {
        package: "mtools",
        version: None,
        source: Source::Debian,
        shows: "mcopy",
        serves: "storage: puts files on FAT volumes, and deletes them",
    },
    Peer {
        package: "exfatprogs",
        version: None,
        source: Source::Debian,
        shows: "mkfs.exfat",
        serves: "storage: makes exFAT volumes",
    },
    Peer {
        package: "exfat-fuse",
        version: None,
        source: Source::Debian,
        shows: "mount.exfat-fuse",
        serves: "storage: puts files on exFAT volumes, and deletes them",
    },
    Peer {
        package: "ntfs-3g",
        version: None,
        source: Source::Debian,
        shows: "mkntfs",
        serves: "storage: makes NTFS volumes, puts files on them, and deletes them",
    },
    Peer {
        package: "genisoimage",
        version: None,
        source: Source::Debian,
        shows: "genisoimage",
        serves: "storage: makes ISO 9660 images with Joliet and Rock Ridge",
    },
    Peer {
        package: "xorriso",
        version: None,
        source: Source::Debian,
        shows: "xorriso",
        serves: "storage: makes ISO 9660 images with files in several extents",
    },
    Peer {
        package: "squashfs-tools",
        version: None,
        source: Source::Debian,
        shows: "mksquashfs",
        serves: "storage: makes squashfs images with every packer",
    },
    Peer {
        package: "sleuthkit",
        version: None,
        source: Source::Debian,
        shows: "fls",
        serves: "storage: tells deleted files by the same records",
    },
    Peer {
        package: "poppler-utils",
        version: None,
        source: Source::Debian,
        shows: "pdftotext",
        serves: "report: reads what the HTML report puts on paper",
    },
    Peer {
        package: "zbar-tools",
        version: None,
        source: Source::Debian,
        shows: "zbarimg",
        serves: "report: reads the QR code of certificates",
    },
    Peer {
        package: "poppler-data",
        version: None,
        source: Source::Debian,
        shows: "/usr/share/poppler/cMap/Adobe-GB1/UniGB-UTF16-H",
        serves: "report: reads Chinese of a PDF that brings no font for it",
    },
    Peer {
        package: "printer-driver-foo2zjs",
        version: None,
        source: Source::Debian,
        shows: "foo2zjs",
        serves: "storage: makes print jobs for printers that their host drives",
    },
    Peer {
        package: "python3",
        version: None,
        source: Source::Debian,
        shows: "python3",
        serves: "host: holds sockets and stores open; report: reads the CSV",
    },
    Peer {
        package: "rpm",
        version: None,
        source: Source::Debian,
        shows: "rpmbuild",
        serves: "host: makes the rpm database that the sensor reads",
    },
    Peer {
        package: "systemd",
        version: None,
        source: Source::Debian,
        shows: "systemctl",
        serves: "host: says which units are enabled",
    },
    Peer {
        package: "tigervnc-standalone-server",
        version: None,
        source: Source::Debian,
        shows: "Xtigervnc",
        serves: "host: a real VNC session, live on loopback",
    },
    Peer {
        package: "x11vnc",
        version: None,
        source: Source::Debian,
        shows: "x11vnc",
        serves: "host: shows a screen to others, live on loopback",
    },
    Peer {
        package: "xrdp",
        version: None,
        source: Source::Debian,
        shows: "xrdp",
        serves: "host: a real RDP server, live on loopback",
    },
    Peer {
        package: "xvfb",
        version: None,
        source: Source::Debian,
        shows: "Xvfb",
        serves: "host: the screen that x11vnc shows",
    },
    Peer {
        package: "util-linux",
        version: None,
        source: Source::Debian,
        shows: "last",
        serves: "host: says who logged in, by the same records",
    },
    Peer {
        package: "util-linux",
        version: None,
        source: Source::Debian,
        shows: "lastb",
        serves: "host: says who failed to log in",
    },
    Peer {
        package: "util-linux",
        version: None,
        source: Source::Debian,
        shows: "utmpdump",
        serves: "host: writes and reads records of log-ins",
    },
    Peer {
        package: "mount",
        version: None,
        source: Source::Debian,
        shows: "losetup",
        serves: "wipe: makes the devices that are wiped; only root can",
    },
    Peer {
        package: "util-linux",
        version: None,
        source: Source::Debian,
        shows: "addpart",
        serves: "wipe: makes a partition that must be left alone",
    },
    Peer {
        package: "util-linux",
        version: None,
        source: Source::Debian,
        shows: "mkswap",
        serves: "wipe: makes swap that must be left alone",
    },
    Peer {
        package: "tmux",
        version: None,
        source: Source::Debian,
        shows: "tmux",
        serves: "host: a session that stays when its user goes",
    },
    Peer {
        package: "screen",
        version: None,
        source: Source::Debian,
        shows: "screen",
        serves: "host: a session that stays when its user goes",
    },
    Peer {
        package: "ghostscript",
        version: None,
        source: Source::Debian,
        shows: "gs",
        serves: "storage images: prints and draws the samples",
    },
    Peer {
        package: "libreoffice-writer-nogui",
        version: None,
        source: Source::Debian,
        shows: "/usr/lib/libreoffice/program/libswlo.so",
        serves: "storage images: writes documents of every office format",
    },
    Peer {
        package: "libreoffice-calc-nogui",
        version: None,
        source: Source::Debian,
        shows: "/usr/lib/libreoffice/program/libsclo.so",
        serves: "storage images: writes tables of every office format",
    },
    Peer {
        package: "libreoffice-impress-nogui",
        version: None,
        source: Source::Debian,
        shows: "/usr/lib/libreoffice/program/libsdlo.so",
        serves: "storage images: writes slides and drawings",
    },
    Peer {
        package: "cups-daemon",
        version: None,
        source: Source::Debian,
        shows: "cupsd",
        serves: "storage images: leaves control files of real print jobs",
    },
    Peer {
        package: "cups-client",
        version: None,
        source: Source::Debian,
        shows: "lp",
        serves: "storage images: prints to it",
    },
    Peer {
        package: "cups",
        version: None,
        source: Source::Debian,
        shows: "cupsfilter",
        serves: "storage images: runs printers' drivers",
    },
    Peer {
        package: "cups-filters",
        version: None,
        source: Source::Debian,
        shows: "/usr/lib/cups/filter/gstoraster",
        serves: "storage images: makes rasters and PDF as a print server does",
    },
    Peer {
        package: "foomatic-db-compressed-ppds",
        version: None,
        source: Source::Debian,
        shows: "/usr/lib/cups/driver/foomatic-db-compressed-ppds",
        serves: "storage images: printers with their PJL",
    },
    Peer {
        package: "printer-driver-gutenprint",
        version: None,
        source: Source::Debian,
        shows: "/usr/lib/cups/driver/gutenprint.5.3",
        serves: "storage images: a printer's driver",
    },
    Peer {
        package: "zbar-tools",
        version: None,
        source: Source::Debian,
        shows: "zbarimg",
        serves: "report: reads the QR code of certificates",
    },
    Peer {
        package: "printer-driver-foo2zjs",
        version: None,
        source: Source::Debian,
        shows: "foo2zjs",
        serves: "storage images: a printer's driver",
    },
    Peer {
        package: "printer-driver-splix",
        version: None,
        source: Source::Debian,
        shows: "/usr/lib/cups/filter/rastertoqpdl",
        serves: "storage images: a printer's driver",
    },
    Peer {
        package: "printer-driver-escpr",
        version: None,
        source: Source::Debian,
        shows: "/usr/lib/cups/filter/epson-escpr",
        serves: "storage images: a printer's driver",
    },
    Peer {
        package: "printer-driver-hpcups",
        version: None,
        source: Source::Debian,
        shows: "/usr/lib/cups/filter/hpcups",
        serves: "storage images: a printer's driver",
    },
    Peer {
        package: "printer-driver-brlaser",
        version: None,
        source: Source::Debian,
        shows: "/usr/lib/cups/filter/rastertobrlaser",
        serves: "storage images: a printer's driver",
    },
    Peer {
        package: "printer-driver-pxljr",
        version: None,
        source: Source::Debian,
        shows: "ijs_pxljr",
        serves: "storage images: a printer's driver",
    },
    Peer {
        package: "imagemagick",
        version: None,
        source: Source::Debian,
        shows: "convert",
        serves: "storage images: makes pictures and scans",
    },
    Peer {
        package: "libjpeg-turbo-progs",
        version: None,
        source: Source::Debian,
        shows: "cjpeg",
        serves: "storage images: makes JPEG of every sort",
    },
    Peer {
        package: "libimage-exiftool-perl",
        version: None,
        source: Source::Debian,
        shows: "exiftool",
        serves: "storage images: puts small pictures and words into JPEG",
    },
    Peer {
        package: "libopenjp2-tools",
        version: None,
        source: Source::Debian,
        shows: "opj_compress",
        serves: "storage images: makes JPEG 2000",
    },
    Peer {
        package: "libtiff-tools",
        version: None,
        source: Source::Debian,
        shows: "tiffcp",
        serves: "storage images: makes TIFF of many pages, and PDF of scans",
    },
    Peer {
        package: "qpdf",
        version: None,
        source: Source::Debian,
        shows: "qpdf",
        serves: "storage images: makes PDF linear, encrypted, and with packed objects",
    },
    Peer {
        package: "p7zip-full",
        version: None,
        source: Source::Debian,
        shows: "7z",
        serves: "storage images: makes 7z",
    },
    Peer {
        package: "zip",
        version: None,
        source: Source::Debian,
        shows: "zip",
        serves: "storage images: makes ZIP",
    },
    Peer {
        package: "jsonschema",
        version: Some("4.26.0"),
        source: Source::Python,
        shows: "jsonschema",
        serves: "report: holds JSON and SARIF against their schemas",
    },
    Peer {
        package: "ocsf-json-schema",
        version: Some("1.2.0"),
        source: Source::Python,
        shows: "ocsf_json_schema",
        serves: "report: the schema of OCSF",
    },
    Peer {
        package: "pyarrow",
        version: Some("26.0.1"),
        source: Source::Python,
        shows: "pyarrow",
        serves: "facts: opens the tables of a sweep file without leaksweep",
    },
    Peer {
        package: "snmpsim",
        version: Some("1.2.2"),
        source: Source::Python,
        shows: "snmpsim",
        serves: "printer: serves recorded walks by SNMP v1, v2c and v3",
    },
    Peer {
        package: "pysmi",
        version: Some("2.0.0"),
        source: Source::Python,
        shows: "pysmi",
        serves: "printer: snmpsim needs it and does not bring it",
    },
    Peer {
        package: "pysnmp",
        version: Some("7.1.30"),
        source: Source::Python,
        shows: "pysnmp",
        serves: "printer: what snmpsim speaks with, at the version that was tried",
    },
    Peer {
        package: "cryptography",
        version: Some("50.0.2"),
        source: Source::Python,
        shows: "cryptography",
        serves: "printer: the privacy of snmpsim's users",
    },
    Peer {
        package: "@microsoft/sarif-multitool-linux",
        version: Some("5.7.0"),
        source: Source::Npm,
        shows: "@microsoft/sarif-multitool-linux",
        serves: "report: the schema of SARIF",
    },
    Peer {
        package: "meshcentral",
        version: Some("1.1.55"),
        source: Source::Npm,
        shows: "meshcentral",
        serves: "host: real agents for Linux and Windows, never started as one",
    },
];

impl Peer {
    /// What the installer of its source is asked for.
    pub fn request(&self) -> String {
        match (self.source, self.version) {
            (Source::Python, Some(version)) => format!("{}=={version}", self.package),
            (Source::Npm, Some(version)) => format!("{}@{version}", self.package),
            _ => self.package.to_owned(),
        }
    }

    /// The program or file, the Python that has the module, or the npm package's folder.
    pub fn find(&self, folder: &Path) -> Option<PathBuf> {
        match self.source {
            Source::Debian => on_path(self.shows),
            Source::Python => python_with(&folder.join("python"), self.shows),
            Source::Npm => {
                let package = folder.join("node_modules").join(self.shows);
                package.join("package.json").is_file().then_some(package)
            }
        }
    }
}

/// The peer that shows as `name`, or nothing after recording the skip. The caller then returns.
///
/// Panics where peers are required, and on a name that the list does not have.
pub fn need(name: &str) -> Option<PathBuf> {
    let peer = ALL.iter().find(|peer| peer.shows == name);
    let peer = peer.unwrap_or_else(|| panic!("no peer is called '{name}'"));
    let found = peer.find(&folder());
    if found.is_none() {
        skip(&format!("{name} is not installed"));
    }
    found
}

/// A folder of recorded data, or nothing after recording the skip. The caller then returns.
pub fn shared_data(inside: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let found = env::var_os(SHARED_DATA).map_or_else(beside, PathBuf::from).join(inside);
    if found.is_dir() {
        return Some(found);
    }
    // No installer brings it: a clone alone has none, where everything else is required too.
    record(&format!("the recorded data {inside} is not there"));
    None
}

/// Records that the running test cannot do its work here. The caller then returns.
///
/// Panics where skips count as failures.
pub fn skip(reason: &str) {
    assert!(env::var(MODE).as_deref() != Ok("required"), "may not be skipped: {reason}");
    record(reason);
}

fn record(reason: &str) {
    let line = skip_line(thread::current().name().unwrap_or("a test"), reason);
    eprintln!("skipped: {line}");
    if let Some(file) = env::var_os(SKIPPED) {
        let file = OpenOptions::new().append(true).create(true).open(file);
        let written = file.and_then(|mut file| writeln!(file, "{line}"));
        written.expect("the record of skipped tests can be written");
    }
}

/// Where `.peers` is: as told, or at the top of the repository.
pub fn folder() -> PathBuf {
    match env::var_os(FOLDER) {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.peers"),
    }
}

/// A reason with a line break must not become two records.
fn skip_line(name: &str, reason: &str) -> String {
    format!("{name}: {}", reason.replace(['\n', '\r'], " "))
}

/// Servers lie where only root's path leads.
const SERVERS: [&str; 3] = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

fn on_path(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&folders).chain(SERVERS.map(PathBuf::from));
    folders.map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn python_with(environment: &Path, module: &str) -> Option<PathBuf> {
    let versions = environment.join("lib").read_dir().ok()?;
    let has = |version: PathBuf| version.join("site-packages").join(module).is_dir();
    let found = versions.flatten().any(|version| has(version.path()));
    found.then(|| environment.join("bin/python3"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_the_path_is_found_and_nothing_else() {
        assert!(on_path("sh").is_some());
        assert!(on_path("no-such-program-anywhere").is_none());
    }

    #[test]
    fn an_empty_folder_holds_no_python_and_no_npm_peers() {
        let nowhere = Path::new("/nonexistent");
        for peer in ALL.iter().filter(|peer| peer.source != Source::Debian) {
            assert!(peer.find(nowhere).is_none(), "{}", peer.package);
        }
    }

    #[test]
    fn what_comes_from_an_index_has_one_exact_version() {
        for peer in ALL.iter().filter(|peer| peer.source != Source::Debian) {
            assert!(peer.version.is_some(), "{}", peer.package);
        }
        let requests: Vec<String> = ALL.iter().map(Peer::request).collect();
        for request in ["rpm", "jsonschema==4.26.0", "@microsoft/sarif-multitool-linux@5.7.0"] {
            assert!(requests.iter().any(|known| known == request), "{request}");
        }
    }

    #[test]
    fn a_skip_is_one_line() {
        assert_eq!(skip_line("a", "b\nc"), "a: b c");
    }

    #[test]
    #[should_panic(expected = "no peer is called")]
    fn a_name_that_is_not_listed_is_a_mistake() {
        need("no such peer");
    }
}
