//! Objects of the standards, by their names there: SNMPv2-MIB (RFC 3418), IF-MIB (RFC 2863), HOST-RESOURCES-MIB (RFC 2790), Printer-MIB
//! (RFC 3805), and the Printing Working Group's port monitor (PWG 5107.1), of which the identity by IEEE 1284 alone is read: beside it
//! stands the community.

pub const SYS_DESCR: &[u32] = &[1, 3, 6, 1, 2, 1, 1, 1, 0];
pub const SYS_OBJECT_ID: &[u32] = &[1, 3, 6, 1, 2, 1, 1, 2, 0];
pub const SYS_UP_TIME: &[u32] = &[1, 3, 6, 1, 2, 1, 1, 3, 0];
pub const SYS_CONTACT: &[u32] = &[1, 3, 6, 1, 2, 1, 1, 4, 0];
pub const SYS_NAME: &[u32] = &[1, 3, 6, 1, 2, 1, 1, 5, 0];
pub const SYS_LOCATION: &[u32] = &[1, 3, 6, 1, 2, 1, 1, 6, 0];
pub const HR_SYSTEM_UPTIME: &[u32] = &[1, 3, 6, 1, 2, 1, 25, 1, 1, 0];
pub const PPM_DEVICE_ID: &[u32] = &[1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 3];

pub const IF_DESCR: &[u32] = &[1, 3, 6, 1, 2, 1, 2, 2, 1, 2];
pub const IF_TYPE: &[u32] = &[1, 3, 6, 1, 2, 1, 2, 2, 1, 3];
pub const IF_PHYS_ADDRESS: &[u32] = &[1, 3, 6, 1, 2, 1, 2, 2, 1, 6];
pub const IF_OPER_STATUS: &[u32] = &[1, 3, 6, 1, 2, 1, 2, 2, 1, 8];

pub const HR_STORAGE_TYPE: &[u32] = &[1, 3, 6, 1, 2, 1, 25, 2, 3, 1, 2];
pub const HR_STORAGE_DESCR: &[u32] = &[1, 3, 6, 1, 2, 1, 25, 2, 3, 1, 3];
pub const HR_STORAGE_UNITS: &[u32] = &[1, 3, 6, 1, 2, 1, 25, 2, 3, 1, 4];
pub const HR_STORAGE_SIZE: &[u32] = &[1, 3, 6, 1, 2, 1, 25, 2, 3, 1, 5];
pub const HR_STORAGE_USED: &[u32] = &[1, 3, 6, 1, 2, 1, 25, 2, 3, 1, 6];
pub const HR_DEVICE_TYPE: &[u32] = &[1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 2];
pub const HR_DEVICE_DESCR: &[u32] = &[1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3];
pub const HR_PRINTER_STATUS: &[u32] = &[1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 1];
pub const HR_DISK_MEDIA: &[u32] = &[1, 3, 6, 1, 2, 1, 25, 3, 6, 1, 2];
pub const HR_DISK_REMOVABLE: &[u32] = &[1, 3, 6, 1, 2, 1, 25, 3, 6, 1, 3];
pub const HR_DISK_CAPACITY: &[u32] = &[1, 3, 6, 1, 2, 1, 25, 3, 6, 1, 4];

pub const PRT_CONSOLE_DISABLE: &[u32] = &[1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 13];
pub const PRT_PRINTER_NAME: &[u32] = &[1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 16];
pub const PRT_SERIAL_NUMBER: &[u32] = &[1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17];
pub const PRT_CHANNEL_TYPE: &[u32] = &[1, 3, 6, 1, 2, 1, 43, 14, 1, 1, 2];
pub const PRT_CHANNEL_STATE: &[u32] = &[1, 3, 6, 1, 2, 1, 43, 14, 1, 1, 6];
pub const PRT_CHANNEL_INFORMATION: &[u32] = &[1, 3, 6, 1, 2, 1, 43, 14, 1, 1, 9];

/// What says who a printer is; the first question.
pub const IDENTITY: &[&[u32]] =
    &[SYS_DESCR, SYS_OBJECT_ID, SYS_UP_TIME, SYS_CONTACT, SYS_NAME, SYS_LOCATION];

/// The columns that are read, the most telling ones first.
pub const COLUMNS: &[&[u32]] = &[
    HR_DEVICE_TYPE,
    HR_DEVICE_DESCR,
    PRT_CONSOLE_DISABLE,
    PRT_PRINTER_NAME,
    PRT_SERIAL_NUMBER,
    PPM_DEVICE_ID,
    HR_PRINTER_STATUS,
    HR_DISK_MEDIA,
    HR_DISK_REMOVABLE,
    HR_DISK_CAPACITY,
    HR_STORAGE_TYPE,
    HR_STORAGE_DESCR,
    HR_STORAGE_UNITS,
    HR_STORAGE_SIZE,
    HR_STORAGE_USED,
    PRT_CHANNEL_TYPE,
    PRT_CHANNEL_STATE,
    PRT_CHANNEL_INFORMATION,
    IF_DESCR,
    IF_TYPE,
    IF_PHYS_ADDRESS,
    IF_OPER_STATUS,
];
