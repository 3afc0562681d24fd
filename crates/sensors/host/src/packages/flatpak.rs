//! Flatpak applications and runtimes, the system's and the users' own: the folders
//! `KIND/NAME/ARCHITECTURE/BRANCH`. The version is the branch; the origin is the first text of
//! the file `deploy`.

use std::path::Path;

use leaksweep_facts::{Observed, tables::host::Package};

use super::{Records, below, last};
use crate::{accounts::Home, machine::Machine, name, root::TEXT_CAP};

pub fn collect(machine: &Machine, homes: &[Home]) -> Observed<Package> {
    let mut records = Records::new(machine);
    installation(&mut records, Path::new("/var/lib/flatpak"), None);
    for home in homes {
        installation(&mut records, &below(home, ".local/share/flatpak"), Some(&home.user));
    }
    records.found
}

fn installation(records: &mut Records, folder: &Path, user: Option<&str>) {
    for kind in ["app", "runtime"] {
        for name in records.entries(folder.join(kind)) {
            // `current` is a link to one of the architectures.
            for architecture in records.entries(&name).iter().filter(|path| last(path) != "current")
            {
                for branch in records.entries(architecture) {
                    package(records, [&name, architecture, &branch], user);
                }
            }
        }
    }
}

fn package(records: &mut Records, folders: [&Path; 3], user: Option<&str>) {
    let [name, architecture, version] = folders.map(last);
    let [_, _, branch] = folders;
    let path = branch.join("active");
    if records.content(&path.join("metadata")).is_none() {
        return;
    }
    let deploy = records.origin(&path.join("deploy"), TEXT_CAP);
    let origin = deploy.as_deref().and_then(|content| content.split(|byte| *byte == 0).next());
    records.found.rows.push(Package {
        manager: "flatpak".into(),
        source: name.clone(),
        name,
        version,
        architecture,
        state: "installed".into(),
        installed: records.changed(&path),
        origin: origin.map(name::text),
        location: name::path(&path),
        user: user.map(str::to_owned),
        ..Package::default()
    });
}
