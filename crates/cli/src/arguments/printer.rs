//! The arguments of `printer`.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueHint};
use leaksweep_printer::wire::Ports;

use super::{Judging, Keeping, duration};

pub const AFTER: &str = "It prints nothing, changes nothing and logs in nowhere; --plan shows every kind of packet that would be sent.\n\
     Exit code: 0 nothing at or above --fail-on, 1 something, 2 the job could not be done.";

#[derive(Debug, Args)]
pub struct Printer {
    /// Hosts, addresses, ipp://HOST/PATH, ipps://HOST/PATH, socket://HOST, lpd://HOST/QUEUE, usb:QUEUE (at this machine), cups://HOST (all
    /// queues of a print server)
    #[arg(value_name = "TARGET", value_hint = ValueHint::Hostname)]
    pub targets: Vec<String>,
    /// A file of such targets, one on each line; `#` begins a remark
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub list: Vec<PathBuf>,
    /// Ask on this network interface which printers there are (mDNS and WS-Discovery), and look at them; repeatable
    #[arg(long, value_name = "INTERFACE")]
    pub discover: Vec<String>,
    /// Take ranges of addresses as targets, as in 192.0.2.1-20 or 192.0.2.0/24: only where their owner agreed
    #[arg(long)]
    pub allow_scan: bool,
    /// A walk of SNMP that was recorded elsewhere (snmpwalk -On, or snmpsim's .snmprec), instead of a printer; repeatable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub snmp_walk: Vec<PathBuf>,
    /// The answer to an IPP question that was recorded elsewhere, as it came; repeatable, all of one printer
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ipp_answer: Vec<PathBuf>,
    #[command(flatten)]
    pub keeping: Keeping,
    /// Show what would be sent, to whom, and send nothing
    #[arg(long)]
    pub plan: bool,
    /// Ask SNMP under this community too, beside `public`
    #[arg(long, value_name = "NAME")]
    pub community: Option<String>,
    /// Ask SNMPv3 as this user; NAME@CONTEXT for an engine that keeps its objects in a context
    #[arg(long, value_name = "NAME")]
    pub snmp_user: Option<String>,
    /// How that user proves who he is: md5, sha1, sha224, sha256, sha384 or sha512, and the file that holds his password
    #[arg(long, value_name = "METHOD:FILE", requires = "snmp_user")]
    pub snmp_auth: Option<String>,
    /// How his questions are encrypted: des or aes128, and the file that holds the password
    #[arg(long, value_name = "METHOD:FILE", requires = "snmp_auth")]
    pub snmp_privacy: Option<String>,
    /// Signed statements on what no program can see (`leaksweep statement`): a folder, or one file
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath, requires = "trust")]
    pub statements: Option<PathBuf>,
    /// A key whose statements count: the key, or a file that holds it; repeatable
    #[arg(long, value_name = "KEY", requires = "statements")]
    pub trust: Vec<String>,
    /// Try the one password that the maker documents for a new printer, once
    #[arg(long)]
    pub try_default_password: bool,
    /// Look for a service at another port, as in ipp=8631; repeatable
    #[arg(long = "port", value_name = "SERVICE=PORT", value_parser = port)]
    pub ports: Vec<(String, u16)>,
    /// How many printers are looked at at once
    #[arg(long, value_name = "NUMBER", default_value = "32", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub at_once: u16,
    /// How many packets a second go to one printer
    #[arg(long, value_name = "NUMBER", default_value = "100", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub rate: u16,
    /// How long one printer may take: 30s, 10m
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "45s")]
    pub patience: Duration,
    #[command(flatten)]
    pub judging: Judging,
}

/// `ipp=8631`.
fn port(text: &str) -> Result<(String, u16), String> {
    let known = || Ports::known().collect::<Vec<_>>().join(", ");
    let (service, number) = text.split_once('=').ok_or("a service and a port, as in ipp=8631")?;
    if !Ports::known().any(|name| name == service) {
        return Err(format!("no service is called '{service}'; known are {}", known()));
    }
    let number = number.parse().ok().filter(|port| *port != 0);
    Ok((service.to_owned(), number.ok_or("a port is a number from 1 to 65535")?))
}

#[cfg(test)]
mod tests {
    use super::port;

    #[test]
    fn a_port_belongs_to_a_service() {
        assert_eq!(port("ipp=8631"), Ok(("ipp".into(), 8631)));
        for wrong in ["ipp", "ipp=", "ipp=0", "ipp=70000", "gopher=70", "=1"] {
            assert!(port(wrong).is_err(), "{wrong}");
        }
    }
}
