//! Lines in which nothing runs, for files that no package brought. A comment or an empty line is
//! always one.

/// Variables by which a program is made to run or to load something.
const LOADING: [&str; 14] = [
    "ENV",
    "BASH_ENV",
    "PROMPT_COMMAND",
    "PATH",
    "IFS",
    "SHELLOPTS",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PYTHONHOME",
    "PERL5LIB",
    "PERL5OPT",
    "NODE_OPTIONS",
    "GTK_MODULES",
    "JAVA_TOOL_OPTIONS",
];

/// Of which kind every line of a file must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    Comments,
    Variables,
    Interfaces,
    Access,
}

impl Lines {
    pub fn fit(self, content: &str) -> bool {
        content.lines().all(|line| match self {
            Self::Comments => is_nothing(line),
            Self::Variables => is_harmless_variable(line),
            Self::Interfaces => is_plain_interface(line),
            Self::Access => is_plain_access(line),
        })
    }
}

fn is_nothing(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

/// `NAME=value` without anything that a shell would run.
fn is_harmless_variable(line: &str) -> bool {
    if is_nothing(line) {
        return true;
    }
    let Some((name, value)) = line.trim().split_once('=') else { return false };
    let (name, value) = (name.trim(), value.trim());
    let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let loading = name.starts_with("LD_") || name.starts_with("GIT_") || LOADING.contains(&name);
    let is_path = name == "PATH" && is_usual_path(value);
    let runs = |c| matches!(c, '$' | '`' | ';' | '&' | '|' | '(' | ')' | '<' | '>');
    named && (!loading || is_path) && !value.contains(runs)
}

/// The folders of programs that only root writes.
fn is_usual_path(value: &str) -> bool {
    let usual = [
        "/usr/local/sbin",
        "/usr/local/bin",
        "/usr/sbin",
        "/usr/bin",
        "/sbin",
        "/bin",
        "/usr/games",
        "/usr/local/games",
        "/snap/bin",
    ];
    value.trim_matches('"').split(':').all(|folder| usual.contains(&folder))
}

/// A line of ifupdown that runs nothing.
fn is_plain_interface(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    let runs = ["up", "down", "pre-up", "post-up", "pre-down", "post-down", "mapping", "script"];
    !runs.contains(&word) && !line.ends_with('\\')
}

/// A line of hosts.allow that runs nothing.
fn is_plain_access(line: &str) -> bool {
    is_nothing(line)
        || !(line.contains("spawn") || line.contains("twist") || line.contains("aclexec"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_run_is_not_harmless() {
        for line in
            ["", "# x", "LANG=C.UTF-8", "XKBLAYOUT=\"de\"", "PATH=\"/usr/bin:/bin\"", " A = b"]
        {
            assert!(is_harmless_variable(line), "{line}");
        }
        let wrong = [
            "LD_PRELOAD=/x.so",
            "A=$(x)",
            "A=`x`",
            "A=b; x",
            "x",
            "PATH=/tmp:/bin",
            "ENV=/x",
            "A-B=1",
        ];
        for line in wrong {
            assert!(!is_harmless_variable(line), "{line}");
        }
        assert!(is_plain_interface("source /etc/network/interfaces.d/*"));
        assert!(!is_plain_interface("  post-up /opt/x"));
        assert!(!is_plain_interface("iface x \\"));
        assert!(!is_plain_access("ALL: ALL: spawn (/opt/x) &"));
        assert!(!is_nothing("dummy"));
    }
}
