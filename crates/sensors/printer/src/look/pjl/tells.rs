//! What the answers amount to.

use leaksweep_facts::tables::printer::{Part, Store};

use super::{
    answers::{Answer, Entry, named, to},
    volumes::{Medium, Volume, volumes},
};
use crate::{Portrait, Topic, Way, look::makers};

pub fn tell(answers: &[Answer], portrait: &mut Portrait) {
    if let Some(id) = to(answers, "INFO ID").and_then(Answer::value) {
        identity(&id, portrait);
    }
    if let Some(answer) = to(answers, "INFO CONFIG") {
        configuration(&answer.entries(), portrait);
    }
    if let Some(answer) = to(answers, "INFO STATUS") {
        status(&answer.entries(), portrait);
    }
    let settings = Settings::of(answers);
    settings.tell(portrait);
    if let Some(answer) = to(answers, "INFO FILESYS") {
        file_system(answer, &settings, portrait);
    }
}

/// `HP LaserJet 4250`, `Brother HL-5470DW:84U-F0F:Ver.b.26`: the model, and with some a version.
fn identity(id: &str, portrait: &mut Portrait) {
    let mut parts = id.split(':');
    let model = parts.next().unwrap_or_default().trim();
    makers::learn_model(portrait, model, Way::Pjl, "INFO ID");
    let version = parts.find_map(|part| part.trim().strip_prefix("Ver."));
    if let Some(version) = version {
        portrait.learn(Topic::Firmware, version, Way::Pjl, "INFO ID", id);
    }
}

fn configuration(entries: &[Entry], portrait: &mut Portrait) {
    let asked = "INFO CONFIG";
    if let Some(languages) = named(entries, "LANGUAGES") {
        let languages = languages.below.join(" ");
        portrait.learn(Topic::Languages, languages.clone(), Way::Pjl, asked, languages);
    }
    for entry in entries {
        let value = entry.value.as_deref().unwrap_or_default();
        let words = entry.name.replace([' ', '-', '_'], "");
        match words.as_str() {
            "SERIALNUMBER" | "PRODUCTSERIALNUMBER" | "PRINTERSERIALNUMBER" => {
                portrait.learn(Topic::Serial, value, Way::Pjl, asked, value);
            }
            "FIRMWAREVERSION" | "FIRMWAREDATECODE" | "FIRMWAREREVISION" => {
                portrait.learn(Topic::Firmware, value, Way::Pjl, asked, value);
            }
            _ => part(entry, value, portrait),
        }
    }
}

/// Memory and disks among the parts.
fn part(entry: &Entry, value: &str, portrait: &mut Portrait) {
    let source = String::from("pjl INFO CONFIG");
    if entry.name == "MEMORY" {
        let name = format!("MEMORY={value}");
        portrait.parts.push(Part { kind: "memory".into(), name, source });
    } else if is_disk(&entry.name) && is_there(entry) {
        let kind = if entry.name.contains("SSD") { "ssd" } else { "disk" };
        let told = [&entry.name, value].join(" ").trim().to_owned();
        portrait.learn(Topic::Storage, true, Way::Pjl, "INFO CONFIG", &told);
        let row = Store { kind: kind.into(), name: told, source, ..Store::default() };
        portrait.stores.push(row);
    }
}

/// A disk, and no setting of one and no disk in working memory.
fn is_disk(name: &str) -> bool {
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let is = |word: &str| words.contains(&word);
    let ends = words.last().is_some_and(|word| ["DISK", "HDD", "SSD", "HARDDISK"].contains(word));
    ends && !is("RAM")
}

/// A list that is empty or a value that denies says that it is absent.
fn is_there(entry: &Entry) -> bool {
    let denies = |text: &str| {
        let text = text.trim().to_ascii_uppercase();
        ["", "0", "NO", "NONE", "OFF", "FALSE", "ABSENT", "NOT INSTALLED", "?"]
            .contains(&text.as_str())
    };
    match &entry.value {
        Some(value) => !denies(value),
        None => entry.below.is_empty() || entry.below.iter().any(|line| !denies(line)),
    }
}

/// Codes from 10000: information, 30000 and 35000: warnings, 40000 and more: it needs somebody.
fn status(entries: &[Entry], portrait: &mut Portrait) {
    let value = |name: &str| named(entries, name).and_then(|entry| entry.value.clone());
    let Some(code) = value("CODE").and_then(|code| code.parse::<u32>().ok()) else { return };
    let state = match (code, value("ONLINE").as_deref()) {
        (40_000.., _) | (_, Some("FALSE")) => "stopped",
        (10_023, _) => "processing",
        _ => "idle",
    };
    let told = format!("CODE={code} DISPLAY={}", value("DISPLAY").unwrap_or_default());
    portrait.learn(Topic::State, state, Way::Pjl, "INFO STATUS", told);
}

/// How it is locked: by the first question that was answered.
struct Settings {
    password: Option<(String, String)>,
    panel: Option<(String, String)>,
    disk: Option<(String, String)>,
}

impl Settings {
    fn of(answers: &[Answer]) -> Self {
        let variables = to(answers, "INFO VARIABLES").map(Answer::entries).unwrap_or_default();
        let value = |name: &str| {
            let asked = ["DINQUIRE", "INQUIRE"].map(|verb| format!("{verb} {name}"));
            let direct = |asked: String| Some((to(answers, &asked)?.value()?, asked));
            let listed = || {
                let value = named(&variables, name)?.value.clone().filter(|value| value != "?")?;
                Some((value, "INFO VARIABLES".to_owned()))
            };
            // What counts is how it is set now; the default is asked for printers that answer nothing else.
            let found = asked.into_iter().rev().find_map(direct).or_else(listed);
            found.map(|(value, asked)| (value.to_ascii_uppercase(), asked))
        };
        Self { password: value("PASSWORD"), panel: value("CPLOCK"), disk: value("DISKLOCK") }
    }

    fn tell(&self, portrait: &mut Portrait) {
        let locks = [(Topic::PjlPassword, &self.password), (Topic::PanelLocked, &self.panel)];
        for (topic, lock) in locks {
            let Some((value, asked)) = lock else { continue };
            if let Some(on) = is_on(value) {
                portrait.learn(topic, on, Way::Pjl, asked.as_str(), value);
            }
        }
    }
}

/// None for a word that is not known.
fn is_on(value: &str) -> Option<bool> {
    match value {
        "ENABLED" | "ON" | "TRUE" | "MINIMUM" | "MODERATE" | "INTERMEDIATE" | "MAXIMUM" => {
            Some(true)
        }
        "DISABLED" | "OFF" | "FALSE" | "NONE" | "0" => Some(false),
        _ => None,
    }
}

fn file_system(answer: &Answer, settings: &Settings, portrait: &mut Portrait) {
    let volumes = volumes(answer);
    let told: Vec<String> = volumes.iter().map(words).collect();
    let mut told = told.join("; ");
    if told.is_empty() {
        told = answer.question.replacen("INFO FILESYS", "", 1) + &answer.lines.join(" ");
    }
    if let Some((lock, _)) = &settings.disk {
        told = format!("{told}; DISKLOCK={lock}");
    }
    let reached = !volumes.is_empty();
    portrait.learn(Topic::FilesByPjl, reached, Way::Pjl, "INFO FILESYS", told);
    volumes.iter().for_each(|one| volume(one, portrait));
}

fn volume(volume: &Volume, portrait: &mut Portrait) {
    let source = String::from("pjl INFO FILESYS");
    let name = words(volume);
    match volume.medium() {
        Medium::Memory => {
            portrait.parts.push(Part { kind: "memory".into(), name, source });
        }
        Medium::Store(kind) => {
            portrait.learn(Topic::Storage, true, Way::Pjl, "INFO FILESYS", &name);
            let size = |bytes: Option<u64>| bytes.and_then(|bytes| i64::try_from(bytes).ok());
            let used = volume.bytes.zip(volume.free).and_then(|(all, free)| all.checked_sub(free));
            portrait.stores.push(Store {
                kind: kind.into(),
                name,
                bytes: size(volume.bytes),
                used_bytes: size(used),
                source,
                ..Store::default()
            });
        }
    }
}

/// `0: DISK READ-WRITE`.
fn words(volume: &Volume) -> String {
    let words = [&volume.name, &volume.place, &volume.status].map(String::as_str);
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
