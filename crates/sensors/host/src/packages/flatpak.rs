//! Flatpak applications and runtimes, the system's and the users' own: the folders
//! `KIND/NAME/ARCHITECTURE/BRANCH`. The version is the branch; the origin is the first text of
//! the file `deploy`.

use leaksweep_facts::{Observed, tables::host::Package};

use super::{Records, below};
use crate::{accounts::Home, machine::Machine};

pub fn collect(machine: &Machine, homes: &[Home]) -> Observed<Package> {
    let mut records = Records::new(machine);
    installation(&mut records, "/var/lib/flatpak", None);
    for home in homes {
        installation(&mut records, &below(home, ".local/share/flatpak"), Some(&home.user));
    }
    records.found
}

fn installation(records: &mut Records, folder: &str, user: Option<&str>) {
    for kind in ["app", "runtime"] {
        let kind = format!("{folder}/{kind}");
        for name in records.names(&kind) {
            // `current` is a link to one of the architectures.
            let folder = format!("{kind}/{name}");
            for architecture in records.names(&folder).iter().filter(|name| *name != "current") {
                for branch in records.names(&format!("{folder}/{architecture}")) {
                    package(records, &folder, [&name, architecture, &branch], user);
                }
            }
        }
    }
}

fn package(records: &mut Records, folder: &str, parts: [&str; 3], user: Option<&str>) {
    let [name, architecture, branch] = parts;
    let path = format!("{folder}/{architecture}/{branch}/active");
    if records.content(&format!("{path}/metadata")).is_none() {
        return;
    }
    let deploy = records.content(&format!("{path}/deploy"));
    let origin = deploy.as_deref().and_then(|content| content.split(|byte| *byte == 0).next());
    records.found.rows.push(Package {
        manager: "flatpak".into(),
        name: name.into(),
        source: name.into(),
        version: branch.into(),
        architecture: architecture.into(),
        state: "installed".into(),
        installed: records.changed(&path),
        origin: origin.map(crate::name::text),
        location: path,
        user: user.map(str::to_owned),
        ..Package::default()
    });
}
