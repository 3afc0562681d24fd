//! VS Code and its kin: folders of extensions, each with a `package.json`, and beside them the record
//! `extensions.json`.

use std::{collections::HashMap, path::Path};

use leaksweep_facts::{Time, tables::host::EditorExtension};
use serde_json::Value;

use super::{Extensions, folders, last, row, short};
use crate::{accounts::Home, extensions::object};

const OWN: [(&str, &str); 20] = [
    (".vscode/extensions", "vscode"),
    (".vscode-insiders/extensions", "vscode-insiders"),
    (".vscode-server/extensions", "vscode-server"),
    (".vscode-server-insiders/extensions", "vscode-server"),
    (".vscode-remote/extensions", "vscode-server"),
    (".vscode-oss/extensions", "vscodium"),
    (".vscodium/extensions", "vscodium"),
    (".vscodium-server/extensions", "vscodium-server"),
    (".cursor/extensions", "cursor"),
    (".cursor-server/extensions", "cursor-server"),
    (".windsurf/extensions", "windsurf"),
    (".windsurf-server/extensions", "windsurf-server"),
    (".trae/extensions", "trae"),
    (".trae-cn/extensions", "trae"),
    (".kiro/extensions", "kiro"),
    (".positron/extensions", "positron"),
    (".antigravity/extensions", "antigravity"),
    (".theia/extensions", "theia"),
    (".theia/deployedPlugins", "theia"),
    (".local/share/code-server/extensions", "code-server"),
];
const SYSTEM: [(&str, &str); 8] = [
    ("/usr/share/code/resources/app/extensions", "vscode"),
    ("/usr/share/code-insiders/resources/app/extensions", "vscode-insiders"),
    ("/usr/share/codium/resources/app/extensions", "vscodium"),
    ("/opt/vscodium-bin/resources/app/extensions", "vscodium"),
    ("/usr/share/cursor/resources/app/extensions", "cursor"),
    ("/usr/share/windsurf/resources/app/extensions", "windsurf"),
    ("/usr/share/trae/resources/app/extensions", "trae"),
    ("/usr/lib/code-server/lib/vscode/extensions", "code-server"),
];
const CAP: u64 = 1 << 20;
const RECORD_CAP: u64 = 16 << 20;
const RECORD_COLUMNS: &[&str] = &["from_store", "installed"];
/// What an extension waits for that is there as soon as the editor is.
const AT_START: [&str; 2] = ["*", "onStartupFinished"];

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    pub id: String,
    pub version: String,
    pub at_start: bool,
}

/// What the record says of an extension.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    pub from_store: Option<bool>,
    pub installed: Option<Time>,
}

type Record = HashMap<String, Recorded>;

pub fn of_system(reading: &mut Extensions<'_>) {
    SYSTEM.iter().for_each(|(folder, editor)| of_folder(reading, editor, Path::new(folder), None));
}

pub fn of_home(reading: &mut Extensions<'_>, home: &Home) {
    for (folder, editor) in OWN {
        of_folder(reading, editor, &home.path.join(folder), Some(home));
    }
}

fn of_folder(reading: &mut Extensions<'_>, editor: &str, folder: &Path, home: Option<&Home>) {
    let record = record(reading, folder);
    for path in folders(reading, folder) {
        let mut row = row(reading, editor, home, &path);
        describe(reading, &path, &mut row);
        if let Some(recorded) = record.get(&last(&path)) {
            row.from_store = recorded.from_store;
            row.installed = recorded.installed.or(row.installed);
        }
        reading.row(row);
    }
}

fn record(reading: &mut Extensions<'_>, folder: &Path) -> Record {
    let path = folder.join("extensions.json");
    let Some(content) = reading.content(&path, RECORD_CAP, RECORD_COLUMNS) else {
        return Record::new();
    };
    parse_record(&content).unwrap_or_else(|| {
        reading.malformed(&path, RECORD_COLUMNS, "no list of extensions");
        Record::new()
    })
}

fn describe(reading: &mut Extensions<'_>, folder: &Path, row: &mut EditorExtension) {
    let path = folder.join("package.json");
    let columns = &["id", "version", "at_start"];
    let Some(content) = reading.content(&path, CAP, columns) else { return };
    match parse_manifest(&content) {
        Some(manifest) => {
            row.id = manifest.id;
            row.version = manifest.version;
            row.at_start = Some(manifest.at_start);
        }
        None => reading.malformed(&path, columns, "no JSON object"),
    }
}

/// `package.json`
pub fn parse_manifest(content: &[u8]) -> Option<Manifest> {
    let json = object(content)?;
    let text = |key: &str| json.get(key).and_then(Value::as_str).unwrap_or_default();
    let events = json.get("activationEvents").and_then(Value::as_array).into_iter().flatten();
    let mut events = events.filter_map(Value::as_str);
    Some(Manifest {
        id: short(&format!("{}.{}", text("publisher"), text("name"))),
        version: short(text("version")),
        at_start: events.any(|event| AT_START.contains(&event)),
    })
}

/// `extensions.json`, by the extensions' folders.
pub fn parse_record(content: &[u8]) -> Option<HashMap<String, Recorded>> {
    let json: Value = serde_json::from_slice(content).ok()?;
    let entries = json.as_array()?.iter();
    Some(entries.filter_map(|entry| Some((folder(entry)?, recorded(entry)))).collect())
}

fn folder(entry: &Value) -> Option<String> {
    let relative = entry.get("relativeLocation").and_then(Value::as_str);
    let path = relative.or(entry.pointer("/location/path").and_then(Value::as_str))?;
    path.rsplit('/').next().map(str::to_owned)
}

fn recorded(entry: &Value) -> Recorded {
    let source = entry.pointer("/metadata/source").and_then(Value::as_str);
    let installed = entry.pointer("/metadata/installedTimestamp").and_then(Value::as_i64);
    Recorded {
        from_store: source.map(|source| source == "gallery"),
        installed: installed.map(|milliseconds| Time(milliseconds / 1000)),
    }
}
