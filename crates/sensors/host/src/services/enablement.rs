//! Whether a unit starts without a person's doing: what `.wants` folders and units say of others.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{
    folders::{Units, is_template, kind, template},
    systemd::{Loaded, Shape},
};

/// What starts whenever the manager does.
const ROOTS: [&str; 3] = ["default.target", "sysinit.target", "basic.target"];
/// Settings by which a unit pulls others in.
const PULLS: [&str; 5] = ["Wants", "Requires", "BindsTo", "Upholds", "Requisite"];

/// Which units start, and what sets off those that others set off.
#[derive(Debug, Default)]
pub struct Starts {
    started: BTreeSet<String>,
    triggers: BTreeMap<String, BTreeSet<String>>,
}

impl Starts {
    pub fn find(units: &Units, loaded: &BTreeMap<String, Loaded>) -> Self {
        let mut starts = Self::default();
        let mut todo: Vec<String> = ROOTS.map(str::to_owned).to_vec();
        let wanted = units
            .wishes
            .iter()
            .filter(|(_, wishes)| wishes.iter().any(|wish| is_there(loaded, &wish.by)));
        todo.extend(wanted.map(|(unit, _)| unit.clone()));
        while let Some(name) = todo.pop() {
            let name = real_name(loaded, &name);
            let Some(unit) = loaded.get(&name).filter(|unit| unit.shape == Shape::Unit) else {
                continue;
            };
            if starts.started.insert(name.clone()) {
                todo.extend(
                    PULLS.iter().flat_map(|key| unit.unit.words("Unit", key)).map(Into::into),
                );
                todo.extend(starts.triggered(&name, unit, loaded));
            }
        }
        starts
    }

    pub fn contains(&self, unit: &str) -> bool {
        self.started.contains(unit)
    }

    /// The units that set this one off.
    pub fn triggers(&self, unit: &str) -> impl Iterator<Item = &String> {
        self.triggers.get(unit).into_iter().flatten()
    }

    fn triggered(
        &mut self,
        name: &str,
        unit: &Loaded,
        loaded: &BTreeMap<String, Loaded>,
    ) -> Vec<String> {
        let targets: Vec<_> =
            targets(name, unit).iter().map(|target| real_name(loaded, target)).collect();
        for target in &targets {
            self.triggers.entry(target.clone()).or_default().insert(name.to_owned());
        }
        targets
    }
}

/// What a socket, timer or watched path sets off: the unit that it names, or the service of its
/// own name.
fn targets(name: &str, unit: &Loaded) -> Vec<String> {
    let Some(kind) = kind(name) else { return Vec::new() };
    let (section, key) = match kind {
        "socket" => ("Socket", "Service"),
        "timer" => ("Timer", "Unit"),
        "path" => ("Path", "Unit"),
        _ => return Vec::new(),
    };
    let stem = name.strip_suffix(kind).unwrap_or_default().trim_end_matches('.');
    match unit.unit.value(section, key) {
        Some(named) => vec![named.to_owned()],
        None if kind == "socket" && unit.unit.is_yes("Socket", "Accept") => {
            vec![format!("{stem}@.service")]
        }
        None => vec![format!("{stem}.service")],
    }
}

/// The name under which a unit is loaded: behind an alias, or its template's where the instance has
/// no definition of its own.
pub fn real_name(loaded: &BTreeMap<String, Loaded>, name: &str) -> String {
    match loaded.get(name) {
        Some(Loaded { shape: Shape::Alias(target), .. }) => target.clone(),
        Some(_) => name.to_owned(),
        None => template(name)
            .filter(|template| loaded.contains_key(template))
            .unwrap_or_else(|| name.to_owned()),
    }
}

fn is_there(loaded: &BTreeMap<String, Loaded>, name: &str) -> bool {
    loaded.get(&real_name(loaded, name)).is_some_and(|unit| unit.shape == Shape::Unit)
}

/// `enabled` and its relatives, for a unit that is neither masked nor an alias. What the maker's own
/// folders wish is no enabling: such a unit starts and is `static` or `disabled` all the same.
pub fn state(units: &Units, name: &str, unit: &Loaded, aliases: &[String]) -> &'static str {
    if unit.path.components().any(|part| {
        matches!(
            part.as_os_str().to_str(),
            Some("generator" | "generator.early" | "generator.late" | "transient")
        )
    }) {
        return "generated";
    }
    if is_template(name) {
        return "template";
    }
    let wished = units.wishes.get(name).into_iter().flatten();
    let named = aliases.iter().filter_map(|alias| units.defined.get(alias)?.path.parent());
    let places: Vec<&Path> = wished.map(|wish| wish.folder.as_path()).chain(named).collect();
    if places.iter().any(|place| is_configuration(place)) {
        "enabled"
    } else if places.iter().any(|place| place.starts_with("/run")) {
        "enabled-runtime"
    } else if is_installable(unit) {
        "disabled"
    } else {
        "static"
    }
}

fn is_installable(unit: &Loaded) -> bool {
    ["WantedBy", "RequiredBy", "UpheldBy", "Alias", "Also", "DefaultInstance"]
        .iter()
        .any(|key| !unit.unit.list("Install", key).is_empty())
}

/// A folder in which the administrator or the user decides.
fn is_configuration(folder: &Path) -> bool {
    folder.starts_with("/etc") || folder.ends_with(".config/systemd/user")
}
