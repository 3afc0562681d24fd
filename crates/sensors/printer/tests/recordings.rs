//! Recorded answers of real printers: every one is parsed, and what is learnt of each printer is what a person read in them.
//!
//! What is expected lies in `corpus/printer/ipp`, one file for each printer; the recordings lie beside the project, or the test is skipped.
//! `LEAKSWEEP_BLESS=1` writes the expectations anew, to be read before they are kept.

use std::{collections::BTreeMap, fs, path::Path};

use leaksweep_printer::{
    Portrait, Recorded, Topic,
    look::{
        self,
        ipp::message::{End, Message},
    },
};
use serde_json::{Map, Value, json};

type Answers = Vec<(String, Vec<u8>)>;

/// The answers of each printer: one folder each, but for that of another collection, which has one file each.
fn printers(top: &Path) -> BTreeMap<String, Answers> {
    let mut printers: BTreeMap<String, Answers> = BTreeMap::new();
    for folder in fs::read_dir(top).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(files) = fs::read_dir(&folder) else { continue };
        let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "bin"));
        files.sort();
        for file in files {
            let single = folder.ends_with("python-ipp");
            let printer = if single { name(&file) } else { name(&folder) };
            let answer = (name(&file), fs::read(&file).unwrap());
            printers.entry(printer).or_default().push(answer);
        }
    }
    printers
}

fn learnt(answers: &Answers) -> Portrait {
    let mut portrait = Portrait::default();
    let recorded = Recorded { answers: answers.clone(), ..Recorded::default() };
    look::recorded(&recorded, &mut portrait);
    portrait
}

/// What counts of a printer, without what is empty.
fn facts(answers: &Answers) -> Value {
    let portrait = learnt(answers);
    let known = |topic: &Topic| Some((topic.about().to_owned(), portrait.text(*topic)?.into()));
    let values: Map<String, Value> = Topic::ALL.iter().filter_map(known).collect();
    let channels = portrait.channels.iter().map(|row| {
        let (encrypted, who) = (row.encrypted, row.authentication.as_deref().unwrap_or("?"));
        let encrypted = encrypted.map_or("?", |yes| if yes { "encrypted" } else { "plain" });
        format!("{} {} {encrypted} {who}", row.kind, row.name)
    });
    let jobs = portrait.jobs.iter().map(|row| {
        let text = |text: &Option<String>| text.clone().unwrap_or("?".into());
        let number = |number: Option<i64>| number.map_or("?".into(), |number| number.to_string());
        let (number, pages) = (number(row.number), number(row.pages));
        let created = row.created.map_or("?".into(), |moment| moment.to_string());
        format!(
            "{number} {} '{}' of '{}', {pages} pages, {created}",
            row.state,
            text(&row.name),
            text(&row.user)
        )
    });
    json!({
        "answers": answers.iter().map(|(_, bytes)| parsed(bytes)).collect::<Vec<_>>(),
        "values": values,
        "channels": channels.collect::<Vec<_>>(),
        "jobs": jobs.collect::<Vec<_>>(),
        "stores": portrait.stores.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
        "problems": portrait.problems.iter().map(|problem| format!("{}: {}", problem.table, problem.detail)).collect::<Vec<_>>(),
    })
}

fn parsed(bytes: &[u8]) -> String {
    let message = Message::parse(bytes);
    let attributes: usize = message.groups.iter().map(|group| group.attributes.len()).sum();
    let groups = message.groups.len();
    let end = format!("{:?}", message.end).to_lowercase();
    format!("{:04X}: {groups} groups, {attributes} attributes, {end}", message.code)
}

#[test]
fn every_recorded_answer_tells_what_a_person_reads_in_it() {
    let Some(top) = leaksweep_peers::shared_data("printer/ipp") else { return };
    let expected = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../corpus/printer/ipp"));
    let printers = printers(&top);
    assert!(printers.len() >= 20, "{} printers", printers.len());
    let mut wrong = Vec::new();
    for (printer, answers) in &printers {
        let found = facts(answers);
        let file = expected.join(format!("{printer}.json"));
        if std::env::var_os("LEAKSWEEP_BLESS").is_some() {
            fs::write(&file, format!("{found:#}\n")).unwrap();
        }
        let known =
            fs::read(&file).ok().and_then(|text| serde_json::from_slice::<Value>(&text).ok());
        if known.as_ref() != Some(&found) {
            wrong.push(format!("== {printer}\n{found:#}"));
        }
    }
    assert!(wrong.is_empty(), "differs from {}:\n{}", expected.display(), wrong.join("\n"));
}

#[test]
fn a_message_that_is_cut_anywhere_keeps_what_came_before() {
    let Some(top) = leaksweep_peers::shared_data("printer/ipp") else { return };
    for (printer, answers) in printers(&top) {
        for (_, bytes) in answers {
            let whole = Message::parse(&bytes);
            for at in (8..bytes.len()).step_by(97) {
                let cut = Message::parse(&bytes[..at]);
                assert!(
                    matches!(cut.end, End::Cut | End::Open),
                    "{printer} at {at}: {:?}",
                    cut.end
                );
                assert!(cut.read <= at && at - cut.read < 2048, "{printer} at {at}");
                let whole = whole.groups.iter().flat_map(|group| &group.attributes);
                let cut: Vec<_> = cut.groups.iter().flat_map(|group| &group.attributes).collect();
                let (_, before) = cut.split_last().unwrap_or((&&EMPTY, &[]));
                assert!(whole.zip(before).all(|(one, other)| one == *other), "{printer} at {at}");
            }
        }
    }
}

const EMPTY: look::ipp::Attribute =
    look::ipp::Attribute { name: String::new(), values: Vec::new() };
