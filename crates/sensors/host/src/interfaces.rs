//! Network interfaces of the machine's own namespace. Reads `/sys/class/net` and, for addresses,
//! `/proc/net/{if_inet6,fib_trie,route}`. An interface's name may hold any byte but `/` and blanks.

mod addresses;
mod device;

use std::{collections::HashMap, path::Path};

use leaksweep_facts::{Observed, Table, tables::host::Interface};

use crate::{
    machine::{Kernel, Machine},
    name,
    root::{Failure, TEXT_CAP},
};

pub use addresses::{ip4_addresses, ip6_addresses};
use device::Device;

const TABLE: &str = Interface::DEF.name;
const FOLDER: &str = "class/net";
/// IFF_PROMISC.
const PROMISCUOUS: u32 = 0x100;

pub fn collect(machine: &Machine) -> Observed<Interface> {
    let mut seen = Observed::default();
    let kernel = match machine.kernel(TABLE) {
        Ok(kernel) => kernel,
        Err(problem) => return Observed { rows: Vec::new(), problems: vec![problem] },
    };
    let listing = match kernel.sys.list(FOLDER) {
        Ok(listing) => listing,
        Err(failure) => {
            seen.problem(failure.of_required().problem(TABLE, "/sys/class/net"));
            return seen;
        }
    };
    let addresses = addresses(kernel, &mut seen);
    // Beside the interfaces lies the plain file `bonding_masters`.
    let there = |entry: &&crate::root::Entry| entry.kind != rustix::fs::FileType::RegularFile;
    for entry in listing.entries.iter().filter(there) {
        let folder = Path::new(FOLDER).join(&entry.name);
        let name = name::os(&entry.name);
        let addresses = addresses.get(&name).map(|list| list.join(" ")).unwrap_or_default();
        match interface(&Device::new(kernel, &folder), name.clone(), addresses) {
            Ok(row) => seen.rows.push(row),
            Err(failure) => seen.problem(failure.problem(TABLE, format!("interface {name}"))),
        }
    }
    seen
}

fn interface(device: &Device, name: String, addresses: String) -> Result<Interface, Failure> {
    let flags = device.text("flags")?;
    let flags = u32::from_str_radix(flags.trim_start_matches("0x"), 16).unwrap_or_default();
    Ok(Interface {
        name,
        kind: device.kind()?.to_owned(),
        device: device.has("device"),
        driver: device.driver(),
        hardware_address: device.text("address")?,
        state: device.text("operstate")?,
        carrier: device.carrier(),
        carrier_changes: device.number("carrier_changes"),
        received: device.number("statistics/rx_bytes"),
        sent: device.number("statistics/tx_bytes"),
        promiscuous: flags & PROMISCUOUS != 0,
        addresses,
    })
}

/// The addresses of each interface, IPv4 first.
fn addresses(kernel: &Kernel, seen: &mut Observed<Interface>) -> HashMap<String, Vec<String>> {
    let mut read = |file: &str| {
        let path = format!("self/net/{file}");
        kernel.proc.read_if_there(&path, TEXT_CAP).unwrap_or_else(|failure| {
            let problem = failure.problem(TABLE, format!("/proc/{path}"));
            seen.problem(problem.in_columns(&["addresses"]));
            None
        })
    };
    let [fib, route, ip6] =
        ["fib_trie", "route", "if_inet6"].map(|file| read(file).unwrap_or_default());
    let mut addresses: HashMap<String, Vec<String>> = HashMap::new();
    for (name, address) in ip4_addresses(&fib, &route).into_iter().chain(ip6_addresses(&ip6)) {
        addresses.entry(name).or_default().push(address);
    }
    addresses
}

#[cfg(test)]
mod tests;
