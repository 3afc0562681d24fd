//! The whole life of a medium as a sheet: its certificate, and what became of it.

use leaksweep_facts::{
    custody::{Description, Entry, Fault, Record, Standing, Subject},
    signed::Unverified,
};

use super::{
    certificate,
    sheet::{Block, Field, Section, Sheet, Tone, Verdict},
    words::{self, UNKNOWN, Words, words},
};

pub fn sheet(record: &Record, standing: &Standing) -> Sheet {
    let digest = record.digest();
    let mut sections = vec![Section::new(words("Custody", "保管链"), chain(record, standing))];
    match &record.subject {
        Subject::Certificate(certificate) => {
            let wiped = certificate::verdict(&certificate.document);
            let mut parts = certificate::sections(&certificate.document);
            if let Some(first) = parts.first_mut() {
                first.blocks.insert(0, Block::Say(wiped.headline, wiped.tone));
            }
            sections.append(&mut parts);
        }
        Subject::Medium(description) => sections.push(described(description)),
    }
    for (at, entry) in record.entries.iter().enumerate() {
        let faults = standing.faults.iter().filter(|fault| fault.entry == Some(at + 1));
        sections.push(stated(at + 1, entry, faults));
    }
    Sheet {
        title: words("The life of a medium", "存储介质全程记录"),
        subject: subject(record),
        verdict: verdict(record, standing),
        code: format!("{}\nsha256 {digest}", leaksweep_facts::custody::FORM),
        sections,
        checking: vec![
            "leaksweep custody verify FILE --pub KEY …".into(),
            format!("SHA-256 of the file 文件摘要: {digest}"),
            "A signature proves who stated it, not that it is true. 签名证明陈述人，不证明陈述属实。".into(),
        ],
        signatures: Vec::new(),
    }
}

fn subject(record: &Record) -> String {
    match &record.subject {
        Subject::Certificate(certificate) => {
            let certificate = &certificate.document;
            let serial = certificate.medium.serial.as_deref().unwrap_or("–");
            format!("Serial 序列号 {serial}; certificate 证书 {}", certificate.number)
        }
        Subject::Medium(description) => {
            let serial = description.serial.as_deref().unwrap_or("–");
            format!("Serial 序列号 {serial}; no certificate 无证书")
        }
    }
}

/// The worst of both: of the chain, and of what the certificate says.
fn verdict(record: &Record, standing: &Standing) -> Verdict {
    if !standing.faults.is_empty() {
        return Verdict {
            tone: Tone::Bad,
            headline: words("BROKEN: DO NOT RELY ON IT", "保管链断裂：不得采信"),
            because: words("What does not hold is listed below.", "存在的问题见下。"),
        };
    }
    if standing.open.is_some() {
        return Verdict {
            tone: Tone::Doubt,
            headline: words("NOT TOLD TO ITS END", "记录未完结"),
            because: words(
                "The chain holds; what is missing is listed below.",
                "保管链完好；缺失内容见下。",
            ),
        };
    }
    let wiped = record.subject.certificate().map(certificate::verdict);
    match wiped {
        Some(wiped) if wiped.tone != Tone::Good => Verdict {
            tone: wiped.tone,
            headline: wiped.headline,
            because: words("The chain of custody is complete.", "保管链完整。"),
        },
        _ => Verdict {
            tone: Tone::Good,
            headline: words("COMPLETE", "保管链完整"),
            because: words(
                "Every statement is signed and names the one before it.",
                "每项陈述均已签名并与前一项相连。",
            ),
        },
    }
}

fn chain(record: &Record, standing: &Standing) -> Vec<Block> {
    let faults: Vec<String> = standing.faults.iter().map(Fault::to_string).collect();
    let mut blocks = vec![Block::Fields(vec![Field::new(
        words("Statements", "陈述数"),
        record.entries.len().to_string(),
    )])];
    let course: Vec<String> = record.entries.iter().map(|entry| course(&entry.document)).collect();
    blocks.push(Block::list(words("Course", "经过"), &course));
    if !faults.is_empty() {
        blocks.push(Block::list(words("Faults", "问题"), &faults));
    }
    if let Some(open) = standing.open {
        blocks.push(Block::list(words("Missing", "缺失"), &[open.to_owned()]));
    }
    blocks
}

/// An entry in half a line.
fn course(entry: &Entry) -> String {
    let receiver = entry.receiver.as_ref().map(|party| format!(" → {}", party.name));
    let (time, event) = (entry.time, words::event(entry.event));
    format!("{time} {event}: {}{}", entry.person.name, receiver.unwrap_or_default())
}

fn described(description: &Description) -> Section {
    let or = |value: &Option<String>| value.clone().unwrap_or_else(|| UNKNOWN.to_string());
    let never = words(
        "It was never wiped by this tool; this is a person's description.",
        "未经本工具清除；以下为人工描述。",
    );
    let fields = vec![
        Field::new(words("Maker", "制造商"), or(&description.maker)),
        Field::new(words("Model", "型号"), or(&description.model)),
        Field::new(words("Serial number", "序列号"), or(&description.serial)),
        Field::new(words("Asset number", "资产编号"), or(&description.asset)),
    ];
    Section::new(
        words("Medium", "介质"),
        vec![Block::Say(never, Tone::Doubt), Block::Fields(fields)],
    )
}

fn stated<'a>(
    number: usize,
    sealed: &Unverified<Entry>,
    faults: impl Iterator<Item = &'a Fault>,
) -> Section {
    let entry = &sealed.document;
    let mut fields = vec![
        Field::new(words("Time", "时间"), entry.time.to_string()),
        Field::new(
            words("Person", "人员"),
            format!("{}, {}", entry.person.name, entry.person.role),
        ),
    ];
    let mut say = |label: Words, value: Option<String>| {
        fields.extend(value.map(|value| Field::new(label, value)));
    };
    say(words("Place", "地点"), entry.place.clone());
    let receiver = entry.receiver.as_ref();
    say(
        words("Receiver", "接收人"),
        receiver.map(|party| format!("{}, {}", party.name, party.role)),
    );
    say(words("Device", "设备"), entry.device.clone());
    say(words("Field strength", "磁场强度"), entry.field.clone());
    say(words("Particle size", "颗粒尺寸"), entry.particles.clone());
    let attached = entry.attachment.as_ref();
    say(
        words("Attached", "附件"),
        attached
            .map(|file| format!("{}, {} bytes, SHA-256 {}", file.name, file.bytes, file.sha256)),
    );
    let key = sealed.verify().map_or_else(|error| error.to_string(), |key| key.id());
    say(words("Key", "密钥"), Some(key));
    let wrong: Vec<String> = faults.map(|fault| fault.wrong.to_string()).collect();
    let mut blocks = vec![Block::Fields(fields)];
    if let Some(note) = &entry.note {
        blocks.push(Block::list(words("Note", "备注"), std::slice::from_ref(note)));
    }
    if !wrong.is_empty() {
        blocks.push(Block::list(words("FAULT", "问题"), &wrong));
    }
    Section { title: words::event(entry.event), mark: number.to_string(), blocks }
}
