//! One function for each byte parser, all of one shape, for `fuzz/`.

use crate::processes;

/// `/proc/PID/stat`
pub fn process_stat(bytes: &[u8]) {
    let _ = processes::stat(bytes);
}

/// `/proc/PID/status`
pub fn process_status(bytes: &[u8]) {
    let _ = processes::user_ids(bytes);
}

/// `/proc/stat`
pub fn kernel_stat(bytes: &[u8]) {
    let _ = processes::boot_time(bytes);
}

/// `/proc/PID/cmdline`
pub fn process_arguments(bytes: &[u8]) {
    let _ = processes::quoted(bytes, false);
}

/// `/proc/PID/cgroup`
pub fn process_control_group(bytes: &[u8]) {
    let _ = processes::control_group(bytes).as_deref().map(processes::unit);
use crate::{accounts, services};

pub fn passwd(bytes: &[u8]) {
    let _ = accounts::parse_passwd(bytes);
}

pub fn shadow(bytes: &[u8]) {
    let _ = accounts::parse_shadow(bytes);
}

pub fn group(bytes: &[u8]) {
    let _ = accounts::parse_group(bytes);
}

pub fn unit(bytes: &[u8]) {
    let _ = services::parse_unit(bytes);
}

pub fn init_script(bytes: &[u8]) {
    let _ = services::parse_init_script(bytes);
}
