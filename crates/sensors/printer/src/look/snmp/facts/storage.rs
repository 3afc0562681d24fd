//! What can keep documents, and the other parts (HOST-RESOURCES-MIB: hrDevice, hrDiskStorage, hrStorage).
//!
//! The type of a device decides, and its name where the type says nothing. Against the type only one thing counts: a memory that forgets, or
//! one of settings, is no store, even where a printer calls it a disk. That no disk is listed tells nothing: some printers list none that
//! they have.

use std::collections::BTreeMap;

use leaksweep_facts::tables::printer::Store;

use super::{
    super::{
        oid::{self, Oid},
        system::{
            HR_DEVICE_DESCR, HR_DEVICE_TYPE, HR_DISK_CAPACITY, HR_DISK_MEDIA, HR_DISK_REMOVABLE,
            HR_STORAGE_DESCR, HR_STORAGE_SIZE, HR_STORAGE_TYPE, HR_STORAGE_UNITS, HR_STORAGE_USED,
        },
        value::Value,
        walk::Walk,
    },
    add_part, number, source, text, words,
};
use crate::{Portrait, Topic, Way, portrait::cut};

const DEVICE_TYPES: &[u32] = &[1, 3, 6, 1, 2, 1, 25, 3, 1];
const STORAGE_TYPES: &[u32] = &[1, 3, 6, 1, 2, 1, 25, 2, 1];
const RAM_MEDIUM: i64 = 8;

/// What a row is, by its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Processor,
    Network,
    Printer,
    Disk,
    Removable,
    Memory,
    Settings,
    Modem,
    Unknown,
}

impl Sort {
    pub fn of(walk: &Walk, column: &[u32], row: &[u32]) -> Self {
        let kind = walk.cell(column, row).and_then(Value::oid);
        let below = |kinds: &[u32]| {
            kind.and_then(|kind: &Oid| kind.below(kinds)).and_then(|rest| rest.first().copied())
        };
        match (below(DEVICE_TYPES), below(STORAGE_TYPES)) {
            (Some(3), _) => Sort::Processor,
            (Some(4), _) => Sort::Network,
            (Some(5), _) => Sort::Printer,
            (Some(6), _) | (_, Some(4)) => Sort::Disk,
            (_, Some(5..=7)) => Sort::Removable,
            (Some(20), _) | (_, Some(2 | 3 | 8)) => Sort::Memory,
            (Some(21), _) | (_, Some(9)) => Sort::Settings,
            (Some(14), _) => Sort::Modem,
            _ => Sort::Unknown,
        }
    }
}

pub fn tell(walk: &Walk, portrait: &mut Portrait) {
    let mut stores: BTreeMap<String, Store> = BTreeMap::new();
    for row in rows(walk, HR_DEVICE_DESCR, HR_DEVICE_TYPE) {
        tell_device(walk, &row, &mut stores, portrait);
    }
    for row in rows(walk, HR_STORAGE_DESCR, HR_STORAGE_TYPE) {
        tell_storage(walk, &row, &mut stores, portrait);
    }
    for store in stores.into_values() {
        let answered = format!("{}: {}", store.kind, store.name);
        portrait.learn(
            Topic::Storage,
            true,
            Way::Snmp,
            store.source.trim_start_matches("snmp "),
            answered,
        );
        portrait.stores.push(store);
    }
}

/// Every row that has a name or a type.
fn rows(walk: &Walk, names: &[u32], kinds: &[u32]) -> Vec<Vec<u32>> {
    let mut rows: Vec<Vec<u32>> =
        walk.column(names).chain(walk.column(kinds)).map(|(row, _)| row.to_vec()).collect();
    rows.sort();
    rows.dedup();
    rows
}

fn tell_device(
    walk: &Walk,
    row: &[u32],
    stores: &mut BTreeMap<String, Store>,
    portrait: &mut Portrait,
) {
    let name =
        text(walk, HR_DEVICE_DESCR, row).unwrap_or_else(|| format!("device {}", oid::dotted(row)));
    let sort = Sort::of(walk, HR_DEVICE_TYPE, row);
    let in_memory = number(walk, HR_DISK_MEDIA, row) == Some(RAM_MEDIUM);
    if let Some(kind) = store_kind(&name, sort).filter(|_| !in_memory) {
        let kilobytes = number(walk, HR_DISK_CAPACITY, row).filter(|size| *size > 0);
        let removable = number(walk, HR_DISK_REMOVABLE, row);
        let store = Store {
            kind: kind.into(),
            name: cut(&name),
            bytes: kilobytes.and_then(|size| size.checked_mul(1024)),
            removable: removable.and_then(|flag| {
                [None, Some(true), Some(false)].get(usize::try_from(flag).ok()?).copied()?
            }),
            source: source(HR_DEVICE_DESCR, row),
            ..Store::default()
        };
        stores.entry(name.to_lowercase()).or_insert(store);
        return;
    }
    tell_part(&name, sort, in_memory, source(HR_DEVICE_DESCR, row), portrait);
}

fn tell_storage(
    walk: &Walk,
    row: &[u32],
    stores: &mut BTreeMap<String, Store>,
    portrait: &mut Portrait,
) {
    // A size without a name and a type says nothing of what it is of.
    let name = text(walk, HR_STORAGE_DESCR, row)
        .unwrap_or_else(|| format!("storage {}", oid::dotted(row)));
    let sort = Sort::of(walk, HR_STORAGE_TYPE, row);
    let Some(kind) = store_kind(&name, sort) else {
        return tell_part(&name, sort, false, source(HR_STORAGE_DESCR, row), portrait);
    };
    let unit = number(walk, HR_STORAGE_UNITS, row).filter(|unit| *unit > 0);
    let bytes = |column| number(walk, column, row).filter(|count| *count >= 0)?.checked_mul(unit?);
    let store = stores.entry(name.to_lowercase()).or_insert_with(|| Store {
        kind: kind.into(),
        name: cut(&name),
        removable: (kind == "removable").then_some(true),
        source: source(HR_STORAGE_DESCR, row),
        ..Store::default()
    });
    // The table of storage counts in the units of its file system, and knows what is used of it.
    store.bytes = bytes(HR_STORAGE_SIZE).filter(|bytes| *bytes > 0).or(store.bytes);
    store.used_bytes = bytes(HR_STORAGE_USED);
}

/// None for what keeps no documents.
fn store_kind(name: &str, sort: Sort) -> Option<&'static str> {
    if words::is_memory(name) || words::is_of_settings(name) || words::is_usb(name) {
        return None;
    }
    match sort {
        Sort::Removable => Some("removable"),
        Sort::Disk | Sort::Unknown if words::is_solid_state(name) => Some("ssd"),
        Sort::Disk => Some("disk"),
        Sort::Unknown if words::is_disk(name) => Some("disk"),
        _ => None,
    }
}

fn tell_part(name: &str, sort: Sort, in_memory: bool, source: String, portrait: &mut Portrait) {
    let kind = match sort {
        // The cards are told of by the network's own table, with their addresses.
        Sort::Network if words::is_radio(name) => "wireless",
        Sort::Network => "network",
        Sort::Processor => "processor",
        Sort::Memory => "memory",
        _ if in_memory || words::is_memory(name) => "memory",
        Sort::Settings => "settings-memory",
        _ if words::is_of_settings(name) => "settings-memory",
        _ if words::is_usb_host(name) => "usb-host",
        _ if words::is_usb(name) => "usb-device",
        Sort::Modem => "fax",
        _ if words::is_fax(name) => "fax",
        Sort::Printer => "printer",
        _ if words::is_scanner(name) => "scanner",
        _ => "other",
    };
    let topic = match kind {
        "fax" => Some(Topic::Fax),
        "usb-host" => Some(Topic::UsbHost),
        _ => None,
    };
    if let Some(topic) = topic {
        portrait.learn(topic, true, Way::Snmp, source.trim_start_matches("snmp "), name);
    }
    add_part(kind, name, source, portrait);
}
