//! Certificates and lives of media as people hold them in hand, read back by other people's programs.

#[path = "../../facts/tests/wiped/mod.rs"]
mod wiped;

use std::{fs, path::Path, process::Command};

use leaksweep_facts::{
    Time,
    certificate::{
        Certificate, Count, Differential, Findings, LeftOver, Level, Medium, Outcome, Paper, Range,
        Sample, Share, Step,
    },
    custody::{Description, Entry, Event, Party, Record, Subject},
    signed::Signed,
};
use leaksweep_peers::need;
use leaksweep_report::paper::{self, Fonts, Form};
use tempfile::TempDir;
use wiped::{certificate, key};

const DROID: &str = "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf";
const NOTO: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

fn fonts(path: &str) -> Option<Fonts> {
    need(path)?;
    let mut fonts = Fonts::none();
    fonts.add(fs::read(path).unwrap()).unwrap();
    Some(fonts)
}

fn signed(certificate: Certificate) -> Signed<Certificate> {
    Signed::new(certificate, &key('A'))
}

fn shown(certificate: Certificate, form: Form, fonts: &Fonts) -> Vec<u8> {
    let mut out = Vec::new();
    paper::certificate(&signed(certificate), form, fonts, &mut out).unwrap();
    out
}

fn lived(record: &Record, form: Form, fonts: &Fonts) -> Vec<u8> {
    let mut out = Vec::new();
    paper::life(record, &record.verify(None), form, fonts, &mut out).unwrap();
    out
}

/// What programs of others say of a PDF.
struct Printed {
    folder: TempDir,
}

impl Printed {
    fn new(pdf: &[u8]) -> Option<Self> {
        need("pdftotext")?;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("paper.pdf"), pdf).unwrap();
        Some(Self { folder })
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output =
            Command::new(program).args(arguments).current_dir(self.folder.path()).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && error.is_empty(), "{program} {arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn text(&self) -> String {
        self.run("pdftotext", &["-layout", "paper.pdf", "-"])
    }

    fn pages(&self) -> usize {
        let told = self.run("pdfinfo", &["paper.pdf"]);
        let line = told.lines().find(|line| line.starts_with("Pages:")).unwrap();
        line.trim_start_matches("Pages:").trim().parse().unwrap()
    }

    /// Every word lies on the page; where the words of an embedded font overlap, letters would too.
    fn inside(&self) {
        let boxes = self.run("pdftotext", &["-bbox", "paper.pdf", "-"]);
        let number = |line: &str, name: &str| -> f64 {
            let (_, rest) = line.split_once(&format!(" {name}=\"")).unwrap();
            rest.split('"').next().unwrap().parse().unwrap()
        };
        let words: Vec<&str> = boxes.lines().filter(|line| line.contains("<word ")).collect();
        assert!(words.len() > 50);
        for word in words {
            assert!(number(word, "xMin") >= 30.0 && number(word, "xMax") <= 565.0, "{word}");
            assert!(number(word, "yMin") >= 30.0 && number(word, "yMax") <= 830.0, "{word}");
        }
    }

    fn code(&self) -> String {
        self.run(
            "pdftoppm",
            &["-r", "150", "-png", "-f", "1", "-l", "1", "-singlefile", "paper.pdf", "page"],
        );
        self.run("zbarimg", &["--raw", "-q", "page.png"])
    }
}

fn every_field() -> Certificate {
    let text = |text: &str| Some(text.to_owned());
    let mut full = certificate();
    full.medium = Medium {
        maker: text("Beispiel Speicher GmbH"),
        model: text("Größe 980 Ж"),
        serial: text("S5GXNF0R123456"),
        firmware: text("2B2QEXM7"),
        hidden_before: Some(2048),
        hidden_after: Some(0),
        password: text("none"),
        ..full.medium
    };
    full.paper = Paper {
        operator: text("李雷"),
        role: text("保密技术员 / technician"),
        place: text("Berlin, Prüfraum 2"),
        asset: text("IT-2026-00417"),
        source: text("三楼复印机 Kopierer 3. OG"),
        destination: text("reuse 再利用"),
        asked: Some(Level::Purge),
        note: text("Заменён"),
    };
    full.unreached = vec!["spare blocks that the controller does not show".into()];
    let share = |class: &str, bytes| Share { class: class.into(), bytes };
    full.before = Some(Findings {
        classes: vec![
            share("zero", 400_000_000_000),
            share("structured", 350_000_000_000),
            share("text", 50_000_000_000),
            share("random", 200_204_886_016),
        ],
        finds: vec![
            Count { what: "print jobs".into(), count: 1834 },
            Count { what: "marked documents".into(), count: 12 },
        ],
    });
    if let Some(proof) = &mut full.proof {
        proof.fingerprint =
            "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262".into();
        proof.differential = Some(Differential {
            manifest: "0f1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262".into(),
            made: "2026-03-01T09:30:00Z".into(),
            blocks: 9_155_000,
            survivors: 0,
            first: Vec::new(),
        });
    }
    full
}

fn failed() -> Certificate {
    let mut failed = every_field();
    failed.result = Outcome::Failed;
    failed.reasons = vec!["earlier blocks were found again".into()];
    failed.steps[0].completed = false;
    if let Some(proof) = &mut failed.proof {
        proof.classes[0].bytes -= 4096;
        proof.classes.push(Share { class: "structured".into(), bytes: 4096 });
        proof.left_over_count = 3;
        proof.left_over_bytes = 4096;
        proof.left_over = vec![LeftOver {
            start: 1 << 30,
            bytes: 4096,
            class: "structured".into(),
            kind: Some("JPEG".into()),
            preview: "ÿØÿà..JFIF".into(),
        }];
        if let Some(found) = &mut proof.differential {
            found.survivors = 3;
            found.first = vec![Range { start: 1 << 30, bytes: 4096 }];
        }
    }
    failed
}

fn bare() -> Certificate {
    Certificate {
        medium: Medium { kind: "unknown".into(), bus: "file".into(), ..Medium::default() },
        paper: Paper::default(),
        steps: Vec::new(),
        result: Outcome::Claimed,
        level: Level::None,
        reasons: Vec::new(),
        before: None,
        proof: None,
        ..certificate()
    }
}

fn party(name: &str, role: &str) -> Party {
    Party { name: name.into(), role: role.into() }
}

fn life() -> Record {
    let mut record = Record::of(signed(every_field()));
    let at = |minutes: i64| Time(Time::parse("2026-03-01T11:00:00Z").unwrap().0 + minutes * 60);
    let li = || party("李雷", "technician 技术员");
    let place = Some("Berlin, Prüfraum 2".to_owned());
    let removal = Entry { place: place.clone(), ..Entry::new(Event::Removal, at(0), li()) };
    let magnet = Entry {
        device: Some("HPM-4 degausser".into()),
        field: Some("1.8 T".into()),
        place,
        ..Entry::new(Event::Degaussing, at(10), li())
    };
    let handed = Entry {
        receiver: Some(party("王芳", "recycler 回收员")),
        note: Some("sealed bag 77-1 封条完好".into()),
        ..Entry::new(Event::HandOver, at(20), li())
    };
    record.add(removal, &key('A'));
    record.add(magnet, &key('A'));
    record.add(handed, &key('A'));
    let wang = party("王芳", "recycler 回收员");
    record.add(Entry::new(Event::Receipt, at(25), wang.clone()), &key('B'));
    let shredded = Entry {
        particles: Some("2 mm".into()),
        device: Some("S-9".into()),
        ..Entry::new(Event::Shredding, at(60), wang)
    };
    record.add(shredded, &key('B'));
    let zhao = party("赵敏", "witness 见证人");
    record.add(Entry::new(Event::Destruction, at(61), zhao), &key('C'));
    record
}

/// For people to look at: `PAPERS=DIR cargo test -p leaksweep-report --test papers`.
#[test]
fn papers_to_look_at() {
    let Some(folder) = std::env::var_os("PAPERS") else { return };
    let folder = Path::new(&folder);
    let fonts =
        [("noto", fonts(NOTO).unwrap()), ("droid", fonts(DROID).unwrap()), ("none", Fonts::none())];
    let all =
        [("full", every_field()), ("failed", failed()), ("bare", bare()), ("extreme", extreme())];
    for (name, certificate) in all {
        for (font, fonts) in &fonts {
            let pdf = shown(certificate.clone(), Form::Pdf, fonts);
            fs::write(folder.join(format!("{name}-{font}.pdf")), pdf).unwrap();
        }
        let html = shown(certificate, Form::Html, &Fonts::none());
        fs::write(folder.join(format!("{name}.html")), html).unwrap();
    }
    fs::write(folder.join("life.pdf"), lived(&life(), Form::Pdf, &fonts[0].1)).unwrap();
    fs::write(folder.join("life.html"), lived(&life(), Form::Html, &Fonts::none())).unwrap();
}

const HOSTILE: &str =
    "\x1b[2J\u{202e}gnp.\u{200b}<script>alert(1)</script>&\"'\0\r\n\t\\(unbalanced) 🖨 مرحبا 密";

/// Everything at its longest, and hostile.
fn extreme() -> Certificate {
    let long = |n: usize| HOSTILE.chars().cycle().take(n).collect::<String>();
    let text = || Some(long(4000));
    let mut all = failed();
    all.number = long(4000);
    all.tool.name = long(4000);
    all.tool.version = long(4000);
    all.tool.machine = long(4000);
    all.tool.machine_serial = text();
    all.medium = Medium {
        maker: text(),
        model: text(),
        serial: text(),
        firmware: text(),
        kind: long(4000),
        bus: long(4000),
        bytes: u64::MAX,
        sector: u32::MAX,
        hidden_before: Some(u64::MAX),
        hidden_after: Some(u64::MAX),
        password: text(),
    };
    all.paper = Paper {
        operator: text(),
        role: text(),
        place: text(),
        asset: text(),
        source: text(),
        destination: text(),
        asked: Some(Level::Purge),
        note: text(),
    };
    all.steps = vec![
        Step {
            method: long(4000),
            commands: vec![long(4000); 20],
            started: long(4000),
            ended: long(4000),
            completed: false,
            log: vec![long(4000); 10],
            interruptions: u32::MAX,
        };
        30
    ];
    all.reasons = vec![long(4000); 50];
    all.unreached = vec![long(4000); 50];
    let shares = vec![Share { class: long(4000), bytes: u64::MAX }; 50];
    all.before = Some(Findings {
        classes: shares.clone(),
        finds: vec![Count { what: long(400), count: u64::MAX }; 50],
    });
    if let Some(proof) = &mut all.proof {
        proof.expected = long(4000);
        proof.fingerprint = long(4000);
        proof.classes = shares;
        proof.sample = Some(Sample { blocks: u64::MAX, of: 0, bound: long(4000) });
        proof.left_over = vec![proof.left_over[0].clone(); 100];
        proof.left_over_count = u64::MAX;
        if let Some(found) = &mut proof.differential {
            found.manifest = long(4000);
            found.made = long(4000);
        }
    }
    all.started = long(4000);
    all.ended = long(4000);
    all
}
