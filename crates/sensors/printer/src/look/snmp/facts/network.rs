//! Network cards, and the address of the first (IF-MIB). The loop, tunnels and modems of the software are none.
//!
//! A card that is a radio and up tells that Wi-Fi is on; one that is down tells nothing: its radio may be on without a network. A radio that
//! is an access point by itself is Wi-Fi Direct; HP calls it `wifiUAP`.

use super::{
    super::{
        oid,
        system::{IF_DESCR, IF_OPER_STATUS, IF_PHYS_ADDRESS, IF_TYPE},
        value::Value,
        walk::Walk,
    },
    add_part, number, source, text, words,
};
use crate::{Portrait, Topic, Way};

/// Ethernet by its several numbers (IANAifType).
const ETHERNET: &[i64] = &[6, 7, 26, 62, 69, 117];
const RADIO: i64 = 71;
const UP: i64 = 1;

pub fn tell(walk: &Walk, portrait: &mut Portrait) {
    let rows: Vec<&[u32]> = walk.column(IF_TYPE).map(|(row, _)| row).collect();
    for row in rows {
        let kind = number(walk, IF_TYPE, row).unwrap_or_default();
        if ETHERNET.contains(&kind) || kind == RADIO {
            tell_card(walk, row, kind == RADIO, portrait);
        }
    }
}

fn tell_card(walk: &Walk, row: &[u32], radio: bool, portrait: &mut Portrait) {
    let name =
        text(walk, IF_DESCR, row).unwrap_or_else(|| format!("interface {}", oid::dotted(row)));
    let radio = radio || words::is_radio(&name);
    if let Some(mac) = walk.cell(IF_PHYS_ADDRESS, row).and_then(Value::octets).and_then(mac) {
        let asked = oid::dotted(&[IF_PHYS_ADDRESS, row].concat());
        portrait.learn(Topic::Mac, mac.as_str(), Way::Snmp, asked, &mac);
    }
    let topic = if words::is_access_point(&name) { Topic::WifiDirect } else { Topic::Wifi };
    if radio && number(walk, IF_OPER_STATUS, row) == Some(UP) {
        let asked = oid::dotted(&[IF_OPER_STATUS, row].concat());
        portrait.learn(topic, true, Way::Snmp, asked, format!("{name}: up(1)"));
    }
    let kind = if radio { "wireless" } else { "network" };
    add_part(kind, &name, source(IF_DESCR, row), portrait);
}

/// Six bytes, or the text that Net-SNMP prints of them: `0:26:73:54:e2:6a`.
fn mac(bytes: &[u8]) -> Option<String> {
    let bytes = if bytes.len() == 6 { bytes.to_vec() } else { written(bytes)? };
    if bytes.iter().all(|byte| *byte == 0) {
        return None;
    }
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(pairs.join(":"))
}

fn written(text: &[u8]) -> Option<Vec<u8>> {
    let parts = std::str::from_utf8(text).ok()?.trim().split(':');
    let bytes: Vec<u8> =
        parts.map(|part| u8::from_str_radix(part, 16).ok()).collect::<Option<_>>()?;
    (bytes.len() == 6).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_as_bytes_or_as_a_text() {
        assert_eq!(mac(&[0, 0x26, 0x73, 0x54, 0xE2, 0x6A]).as_deref(), Some("00:26:73:54:e2:6a"));
        assert_eq!(mac(b"0:26:73:54:e2:6a").as_deref(), Some("00:26:73:54:e2:6a"));
        for none in [&[0; 6][..], b"", b"0:0:0:0:0:0", b"eth0", b"0:1:2"] {
            assert_eq!(mac(none), None);
        }
    }
}
