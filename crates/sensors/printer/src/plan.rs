//! Everything that can be sent to a printer: one line for each kind of packet. What is not in the plan of a sweep is not sent;
//! `wire` refuses it. None of them prints, changes a setting or logs in, but for [`Packet::DefaultPassword`], which a user asks
//! for by name.

use std::collections::BTreeSet;

/// A kind of packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Packet {
    Reach,
    Listen,
    IppAttributes,
    IppJobs,
    IppSystem,
    CupsQueues,
    SnmpV1,
    SnmpV2c,
    SnmpV3,
    TlsHello,
    TlsSession,
    HttpPage,
    Escl,
    WsdProbe,
    WsdGet,
    LpdState,
    PjlInquiry,
    DefaultPassword,
    MdnsQuestion,
    WsdQuestion,
}

/// What a line of the plan says.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    pub packet: Packet,
    /// As in the table `printer_looks`.
    pub name: &'static str,
    /// Where it goes.
    pub port: &'static str,
    /// What it is, exactly.
    pub what: &'static str,
    /// When it is sent.
    pub when: &'static str,
}

const fn line(
    packet: Packet,
    name: &'static str,
    port: &'static str,
    what: &'static str,
    when: &'static str,
) -> Line {
    Line { packet, name, port, what, when }
}

/// The whole list: nothing else is ever sent.
pub const ALL: &[Line] = &[
    line(
        Packet::Reach,
        "reach",
        "tcp, each port of the list",
        "a connection is opened and closed; no byte is sent",
        "always",
    ),
    line(
        Packet::Listen,
        "listen",
        "tcp 21, 22, 23",
        "a connection is opened; no byte is sent; the greeting is read",
        "if the port is open",
    ),
    line(
        Packet::IppAttributes,
        "ipp-attributes",
        "tcp 631",
        "HTTP POST of IPP Get-Printer-Attributes (0x000B)",
        "if the port is open",
    ),
    line(
        Packet::IppJobs,
        "ipp-jobs",
        "tcp 631",
        "HTTP POST of IPP Get-Jobs (0x000A), not completed and completed",
        "if it speaks IPP",
    ),
    line(
        Packet::IppSystem,
        "ipp-system",
        "tcp 631",
        "HTTP POST of IPP Get-System-Attributes (0x005B)",
        "if it offers the System Service",
    ),
    line(
        Packet::CupsQueues,
        "cups-queues",
        "tcp 631",
        "HTTP POST of IPP CUPS-Get-Printers (0x4002)",
        "if the user named a print server",
    ),
    line(
        Packet::SnmpV1,
        "snmp-v1",
        "udp 161",
        "GET and GETNEXT under the community `public`, or the one that the user named",
        "always",
    ),
    line(
        Packet::SnmpV2c,
        "snmp-v2c",
        "udp 161",
        "GET, GETNEXT and GETBULK under the community `public`, or the one that the user named",
        "always",
    ),
    line(
        Packet::SnmpV3,
        "snmp-v3",
        "udp 161",
        "the question for the engine's id; GET and GETBULK as the user that was named",
        "always; as a user if one was named",
    ),
    line(
        Packet::TlsHello,
        "tls-hello",
        "tcp 443, 631",
        "a ClientHello for each version from SSLv3 to TLS 1.3; the answer is read, the connection closed",
        "if the port is open",
    ),
    line(
        Packet::TlsSession,
        "tls-session",
        "tcp 443, 631",
        "the handshake under which a question of IPP or HTTP travels",
        "if it takes TLS 1.2 or 1.3",
    ),
    line(
        Packet::HttpPage,
        "http-page",
        "tcp 80, 443, 631, 8080",
        "HTTP GET of the start page and of the maker's pages in the catalogue",
        "if the port is open",
    ),
    line(
        Packet::Escl,
        "escl",
        "tcp 80, 443",
        "HTTP GET of /eSCL/ScannerCapabilities",
        "if the port is open",
    ),
    line(
        Packet::WsdProbe,
        "wsd-probe",
        "udp 3702",
        "a WS-Discovery Probe for printers and scanners, to this address alone",
        "always",
    ),
    line(
        Packet::WsdGet,
        "wsd-get",
        "tcp, the port that it names",
        "HTTP POST of WS-Transfer Get, which reads the device's description",
        "if the probe was answered",
    ),
    line(
        Packet::LpdState,
        "lpd-state",
        "tcp 515",
        "the LPD command 4 (send queue state, long)",
        "if the port is open",
    ),
    line(
        Packet::PjlInquiry,
        "pjl-inquiry",
        "tcp 9100",
        "@PJL INFO, INQUIRE, DINQUIRE and ECHO between two universal exits",
        "if the printer's identity says that it speaks PJL",
    ),
    line(
        Packet::DefaultPassword,
        "default-password",
        "tcp 80, 443",
        "HTTP GET with the maker's documented first password, once",
        "only with --try-default-password",
    ),
    line(
        Packet::MdnsQuestion,
        "mdns-question",
        "udp 5353, group 224.0.0.251",
        "a question for printers and scanners",
        "only with --discover",
    ),
    line(
        Packet::WsdQuestion,
        "wsd-question",
        "udp 3702, group 239.255.255.250",
        "a WS-Discovery Probe for printers and scanners",
        "only with --discover",
    ),
];

impl Packet {
    pub fn line(self) -> &'static Line {
        ALL.iter().find(|line| line.packet == self).unwrap_or(&ALL[0])
    }

    pub fn name(self) -> &'static str {
        self.line().name
    }

    /// Whether a user must ask for it.
    fn asked_for(self) -> bool {
        matches!(self, Packet::DefaultPassword | Packet::MdnsQuestion | Packet::WsdQuestion)
    }
}

/// What may be sent in one sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan(BTreeSet<Packet>);

impl Default for Plan {
    fn default() -> Self {
        Self(ALL.iter().map(|line| line.packet).filter(|packet| !packet.asked_for()).collect())
    }
}

impl Plan {
    /// A plan under which nothing is sent.
    pub fn silent() -> Self {
        Self(BTreeSet::new())
    }

    pub fn with(mut self, packet: Packet) -> Self {
        self.0.insert(packet);
        self
    }

    pub fn without(mut self, packet: Packet) -> Self {
        self.0.remove(&packet);
        self
    }

    pub fn allows(&self, packet: Packet) -> bool {
        self.0.contains(&packet)
    }

    pub fn lines(&self) -> impl Iterator<Item = &'static Line> {
        ALL.iter().filter(|line| self.allows(line.packet))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_packet_has_one_line_with_its_own_name() {
        for (at, line) in ALL.iter().enumerate() {
            assert_eq!(line.packet.name(), line.name);
            assert!(ALL[..at].iter().all(|other| other.name != line.name), "{}", line.name);
        }
    }

    #[test]
    fn what_must_be_asked_for_is_in_no_plan_by_itself() {
        let plan = Plan::default();
        assert!(plan.allows(Packet::IppAttributes));
        assert!(!plan.allows(Packet::DefaultPassword) && !plan.allows(Packet::MdnsQuestion));
        assert!(plan.with(Packet::DefaultPassword).allows(Packet::DefaultPassword));
        assert!(!Plan::silent().allows(Packet::Reach));
    }
}
