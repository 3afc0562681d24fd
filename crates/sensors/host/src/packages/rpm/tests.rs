//! Databases that the real rpm made, in each form, and what hostile ones may do.

mod hostile;

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use super::*;
use crate::{origins::owners, packages::Observed};

/// A root that has an rpm database.
struct Made {
    folder: tempfile::TempDir,
    /// What rpm itself says of the packages, sorted.
    expected: Vec<String>,
}

const SPEC: &str = "Name: alpha\nVersion: 1.0\nRelease: 1\nEpoch: 2\nSummary: s\nLicense: MIT\n\
    Vendor: The Vendor\nPackager: Ann <ann@example.org>\n%description\nd\n";
const QUERY: &str = "%{NAME}\\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{VENDOR}\\t\
    %{INSTALLTIME}\\n";

impl Made {
    /// One package with everything, and enough others that the database has pages of every kind.
    /// Made once: rpm takes its time.
    fn by_rpm() -> Option<Self> {
        static MADE: OnceLock<(Vec<u8>, Vec<String>)> = OnceLock::new();
        leaksweep_peers::need("rpmbuild")?;
        let (database, expected) = MADE.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            build(folder.path());
            install(folder.path())
        });
        let made = Self { folder: tempfile::tempdir().unwrap(), expected: expected.clone() };
        made.put("rpmdb.sqlite", database);
        Some(made)
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    fn database(&self) -> Vec<u8> {
        fs::read(self.root().join("var/lib/rpm/rpmdb.sqlite")).unwrap()
    }

    fn machine(&self) -> Machine {
        crate::fixture::mounted(&self.root())
    }

    /// Makes this the only database.
    fn put(&self, file: &str, content: &[u8]) {
        let folder = self.root().join("var/lib/rpm");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(file), content).unwrap();
    }
}

fn rpm(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("rpm");
    command.args(["--define", "_db_backend sqlite"]).arg("--dbpath").arg(folder.join("database"));
    let output = command.args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The database after the installation of what was built, and what rpm says of it.
fn install(folder: &Path) -> (Vec<u8>, Vec<String>) {
    let packages = fs::read_dir(folder.join("out")).unwrap();
    let packages: Vec<_> = packages.map(|entry| entry.unwrap().path()).collect();
    let mut arguments = vec!["-i", "--justdb", "--nodeps", "--noscripts", "--ignorearch"];
    arguments.extend(packages.iter().map(|path| path.to_str().unwrap()));
    rpm(folder, &arguments);
    let mut expected: Vec<String> =
        rpm(folder, &["-qa", "--qf", QUERY]).lines().map(str::to_owned).collect();
    expected.sort();
    (fs::read(folder.join("database/rpmdb.sqlite")).unwrap(), expected)
}

fn build(folder: &Path) {
    let mut spec = SPEC.to_owned();
    for number in 0..40 {
        spec += &format!("%package -n p{number}\nSummary: s\n%description -n p{number}\n");
        spec += &"many words. ".repeat(number * 30);
        spec += &format!("\n%files -n p{number}\n/opt/p{number}\n");
    }
    spec += "%install\nmkdir -p %{buildroot}/usr/bin %{buildroot}/opt\n\
        echo > %{buildroot}/usr/bin/alpha\n\
        for n in $(seq 0 39); do echo > %{buildroot}/opt/p$n; done\n\
        %files\n/usr/bin/alpha\n";
    fs::write(folder.join("a.spec"), spec).unwrap();
    let place = |name: &str, below: &str| format!("{name} {}/{below}", folder.display());
    let output = Command::new("rpmbuild")
        .args(["-bb", "--quiet", "--define", &place("_topdir", "top")])
        .args(["--define", &place("_rpmdir", "out"), "--define", "_rpmfilename %%{NAME}.rpm"])
        .args(["--define", &place("_dbpath", "build")])
        .arg(folder.join("a.spec"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn lines(found: &Observed<Package>) -> Vec<String> {
    let line = |p: &Package| {
        let installed = p.installed.unwrap().0.to_string();
        [&*p.name, &p.version, &p.architecture, &p.publisher, &installed].join("\t")
    };
    let mut lines: Vec<String> = found.rows.iter().map(line).collect();
    lines.sort();
    lines
}

fn assert_read(made: &Made) {
    let found = collect(&made.machine());
    assert_eq!(found.problems, []);
    assert_eq!(lines(&found), made.expected);
    assert_eq!(made.expected.len(), 41);
    let alpha = found.rows.iter().find(|row| row.name == "p7").unwrap();
    assert_eq!((&*alpha.source, &*alpha.state), ("alpha", "installed"));
    let paths = ["/usr/bin/alpha", "/opt/p39", "/opt"].map(str::to_owned);
    let (owners, unread) = owners(&made.machine(), &paths);
    let mut owners: Vec<_> = owners.into_iter().collect();
    owners.sort();
    let expected = [("/opt/p39", "p39"), ("/usr/bin/alpha", "alpha")];
    assert_eq!(owners, expected.map(|(path, name)| (path.into(), name.into())));
    assert_eq!(unread, 0);
}

#[test]
fn a_database_of_sqlite_is_read_as_rpm_reads_it() {
    let Some(made) = Made::by_rpm() else { return };
    assert_read(&made);
    let folder = made.root().join("usr/lib/sysimage");
    fs::create_dir_all(&folder).unwrap();
    symlink("/var/lib/rpm", folder.join("rpm")).unwrap();
    assert_eq!(collect(&made.machine()).rows.len(), 41, "one database under two names");
}

#[test]
fn changes_that_wait_beside_a_database_are_read() {
    let (Some(made), Some(python)) = (Made::by_rpm(), leaksweep_peers::need("python3")) else {
        return;
    };
    let folder = made.root().join("var/lib/rpm");
    let script = "import os, sqlite3\n\
        db = sqlite3.connect('rpmdb.sqlite')\n\
        assert db.execute('pragma journal_mode = wal').fetchone() == ('wal',)\n\
        db.execute('delete from Packages where hnum > 30')\n\
        db.commit()\n\
        db.execute('pragma cache_size = 1')\n\
        db.execute('delete from Packages where hnum > 20')\n\
        os._exit(0)\n";
    let status = Command::new(python).args(["-c", script]).current_dir(&folder).status();
    assert!(status.unwrap().success());
    let wal = folder.join("rpmdb.sqlite-wal");
    let written = fs::read(&wal).unwrap();
    assert!(!written.is_empty(), "the changes wait beside the database");
    let found = collect(&made.machine());
    assert_eq!((found.rows.len(), found.problems), (30, vec![]));

    fs::write(&wal, &written[..100]).unwrap();
    assert_eq!(collect(&made.machine()).rows.len(), 41, "no transaction came to its end");
    fs::write(&wal, [&b"x"[..], &written].concat()).unwrap();
    let found = collect(&made.machine());
    assert_eq!(found.rows.len(), 41);
    assert_eq!(found.problems[0].subject, "/var/lib/rpm/rpmdb.sqlite-wal");
}

#[test]
fn pages_of_every_size_are_read() {
    let (Some(made), Some(python)) = (Made::by_rpm(), leaksweep_peers::need("python3")) else {
        return;
    };
    for size in [512, 1024, 8192, 65_536] {
        let script = format!(
            "import sqlite3\n\
            db = sqlite3.connect('rpmdb.sqlite')\n\
            db.execute('pragma journal_mode = delete')\n\
            db.execute('pragma page_size = {size}')\n\
            db.execute('vacuum')\n"
        );
        let folder = made.root().join("var/lib/rpm");
        let status = Command::new(&python).args(["-c", &script]).current_dir(folder).status();
        assert!(status.unwrap().success());
        let header = (size % 65_536).max(1) as u16;
        assert_eq!(made.database()[16..18], header.to_be_bytes());
        assert_read(&made);
    }
}

/// The headers of a database of SQLite.
fn headers(database: &[u8]) -> Vec<Vec<u8>> {
    let mut each = |_: &str, _: &Header<'_>| Ok(());
    let mut records = Records::new("", database.len(), &mut each);
    let mut headers = Vec::new();
    sqlite::rows(database, &mut records, &mut |_, _, blob| headers.push(blob.to_vec()));
    headers
}

/// Debian's rpm cannot write the form of openSUSE: this does, by its layout.
fn as_ndb(headers: &[Vec<u8>]) -> Vec<u8> {
    let words = |words: &[usize]| -> Vec<u8> {
        words.iter().flat_map(|word| (*word as u32).to_le_bytes()).collect()
    };
    let mut file = [b"RpmP".to_vec(), words(&[0, 7, 1, 99, 0, 0, 0])].concat();
    let mut blobs = Vec::new();
    for (number, header) in headers.iter().enumerate() {
        let start = blobs.len();
        blobs.extend([b"BlbS".to_vec(), words(&[number + 1, 5, header.len()])].concat());
        blobs.extend(header);
        blobs.resize((blobs.len() + 12).next_multiple_of(16) - 12, 0);
        blobs.extend([words(&[0, header.len()]), b"BlbE".to_vec()].concat());
        file.extend(b"Slot");
        file.extend(words(&[number + 1, 256 + start / 16, (blobs.len() - start) / 16]));
    }
    while file.len() < 4096 {
        file.extend([b"Slot".to_vec(), words(&[0, 0, 0])].concat());
    }
    file.extend(blobs);
    file
}

#[test]
fn a_database_in_rpms_own_form_is_read() {
    let Some(made) = Made::by_rpm() else { return };
    made.put("Packages.db", &as_ndb(&headers(&made.database())));
    assert_read(&made);
}

/// Lets Berkeley DB itself write the headers into its own form.
fn as_berkeley(headers: &[Vec<u8>], folder: &Path) -> Option<Vec<u8>> {
    leaksweep_peers::need("db5.3_load")?;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut dump =
        "VERSION=3\nformat=bytevalue\ntype=hash\ndb_pagesize=4096\nHEADER=END\n".to_owned();
    dump += " 00000000\n 2a000000\n";
    for (number, header) in headers.iter().enumerate() {
        dump += &format!(" {}\n {}\n", hex(&(number as u32 + 1).to_le_bytes()), hex(header));
    }
    fs::write(folder.join("dump"), dump + "DATA=END\n").unwrap();
    let mut command = Command::new("db5.3_load");
    let status = command.arg("-f").args(["dump", "Packages"]).current_dir(folder).status();
    assert!(status.unwrap().success());
    Some(fs::read(folder.join("Packages")).unwrap())
}

#[test]
fn a_database_of_berkeley_db_is_read() {
    let Some(made) = Made::by_rpm() else { return };
    let headers = headers(&made.database());
    let Some(content) = as_berkeley(&headers, made.folder.path()) else { return };
    made.put("Packages", &content);
    assert_read(&made);
}

#[test]
fn one_bad_header_costs_its_own_package_alone() {
    let Some(made) = Made::by_rpm() else { return };
    let mut headers = headers(&made.database());
    headers[3].truncate(100);
    // The version has another tag now, so the package has none.
    let version = headers[9].windows(4).position(|bytes| bytes == 1001_u32.to_be_bytes());
    headers[9][version.unwrap()] = 1;
    made.put("Packages.db", &as_ndb(&headers));
    let found = collect(&made.machine());
    assert_eq!(found.rows.len(), 39);
    let subjects: Vec<_> = found.problems.iter().map(|p| p.subject.as_str()).collect();
    assert_eq!(subjects, ["/var/lib/rpm/Packages.db:slot 5", "/var/lib/rpm/Packages.db:slot 11"]);
    assert!(found.problems[1].detail.ends_with(": it has no version"));
    let unread = owners(&made.machine(), &[]).1;
    assert_eq!(unread, 1, "the second has its files");
}

#[test]
fn a_merged_usr_hides_no_owner() {
    let Some(made) = Made::by_rpm() else { return };
    fs::create_dir_all(made.root().join("usr/bin")).unwrap();
    symlink("usr/bin", made.root().join("bin")).unwrap();
    let paths = ["/bin/alpha", "/bin/beta"].map(str::to_owned);
    let (owners, _) = owners(&made.machine(), &paths);
    assert_eq!(owners.into_iter().collect::<Vec<_>>(), [("/bin/alpha".into(), "alpha".into())]);
}

#[test]
fn the_source_is_a_name_without_version_and_release() {
    assert_eq!(source_name("a-b-1.0-2.src.rpm"), Some("a-b"));
    assert_eq!(source_name("odd"), None);
}
