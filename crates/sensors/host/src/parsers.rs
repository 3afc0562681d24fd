//! One function for each byte parser, all of one shape, for `fuzz/`.

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
