//! A small certificate, and keys that are always the same.

use leaksweep_facts::{
    certificate::{Certificate, Findings, Level, Medium, Outcome, Paper, Proof, Share, Step, Tool},
    seal::SecretKey,
};

pub fn key(letter: char) -> SecretKey {
    let seed: String = std::iter::repeat_n(letter, 42).collect();
    SecretKey::parse(&format!("leaksweep-secret-key-1:{seed}A=")).unwrap()
}

fn shares(classes: &[(&str, u64)]) -> Vec<Share> {
    classes.iter().map(|(class, bytes)| Share { class: (*class).into(), bytes: *bytes }).collect()
}

pub fn certificate() -> Certificate {
    Certificate {
        form: "leaksweep certificate 1".into(),
        number: "00c0ffee00c0ffee".into(),
        tool: Tool {
            name: "leaksweep".into(),
            version: "0.1.0".into(),
            machine: "bench".into(),
            machine_serial: None,
        },
        medium: Medium {
            model: Some("Example 980".into()),
            serial: Some("S5GX\\\"密".into()),
            kind: "flash".into(),
            bus: "nvme".into(),
            bytes: 1_000_204_886_016,
            sector: 512,
            hidden_after: Some(0),
            ..Medium::default()
        },
        paper: Paper { operator: Some("李 雷".into()), ..Paper::default() },
        steps: vec![Step {
            method: "nvme-sanitize-block".into(),
            commands: vec!["Sanitize, block erase".into()],
            started: "2026-03-01T10:00:00Z".into(),
            ended: "2026-03-01T10:02:00Z".into(),
            completed: true,
            log: vec!["SSTAT 0x0101".into()],
            interruptions: 0,
        }],
        result: Outcome::Wiped,
        level: Level::Purge,
        reasons: vec!["the device erased every block".into()],
        unreached: Vec::new(),
        before: Some(Findings {
            classes: shares(&[("structured", 9)]),
            finds: Vec::new(),
            swept: None,
        }),
        after: None,
        proof: Some(Proof {
            started: "2026-03-01T10:02:00Z".into(),
            ended: "2026-03-01T10:20:00Z".into(),
            read_bytes: 1_000_204_886_016,
            bytes: 1_000_204_886_016,
            expected: "zero".into(),
            classes: shares(&[("zero", 1_000_204_886_016)]),
            left_over: Vec::new(),
            left_over_count: 0,
            left_over_bytes: 0,
            bad: Vec::new(),
            bad_bytes: 0,
            sample: None,
            differential: None,
            fingerprint: "af1349b9".into(),
        }),
        started: "2026-03-01T10:00:00Z".into(),
        ended: "2026-03-01T10:20:00Z".into(),
    }
}
