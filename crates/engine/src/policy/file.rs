//! The policy file. Reads: `leaksweep.toml`, which the holder wrote by hand; a misspelt key is an
//! error with its line, because a rule that silently does not count is worse than none.

use std::{fs::File, io::Read, path::Path};

use leaksweep_facts::{
    Time,
    certificate::Level,
    seal::PublicKey,
    tables::policy::{Administrator, ExceptionRow, Listener, RemoteTool, Zone},
};
use serde::Deserialize;

use super::{DEFAULT_ZONE, Policy, PolicyError, ZoneRule, firmware, hours};

const CAP: u64 = 4 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    zone: Vec<ZoneEntry>,
    #[serde(default)]
    listener: Vec<ListenerEntry>,
    #[serde(default)]
    remote_tool: Vec<RemoteToolEntry>,
    #[serde(default)]
    administrator: Vec<AdministratorEntry>,
    #[serde(default)]
    log_in_hours: Vec<toml::Spanned<HoursEntry>>,
    #[serde(default)]
    printer_firmware: Vec<toml::Spanned<firmware::Entry>>,
    #[serde(default)]
    trust: Trust,
    #[serde(default)]
    exception: Vec<toml::Spanned<ExceptionEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ZoneEntry {
    name: String,
    #[serde(default)]
    targets: Vec<String>,
    #[serde(default)]
    machine_ids: Vec<String>,
    description: Option<String>,
    network: Option<bool>,
    remote_tools: Option<bool>,
    removable_media: Option<bool>,
    update_days: Option<u32>,
    firmware_days: Option<u32>,
    wipe: Option<Level>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Protocol {
    Tcp,
    Udp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListenerEntry {
    zone: Option<toml::Spanned<String>>,
    protocol: Protocol,
    port: u16,
    program: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RemoteToolEntry {
    zone: Option<toml::Spanned<String>>,
    tool: String,
    minimum_version: Option<String>,
    #[serde(default)]
    unattended: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdministratorEntry {
    zone: Option<toml::Spanned<String>>,
    user: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoursEntry {
    zone: Option<toml::Spanned<String>>,
    days: Vec<String>,
    from: String,
    to: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Trust {
    #[serde(default)]
    publishers: Vec<String>,
    #[serde(default)]
    vendors: Vec<String>,
    #[serde(default)]
    origins: Vec<String>,
    #[serde(default)]
    sweep_keys: Vec<toml::Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExceptionEntry {
    check: String,
    target: String,
    owner: String,
    reason: String,
    until: Day,
}

/// A date, quoted or as TOML's own.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Day {
    Text(String),
    Date(toml::value::Datetime),
}

impl Day {
    pub fn read(self) -> Result<Time, String> {
        let text = match self {
            Day::Text(text) => text,
            Day::Date(date) => date.to_string(),
        };
        Time::parse(&text).ok_or(format!("'{text}' is no date; write \"2027-01-31\""))
    }
}

pub fn read_capped(path: &Path) -> Result<String, PolicyError> {
    let io = |source| PolicyError::Io { path: path.to_owned(), source };
    let wrong = |message: &str| PolicyError::Malformed {
        path: path.to_owned(),
        line: None,
        message: message.into(),
    };
    // Opening a pipe would wait for its writer.
    if !std::fs::metadata(path).map_err(io)?.is_file() {
        return Err(wrong("it is not a file"));
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(io)?.take(CAP + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > CAP {
        return Err(wrong("it is larger than 4 MiB"));
    }
    String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8 text"))
}

pub fn parse(text: &str, path: &Path) -> Result<Policy, PolicyError> {
    let at = |offset: Option<usize>, message: String| PolicyError::Malformed {
        path: path.to_owned(),
        line: offset.map(|offset| line_of(text, offset)),
        message,
    };
    let document: Document = toml::from_str(text)
        .map_err(|error| at(error.span().map(|span| span.start), explain(error.message())))?;
    let mut policy = Policy { path: Some(path.to_owned()), ..Policy::default() };
    for entry in document.zone {
        put_zone(&mut policy.zones, entry);
    }
    let known = |zone: Option<toml::Spanned<String>>, policy: &Policy| match zone {
        None => Ok(None),
        Some(zone) if policy.has_zone(zone.get_ref()) => Ok(Some(zone.into_inner())),
        Some(zone) => Err(at(Some(zone.span().start), unknown_zone(zone.get_ref(), policy))),
    };
    for entry in document.listener {
        let zone = known(entry.zone, &policy)?;
        policy.listeners.push(listener(zone, entry.protocol, entry.port, entry.program));
    }
    for entry in document.remote_tool {
        policy.remote_tools.push(RemoteTool {
            zone: known(entry.zone, &policy)?,
            tool: entry.tool,
            minimum_version: entry.minimum_version,
            unattended: entry.unattended,
        });
    }
    for entry in document.administrator {
        let zone = known(entry.zone, &policy)?;
        policy.administrators.push(Administrator { zone, user: entry.user });
    }
    for entry in document.log_in_hours {
        let start = entry.span().start;
        let HoursEntry { zone, days, from, to } = entry.into_inner();
        let zone = known(zone, &policy)?;
        let rows = hours::rows(zone.as_ref(), &days, &from, &to);
        policy.log_in_hours.extend(rows.map_err(|error| at(Some(start), error))?);
    }
    for entry in document.printer_firmware {
        let start = entry.span().start;
        let row = entry.into_inner().row().map_err(|error| at(Some(start), error))?;
        policy.printer_firmware.push(row);
    }
    for entry in document.exception {
        let start = entry.span().start;
        let exception = exception(entry.into_inner()).map_err(|error| at(Some(start), error))?;
        policy.exceptions.push(exception);
    }
    for key in document.trust.sweep_keys {
        let read = PublicKey::parse(key.get_ref());
        policy.sweep_keys.push(read.map_err(|e| at(Some(key.span().start), e.to_string()))?);
    }
    policy.publishers = document.trust.publishers;
    policy.vendors = document.trust.vendors;
    policy.origins = document.trust.origins;
    Ok(policy)
}

/// The zones that exist without any file. `sealed` holds secrets.
pub fn built_in_zones() -> Vec<ZoneRule> {
    let zone =
        |name: &str, description: &str, open: bool, update_days: i64, wipe: Level| ZoneRule {
            zone: Zone {
                zone: name.into(),
                description: description.into(),
                network: open,
                remote_tools: open,
                removable_media: open,
                update_days,
                // Makers bring new firmware out once or twice a year.
                firmware_days: if open { 730 } else { 365 },
                wipe: wipe.as_str().into(),
            },
            targets: Vec::new(),
            machine_ids: Vec::new(),
        };
    vec![
        zone("sealed", "holds secrets; no network, no remote tool", false, 90, Level::Purge),
        zone(DEFAULT_ZONE, "every target that no rule names", true, 30, Level::None),
    ]
}

/// A zone of a known name changes it; another is new, and starts as strict as `sealed`.
fn put_zone(zones: &mut Vec<ZoneRule>, entry: ZoneEntry) {
    let at = zones.iter().position(|rule| rule.zone.zone == entry.name).unwrap_or_else(|| {
        let sealed = &built_in_zones()[0];
        let zone = Zone { zone: entry.name, description: String::new(), ..sealed.zone.clone() };
        zones.push(ZoneRule { zone, ..sealed.clone() });
        zones.len() - 1
    });
    let ZoneRule { zone, targets, machine_ids } = &mut zones[at];
    targets.extend(entry.targets);
    machine_ids.extend(entry.machine_ids);
    set(&mut zone.description, entry.description);
    set(&mut zone.network, entry.network);
    set(&mut zone.remote_tools, entry.remote_tools);
    set(&mut zone.removable_media, entry.removable_media);
    set(&mut zone.update_days, entry.update_days.map(i64::from));
    set(&mut zone.firmware_days, entry.firmware_days.map(i64::from));
    set(&mut zone.wipe, entry.wipe.map(|level| level.as_str().to_owned()));
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn listener(
    zone: Option<String>,
    protocol: Protocol,
    port: u16,
    program: Option<String>,
) -> Listener {
    let protocol = match protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    };
    Listener { zone, protocol: protocol.into(), port: port.into(), program }
}

fn exception(entry: ExceptionEntry) -> Result<ExceptionRow, String> {
    let until = entry.until.read()?;
    for (key, value) in [("owner", &entry.owner), ("reason", &entry.reason)] {
        if value.trim().is_empty() {
            return Err(format!("an exception needs its {key}"));
        }
    }
    Ok(ExceptionRow {
        check: entry.check,
        target: entry.target,
        owner: entry.owner,
        reason: entry.reason,
        until,
        expired: false,
    })
}

fn unknown_zone(name: &str, policy: &Policy) -> String {
    let names = policy.zones.iter().map(|rule| rule.zone.zone.as_str());
    match nearest(name, names) {
        Some(near) => format!("there is no zone '{name}'; did you mean '{near}'?"),
        None => format!("there is no zone '{name}'"),
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

/// Serde names the wrong key and all that would be right; a person wants the nearest.
fn explain(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    match (message.starts_with("unknown field"), quoted.next()) {
        (true, Some(wrong)) => match nearest(wrong, quoted) {
            Some(near) => format!("unknown key '{wrong}'; did you mean '{near}'?"),
            None => message.replace('`', "'").replace("unknown field", "unknown key"),
        },
        _ => message.replace('`', "'"),
    }
}

pub fn nearest<'a>(wrong: &str, right: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored = right.map(|name| (strsim::normalized_damerau_levenshtein(wrong, name), name));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= 0.4).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse(text, Path::new("leaksweep.toml")).unwrap_err().to_string()
    }

    #[test]
    fn a_misspelt_key_is_an_error_with_its_line_and_the_nearest() {
        assert_eq!(
            error("[[zone]]\nname = \"sealed\"\ntarget = [\"lab-*\"]\n"),
            "leaksweep.toml:3: unknown key 'target'; did you mean 'targets'?"
        );
        assert_eq!(
            error("\n[[exeption]]\n"),
            "leaksweep.toml:2: unknown key 'exeption'; did you mean 'exception'?"
        );
    }

    #[test]
    fn a_rule_that_could_never_count_is_an_error() {
        let text = "[[listener]]\nzone = \"ofice\"\nprotocol = \"tcp\"\nport = 22\n";
        assert!(error(text).contains(":2: there is no zone 'ofice'; did you mean 'office'?"));
        let rest = "check = \"a/b\"\ntarget = \"*\"\nowner = \"Li\"\nreason = \"r\"\n";
        let text = format!("[[exception]]\n{rest}until = \"tomorrow\"\n");
        assert!(error(&text).contains("'tomorrow' is no date"), "{}", error(&text));
        let text = "[trust]\nsweep_keys = [\"leaksweep-secret-key-1:AAAA\"]\n";
        assert!(error(text).contains("secret key where a public one"), "{}", error(text));
    }

    #[test]
    fn administrators_and_hours_are_read_and_wrong_ones_have_their_line() {
        let text = "[[administrator]]\nuser = \"li\"\n[[administrator]]\nzone = \"office\"\n\
user = \"wang\"\n[[log_in_hours]]\ndays = [\"monday\"]\nfrom = \"07:00\"\nto = \"19:00\"\n";
        let policy = parse(text, Path::new("x")).unwrap();
        let told: Vec<_> =
            policy.administrators.iter().map(|one| (one.zone.as_deref(), &*one.user)).collect();
        assert_eq!(told, [(None, "li"), (Some("office"), "wang")]);
        let hours = &policy.log_in_hours[0];
        assert_eq!((hours.start_minute, hours.end_minute), (420, 1140));
        let wrong = text.replace("\"monday\"", "\"mondey\"");
        assert_eq!(error(&wrong), "leaksweep.toml:6: 'mondey' is no day; did you mean 'monday'?");
        let wrong = text.replace("office", "ofice");
        assert!(error(&wrong).contains(":4: there is no zone 'ofice'"), "{}", error(&wrong));
    }

    #[test]
    fn a_zone_demands_a_level_of_wiping_and_an_unknown_one_is_an_error() {
        let wipe = |text: &str| {
            let policy = parse(text, Path::new("x")).unwrap();
            let zones = policy.zones.into_iter();
            zones.map(|rule| (rule.zone.zone, rule.zone.wipe)).collect::<Vec<_>>()
        };
        let levels = |sealed: &str, office: &str| {
            vec![("sealed".into(), sealed.into()), ("office".into(), office.into())]
        };
        assert_eq!(wipe(""), levels("purge", "none"));
        let text = "[[zone]]\nname = \"office\"\nwipe = \"clear\"\n";
        assert_eq!(wipe(text), levels("purge", "clear"));
        let new = wipe("[[zone]]\nname = \"lab\"\n");
        assert_eq!(new.last(), Some(&("lab".into(), "purge".into())), "as strict as sealed");
        let wrong = error(&text.replace("clear", "shred"));
        assert!(wrong.contains(":3:") && wrong.contains("'purge'"), "{wrong}");
    }

    #[test]
    fn both_ways_to_write_a_date_mean_the_same_day() {
        let rest = "check = \"a/b\"\ntarget = \"*\"\nowner = \"Li\"\nreason = \"r\"\n";
        for until in ["2027-01-31", "\"2027-01-31\""] {
            let text = format!("[[exception]]\n{rest}until = {until}\n");
            let policy = parse(&text, Path::new("x")).unwrap();
            assert_eq!(Some(policy.exceptions[0].until), Time::parse("2027-01-31"));
        }
    }

    #[test]
    fn the_template_is_the_default() {
        let read = parse(super::super::TEMPLATE, Path::new("x")).unwrap();
        assert_eq!(Policy { path: None, ..read }, Policy::default());
    }

    #[test]
    fn every_commented_line_of_the_template_is_valid() {
        let commented = super::super::TEMPLATE.lines().map(|line| match line.strip_prefix("#: ") {
            Some(example) => example,
            None => line,
        });
        let text: Vec<&str> = commented.collect();
        let policy = parse(&text.join("\n"), Path::new("x")).unwrap();
        assert_eq!(policy.zone_of("lab-07", None), "sealed");
        assert!(!policy.listeners.is_empty() && !policy.exceptions.is_empty());
        assert!(!policy.administrators.is_empty() && !policy.log_in_hours.is_empty());
        assert!(!policy.printer_firmware.is_empty());
    }
}
