//! The kernel's long lists, in which the module that a line belongs to stands in brackets at its end.

use std::collections::BTreeSet;

use crate::name;

/// What the kernel writes in brackets that is no module.
const NO_MODULES: [&[u8]; 2] = [b"bpf", b"__builtin__"];
const MOST: usize = 10_000;

pub fn bracketed(content: &[u8]) -> BTreeSet<String> {
    let mut found: BTreeSet<&[u8]> = BTreeSet::new();
    let mut rest = content;
    while let Some(open) = memchr::memchr(b'[', rest) {
        rest = rest.get(open + 1..).unwrap_or_default();
        let end = memchr::memchr2(b']', b'\n', rest).unwrap_or(rest.len());
        let (inside, tail) = rest.split_at(end);
        let last = tail.get(1).is_none_or(|next| *next == b'\n');
        if tail.first() == Some(&b']') && last && found.len() < MOST && module(inside) {
            found.insert(inside);
        }
        rest = tail;
    }
    found.into_iter().map(name::text).collect()
}

fn module(text: &[u8]) -> bool {
    let sign = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    !text.is_empty() && text.iter().all(sign) && !NO_MODULES.iter().any(|no| text.starts_with(no))
}
