//! The databases of wtmpdb and lastlog2. Debian 12 has neither program: SQLite makes them, by the
//! tables that wtmpdb 0.73 and util-linux 2.41 make.

use std::{fs, path::PathBuf, process::Command};

use super::{
    super::{lastlog2, wtmpdb},
    *,
};

const SCRIPT: &str = "
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
u, T = 1000000, 1772445600
wtmp = '''CREATE TABLE IF NOT EXISTS wtmp(ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT NOT NULL,
    Login INTEGER, Logout INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT;'''
last = '''CREATE TABLE IF NOT EXISTS Lastlog2(Name TEXT PRIMARY KEY, Time INTEGER, TTY TEXT,
    RemoteHost TEXT, Service TEXT);'''
def add(kind, user, start, end, tty, host=None, service=None):
    at = lambda after: None if after is None else (T + after) * u + 7
    row = (kind, user, at(start), at(end), tty, host, service)
    db.execute('INSERT INTO wtmp (Type,User,Login,Logout,TTY,RemoteHost,Service) VALUES(?,?,?,?,?,?,?)', row)
def seen(user, after, tty, host=None, service=None):
    db.execute('REPLACE INTO Lastlog2 VALUES(?,?,?,?,?)', (user, after and T + after, tty, host, service))
";

const STORY: &str = "
db.execute(wtmp)
add(1, 'reboot', 0, 200, '~', '6.12.0-amd64')
add(3, 'bob', 10, 70, 'pts/0', '192.0.2.7', 'sshd')
add(3, 'root', 20, None, 'tty1', None, 'login')
add(1, 'reboot', 300, None, '~', '6.12.0-amd64')
add(3, 'bob', 310, None, 'pts/1', '2001:db8::7', 'sshd')
add(1, 'reboot', 400, None, '~', '6.12.0-amd64')
add(3, 'bob', 410, None, 'seat0', ':0', 'gdm-password')
";

/// Runs what is written in Python after the common beginning, on a database below a disk.
fn made(folder: &Path, path: &str, steps: &str) -> Option<PathBuf> {
    let python = leaksweep_peers::need("python3")?;
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let script = format!("{SCRIPT}{steps}\ndb.commit()\n");
    let output = Command::new(python).args(["-c", &script]).arg(&path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(path)
}

fn of<'a>(logins: &'a Logins, path: &str) -> &'a LoginLog {
    logins.logs.rows.iter().find(|row| row.path == path).unwrap()
}

#[test]
fn log_ins_of_wtmpdb_end_by_themselves_with_a_shutdown_or_a_start() {
    let folder = disk(&[]);
    let Some(_) = made(folder.path(), "var/lib/wtmpdb/wtmp.db", STORY) else { return };
    let logins = read(folder.path());
    let expected = [
        ("reboot", None, None),
        ("shutdown", None, None),
        ("bob", Some("log-out"), Some(60)),
        ("root", Some("shutdown"), Some(180)),
        ("reboot", None, None),
        ("bob", Some("boot"), Some(90)),
        ("reboot", None, None),
        ("bob", Some("open"), None),
    ];
    assert_eq!(told(&logins), expected);
    let row = &logins.logins.rows[2];
    assert_eq!((&*row.kind, &*row.path, row.record), ("log-in", "/var/lib/wtmpdb/wtmp.db", 2));
    assert_eq!((row.day.as_deref(), row.minute), (Some("monday"), Some(600)));
    let from: Vec<_> = logins.logins.rows.iter().map(|row| row.from_address.as_deref()).collect();
    let (old, new) = (Some("192.0.2.7"), Some("2001:db8::7"));
    assert_eq!(from, [None, None, old, None, None, new, None, None]);
    let log = of(&logins, "/var/lib/wtmpdb/wtmp.db");
    assert_eq!((&*log.kind, log.records, log.kept, &log.oddity), ("wtmp", 7, true, &None));
    assert_eq!((log.first, log.last), (Some(Time(T)), Some(Time(T + 410))));
    assert_eq!((logins.logins.problems, logins.logs.problems), (vec![], vec![]));
}

#[test]
fn a_row_that_was_deleted_is_told_and_rows_that_were_rotated_away_are_not() {
    let folder = disk(&[]);
    let path = "var/lib/wtmpdb/wtmp.db";
    let deleted = format!("{STORY}\ndb.execute('DELETE FROM wtmp WHERE User = \"root\"')");
    let Some(_) = made(folder.path(), path, &deleted) else { return };
    let logins = read(folder.path());
    let log = of(&logins, "/var/lib/wtmpdb/wtmp.db");
    assert_eq!(log.oddity.as_deref(), Some("one record is missing between the first and the last"));
    let older = "db.execute(wtmp)\nadd(3, 'old', -900, -800, 'tty1')";
    made(folder.path(), "var/lib/wtmpdb/wtmp_20260301.db", older);
    let logins = read(folder.path());
    assert_eq!(of(&logins, "/var/lib/wtmpdb/wtmp.db").oddity, None);
    assert_eq!(told(&logins)[0], ("old", Some("log-out"), Some(100)));

    let folder = disk(&[]);
    let first = format!("{STORY}\ndb.execute('DELETE FROM wtmp WHERE ID < 3')");
    made(folder.path(), path, &first);
    assert_eq!(of(&read(folder.path()), "/var/lib/wtmpdb/wtmp.db").oddity, None);
}

#[test]
fn changes_that_wait_beside_the_database_are_read_and_broken_ones_are_a_problem() {
    let folder = disk(&[]);
    let path = "var/lib/wtmpdb/wtmp.db";
    let waiting = format!(
        "db.execute('pragma journal_mode = wal')\n{STORY}\ndb.commit()\n\
        db.execute('pragma wal_checkpoint(truncate)')\n\
        add(3, 'eve', 500, None, 'pts/9', '192.0.2.9', 'sshd')\ndb.commit()\nos._exit(0)"
    );
    let Some(path) = made(folder.path(), path, &waiting) else { return };
    let has_eve = |logins: &Logins| logins.logins.rows.iter().any(|row| row.user == "eve");
    let logins = read(folder.path());
    assert!(has_eve(&logins));
    assert_eq!(logins.logins.problems, []);

    let wal = path.with_extension("db-wal");
    let mut changes = fs::read(&wal).unwrap();
    assert!(!changes.is_empty(), "the change waits beside the database");
    changes[5] ^= 1;
    fs::write(&wal, changes).unwrap();
    let logins = read(folder.path());
    assert!(!has_eve(&logins) && told(&logins).len() == 8);
    for problems in [&logins.logins.problems, &logins.logs.problems] {
        assert_eq!(problems[0].subject, "/var/lib/wtmpdb/wtmp.db-wal");
        assert_eq!(problems[0].columns, [""; 0]);
    }
}

#[test]
fn columns_are_found_by_their_names() {
    let folder = disk(&[]);
    let early = "
db.execute('CREATE TABLE \"wtmp\"(Type INTEGER, User TEXT NOT NULL, PID INTEGER, Login INTEGER,' +
    'Logout INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT, CHECK (PID > 0), UNIQUE(Login,TTY))')
db.execute('INSERT INTO wtmp VALUES(3, \"bob\", 77, ?, NULL, \"pts/3\", \"192.0.2.7\", \"sshd\")', ((T + 5) * u,))
db.execute('ALTER TABLE wtmp ADD COLUMN Note TEXT')
";
    let Some(_) = made(folder.path(), "var/log/wtmp.db", early) else { return };
    let logins = read(folder.path());
    let row = &logins.logins.rows[0];
    assert_eq!((&*row.user, &*row.terminal, row.started), ("bob", "pts/3", Some(Time(T + 5))));
    assert_eq!(logins.logins.problems, []);
}

#[test]
fn the_last_log_ins_of_lastlog2_are_compared_with_wtmpdb() {
    let last = "db.execute(last)\n\
        seen('bob', 50, 'pts/0', '192.0.2.7', 'sshd')\n\
        seen('gone', 40, 'tty1')\n\
        seen('never', None, None)";
    let cases = [
        ("it is there", "add(3, 'bob', 50, None, 'pts/0', '192.0.2.7', 'sshd')", false),
        ("it was cut out", "add(3, 'ann', 90, None, 'pts/0', '192.0.2.8', 'sshd')", true),
    ];
    for (case, entry, odd) in cases {
        let folder = disk(&[]);
        let story =
            format!("db.execute(wtmp)\nadd(3, 'ann', 5, 9, 'pts/0', 'pc', 'sshd')\n{entry}");
        let Some(_) = made(folder.path(), "var/lib/wtmpdb/wtmp.db", &story) else { return };
        made(folder.path(), "var/lib/lastlog/lastlog2.db", last);
        let logins = read(folder.path());
        let rows = logins.logins.rows.iter().filter(|row| row.kind == "last");
        let rows: Vec<_> = rows.map(|row| (&*row.user, row.record, row.started)).collect();
        assert_eq!(rows, [("bob", 1, Some(Time(T + 50))), ("gone", 2, Some(Time(T + 40)))]);
        let log = of(&logins, "/var/lib/lastlog/lastlog2.db");
        assert_eq!((&*log.kind, log.records), ("lastlog", 2));
        let text = log.oddity.as_deref().unwrap_or_default();
        assert_eq!(
            text.contains("the log-in of bob at pts/0 from 192.0.2.7"),
            odd,
            "{case}: {text}"
        );
        assert!(!text.contains("gone"), "the machine itself is no other machine");
    }
}

#[test]
fn a_way_of_log_in_that_wtmpdb_is_never_told_of_is_nothing_that_it_misses() {
    let last = "db.execute(last)\nseen('bob', 50, 'ssh', '192.0.2.7', 'sshd')";
    let others = [
        "add(3, 'ann', 5, 9, 'tty1', None, 'login')",
        "add(3, 'ann', 5, 9, 'pts/0', 'pc', 'sshd')",
        "add(3, 'ann', 60, 69, 'ssh', 'pc', 'sshd')",
    ];
    for entry in others {
        let folder = disk(&[]);
        let story = format!("db.execute(wtmp)\n{entry}");
        let Some(_) = made(folder.path(), "var/lib/wtmpdb/wtmp.db", &story) else { return };
        made(folder.path(), "var/lib/lastlog/lastlog2.db", last);
        let logins = read(folder.path());
        assert_eq!(of(&logins, "/var/lib/lastlog/lastlog2.db").oddity, None, "{entry}");
    }
}

#[test]
fn a_database_that_cannot_be_read_is_a_problem_of_its_rows_alone() {
    let folder = disk(&[
        ("var/lib/wtmpdb/wtmp.db", b"SQLite format 3\0"),
        ("var/lib/lastlog/lastlog2.db", b"no database"),
        ("var/lib/wtmpdb/wtmp_20260101.db", b""),
        ("var/lib/wtmpdb/wtmp_old.db", b"no day"),
    ]);
    let logins = read(folder.path());
    let told: Vec<_> =
        logins.logins.problems.iter().map(|problem| (&*problem.subject, problem.columns)).collect();
    let expected: [(&str, &[&str]); 2] =
        [("/var/lib/wtmpdb/wtmp.db", &[]), ("/var/lib/lastlog/lastlog2.db", &["record"])];
    assert_eq!(told, expected);
    let wtmpdb = of(&logins, "/var/lib/wtmpdb/wtmp.db");
    assert!(wtmpdb.kept && wtmpdb.oddity.is_none());
    let empty = of(&logins, "/var/lib/wtmpdb/wtmp_20260101.db");
    assert_eq!((empty.records, empty.size), (0, 0));
}

#[test]
fn a_database_that_leads_to_nowhere_is_not_kept() {
    let folder = disk(&[]);
    fs::create_dir_all(folder.path().join("var/lib/wtmpdb")).unwrap();
    std::os::unix::fs::symlink("/dev/null", folder.path().join("var/lib/wtmpdb/wtmp.db")).unwrap();
    let logins = read(folder.path());
    let log = of(&logins, "/var/lib/wtmpdb/wtmp.db");
    assert_eq!((log.kept, log.oddity.as_deref()), (false, Some("a link to /dev/null")));
}

fn seeds() -> [Vec<u8>; 2] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fuzz/seeds/log_in_databases");
    ["wtmpdb", "lastlog2"].map(|name| fs::read(folder.join(name)).unwrap())
}

/// How many rows and faults both readers make of it.
fn counts(content: &[u8]) -> [(usize, usize); 2] {
    let (sessions, last) = (wtmpdb::parse(content), lastlog2::parse(content));
    [(sessions.rows.len(), sessions.faults.len()), (last.rows.len(), last.faults.len())]
}

#[test]
fn a_database_that_is_cut_anywhere_says_so() {
    let [wtmp, last] = seeds();
    assert_eq!((counts(&wtmp)[0], counts(&last)[1]), ((3, 0), (1, 0)));
    for (content, place, all) in [(wtmp, 0, 3), (last, 1, 1)] {
        for length in 0..content.len() {
            let (rows, faults) = counts(&content[..length])[place];
            assert!(faults > 0 && rows <= all, "{length}");
        }
    }
}

#[test]
fn a_database_with_any_byte_changed_neither_panics_nor_grows() {
    for content in seeds() {
        for at in 0..content.len() {
            for byte in [0, 1, 0x7f, 0x80, 0xff] {
                let mut changed = content.clone();
                changed[at] = byte;
                for (rows, faults) in counts(&changed) {
                    assert!(rows <= content.len() && faults <= 102, "{at}");
                }
            }
        }
    }
}

#[test]
fn cells_that_all_lead_to_one_row_cost_no_more_than_the_file() {
    let [mut content, _] = seeds();
    let page = 512;
    assert_eq!(content[page], 13, "a leaf");
    let cells = 200_u16;
    content[page + 3..page + 5].copy_from_slice(&cells.to_be_bytes());
    let first: [u8; 2] = content[page + 8..page + 10].try_into().unwrap();
    for cell in content[page + 8..page + 8 + 2 * 200].as_chunks_mut::<2>().0 {
        *cell = first;
    }
    let found = wtmpdb::parse(&content);
    assert!(found.rows.len() < 60, "{}", found.rows.len());
    assert!(found.faults.iter().any(|(_, detail)| detail.contains("larger than the file")));
}
