//! Secrets on command lines, which must not get into a sweep: the values of options and variables
//! whose names say that they are secret, those of remote-control tools of which the catalogue says
//! so, and the password in an address become `***`.
//!
//! Limits: only names are known, not values. A secret under another name (`-p hunter2`), one that
//! stands alone, and one that is glued to a letter (`-shunter2`) stay.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use leaksweep_catalogue::remote::Tool;

/// What a name that announces a secret has in it, whatever its case.
const NAMES: [&str; 19] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "api-key",
    "api_key",
    "credential",
    "private-key",
    "private_key",
    "appkey",
    "app-key",
    "app_key",
    "authkey",
    "auth-key",
    "auth_key",
    "setup-key",
    "setup_key",
];
pub const HIDDEN: &[u8] = b"***";

/// The options of a program.
type Options = Vec<&'static [u8]>;

/// By program the options of which the catalogue says that they take a secret (`gs-netcat -s`).
static OPTIONS: LazyLock<HashMap<&[u8], Options>> = LazyLock::new(|| {
    let mut options: HashMap<&[u8], Options> = HashMap::new();
    let tools: &'static [Tool] = leaksweep_catalogue::remote_tools();
    let settings = tools.iter().flat_map(|tool| &tool.settings);
    for setting in settings.filter(|setting| setting.secret) {
        for program in &setting.programs {
            let own = options.entry(program.as_bytes()).or_default();
            own.extend(setting.option.iter().map(|option| option.as_bytes()));
        }
    }
    options
});

/// The options of the program that was named last.
#[derive(Default)]
struct Named(&'static [&'static [u8]]);

impl Named {
    fn see(&mut self, name: &[u8]) {
        if let Some(options) = OPTIONS.get(name) {
            self.0 = options;
        }
    }

    fn takes_secret(&self, name: &[u8]) -> bool {
        is_secret(name) || self.0.contains(&name)
    }
}

/// The arguments of a program. An option's value is hidden whole, blanks and all.
pub fn hidden<'a>(arguments: &[&'a [u8]]) -> Vec<Cow<'a, [u8]>> {
    let mut awaited = false;
    let mut named = Named::default();
    let mut shown = Vec::with_capacity(arguments.len());
    for argument in arguments {
        named.see(argument.rsplit(|byte| *byte == b'/').next().unwrap_or_default());
        let is_option = argument.starts_with(b"-");
        if std::mem::take(&mut awaited) && !is_option {
            shown.push(Cow::Borrowed(HIDDEN));
            continue;
        }
        let equals = argument.iter().position(|byte| *byte == b'=');
        let (name, _) = argument.split_at(equals.unwrap_or(argument.len()));
        if !is_option || !name.iter().all(|byte| is_of_name(*byte)) || !named.takes_secret(name) {
            shown.push(Cow::Owned(in_line(argument)));
        } else if equals.is_some() {
            shown.push(Cow::Owned([name, b"=", HIDDEN].concat()));
        } else {
            awaited = true;
            shown.push(Cow::Borrowed(*argument));
        }
    }
    shown
}

/// A command line as one text: of a unit, or that a program was given to run.
pub fn in_line(line: &[u8]) -> Vec<u8> {
    let mut shown = Vec::with_capacity(line.len());
    let mut named = Named::default();
    let mut rest = line;
    while !rest.is_empty() {
        let name = leading(rest, is_of_name);
        let (name, after) = rest.split_at(name);
        named.see(name);
        // A quote before an option holds its value too; one before a variable, a whole command.
        let before = shown.last().copied().filter(|_| name.starts_with(b"-"));
        shown.extend_from_slice(name);
        rest = match value(name, after).filter(|_| named.takes_secret(name)) {
            Some((gap, value)) => {
                shown.extend_from_slice(gap);
                shown.extend_from_slice(HIDDEN);
                value.get(length(value, before)..).unwrap_or_default()
            }
            None => {
                let other = leading(after, |byte| !is_of_name(byte));
                let (other, rest) = after.split_at(other);
                shown.extend_from_slice(other);
                rest
            }
        };
    }
    without_passwords(&shown)
}

/// What lies between a name and its value, and what begins with the value. Only an option may have
/// blanks there.
fn value<'a>(name: &[u8], after: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
    if after.starts_with(b"=") {
        return Some(after.split_at(1));
    }
    let (gap, value) = after.split_at(leading(after, |byte| byte.is_ascii_whitespace()));
    let follows = !gap.is_empty() && !value.is_empty() && !value.starts_with(b"-");
    (name.starts_with(b"-") && follows).then_some((gap, value))
}

/// How long a value is: to the end of its quotes, of those that opened before its name, or to the
/// next blank.
fn length(value: &[u8], before: Option<u8>) -> usize {
    let is_quote = |byte: &u8| matches!(*byte, b'"' | b'\'');
    let own = value.first().copied().filter(is_quote);
    let quote = own.or(before.filter(is_quote));
    let start = usize::from(own.is_some());
    let mut escaped = false;
    for (at, byte) in value.iter().enumerate().skip(start) {
        let ends = quote.map_or(byte.is_ascii_whitespace() || is_quote(byte), |open| *byte == open);
        if ends && !escaped {
            return at + start;
        }
        escaped = *byte == b'\\' && !escaped;
    }
    value.len()
}

/// `scheme://user:***@host`
fn without_passwords(line: &[u8]) -> Vec<u8> {
    let mut shown = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = memchr::memmem::find(rest, b"://") {
        let (scheme, after) = rest.split_at(at + 3);
        let ends = |byte: u8| b"/?#\"'".contains(&byte) || byte.is_ascii_whitespace();
        let (authority, next) = after.split_at(leading(after, |byte| !ends(byte)));
        shown.extend_from_slice(scheme);
        let host = authority.iter().rposition(|byte| *byte == b'@').unwrap_or_default();
        let (user, host) = authority.split_at(host);
        match user.iter().position(|byte| *byte == b':') {
            Some(colon) => {
                shown.extend_from_slice(user.get(..=colon).unwrap_or_default());
                shown.extend_from_slice(HIDDEN);
            }
            None => shown.extend_from_slice(user),
        }
        shown.extend_from_slice(host);
        rest = next;
    }
    shown.extend_from_slice(rest);
    shown
}

/// How many bytes at the start are of a kind.
fn leading(bytes: &[u8], is_of_kind: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|byte| !is_of_kind(*byte)).unwrap_or(bytes.len())
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.".contains(&byte)
}

/// Whether a name announces a secret.
pub fn is_secret(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    NAMES.iter().any(|secret| memchr::memmem::find(&name, secret.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_a_line_are_hidden_and_nothing_else() {
        let cases = [
            ("/bin/x --password=hunter2 -v", "/bin/x --password=*** -v"),
            ("/bin/x --db-Password hunter2 -v", "/bin/x --db-Password *** -v"),
            ("x -passwd 'a b' c", "x -passwd *** c"),
            ("x --secret=\"a \\\" b\" c", "x --secret=*** c"),
            ("x \"--token=a b\" c", "x \"--token=***\" c"),
            ("x --token=a\\ b c", "x --token=*** c"),
            ("sh -c 'API_KEY=k /bin/y'", "sh -c 'API_KEY=*** /bin/y'"),
            ("x -o user=u,password=p", "x -o user=u,password=***"),
            ("x https://u:p@host/a?b ftp://u@h", "x https://u:***@host/a?b ftp://u@h"),
            ("x http://h/?token=t", "x http://h/?token=***"),
            ("x --ask-password --verbose", "x --ask-password --verbose"),
            ("/usr/bin/ask-password now", "/usr/bin/ask-password now"),
            ("x -p hunter2 --port=22", "x -p hunter2 --port=22"),
            ("/usr/bin/gs-netcat -s hunter2 -l", "/usr/bin/gs-netcat -s *** -l"),
            ("x -s hunter2; gs-netcat -i", "x -s hunter2; gs-netcat -i"),
            ("x --password=", "x --password=***"),
            ("x --password ", "x --password "),
            ("x --private-key 'open", "x --private-key ***"),
            (
                "x --appkey k --authkey=k --setup-key k",
                "x --appkey *** --authkey=*** --setup-key ***",
            ),
            ("x --key file --keyboard de", "x --key file --keyboard de"),
            ("", ""),
            ("同 --token=名 名", "同 --token=*** 名"),
        ];
        for (line, expected) in cases {
            assert_eq!(String::from_utf8(in_line(line.as_bytes())).unwrap(), expected, "{line}");
        }
    }

    #[test]
    fn an_arguments_value_is_hidden_whole() {
        let arguments: [&[u8]; 8] = [
            b"x",
            b"--password",
            b"a b",
            b"--secret=a b",
            b"--token",
            b"-v",
            b"PASSWORD=p",
            b"mysql --password p -e q",
        ];
        let shown = hidden(&arguments).join(&b'|');
        let expected =
            "x|--password|***|--secret=***|--token|-v|PASSWORD=***|mysql --password *** -e q";
        assert_eq!(String::from_utf8(shown).unwrap(), expected);
        let tool: [&[u8]; 5] = [b"sh", b"/opt/gs-netcat", b"-l", b"-s", b"hunter2"];
        assert_eq!(hidden(&tool).concat(), b"sh/opt/gs-netcat-l-s***");
    }
}
