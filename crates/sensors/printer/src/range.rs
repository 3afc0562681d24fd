//! A range of addresses that a user wrote out, as in `192.0.2.1-20` or `192.0.2.0/24`. IPv4 alone: nobody asks every address of a
//! network of IPv6. At most [`MOST`] addresses.

use std::net::Ipv4Addr;

use crate::{Scheme, Target};

/// The most addresses of one range.
pub const MOST: u32 = 4096;

/// The addresses; none for what is no range, is empty, or names more than [`MOST`].
pub fn range(text: &str) -> Option<Vec<Target>> {
    let (first, last) = ends(text.trim())?;
    (first <= last && last - first < MOST).then(|| (first..=last).map(target).collect())
}

fn ends(text: &str) -> Option<(u32, u32)> {
    if let Some((network, bits)) = text.split_once('/') {
        let bits: u32 = bits.parse().ok().filter(|bits| *bits <= 32)?;
        let address = number(network)?;
        let host = u32::MAX.checked_shr(bits).unwrap_or(0);
        // The network's own address and that of everybody are no printers.
        let inner = u32::from(bits < 31);
        return Some(((address & !host) + inner, (address | host) - inner));
    }
    let (first, last) = text.split_once('-')?;
    let first = number(first)?;
    let last = match last.parse::<u8>() {
        Ok(last) => (first & !0xFF) | u32::from(last),
        Err(_) => number(last)?,
    };
    Some((first, last))
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok().map(Ipv4Addr::to_bits)
}

fn target(address: u32) -> Target {
    let host = Ipv4Addr::from_bits(address).to_string();
    Target { scheme: Scheme::Any, host, port: None, path: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<(String, String, usize)> {
        let all = range(text)?;
        Some((all.first()?.host.clone(), all.last()?.host.clone(), all.len()))
    }

    #[test]
    fn a_range_is_what_was_written_out() {
        for (text, first, last, count) in [
            ("192.0.2.1-20", "192.0.2.1", "192.0.2.20", 20),
            ("192.0.2.250-192.0.3.5", "192.0.2.250", "192.0.3.5", 12),
            ("192.0.2.0/24", "192.0.2.1", "192.0.2.254", 254),
            ("192.0.2.9/30", "192.0.2.9", "192.0.2.10", 2),
            ("192.0.2.9/32", "192.0.2.9", "192.0.2.9", 1),
        ] {
            assert_eq!(told(text), Some((first.into(), last.into(), count)), "{text}");
        }
    }

    #[test]
    fn too_much_or_nothing_is_no_range() {
        for text in [
            "10.0.0.0/8",
            "0.0.0.0/0",
            "192.0.2.9-1",
            "192.0.2.1",
            "a-b",
            "192.0.2.0/33",
            "printer-3",
            "",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
