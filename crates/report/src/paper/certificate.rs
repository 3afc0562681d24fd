//! The certificate as a sheet: every field that an auditor asks for.

use leaksweep_facts::{
    certificate::{Certificate, Findings, Level, Medium, Outcome, Paper, Step},
    seal::PublicKey,
    sweep::sha256,
};

use super::{
    proof,
    sheet::{Block, Field, Section, Sheet, Tone, Verdict, grouped},
    words::{self, Told, UNASKED, UNKNOWN, UNSAID, Words, words},
};
use crate::medium::{place, size};

pub fn sheet(certificate: &Certificate, digest: &str, signer: &PublicKey) -> Sheet {
    let verdict = verdict(certificate);
    Sheet {
        title: match verdict.headline {
            words::CONTRADICTORY => words::CONTRADICTORY_TITLE,
            _ => told(certificate).title,
        },
        subject: format!("No. 编号 {}", certificate.number),
        verdict,
        code: code(&certificate.form, digest, signer),
        sections: sections(certificate),
        checking: checking(digest, signer),
        signatures: vec![
            words("Operator", "操作人签字"),
            words("Witness", "见证人签字"),
            words("Date", "日期"),
        ],
    }
}

/// What nobody signed has no code and no way to be checked.
pub fn draft(certificate: &Certificate) -> Sheet {
    Sheet {
        title: told(certificate).title,
        subject: "not signed 未签名".into(),
        verdict: verdict(certificate),
        code: String::new(),
        sections: sections(certificate),
        checking: Vec::new(),
        signatures: Vec::new(),
    }
}

/// Also the part of a whole life.
pub fn sections(certificate: &Certificate) -> Vec<Section> {
    vec![
        Section::new(words("Medium", "介质"), vec![Block::Fields(medium(&certificate.medium))]),
        Section::new(
            words("Stated by the operator", "操作人填写"),
            vec![Block::Fields(paper(&certificate.paper))],
        ),
        Section::new(words("Result", "结果"), result(certificate)),
        Section::new(words("Before and after", "清除前后"), before_and_after(certificate)),
        Section::new(words("Proof", "验证"), proof::blocks(certificate.proof.as_ref())),
        Section::new(words("Steps", "步骤"), steps(&certificate.steps)),
        Section::new(words("Tool", "工具"), vec![Block::Fields(tool(certificate))]),
    ]
}

pub fn verdict(certificate: &Certificate) -> Verdict {
    let result = certificate.result;
    if certificate.contradicts_itself() {
        return Verdict {
            tone: Tone::Bad,
            headline: words::CONTRADICTORY,
            because: words::CONTRADICTS,
        };
    }
    let tone = match result {
        Outcome::Wiped => Tone::Good,
        Outcome::Claimed => Tone::Doubt,
        Outcome::Failed => Tone::Bad,
    };
    let Told { headline, because, .. } = told(certificate);
    Verdict { tone, headline, because }
}

/// Without a step nothing was wiped, only read.
fn told(certificate: &Certificate) -> Told {
    match certificate.steps.is_empty() {
        true => words::reading(certificate.result),
        false => words::wipe(certificate.result),
    }
}

/// What the QR code holds: what it is of, its digest, the key's short name.
pub fn code(form: &str, digest: &str, signer: &PublicKey) -> String {
    // A form is ours; were it not, the code would have no room for it.
    let form: String = form.chars().take(40).collect();
    format!("{form}\nsha256 {digest}\nkey {}", signer.id())
}

fn checking(digest: &str, signer: &PublicKey) -> Vec<String> {
    vec![
        "leaksweep verify FILE --pub KEY".into(),
        format!("SHA-256 of the file 文件摘要: {digest}"),
        format!("Key 密钥 {}: {signer}", signer.id()),
        "Compare the key with one that you have from elsewhere. 请与另行取得的公钥核对。".into(),
        "(+N): so many characters had no room here; the JSON has them. 此处省略 N 个字符，完整内容见 JSON。".into(),
    ]
}

fn or(value: &Option<String>, absent: Words) -> String {
    value.clone().unwrap_or_else(|| absent.to_string())
}

pub fn bytes(count: u64) -> String {
    let short = size(i64::try_from(count).unwrap_or(i64::MAX));
    match count {
        0..1000 => short,
        _ => format!("{short} ({} bytes)", grouped(count)),
    }
}

fn medium(medium: &Medium) -> Vec<Field> {
    let hidden = |found: Option<u64>| found.map_or_else(|| UNASKED.to_string(), bytes);
    let still =
        if medium.hidden_after.is_some_and(|bytes| bytes > 0) { Tone::Bad } else { Tone::Plain };
    let password = medium.password.as_deref();
    vec![
        Field::new(words("Maker", "制造商"), or(&medium.maker, UNKNOWN)),
        Field::new(words("Model", "型号"), or(&medium.model, UNKNOWN)),
        Field::new(words("Serial number", "序列号"), or(&medium.serial, UNKNOWN)),
        Field::new(words("Firmware", "固件"), or(&medium.firmware, UNKNOWN)),
        Field::new(
            words("Kind, bus", "类型、接口"),
            format!("{}, {}", words::kind(&medium.kind), medium.bus),
        ),
        Field::new(
            words("Capacity", "容量"),
            format!("{}, sectors of {}", bytes(medium.bytes), medium.sector),
        ),
        Field::new(words("Hidden before", "清除前隐藏区"), hidden(medium.hidden_before)),
        Field::new(words("Hidden after", "清除后隐藏区"), hidden(medium.hidden_after)).toned(still),
        Field::new(
            words("Password", "口令状态"),
            password.map_or_else(|| UNASKED.to_string(), words::password),
        ),
    ]
}

fn paper(paper: &Paper) -> Vec<Field> {
    let said = |value| or(value, UNSAID);
    vec![
        Field::new(words("Operator", "操作人"), said(&paper.operator)),
        Field::new(words("Role", "职务"), said(&paper.role)),
        Field::new(words("Place", "地点"), said(&paper.place)),
        Field::new(words("Asset number", "资产编号"), said(&paper.asset)),
        Field::new(words("Source", "来源"), said(&paper.source)),
        Field::new(words("Destination", "去向"), said(&paper.destination)),
        Field::new(words("Note", "备注"), said(&paper.note)),
    ]
}

fn result(certificate: &Certificate) -> Vec<Block> {
    let failed = verdict(certificate).tone == Tone::Bad;
    // Whatever a file says of a wipe that failed, it reached nothing.
    let reached = if failed { Level::None } else { certificate.level };
    let asked = certificate.paper.asked;
    let below = asked.is_some_and(|asked| reached < asked);
    let tone = if failed || below { Tone::Bad } else { Tone::Plain };
    let mut level = words::level(reached).to_string();
    if below {
        level.push_str(" – BELOW 低于要求");
    }
    let asked = asked.map_or_else(|| UNSAID.to_string(), |asked| words::level(asked).to_string());
    let mut blocks = vec![Block::Fields(vec![
        Field::new(words("Level reached", "达到级别"), level).toned(tone),
        Field::new(words("Level asked for", "要求级别"), asked),
        Field::new(words("Started", "开始"), &certificate.started),
        Field::new(words("Ended", "结束"), &certificate.ended),
    ])];
    blocks.push(Block::list(words("Why this level", "级别理由"), &certificate.reasons));
    blocks.push(Block::list(words("Not reached", "未触及区域"), &certificate.unreached));
    blocks
}

fn before_and_after(certificate: &Certificate) -> Vec<Block> {
    let mut blocks = Vec::new();
    match &certificate.before {
        None => blocks.push(Block::Say(
            words("What lay there before was not looked at.", "清除前未检查。"),
            Tone::Plain,
        )),
        Some(before) => {
            blocks.push(Block::Bar {
                label: words("Before", "清除前"),
                shares: before.classes.clone(),
            });
            blocks.extend(finds(words("Found before", "清除前发现"), before));
        }
    }
    match &certificate.proof {
        None => blocks.push(Block::Say(
            words("What it holds now was not looked at.", "清除后未检查。"),
            Tone::Doubt,
        )),
        Some(proof) => {
            blocks.push(Block::Bar {
                label: words("After", "清除后"),
                shares: proof.classes.clone(),
            });
        }
    }
    let after = certificate.after.as_ref();
    blocks.extend(after.and_then(|after| finds(words("Found after", "清除后发现"), after)));
    blocks
}

/// What a sweep found; none where none was made.
fn finds(label: Words, found: &Findings) -> Option<Block> {
    let mut finds: Vec<_> = found.finds.iter().collect();
    finds.sort_by_key(|find| place(&find.what));
    let told =
        finds.iter().map(|find| format!("{} {}", grouped(find.count), words::find(&find.what)));
    let mut told = vec![told.collect::<Vec<_>>().join(", ")];
    match &found.swept {
        None if finds.is_empty() => return None,
        None => {}
        Some(swept) => {
            if finds.is_empty() {
                told = vec![words::NOTHING_FOUND.to_string()];
            }
            told.push(format!("sweep 检查 {}, SHA-256 {}", swept.ended, swept.sweep));
            if swept.unread > 0 {
                told.push(format!("{} not read 未读取", bytes(swept.unread)));
            }
        }
    }
    Some(Block::list(label, &told))
}

fn steps(steps: &[Step]) -> Vec<Block> {
    if steps.is_empty() {
        let none = words(
            "None by this tool: others wiped it, and this is the proof alone.",
            "本工具未执行清除：由他人清除，此处仅为验证。",
        );
        return vec![Block::Say(none, Tone::Plain)];
    }
    let items = steps.iter().map(|step| {
        let done = if step.completed { words::YES } else { words::NO };
        let interrupted = match step.interruptions {
            0 => String::new(),
            count => format!(", interrupted {count} times 中断 {count} 次"),
        };
        let commands = match step.commands.as_slice() {
            [] => String::new(),
            [command] => format!(" · {command}"),
            [command, rest @ ..] => format!(" · {command} (and {} more)", rest.len()),
        };
        format!(
            "{}: {done}{interrupted}, {} – {}{commands} · log 日志 SHA-256 {}",
            step.method,
            step.started,
            step.ended,
            &sha256(step.log.join("\n").as_bytes())[..16],
        )
    });
    vec![Block::list(words("Method", "方法"), &items.collect::<Vec<_>>())]
}

fn tool(certificate: &Certificate) -> Vec<Field> {
    let tool = &certificate.tool;
    vec![
        Field::new(words("Tool", "工具"), format!("{} {}", tool.name, tool.version)),
        Field::new(words("Machine", "主机"), &tool.machine),
        Field::new(words("Machine's serial", "主机序列号"), or(&tool.machine_serial, UNKNOWN)),
    ]
}
