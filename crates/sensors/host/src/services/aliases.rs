//! Which units are other names of others: links from one unit's name to another's.
//!
//! Limits: a chain of links is followed to its end, however long, though the kernel gives up after
//! 40; in a circle each name stands for the next.

use std::collections::{BTreeMap, HashMap};

use super::folders::{Definition, Units, kind, template};
use crate::name;

#[derive(Debug, Default)]
pub struct Aliases {
    /// Other names to the unit that they stand for.
    targets: HashMap<String, String>,
    /// Units to their other names.
    names: BTreeMap<String, Vec<String>>,
}

impl Aliases {
    /// Each name is looked at once, for any user can make many links to links.
    pub fn find(units: &Units) -> Self {
        let steps: HashMap<&str, String> = units
            .defined
            .iter()
            .filter_map(|(name, definition)| Some((name.as_str(), step(units, name, definition)?)))
            .collect();
        let mut aliases = Self::default();
        for name in units.defined.keys().filter(|name| steps.contains_key(name.as_str())) {
            aliases.settle(&steps, name);
        }
        for name in units.defined.keys() {
            if let Some(target) = aliases.targets.get(name) {
                aliases.names.entry(target.clone()).or_default().push(name.clone());
            }
        }
        aliases
    }

    pub fn target(&self, name: &str) -> Option<&str> {
        self.targets.get(name).map(String::as_str)
    }

    pub fn names(&self, unit: &str) -> &[String] {
        self.names.get(unit).map(Vec::as_slice).unwrap_or_default()
    }

    /// Follows the links from a name, and notes for every name on the way where they end.
    fn settle<'a>(&mut self, steps: &'a HashMap<&str, String>, name: &'a str) {
        let mut way: HashMap<&str, &str> = HashMap::new();
        let mut here = name;
        let end = loop {
            if let Some(known) = self.targets.get(here) {
                break known.clone();
            }
            match steps.get(here) {
                None => break here.to_owned(),
                Some(next) if way.insert(here, next).is_none() => here = next,
                Some(_) => return self.circle(way),
            }
        };
        self.targets.extend(way.into_keys().map(|name| (name.to_owned(), end.clone())));
    }

    fn circle(&mut self, way: HashMap<&str, &str>) {
        self.targets.extend(way.into_iter().map(|(name, next)| (name.to_owned(), next.to_owned())));
    }
}

/// A link to a file that is no unit of this manager is no other name but the unit itself.
fn step(units: &Units, name: &str, definition: &Definition) -> Option<String> {
    let target = name::os(definition.link.as_ref()?.file_name()?);
    let other = target != name && template(name).as_ref() != Some(&target);
    let known = units.defined.contains_key(&target) && kind(&target) == kind(name);
    (other && known).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(links: impl IntoIterator<Item = (String, Option<String>)>) -> Units {
        let defined = links.into_iter().map(|(name, target)| {
            let path = format!("/etc/systemd/system/{name}").into();
            (name, Definition { path, link: target.map(Into::into) })
        });
        let mut units = Units::default();
        units.defined.extend(defined);
        units
    }

    #[test]
    fn a_long_chain_of_links_costs_one_look_at_each() {
        let name = |number: u32| format!("l{number}.service");
        let chain = (0..60_000).map(|at| (name(at), at.checked_sub(1).map(name)));
        let started = std::time::Instant::now();
        let aliases = Aliases::find(&units(chain));
        assert_eq!(aliases.target("l59999.service"), Some("l0.service"));
        assert_eq!(aliases.names("l0.service").len(), 59_999);
        assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    }

    #[test]
    fn links_in_a_circle_come_to_an_end() {
        let link =
            |from: &str, to: &str| (format!("{from}.service"), Some(format!("{to}.service")));
        let aliases = Aliases::find(&units([link("a", "b"), link("b", "a"), link("c", "a")]));
        assert_eq!(aliases.target("a.service"), Some("b.service"));
        assert_eq!(aliases.target("b.service"), Some("a.service"));
        assert!(aliases.target("c.service").is_some());
    }
}
