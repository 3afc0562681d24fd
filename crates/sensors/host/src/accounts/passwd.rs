//! `/etc/passwd`: seven fields to a line, divided by colons.
//!
//! A line that ends early is an account for the C library all the same, as long as both numbers are
//! there; so it is one here, with a problem.

use leaksweep_facts::{Observed, tables::host::User};

use super::{is_from_nis, lines, malformed, nis, number, shadow};
use crate::name;

const TABLE: &str = "host_users";
const PATH: &str = "/etc/passwd";
const FIELDS: usize = 7;

/// Programs that are no shell: whoever logs in with one is sent away or sees one command's output.
const NO_SHELLS: [&str; 6] = ["nologin", "false", "true", "sync", "shutdown", "halt"];

/// The accounts, and for each whether its password stands in shadow.
pub fn parse(content: &[u8]) -> (Observed<User>, Vec<bool>) {
    let mut users = Observed::default();
    let mut shadowed = Vec::new();
    for (number, line) in lines(content) {
        if is_from_nis(line) {
            users.problem(nis(TABLE, PATH, number));
            continue;
        }
        let fields: Vec<&[u8]> = line.splitn(FIELDS, |byte| *byte == b':').collect();
        match user(&fields) {
            Some((user, in_shadow)) => {
                users.rows.push(user);
                shadowed.push(in_shadow);
                if fields.len() < FIELDS {
                    users.problem(short(number));
                }
            }
            None => users.problem(malformed(TABLE, PATH, number, "this line is no account")),
        }
    }
    (users, shadowed)
}

fn short(line: usize) -> leaksweep_facts::Problem {
    let detail = "the line has fewer than seven fields";
    malformed(TABLE, PATH, line, detail).in_columns(&["comment", "home", "shell"])
}

fn user(fields: &[&[u8]]) -> Option<(User, bool)> {
    let field = |index: usize| fields.get(index).copied().unwrap_or_default();
    let [account, password] = [field(0), field(1)];
    if account.is_empty() {
        return None;
    }
    let (uid, gid) = (number(field(2))?, number(field(3))?);
    // A blank at the end is part of the name: `nologin ` is another program.
    let shell = name::text(field(6));
    let mut user = User {
        name: name::text(account),
        uid,
        gid,
        comment: name::text(field(4)),
        home: name::text(field(5)),
        can_login: lets_in(&shell),
        shell,
        person: (1000..=60_000).contains(&uid),
        ..User::default()
    };
    let in_shadow = password == b"x";
    if !in_shadow {
        let password = shadow::password(password);
        user.password_in_passwd = password.hash.is_some();
        password.fill(&mut user);
    }
    Some((user, in_shadow))
}

/// An empty shell means `/bin/sh`.
fn lets_in(shell: &str) -> bool {
    let program = shell.rsplit('/').next().unwrap_or_default();
    !NO_SHELLS.contains(&program)
}
