//! `/proc/net/packet`: sockets that see whole frames of an interface, or of all.

use std::collections::HashMap;

use super::{Lines, Listed, body};

/// `interfaces` names the interfaces by number; one without a name is shown as `#7`.
pub fn packet(content: &[u8], interfaces: &HashMap<u32, String>) -> Lines {
    let mut lines = Lines::default();
    for line in body(content) {
        match socket(line, interfaces) {
            Some(socket) => lines.sockets.push(socket),
            None => lines.not_understood += 1,
        }
    }
    lines
}

fn socket(line: &[u8], interfaces: &HashMap<u32, String>) -> Option<Listed> {
    let fields: Vec<&str> = std::str::from_utf8(line).ok()?.split_ascii_whitespace().collect();
    let [_, _, _, _, interface, _, _, uid, inode] = fields.as_slice() else {
        return None;
    };
    let number: u32 = interface.parse().ok()?;
    let interface = match (number, interfaces.get(&number)) {
        (0, _) => "*".to_owned(),
        (_, Some(name)) => name.clone(),
        (_, None) => format!("#{number}"),
    };
    Some(Listed {
        protocol: "packet",
        family: "packet",
        local: (interface, None),
        state: "open",
        reach: "nowhere",
        uid: Some(uid.parse().ok()?),
        inode: inode.parse().ok()?,
        ..Listed::default()
    })
}
