//! `/etc/group`: name, password, number, members.

use leaksweep_facts::{Observed, tables::host::Group};

use super::{is_from_nis, lines, malformed, nis, number};
use crate::name;

const PATH: &str = "/etc/group";
const TABLES: [&str; 2] = ["host_groups", "host_memberships"];

/// A member that a group's line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub group: String,
    pub user: String,
}

pub fn parse(content: &[u8]) -> (Observed<Group>, Observed<Listed>) {
    let mut groups = Observed::default();
    let mut listed = Observed::default();
    for (number, line) in lines(content) {
        if is_from_nis(line) {
            groups.problem(nis(TABLES[0], PATH, number));
            listed.problem(nis(TABLES[1], PATH, number));
            continue;
        }
        let Some((group, members)) = group(line) else {
            groups.problem(malformed(TABLES[0], PATH, number, "this line is no group"));
            listed.problem(malformed(TABLES[1], PATH, number, "this line is no group"));
            continue;
        };
        listed.rows.extend(named(members, &group.name));
        groups.rows.push(group);
    }
    (groups, listed)
}

fn group(line: &[u8]) -> Option<(Group, &[u8])> {
    let mut fields = line.splitn(4, |byte| *byte == b':');
    let account = fields.next().filter(|name| !name.is_empty())?;
    let _password = fields.next()?;
    let gid = number(fields.next()?)?;
    Some((Group { name: name::text(account), gid }, fields.next().unwrap_or_default()))
}

fn named<'a>(members: &'a [u8], group: &'a str) -> impl Iterator<Item = Listed> + 'a {
    let members = members.split(|byte| *byte == b',').map(|member| member.trim_ascii());
    let members = members.filter(|member| !member.is_empty());
    members.map(move |user| Listed { group: group.to_owned(), user: name::text(user) })
}
