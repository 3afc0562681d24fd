//! IPv4 and IPv6 addresses from the tables in `/proc/net`. For IPv4 the kernel lists addresses
//! without their interface; the routes to directly connected networks tell it.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Interface and `address/prefix length`.
type Assigned = (String, String);

struct Route {
    interface: String,
    network: u32,
    mask: u32,
    /// It leads to the next machine and not to a network of our own.
    gateway: bool,
}

/// `fib_trie` has the addresses, `route` the networks. An address outside every connected network
/// is on the interface of the default route, as clouds assign it.
pub fn ip4_addresses(fib_trie: &[u8], route: &[u8]) -> Vec<Assigned> {
    let mut routes: Vec<Route> =
        String::from_utf8_lossy(route).lines().skip(1).filter_map(one_route).collect();
    routes.sort_by_key(|route| std::cmp::Reverse(route.mask.count_ones()));
    local(&String::from_utf8_lossy(fib_trie))
        .into_iter()
        .filter_map(|address| assigned(address, &routes))
        .collect()
}

/// The addresses of this machine, once each.
fn local(fib_trie: &str) -> Vec<Ipv4Addr> {
    let mut addresses = Vec::new();
    let mut last: Option<Ipv4Addr> = None;
    for line in fib_trie.lines().map(str::trim) {
        if let Some(leaf) = line.strip_prefix("|-- ") {
            last = leaf.parse().ok();
        } else if line == "/32 host LOCAL" {
            addresses.extend(last);
        }
    }
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

fn assigned(address: Ipv4Addr, routes: &[Route]) -> Option<Assigned> {
    if address.is_loopback() {
        return Some(("lo".into(), format!("{address}/8")));
    }
    let number = u32::from(address);
    let connected =
        |route: &&Route| !route.gateway && route.mask != 0 && number & route.mask == route.network;
    if let Some(route) = routes.iter().find(connected) {
        let length = route.mask.count_ones();
        return Some((route.interface.clone(), format!("{address}/{length}")));
    }
    let default = routes.iter().find(|route| route.mask == 0)?;
    Some((default.interface.clone(), format!("{address}/32")))
}

/// Addresses stand as numbers of this machine's byte order.
fn one_route(line: &str) -> Option<Route> {
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let [interface, network, gateway, _, _, _, _, mask, ..] = fields.as_slice() else {
        return None;
    };
    let number = |text| Some(u32::from_be_bytes(u32::from_str_radix(text, 16).ok()?.to_ne_bytes()));
    Some(Route {
        interface: (*interface).to_owned(),
        network: number(network)?,
        mask: number(mask)?,
        gateway: number(gateway)? != 0,
    })
}

/// `fe80…0001 04 40 20 80 eth0`: address, number, prefix length, scope, flags, name.
pub fn ip6_addresses(if_inet6: &[u8]) -> Vec<Assigned> {
    String::from_utf8_lossy(if_inet6).lines().filter_map(one_ip6).collect()
}

fn one_ip6(line: &str) -> Option<Assigned> {
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let [address, _, length, _, _, interface] = fields.as_slice() else { return None };
    let address = u128::from_str_radix(address, 16).ok().filter(|_| address.len() == 32)?;
    let length = u8::from_str_radix(length, 16).ok()?;
    Some(((*interface).to_owned(), format!("{}/{length}", Ipv6Addr::from(address))))
}
