//! What a user wrote to name a printer. Pure: nothing is looked up.

use thiserror::Error;

/// By what a user wants it to be looked at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// A host or an address alone.
    Any,
    Ipp,
    Ipps,
    Socket,
    Lpd,
    /// A printer at a USB port of this machine, by the name of its queue; through the local print server.
    Usb,
    /// A print server, all queues of it.
    Cups,
}

/// One printer to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub scheme: Scheme,
    /// A name or an address, without brackets.
    pub host: String,
    /// Where the user named one.
    pub port: Option<u16>,
    /// A path with its slash, or the name of a queue; empty where none was named.
    pub path: String,
}

/// Why it cannot be used. Its [`TargetError::hint`] says what to write.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum TargetError {
    #[error("it is empty")]
    Empty,
    #[error("'{0}' is no way to a printer")]
    Scheme(String),
    #[error("'{0}' is no name of a host and no address")]
    Host(String),
    #[error("'{0}' is no port")]
    Port(String),
    #[error("it names a range of addresses")]
    Range,
    #[error("a password stands in it")]
    Password,
    #[error("it is too long")]
    TooLong,
}

impl TargetError {
    pub fn hint(&self) -> &'static str {
        match self {
            TargetError::Range => "write out the range and give --allow-scan, if its owner agreed",
            TargetError::Password => "nothing here logs in: leave it out",
            _ => {
                "a host or address, ipp://HOST/PATH, ipps://HOST/PATH, socket://HOST, lpd://HOST/QUEUE, usb:QUEUE or cups://HOST"
            }
        }
    }
}

/// The longest that is looked at.
const LONGEST: usize = 1024;

impl Target {
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let text = text.trim();
        match text.len() {
            0 => return Err(TargetError::Empty),
            length if length > LONGEST => return Err(TargetError::TooLong),
            _ => {}
        }
        if let Some(queue) = text.strip_prefix("usb:") {
            let path = queue.trim_start_matches('/').to_owned();
            return Ok(Self { scheme: Scheme::Usb, host: "localhost".into(), port: None, path });
        }
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (scheme_of(scheme)?, rest),
            None => (Scheme::Any, text),
        };
        let (place, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if scheme == Scheme::Any && !path.is_empty() {
            return Err(TargetError::Range);
        }
        let (host, port) = host_and_port(place)?;
        Ok(Self { scheme, host, port, path: path.trim_end_matches('/').to_owned() })
    }

    /// How it is called in reports, if the user gave it no name.
    pub fn name(&self) -> String {
        let queue = self.path.rsplit('/').next().unwrap_or_default();
        match self.scheme {
            Scheme::Usb => format!("usb:{queue}"),
            _ if self.is_queue() => format!("{}/{queue}", self.host),
            _ => self.host.clone(),
        }
    }

    /// Whether it is a queue of a print server.
    pub fn is_queue(&self) -> bool {
        ["/printers/", "/classes/"].iter().any(|folder| self.path.starts_with(folder))
    }

    /// A queue of the same server.
    pub fn queue(&self, path: &str) -> Self {
        Self { scheme: Scheme::Ipp, path: path.to_owned(), ..self.clone() }
    }
}

fn scheme_of(text: &str) -> Result<Scheme, TargetError> {
    Ok(match text.to_ascii_lowercase().as_str() {
        "ipp" | "http" => Scheme::Ipp,
        "ipps" | "https" => Scheme::Ipps,
        "socket" => Scheme::Socket,
        "lpd" => Scheme::Lpd,
        "cups" => Scheme::Cups,
        _ => return Err(TargetError::Scheme(text.into())),
    })
}

fn host_and_port(place: &str) -> Result<(String, Option<u16>), TargetError> {
    if place.contains('@') {
        return Err(TargetError::Password);
    }
    let wrong = || TargetError::Host(place.into());
    let (host, port) = if let Some(rest) = place.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').ok_or_else(wrong)?;
        host.parse::<std::net::Ipv6Addr>().map_err(|_| wrong())?;
        (host, rest.strip_prefix(':'))
    } else if place.parse::<std::net::Ipv6Addr>().is_ok() {
        (place, None)
    } else {
        match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        }
    };
    if is_range(host) {
        return Err(TargetError::Range);
    }
    let fits = |c: char| c.is_alphanumeric() || "-._:%".contains(c);
    if host.is_empty() || !host.chars().all(fits) || host.starts_with(['-', '.']) {
        return Err(wrong());
    }
    let number = |text: &str| text.parse().ok().filter(|port| *port != 0);
    let port = port.map(|text| number(text).ok_or_else(|| TargetError::Port(text.into())));
    Ok((host.to_owned(), port.transpose()?))
}

/// `192.0.2.1-20`, `192.0.2.*`.
fn is_range(host: &str) -> bool {
    let numeric = host.chars().all(|c| c.is_ascii_digit() || ".-*".contains(c));
    numeric && host.contains(['-', '*']) && host.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(text: &str) -> Target {
        Target::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn every_way_to_name_a_printer_is_understood() {
        for (text, scheme, host, port, path) in [
            ("printer-3", Scheme::Any, "printer-3", None, ""),
            ("192.0.2.7:8631", Scheme::Any, "192.0.2.7", Some(8631), ""),
            ("2001:db8::7", Scheme::Any, "2001:db8::7", None, ""),
            (
                "ipp://[2001:db8::7]:631/ipp/print",
                Scheme::Ipp,
                "2001:db8::7",
                Some(631),
                "/ipp/print",
            ),
            ("IPPS://p.example/ipp/print/", Scheme::Ipps, "p.example", None, "/ipp/print"),
            ("socket://192.0.2.7:9101", Scheme::Socket, "192.0.2.7", Some(9101), ""),
            ("lpd://p.example/queue", Scheme::Lpd, "p.example", None, "/queue"),
            ("usb:Office", Scheme::Usb, "localhost", None, "Office"),
            ("cups://print.example", Scheme::Cups, "print.example", None, ""),
        ] {
            let found = target(text);
            let expected = Target { scheme, host: host.into(), port, path: path.into() };
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn what_names_no_printer_is_refused() {
        for (text, error) in [
            ("  ", TargetError::Empty),
            ("gopher://p", TargetError::Scheme("gopher".into())),
            ("ipp://", TargetError::Host(String::new())),
            ("ipp://u:p@printer/", TargetError::Password),
            ("192.0.2.0/24", TargetError::Range),
            ("192.0.2.1-9", TargetError::Range),
            ("192.0.2.*", TargetError::Range),
            ("p:0", TargetError::Port("0".into())),
            ("p:70000", TargetError::Port("70000".into())),
            ("a b", TargetError::Host("a b".into())),
            ("-x", TargetError::Host("-x".into())),
        ] {
            assert_eq!(Target::parse(text), Err(error), "{text}");
        }
        assert_eq!(Target::parse(&"x".repeat(2000)), Err(TargetError::TooLong));
    }

    #[test]
    fn a_queue_is_called_by_its_server_and_name() {
        assert_eq!(target("ipp://print.example/printers/Office").name(), "print.example/Office");
        assert_eq!(target("ipp://p.example/ipp/print").name(), "p.example");
        assert_eq!(target("usb:Office").name(), "usb:Office");
    }
}
