//! Specimens for tests: by programs of others, and what every walker must hold to.

use std::process::Command;

use crate::{
    Stretch,
    formats::{End, Format, Texts, Walked},
};

/// What a script of Python writes to `out`; none where there is no Python.
pub fn python(script: &str) -> Option<Vec<u8>> {
    let program = leaksweep_peers::need("python3")?;
    let script = format!(
        "import io,sys,random\nrandom.seed(7)\nout=io.BytesIO()\n{script}\nsys.stdout.buffer.write(out.getvalue())"
    );
    let done = Command::new(program).args(["-c", &script]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(done.stdout)
}

/// Bytes that look like chance, always the same.
pub fn chance(count: usize) -> Vec<u8> {
    crate::chance::noise(9, count)
}

pub fn walk(format: &Format, bytes: &[u8]) -> Option<Walked> {
    let bytes = bytes.to_vec();
    let looks = (format.looks)(&bytes[..bytes.len().min(512)]);
    looks.then(|| (format.walk)(&mut Stretch::new(&bytes))).flatten()
}

/// Its exact length whatever follows; nothing of a bait; of a front part no more than is there.
pub fn holds(format: &Format, file: &[u8]) -> Walked {
    let name = format.kind.name;
    let alone = walk(format, file).unwrap_or_else(|| panic!("{name} is not seen"));
    assert_eq!((alone.length, alone.end), (file.len() as u64, End::Whole), "{name}");
    let text = b"Lorem ipsum 12 0 obj\n".repeat(99);
    for behind in [vec![0; 9000], vec![0xFF; 9000], chance(9000), text] {
        let found = walk(format, &[file, &behind].concat()).unwrap();
        assert_eq!(
            (found.length, found.end),
            (file.len() as u64, End::Whole),
            "{name} {:?}",
            &behind[..2]
        );
    }
    for head in [8, 16, 32, 64] {
        let bait = [&file[..head.min(file.len() / 2)], &chance(40_000)].concat();
        assert_eq!(walk(format, &bait), None, "{name} {head}");
    }
    for part in 1..10 {
        let count = file.len() * part / 10 / 512 * 512;
        let cut = walk(format, &[&file[..count], &[0; 20_000]].concat());
        let most = count as u64 + 512;
        let own = |walked: &Walked| match walked.end {
            End::Broken => walked.length <= most,
            // Zeros may be the end of a last member.
            End::Damaged { at } => name == "tar" && at <= most,
            End::Whole => false,
        };
        // Nothing is lost where the rest is zeros.
        if file[count..].iter().all(|byte| *byte == 0) {
            continue;
        }
        assert!(cut.as_ref().is_none_or(own), "{name} cut at {count}: {cut:?}");
    }
    alone
}

#[derive(Default)]
pub struct Heard(pub Vec<u8>);

impl Texts for Heard {
    fn begin(&mut self, _through: &'static str) {
        self.0.push(b'\n');
    }

    fn push(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

pub fn heard(format: &Format, file: &[u8]) -> String {
    let bytes = file.to_vec();
    let mut stretch = Stretch::new(&bytes);
    let walked = (format.walk)(&mut stretch).unwrap();
    let mut heard = Heard::default();
    format.texts.unwrap()(&mut stretch, &walked, &mut heard);
    String::from_utf8_lossy(&heard.0).into_owned()
}
