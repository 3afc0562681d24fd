//! Where a question goes, and where an answer sends it on to.

use super::Response;
use crate::look::Context;

/// A page of the printer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    pub port: u16,
    pub tls: bool,
    pub path: String,
}

impl Place {
    /// As the line `Host` names it.
    pub(super) fn authority(&self, host: &str) -> String {
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        match (self.tls, self.port) {
            (false, 80) | (true, 443) => host,
            (_, port) => format!("{host}:{port}"),
        }
    }
}

/// A path that nothing else can hide in: what is no plain character is written by its number.
pub fn escaped(path: &str) -> String {
    let mut text = String::new();
    for byte in path.bytes() {
        match byte {
            0x21..=0x7E if !b"\"<>\\^`{|}#".contains(&byte) => text.push(char::from(byte)),
            _ => text += &format!("%{byte:02X}"),
        }
    }
    if text.starts_with('/') { text } else { format!("/{text}") }
}

/// Where it redirects to, if that is the same printer at a port of the list.
pub fn next(context: &Context, from: &Place, response: &Response) -> Option<Place> {
    if !matches!(response.status(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let place = resolve(from, response.head.header("location")?, |host| is_same(context, host))?;
    let ports = context.wire.ports();
    let known = ["http", "https", "http-alt", "ipp"].map(|service| ports.of(service));
    (place.port == from.port || known.contains(&place.port)).then_some(place)
}

/// The place of a whole address, if it is on this printer.
pub fn own(context: &Context, url: &str) -> Option<Place> {
    let whole = without(url, "http://").or(without(url, "https://")).is_some();
    let from = Place { path: "/".into(), ..Place::default() };
    resolve(&from, url, |host| is_same(context, host)).filter(|_| whole)
}

fn is_same(context: &Context, host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    let address = context.wire.address();
    host.eq_ignore_ascii_case(&context.target.host) || host.parse() == Ok(address)
}

/// The place that a location names, seen from another; none for another host.
fn resolve(from: &Place, location: &str, is_same: impl Fn(&str) -> bool) -> Option<Place> {
    let location = location.split('#').next().unwrap_or_default();
    let (tls, rest) = if let Some(rest) = without(location, "https://") {
        (true, rest)
    } else if let Some(rest) = without(location, "http://") {
        (false, rest)
    } else if let Some(rest) = location.strip_prefix("//") {
        (from.tls, rest)
    } else {
        return Some(Place { path: path_from(&from.path, location)?, ..from.clone() });
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
        _ => (authority, if tls { 443 } else { 80 }),
    };
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    is_same(host).then_some(Place { port, tls, path })
}

fn without<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let begins = text.get(..prefix.len())?.eq_ignore_ascii_case(prefix);
    begins.then(|| text.get(prefix.len()..)).flatten()
}

/// A path without its host; none for another scheme.
fn path_from(from: &str, location: &str) -> Option<String> {
    let before = location.split(['/', '?']).next().unwrap_or_default();
    if location.is_empty() || before.contains(':') {
        return None;
    }
    if location.starts_with('/') {
        return Some(location.to_owned());
    }
    let folder = from.rfind('/').and_then(|end| from.get(..=end)).unwrap_or("/");
    Some(format!("{folder}{location}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(location: &str) -> Option<(u16, bool, String)> {
        let from = Place { port: 80, tls: false, path: "/a/b".into() };
        let place = resolve(&from, location, |host| host == "p.example" || host == "[2001:db8::7]");
        place.map(|place| (place.port, place.tls, place.path))
    }

    #[test]
    fn a_redirect_stays_with_its_printer() {
        for (location, expected) in [
            ("/x", Some((80, false, "/x"))),
            ("x#y", Some((80, false, "/a/x"))),
            ("https://p.example/", Some((443, true, "/"))),
            ("HTTPS://p.example", Some((443, true, "/"))),
            ("http://p.example:8080?q", Some((8080, false, "/?q"))),
            ("https://[2001:db8::7]/x", Some((443, true, "/x"))),
            ("https://[2001:db8::7]:444/x", Some((444, true, "/x"))),
            ("//p.example/y", Some((80, false, "/y"))),
            ("http://evil.example/", None),
            ("http://p.example@evil.example/", None),
            ("http://p.example:99999/", None),
            ("javascript:alert(1)", None),
            ("", None),
        ] {
            let expected = expected.map(|(port, tls, path)| (port, tls, path.to_owned()));
            assert_eq!(to(location), expected, "{location}");
        }
    }

    #[test]
    fn a_path_brings_no_line_of_its_own() {
        assert_eq!(escaped("/a b\r\nX: y"), "/a%20b%0D%0AX:%20y");
        assert_eq!(escaped("ipp/é?q=%20"), "/ipp/%C3%A9?q=%20");
    }
}
