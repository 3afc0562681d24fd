//! Rows from the units that one of systemd's managers finds.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use leaksweep_facts::{Observed, Problem, Reason, Time, tables::host::Service};

use super::{
    TABLE,
    aliases::Aliases,
    command,
    drop_ins::{self, DropIns},
    enablement::{self, Starts},
    environment::{self, Budget},
    folders::{Definition, Units, kind, template},
    unit_file::{self, Unit},
};
use crate::{
    accounts::Home,
    changeable::Judge,
    name,
    root::{Failure, Root},
    secrets,
};

/// What a unit that cannot be read or understood lacks.
const CONTENT: &[&str] = &[
    "description",
    "state",
    "starts",
    "command",
    "program",
    "program_exists",
    "run_as",
    "trigger",
    "traits",
];

pub const COMMANDS: [&str; 7] = [
    "ExecCondition",
    "ExecStartPre",
    "ExecStart",
    "ExecStartPost",
    "ExecReload",
    "ExecStop",
    "ExecStopPost",
];

const TRIGGERS: [(&str, &[&str]); 3] = [
    (
        "Timer",
        &[
            "OnCalendar",
            "OnActiveSec",
            "OnBootSec",
            "OnStartupSec",
            "OnUnitActiveSec",
            "OnUnitInactiveSec",
            "OnClockChange",
            "OnTimezoneChange",
        ],
    ),
    (
        "Socket",
        &[
            "ListenStream",
            "ListenDatagram",
            "ListenSequentialPacket",
            "ListenFIFO",
            "ListenSpecial",
            "ListenNetlink",
            "ListenMessageQueue",
            "ListenUSBFunction",
        ],
    ),
    ("Path", &["PathExists", "PathExistsGlob", "PathChanged", "PathModified", "DirectoryNotEmpty"]),
];

/// Units are a few thousand bytes long. What one manager reads is capped as a whole too, for any
/// user can fill a home with units.
const UNIT_CAP: u64 = 1 << 20;
const MAX_BYTES: u64 = 8 << 20;

/// What a unit lacks of which drop-ins were left out: all that they could have changed.
const CHANGED: &[&str] = &[
    "drop_ins",
    "description",
    "state",
    "starts",
    "command",
    "program",
    "program_exists",
    "run_as",
    "trigger",
    "traits",
    "changeable_by",
    "program_changeable_by",
];

/// How many drop-ins a row names.
const NAMED: usize = 32;

/// Whose manager runs the units.
#[derive(Debug, Clone, Copy)]
pub enum Owner<'a> {
    System,
    /// Every user's manager.
    Everyone,
    Home(&'a Home),
}

/// A unit with everything that changes it.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    pub path: PathBuf,
    pub shape: Shape,
    pub unit: Unit,
    pub drop_ins: Vec<PathBuf>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Shape {
    #[default]
    Unit,
    Masked,
    /// Another name of this unit.
    Alias(String),
}

impl Owner<'_> {
    fn trusted(&self) -> Option<u32> {
        if let Self::Home(home) = self { Some(home.uid) } else { None }
    }

    fn home(&self) -> Option<String> {
        if let Self::Home(home) = self { Some(name::path(&home.path)) } else { None }
    }
}

pub fn rows(
    root: &Root,
    units: Units,
    owner: Owner<'_>,
    judge: &mut Judge<'_>,
) -> Observed<Service> {
    let mut services = Observed::default();
    let aliases = Aliases::find(&units);
    let loaded = load(root, &units, &aliases, &mut services.problems);
    let starts = Starts::find(&units, &loaded);
    let mut budget = Budget::default();
    for (name, unit) in loaded.iter().filter(|(name, unit)| concerns(owner, &units, name, unit)) {
        let names = aliases.names(name);
        let mut row = describe(name, unit, owner);
        row.state = match &unit.shape {
            Shape::Unit => enablement::state(&units, name, unit, names).into(),
            Shape::Masked => "masked".into(),
            Shape::Alias(_) => "alias".into(),
        };
        row.starts = starts.contains(name);
        row.trigger = triggers(name, unit, &starts);
        let section = section(&row.kind);
        let problems = &mut services.problems;
        row.traits = environment::traits(&unit.unit, &section, root, &mut budget, problems);
        let mut judged = Judged { root, judge, owner, problems: &mut services.problems };
        judged.fill(&mut row, unit);
        services.rows.push(row);
    }
    services
}

fn load(
    root: &Root,
    units: &Units,
    aliases: &Aliases,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Loaded> {
    let drop_ins = DropIns::new(root, units);
    let mut loader = Loader { root, drop_ins, problems, bytes_left: MAX_BYTES, full: false };
    let mut loaded = BTreeMap::new();
    for (name, definition) in &units.defined {
        let unit = match aliases.target(name) {
            Some(target) => Loaded::alias(definition, target.to_owned()),
            None => loader.load(name, definition, aliases.names(name)),
        };
        loaded.insert(name.clone(), unit);
    }
    for name in units.wishes.keys().filter(|name| !units.defined.contains_key(*name)) {
        let definition = template(name).and_then(|template| units.defined.get(&template));
        if let Some(definition) = definition {
            loaded.insert(name.clone(), loader.load(name, definition, &[]));
        }
    }
    if loader.drop_ins.cut() {
        loader.problems.push(drop_ins::cut(CHANGED));
    }
    loaded
}

impl Loaded {
    fn alias(definition: &Definition, target: String) -> Self {
        let (path, shape) = (definition.path.clone(), Shape::Alias(target));
        Self { path, shape, ..Self::default() }
    }
}

/// Reads the units of one manager.
struct Loader<'a> {
    root: &'a Root,
    drop_ins: DropIns<'a>,
    problems: &'a mut Vec<Problem>,
    bytes_left: u64,
    /// Whether it was told that no more is read.
    full: bool,
}

impl Loader<'_> {
    fn load(&mut self, name: &str, definition: &Definition, aliases: &[String]) -> Loaded {
        let mut loaded = Loaded { path: definition.path.clone(), ..Loaded::default() };
        if definition.link.as_deref() == Some(Path::new("/dev/null")) {
            loaded.shape = Shape::Masked;
            return loaded;
        }
        match (self.read(&definition.path), &definition.link) {
            (Ok(content), _) if content.is_empty() => loaded.shape = Shape::Masked,
            (Ok(content), _) => loaded.unit = understood(&definition.path, &content, self.problems),
            // A link to nowhere is left over from a unit that was removed.
            (Err(failure), Some(link)) if failure.is_absence() => {
                let target = link.file_name().map(name::os).unwrap_or_default();
                return Loaded::alias(definition, target);
            }
            (Err(failure), _) => self.unread(&failure, &definition.path),
        }
        if loaded.shape == Shape::Unit {
            self.add_drop_ins(name, aliases, &mut loaded);
        }
        loaded
    }

    /// A unit's content, as long as all units together are not too large.
    fn read(&mut self, path: &Path) -> Result<Vec<u8>, Failure> {
        let content = self.root.read(path, UNIT_CAP.min(self.bytes_left))?;
        self.bytes_left = self.bytes_left.saturating_sub(content.len() as u64);
        Ok(content)
    }

    fn add_drop_ins(&mut self, name: &str, aliases: &[String], loaded: &mut Loaded) {
        loaded.drop_ins = self.drop_ins.of(name, aliases, self.problems);
        for path in &loaded.drop_ins {
            match self.read(path) {
                Ok(content) => loaded.unit.extend(understood(path, &content, self.problems)),
                Err(failure) => self.unread(&failure, path),
            }
        }
    }

    /// Once all units together are too large, the first that was left out stands for the others.
    fn unread(&mut self, failure: &Failure, path: &Path) {
        let full = failure.reason == Reason::TooLarge && self.bytes_left < UNIT_CAP;
        if !full || !self.full {
            let problem = failure.problem(TABLE, name::path(path));
            self.problems.push(problem.in_columns(CONTENT));
        }
        self.full |= full;
    }
}

fn understood(path: &Path, content: &[u8], problems: &mut Vec<Problem>) -> Unit {
    let unit = unit_file::parse(content);
    if let Some((first, count)) = unit.senseless {
        let subject = format!("{}:{first}", name::path(path));
        let detail = format!("{count} lines from here on are no part of a unit");
        let problem = Problem::new(TABLE, subject, Reason::Malformed, detail);
        problems.push(problem.in_columns(CONTENT));
    }
    unit
}

/// Whether the unit is to be listed for this owner. A home lists its own units, and those of
/// everyone that it enables or changes.
fn concerns(owner: Owner<'_>, units: &Units, name: &str, unit: &Loaded) -> bool {
    let Owner::Home(home) = owner else { return true };
    let inside = |path: &Path| path.starts_with(&home.path);
    inside(&unit.path)
        || unit.drop_ins.iter().any(|path| inside(path))
        || units.wishes.get(name).is_some_and(|all| all.iter().any(|wish| inside(&wish.folder)))
}

/// What the unit itself says.
fn describe(unit_name: &str, loaded: &Loaded, owner: Owner<'_>) -> Service {
    let unit = &loaded.unit;
    let kind = kind(unit_name).unwrap_or_default();
    let section = section(kind);
    Service {
        manager: "systemd".into(),
        user: if let Owner::Home(home) = owner { Some(home.user.clone()) } else { None },
        scope: if matches!(owner, Owner::System) { "system" } else { "user" }.into(),
        name: unit_name.to_owned(),
        kind: kind.to_owned(),
        path: name::path(&loaded.path),
        drop_ins: named(&loaded.drop_ins),
        description: unit.value("Unit", "Description").unwrap_or_default().to_owned(),
        command: commands(unit, &section),
        run_as: run_as(unit, &section, unit_name),
        ..Service::default()
    }
}

fn commands(unit: &Unit, section: &str) -> String {
    let lines = COMMANDS.map(|key| unit.list(section, key)).concat();
    let shown = lines.iter().map(|line| name::text(&secrets::in_line(line.as_bytes())));
    shown.collect::<Vec<_>>().join("\n")
}

/// The first drop-ins, and how many more there are.
fn named(drop_ins: &[PathBuf]) -> String {
    let mut names: Vec<String> = drop_ins.iter().take(NAMED).map(|path| name::path(path)).collect();
    if let Some(more) = drop_ins.len().checked_sub(NAMED).filter(|more| *more > 0) {
        names.push(format!("and {more} more"));
    }
    names.join(" ")
}

/// The section that units of this kind have for themselves: `Service` for `service`.
fn section(kind: &str) -> String {
    let mut letters = kind.chars();
    letters
        .next()
        .map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

/// A user made for the time that the unit runs has the unit's own name.
fn run_as(unit: &Unit, section: &str, unit_name: &str) -> String {
    match unit.value(section, "User") {
        Some(user) => user.to_owned(),
        None if unit.is_yes(section, "DynamicUser") => {
            unit_name.split(['@', '.']).next().unwrap_or_default().to_owned()
        }
        None => String::new(),
    }
}

fn triggers(unit_name: &str, loaded: &Loaded, starts: &Starts) -> String {
    let own = TRIGGERS.iter().flat_map(|(section, keys)| {
        keys.iter().flat_map(|key| {
            let values = loaded.unit.list(section, key).into_iter();
            values.map(move |value| format!("{key}={value}"))
        })
    });
    let others = starts.triggers(unit_name).cloned();
    own.chain(others).collect::<Vec<_>>().join(", ")
}

/// The columns for which the disk is asked.
struct Judged<'a, 'b> {
    root: &'a Root,
    judge: &'a mut Judge<'b>,
    owner: Owner<'a>,
    problems: &'a mut Vec<Problem>,
}

impl Judged<'_, '_> {
    fn fill(&mut self, row: &mut Service, loaded: &Loaded) {
        row.modified = self.root.stat(&loaded.path).ok().map(|stat| Time(stat.st_mtime));
        let paths = std::iter::once(&loaded.path).chain(&loaded.drop_ins);
        row.changeable_by = self.by(paths.map(PathBuf::as_path), &["changeable_by"]);
        self.fill_program(row, &loaded.unit);
    }

    fn fill_program(&mut self, row: &mut Service, unit: &Unit) {
        let section = section(&row.kind);
        let mut commands = unit.list(&section, "ExecStart");
        commands.extend(row.command.lines());
        let home = self.owner.home();
        let Some(first) = commands.first() else { return };
        row.program = command::program(first, home.as_deref(), self.root);
        let Some(program) = row.program.as_deref().filter(|path| command::is_known(path)) else {
            return;
        };
        row.program_exists = match self.root.stat(program) {
            Ok(_) => Some(true),
            Err(failure) if failure.is_absence() => Some(false),
            Err(failure) => {
                let problem = failure.problem(TABLE, program);
                self.problems.push(problem.in_columns(&["program_exists"]));
                None
            }
        };
        row.program_changeable_by =
            self.by([Path::new(program)].into_iter(), &["program_changeable_by"]);
    }

    fn by<'p>(
        &mut self,
        paths: impl Iterator<Item = &'p Path>,
        columns: &'static [&'static str],
    ) -> Option<String> {
        let (who, failures) = self.judge.by_any(paths, self.owner.trusted());
        for (path, failure) in failures {
            self.problems.push(failure.problem(TABLE, name::path(path)).in_columns(columns));
        }
        who
    }
}
