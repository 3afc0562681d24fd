//! Addresses and interface numbers as the kernel's network tables write them.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, Ipv6Addr},
    path::Path,
};

use crate::{machine::Kernel, name, root::TEXT_CAP};

/// Eight digits: the address as a number of this machine's byte order.
pub fn ip4(text: &str) -> Option<Ipv4Addr> {
    let number = u32::from_str_radix(text, 16).ok().filter(|_| text.len() == 8)?;
    Some(Ipv4Addr::from(number.to_ne_bytes()))
}

/// Four such numbers.
pub fn ip6(text: &str) -> Option<Ipv6Addr> {
    let mut bytes = [0; 16];
    for (place, start) in bytes.chunks_exact_mut(4).zip([0, 8, 16, 24]) {
        place.copy_from_slice(&ip4(text.get(start..start + 8)?)?.octets());
    }
    Some(Ipv6Addr::from(bytes)).filter(|_| text.len() == 32)
}

/// The names of a namespace's interfaces by their numbers. `/sys` shows those of the machine.
pub fn interfaces(kernel: &Kernel, net: &Path, machine: bool) -> HashMap<u32, String> {
    let read = |file: &str| kernel.proc.read(net.join(file), TEXT_CAP).unwrap_or_default();
    let mut names = interface_names(&read("dev_mcast"), &read("if_inet6"));
    if machine {
        names.extend(from_sys(kernel));
    }
    names
}

fn from_sys(kernel: &Kernel) -> Vec<(u32, String)> {
    let entries = kernel.sys.list("class/net").unwrap_or_default().entries;
    let number = |name: &Path| {
        let path = Path::new("class/net").join(name).join("ifindex");
        std::str::from_utf8(&kernel.sys.read(path, TEXT_CAP).ok()?).ok()?.trim().parse().ok()
    };
    let pair = |name: &std::ffi::OsString| Some((number(Path::new(name))?, name::os(name)));
    entries.iter().filter_map(|entry| pair(&entry.name)).collect()
}

/// `dev_mcast` begins its lines with number and name; `if_inet6` has the number second, in
/// hexadecimal, and the name last.
pub fn interface_names(dev_mcast: &[u8], if_inet6: &[u8]) -> HashMap<u32, String> {
    let mut names = HashMap::new();
    for line in String::from_utf8_lossy(dev_mcast).lines() {
        let mut fields = line.split_ascii_whitespace();
        let number = fields.next().and_then(|number| number.parse().ok());
        names.extend(number.zip(fields.next().map(str::to_owned)));
    }
    for line in String::from_utf8_lossy(if_inet6).lines() {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        if let [_, number, _, _, _, name] = fields.as_slice() {
            let number = u32::from_str_radix(number, 16).ok();
            names.extend(number.zip(Some((*name).to_owned())));
        }
    }
    names
}
