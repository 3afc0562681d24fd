//! Settings of sudo that give more than its rules say.

use super::{
    Source,
    aliases::Ask,
    commands,
    grammar::{Command, Item, Part, Scope, Setting},
};

/// Variables by which the person who asks decides what the program loads or runs.
const LOADING: [&str; 19] = [
    "LD_*",
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "LD_AUDIT",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "PERL5LIB",
    "PERL5OPT",
    "PERLLIB",
    "RUBYLIB",
    "RUBYOPT",
    "NODE_OPTIONS",
    "NODE_PATH",
    "BASH_ENV",
    "ENV",
    "GCONV_PATH",
    "JAVA_TOOL_OPTIONS",
    "*",
];

/// A setting and where it stands.
#[derive(Debug, Clone)]
pub struct Placed {
    pub of: Scope,
    pub setting: Setting,
    pub source: Source,
}

impl Placed {
    /// As it is written, if it gives more than rules do.
    pub fn gives(&self) -> Option<String> {
        let setting = &self.setting;
        let gives = match (setting.name.as_str(), setting.negated) {
            ("authenticate" | "env_reset" | "env_check" | "ignore_dot", true) => true,
            ("setenv" | "visiblepw", false) => true,
            ("timestamp_timeout", false) => minutes(&setting.value).is_some_and(|m| m < 0.0),
            ("timestamp_timeout", true) => false,
            ("timestamp_type", false) => setting.value == "global",
            ("exempt_group", false) => !setting.value.is_empty(),
            ("env_keep", false) if setting.sign != "-=" => {
                setting.value.split_whitespace().any(loads)
            }
            _ => false,
        };
        gives.then(|| self.written())
    }

    fn written(&self) -> String {
        let Setting { negated, name, sign, value } = &self.setting;
        let mark = if *negated { "!" } else { "" };
        let scope = match &self.of {
            Scope::All => String::new(),
            Scope::Users(items) => format!(":{}", list(items)),
            Scope::Hosts(items) => format!("@{}", list(items)),
            Scope::RunAs(items) => format!(">{}", list(items)),
            Scope::Commands(all) => {
                format!("!{}", all.iter().map(|one| &*one.written).collect::<Vec<_>>().join(","))
            }
        };
        let value = if sign.is_empty() { String::new() } else { format!(" {sign} {value}") };
        format!("Defaults{scope} {mark}{name}{value}").replace(" = ", "=")
    }
}

fn list(items: &[Item]) -> String {
    let shown =
        items.iter().map(|item| format!("{}{}", if item.negated { "!" } else { "" }, item.name));
    shown.collect::<Vec<_>>().join(",")
}

fn minutes(value: &str) -> Option<f64> {
    value.trim().parse().ok()
}

fn loads(variable: &str) -> bool {
    let name = variable.split('=').next().unwrap_or_default();
    LOADING.contains(&name) || name.starts_with("LD_")
}

/// The settings in their order; of each the last that fits counts.
#[derive(Debug, Default)]
pub struct Settings(pub Vec<Placed>);

impl Settings {
    /// Whether a password is asked of the account for a part of a rule that does not say.
    pub fn asks(&self, ask: &mut Ask<'_>, user: &str, part: &Part) -> bool {
        let last = self.last(ask, user, part, "authenticate");
        if last.is_some_and(|setting| setting.negated) {
            return false;
        }
        let exempt =
            self.last(ask, user, part, "exempt_group").map(|setting| setting.value.clone());
        !exempt.is_some_and(|group| ask.people.is_member(user, &group))
    }

    /// As whom a rule runs that does not say.
    pub fn run_as(&self, ask: &mut Ask<'_>, user: &str, part: &Part) -> String {
        let set = self.last(ask, user, part, "runas_default").map(|setting| setting.value.clone());
        set.filter(|name| !name.is_empty()).unwrap_or_else(|| "root".into())
    }

    fn last(&self, ask: &mut Ask<'_>, user: &str, part: &Part, name: &str) -> Option<&Setting> {
        let named = self.0.iter().rev().filter(|one| one.setting.name == name);
        let mut fitting = named.filter(|one| fits(&one.of, ask, user, part));
        fitting.next().map(|one| &one.setting)
    }
}

fn fits(scope: &Scope, ask: &mut Ask<'_>, user: &str, part: &Part) -> bool {
    match scope {
        Scope::All => true,
        // Everyone is covered only where nobody is left out.
        Scope::Users(items) if user == "*" => {
            items.iter().all(|item| item.name == "ALL" && !item.negated && !item.quoted)
        }
        Scope::Users(items) => ask.covers(items, user).is_some_and(|(covers, _)| covers),
        Scope::Hosts(items) => ask.here(items),
        Scope::RunAs(items) => match &part.run_as {
            None => ask.runs_as(items, "root"),
            Some(run_as) => run_as.users.iter().any(|item| ask.runs_as(items, &item.name)),
        },
        Scope::Commands(named) => same_commands(named, part, ask),
    }
}

/// Whether every program of the rule is among those of the setting.
fn same_commands(named: &[Command], part: &Part, ask: &Ask<'_>) -> bool {
    let of = |list: &[Command]| {
        commands::of(&Part { commands: list.to_vec(), ..Part::default() }, ask.aliases)
    };
    let (covered, wanted) = (of(named), of(&part.commands));
    if covered.everything {
        return true;
    }
    let covers = |program: &str| covered.programs.iter().any(|one| one.written == program);
    !wanted.everything && wanted.programs.iter().all(|one| covers(&one.written))
}
