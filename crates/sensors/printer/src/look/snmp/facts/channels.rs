//! Ways by which jobs come (Printer-MIB: prtChannel; the types by IANA-PRINTER-MIB).

use leaksweep_facts::tables::printer::Channel;

use super::{
    super::{
        system::{PRT_CHANNEL_INFORMATION, PRT_CHANNEL_STATE, PRT_CHANNEL_TYPE},
        walk::Walk,
    },
    number, source, text,
};
use crate::{Portrait, portrait::cut};

/// A type: its number, its name there, and our word for it.
const TYPES: &[(i64, &str, &str)] = &[
    (1, "other", "other"),
    (3, "chSerialPort", "serial"),
    (4, "chParallelPort", "parallel"),
    (5, "chIEEE1284Port", "parallel"),
    (6, "chSCSIPort", "other"),
    (7, "chAppleTalkPAP", "appletalk"),
    (8, "chLPDServer", "lpd"),
    (9, "chNetwareRPrinter", "netware"),
    (10, "chNetwarePServer", "netware"),
    (11, "chPort9100", "raw"),
    (12, "chAppSocket", "raw"),
    (13, "chFTP", "ftp"),
    (14, "chTFTP", "ftp"),
    (15, "chDLCLLCPort", "dlc"),
    (16, "chIBM3270", "other"),
    (17, "chIBM5250", "other"),
    (18, "chFax", "fax"),
    (19, "chIEEE1394", "other"),
    (20, "chTransport1", "other"),
    (21, "chCPAP", "other"),
    (24, "chOLE", "other"),
    (25, "chNamedPipe", "smb"),
    (26, "chPCPrint", "smb"),
    (27, "chServerMessageBlock", "smb"),
    (32, "chDECLAT", "other"),
    (33, "chNPAP", "other"),
    (34, "chUSB", "usb"),
    (35, "chIRDA", "other"),
    (36, "chPrintXChange", "other"),
    (37, "chPortTCP", "raw"),
    (38, "chBidirPortTCP", "raw"),
    (39, "chUNPP", "other"),
    (40, "chAppleTalkADSP", "appletalk"),
    (41, "chPortSPX", "netware"),
    (42, "chPortHTTP", "other"),
    (43, "chNDPS", "netware"),
    (44, "chIPP", "ipp"),
    (45, "chSMTP", "email"),
];

/// The channel takes print data, or it does not (PrtChannelStateTC).
const ACCEPTED: i64 = 3;
const NOT_ACCEPTED: i64 = 4;

pub fn tell(walk: &Walk, portrait: &mut Portrait) {
    for (row, value) in walk.column(PRT_CHANNEL_TYPE) {
        let kind = value.number().unwrap_or_default();
        let known = TYPES.iter().find(|(number, ..)| *number == kind);
        let (name, kind) =
            known.map_or(("channel of an unknown type", "other"), |(_, name, kind)| (*name, *kind));
        let information = text(walk, PRT_CHANNEL_INFORMATION, row);
        let enabled = match number(walk, PRT_CHANNEL_STATE, row) {
            Some(ACCEPTED) => Some(true),
            Some(NOT_ACCEPTED) => Some(false),
            _ => None,
        };
        portrait.channels.push(Channel {
            kind: secure(kind, information.as_deref()).into(),
            name: cut(&information.map_or_else(|| name.to_owned(), |more| format!("{name} {more}"))),
            enabled,
            source: source(PRT_CHANNEL_TYPE, row),
            ..Channel::default()
        });
    }
}

/// IPP by an address that begins with ipps.
fn secure(kind: &'static str, information: Option<&str>) -> &'static str {
    match information {
        Some(text) if kind == "ipp" && text.to_lowercase().contains("ipps:") => "ipps",
        _ => kind,
    }
}
