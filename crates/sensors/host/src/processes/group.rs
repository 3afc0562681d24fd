//! `/proc/PID/cgroup`: in which control group a process runs, and whose unit that is.

use crate::name;

const UNITS: [&str; 6] = [".service", ".scope", ".socket", ".mount", ".swap", ".timer"];

/// The control group that tells most: the unified one, else systemd's own, else any other that is
/// not the top one.
pub fn control_group(content: &[u8]) -> Option<String> {
    let lines = content.split(|byte| *byte == b'\n');
    let groups: Vec<(&[u8], &[u8])> = lines.filter_map(group).collect();
    let of =
        |controller: &[u8]| groups.iter().find(|(name, path)| *name == controller && *path != b"/");
    let best = of(b"").or_else(|| of(b"name=systemd"));
    let other = || groups.iter().find(|(_, path)| *path != b"/");
    let (_, path) = best.or_else(other).or_else(|| groups.first())?;
    Some(name::text(path))
}

/// `4:memory:/path` gives controller and path.
fn group(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut parts = line.splitn(3, |byte| *byte == b':');
    parts.next()?;
    Some((parts.next()?, parts.next().filter(|path| path.starts_with(b"/"))?))
}

/// The unit by systemd's own rule: slices are passed over, and the next part must be a unit. What
/// lies below a unit is that unit's own matter and could bear any name; only a user's manager
/// has units of its own there.
pub fn unit(path: &str) -> Option<String> {
    let path = path.strip_suffix(" (deleted)").unwrap_or(path);
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let unit = next_unit(&mut parts)?;
    let managed = unit.starts_with("user@") && unit.ends_with(".service");
    let below = if managed { next_unit(&mut parts) } else { None };
    Some(below.unwrap_or(unit))
}

fn next_unit<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Option<String> {
    let part = parts.find(|part| !part.ends_with(".slice"))?;
    // systemd puts `_` before a name that a file of the control group already has.
    let part = part.strip_prefix('_').unwrap_or(part);
    UNITS.iter().any(|end| part.len() > end.len() && part.ends_with(end)).then(|| part.to_owned())
}
