//! The catalogue inside the program.

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use serde::de::DeserializeOwned;

use crate::{marks::Language, printers::Maker, remote::Tool, stores::Group};

const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/remote.json.zst"));
const SIZE: &str = include_str!(concat!(env!("OUT_DIR"), "/remote.size"));

const STORES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/stores.json.zst"));
const STORES_SIZE: &str = include_str!(concat!(env!("OUT_DIR"), "/stores.size"));

const MARKS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/marks.json.zst"));
const MARKS_SIZE: &str = include_str!(concat!(env!("OUT_DIR"), "/marks.size"));

const PRINTERS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/printers.json.zst"));
const PRINTERS_SIZE: &str = include_str!(concat!(env!("OUT_DIR"), "/printers.size"));

static TOOLS: LazyLock<Vec<Tool>> = LazyLock::new(|| {
    let tools = unpack::<Tool>(PACKED, SIZE).expect("a test reads every file that is packed");
    tools.into_iter().map(|(id, tool)| Tool { id, ..tool }).collect()
});

static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    let groups = unpack::<Group>(STORES, STORES_SIZE).expect("a test reads every packed file");
    groups.into_iter().map(|(id, group)| Group { id, ..group }).collect()
});

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let languages = unpack::<Language>(MARKS, MARKS_SIZE).expect("a test reads every packed file");
    languages.into_iter().map(|(code, language)| Language { code, ..language }).collect()
});

static MAKERS: LazyLock<Vec<Maker>> = LazyLock::new(|| {
    let makers = unpack::<Maker>(PRINTERS, PRINTERS_SIZE).expect("a test reads every packed file");
    makers.into_iter().map(|(id, maker)| Maker { id, ..maker }).collect()
});

/// Every remote-control tool of the catalogue, by id.
pub fn remote_tools() -> &'static [Tool] {
    &TOOLS
}

/// The same beside others, which take the place of those of the same id.
pub fn remote_tools_with(others: &[Tool]) -> Cow<'static, [Tool]> {
    if others.is_empty() {
        return Cow::Borrowed(remote_tools());
    }
    let mut tools: BTreeMap<&str, &Tool> = BTreeMap::new();
    for tool in remote_tools().iter().chain(others) {
        tools.insert(&tool.id, tool);
    }
    Cow::Owned(tools.into_values().cloned().collect())
}

/// Everything that a trojan would steal, by the id of its group.
pub fn store_groups() -> &'static [Group] {
    &GROUPS
}

/// Words of classification and confidentiality, by the code of their language.
pub fn mark_languages() -> &'static [Language] {
    &LANGUAGES
}

/// Makers of printers, by id.
pub fn printer_makers() -> &'static [Maker] {
    &MAKERS
}

fn unpack<T: DeserializeOwned>(packed: &[u8], size: &str) -> Option<BTreeMap<String, T>> {
    let json = zstd::bulk::decompress(packed, size.trim().parse().ok()?).ok()?;
    serde_json::from_slice(&json).ok()
}
