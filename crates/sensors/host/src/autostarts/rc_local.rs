//! `rc.local`, which the machine runs at start-up if it may be run.

use std::{collections::BTreeSet, path::Path};

use leaksweep_facts::tables::host::Autostart;

use super::{Autostarts, CAP, script};

/// On many systems one of them is a link to another.
const PATHS: [&str; 4] =
    ["/etc/rc.local", "/etc/rc.d/rc.local", "/etc/init.d/boot.local", "/etc/rc.d/boot.local"];

pub fn collect(reading: &mut Autostarts<'_>) {
    let mut seen = BTreeSet::new();
    for path in PATHS.map(Path::new) {
        let place = reading.root.resolve(path).unwrap_or_else(|_| path.to_owned());
        if seen.insert(place) {
            of_file(reading, path);
        }
    }
}

fn of_file(reading: &mut Autostarts<'_>, path: &Path) {
    let Some(content) = reading.content(path, CAP, &[]) else { return };
    let of = Autostart {
        way: "rc.local".into(),
        event: "boot".into(),
        user: Some("root".into()),
        starts: reading.is_executable(path),
        ..Autostart::default()
    };
    let first = reading.found.rows.len();
    script::rows(reading, path, script::parse(&content), &of, None);
    script::together(reading, path, &content, &of, first);
}
