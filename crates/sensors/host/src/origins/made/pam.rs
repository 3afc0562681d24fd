//! The stacks of PAM that pam-auth-update writes: each of their rules stands in the stack's frame or
//! in a profile of a package. Where a profile says `end`, the stack says how many rules are left.

use std::collections::HashSet;

pub const MOST_PROFILES: usize = 500;

/// A rule without the spaces between its words.
type Rule = Vec<String>;

/// What the sections of a profile are for.
const KINDS: [(&str, &str); 5] = [
    ("Auth", "auth"),
    ("Account", "account"),
    ("Password", "password"),
    ("Session", "session"),
    ("Session-Interactive", "session"),
];

/// Whether nothing is in the stack but what frame and profiles say.
pub fn is_made(stack: &str, frame: &str, profiles: &[String]) -> bool {
    let mut allowed: HashSet<Rule> = frame.lines().filter_map(rule).collect();
    for profile in profiles {
        of_profile(profile, &mut allowed);
    }
    // What stands there where no profile is the first.
    for (_, kind) in KINDS {
        allowed.extend(rule(&format!("{kind} [default=1] pam_permit.so")));
    }
    stack.lines().filter_map(rule).all(|rule| allowed.contains(&rule))
}

fn of_profile(profile: &str, allowed: &mut HashSet<Rule>) {
    let mut kind = None;
    for line in profile.lines() {
        if line.starts_with(char::is_whitespace) {
            allowed.extend(kind.and_then(|kind| rule(&format!("{kind} {line}"))));
            continue;
        }
        let section = line.strip_suffix(':').unwrap_or_default();
        let ends = ["-Initial", "-Final"];
        let section = ends.iter().find_map(|end| section.strip_suffix(end)).unwrap_or(section);
        kind = KINDS.iter().find(|(name, _)| *name == section).map(|(_, kind)| *kind);
    }
}

/// None for a comment, an empty line or the place of a profile.
fn rule(line: &str) -> Option<Rule> {
    let line = line.split('#').next().unwrap_or_default().trim();
    if line.is_empty() || line.starts_with('$') {
        return None;
    }
    Some(line.split_whitespace().map(word).collect())
}

/// `success=2` becomes `success=end`.
fn word(word: &str) -> String {
    match word.split_once('=') {
        Some((name @ ("[success" | "success"), number)) => {
            let (digits, rest) = number.split_at(number.find(']').unwrap_or(number.len()));
            let jump = digits.bytes().all(|byte| byte.is_ascii_digit());
            if jump { format!("{name}=end{rest}") } else { word.to_owned() }
        }
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: &str =
        "# x\n$auth_primary\nauth\trequisite\tpam_deny.so\nauth required pam_permit.so\n";
    const PROFILE: &str = "Name: Unix\nAuth-Type: Primary\nAuth:\n\t[success=end default=ignore]\t\
        pam_unix.so nullok try_first_pass\nAuth-Initial:\n\t[success=end default=ignore]\tpam_unix.so nullok\n\
        Session:\n\toptional pam_systemd.so\n";

    #[test]
    fn a_rule_that_no_profile_has_was_not_made() {
        let made = |stack: &str| is_made(stack, FRAME, &[PROFILE.into()]);
        assert!(made(
            "auth\t[success=1 default=ignore]\tpam_unix.so nullok\nauth requisite pam_deny.so\n"
        ));
        assert!(made("session [default=1] pam_permit.so\nsession optional pam_systemd.so # x\n"));
        let wrong = [
            "auth sufficient pam_permit.so",
            "auth optional pam_exec.so /opt/x",
            "auth [success=1 default=ignore] pam_unix.so nullok audit",
            "auth [success=done default=ignore] pam_unix.so nullok",
            "auth optional pam_systemd.so",
            "@include other",
        ];
        for line in wrong {
            assert!(!made(line), "{line}");
        }
    }
}
