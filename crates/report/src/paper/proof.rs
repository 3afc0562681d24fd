//! What was read after the wipe, as blocks of the certificate's sheet.

use leaksweep_facts::certificate::Proof;

use super::{
    certificate::bytes,
    sheet::{Block, Field, Tone, grouped},
    words::words,
};

pub fn blocks(proof: Option<&Proof>) -> Vec<Block> {
    let Some(proof) = proof else {
        let none = words("None: nothing was read after the wipe.", "无：清除后未读取任何内容。");
        return vec![Block::Say(none, Tone::Doubt)];
    };
    let bad = |count: u64| if count > 0 { Tone::Bad } else { Tone::Plain };
    let mut fields = vec![
        Field::new(words("Read back", "读取"), share_read(proof)),
        Field::new(words("Expected", "预期内容"), &proof.expected),
        Field::new(
            words("Left over", "残留"),
            format!("{} extents, {}", grouped(proof.left_over_count), bytes(proof.left_over_bytes)),
        )
        .toned(bad(proof.left_over_count)),
        Field::new(
            words("Unreadable", "不可读"),
            format!("{} extents, {}", grouped(proof.bad.len() as u64), bytes(proof.bad_bytes)),
        ),
        Field::new(words("When", "时间"), format!("{} – {}", proof.started, proof.ended)),
        Field::new(words("Fingerprint (BLAKE3)", "指纹"), &proof.fingerprint),
    ];
    if let Some(sample) = &proof.sample {
        let told = format!(
            "{} of {} blocks: {}",
            grouped(sample.blocks),
            grouped(sample.of),
            sample.bound
        );
        fields.push(Field::new(words("Only a sample", "仅抽样"), told).toned(Tone::Doubt));
    }
    match &proof.differential {
        None => {
            fields.push(Field::new(words("Earlier blocks", "原有数据块"), "not looked for 未查找"))
        }
        Some(found) => {
            let told = format!(
                "{} known from {}, {} found again 再次发现",
                grouped(found.blocks),
                found.made,
                grouped(found.survivors)
            );
            let field = Field::new(words("Earlier blocks", "原有数据块"), told);
            fields.push(field.toned(bad(found.survivors)));
            fields.push(Field::new(words("Manifest (BLAKE3)", "清单摘要"), &found.manifest));
        }
    }
    let mut blocks = vec![Block::Fields(fields)];
    if proof.left_over_count > 0 {
        blocks.push(left_over(proof));
    }
    blocks
}

/// `100 %` only where all of it was read.
fn share_read(proof: &Proof) -> String {
    let percent = match proof.bytes {
        _ if proof.read_bytes >= proof.bytes => "100".into(),
        0 => "0".into(),
        all => format!("{:.2}", (proof.read_bytes as f64 / all as f64 * 100.0).min(99.99)),
    };
    format!("{percent} %: {} of {} bytes", grouped(proof.read_bytes), grouped(proof.bytes))
}

fn left_over(proof: &Proof) -> Block {
    let items = proof.left_over.iter().map(|found| {
        let kind = found.kind.as_deref().unwrap_or(&found.class);
        format!("at {}, {}: {kind}: {}", grouped(found.start), bytes(found.bytes), found.preview)
    });
    Block::List {
        label: words("Left over", "残留"),
        items: items.collect(),
        all: proof.left_over_count.max(proof.left_over.len() as u64),
    }
}
