//! Certificates and lives of media as people hold them in hand, read back by other people's programs.

#[path = "../../facts/tests/wiped/mod.rs"]
mod wiped;

use std::{fs, path::Path, process::Command};

use leaksweep_facts::{
    Time,
    certificate::{
        Certificate, Count, Differential, Findings, LeftOver, Level, Medium, Outcome, Paper, Range,
        Sample, Share, Step, Swept,
    },
    custody::{Description, Entry, Event, Party, Record, Subject},
    signed::Signed,
};
use leaksweep_peers::need;
use leaksweep_report::paper::{self, Fonts, Form};
use tempfile::TempDir;
use wiped::{certificate, key};

const READERS_FONT: &str = "/usr/share/poppler/cMap/Adobe-GB1/UniGB-UTF16-H";
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
        // zbarimg misses a bus on which it could tell of its window.
        let quiet = error.is_empty() || program == "zbarimg";
        assert!(output.status.success() && quiet, "{program} {arguments:?}: {error}");
        String::from_utf8_lossy(&output.stdout).into_owned()
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

fn swept(unread: u64) -> Swept {
    let sweep = "5f1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262".into();
    Swept { sweep, ended: "2026-02-28T16:00:00Z".into(), unread }
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
            Count { what: "marked".into(), count: 12 },
            Count { what: "print job".into(), count: 1834 },
        ],
        swept: Some(swept(4096)),
    });
    full.after = Some(Findings { swept: Some(swept(0)), ..Findings::default() });
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
        after: None,
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
    all.after = Some(Findings {
        finds: vec![Count { what: long(400), count: u64::MAX }; 50],
        swept: Some(Swept { sweep: long(400), ended: long(400), unread: u64::MAX }),
        ..Findings::default()
    });
    all.before = Some(Findings {
        classes: shares.clone(),
        finds: vec![Count { what: long(400), count: u64::MAX }; 50],
        swept: Some(Swept { sweep: long(400), ended: long(400), unread: u64::MAX }),
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

#[test]
fn the_certificate_is_one_page_that_can_be_read_and_copied() {
    let from_files = [fonts(NOTO), fonts(DROID)].into_iter().flatten();
    let without = need(READERS_FONT).map(|_| Fonts::none());
    for fonts in from_files.chain(without) {
        let pdf = shown(every_field(), Form::Pdf, &fonts);
        assert!(pdf.len() < 150_000, "{}", pdf.len());
        let Some(printed) = Printed::new(&pdf) else { return };
        assert_eq!(printed.pages(), 1);
        printed.inside();
        let text = printed.text();
        let said = [
            "Certificate of media sanitization",
            "存储介质清除证书",
            "WIPED AND PROVEN",
            "已清除并已验证",
            "Größe 980 Ж",
            "S5GXNF0R123456",
            "2B2QEXM7",
            "李雷",
            "保密技术员 / technician",
            "Prüfraum 2",
            "IT-2026-00417",
            "三楼复印机",
            "再利用",
            "Заменён",
            "Purge",
            "the device erased every block",
            "spare blocks",
            "1,834 print job",
            "打印作业",
            "12 marked",
            "未发现可恢复的内容",
            "100 %",
            "af1349b9f5f9a1a6a0404dea36dc",
            "nvme-sanitize-block",
            "leaksweep verify FILE --pub KEY",
        ];
        for word in said {
            assert!(text.contains(word), "{word}\n{text}");
        }
        let signed = signed(every_field());
        assert!(text.contains(&signed.digest()) && text.contains(&signed.signer().to_string()));
    }
}

#[test]
fn the_code_holds_the_digest_and_the_key() {
    let (Some(fonts), Some(_)) = (fonts(DROID), need("zbarimg")) else { return };
    for certificate in [every_field(), failed(), extreme()] {
        let signed = signed(certificate.clone());
        let Some(printed) = Printed::new(&shown(certificate, Form::Pdf, &fonts)) else { return };
        let (digest, key) = (signed.digest(), signed.signer().id());
        assert_eq!(
            printed.code().trim(),
            format!("leaksweep certificate 1\nsha256 {digest}\nkey {key}")
        );
    }
}

/// Every form as text, where its programs are there.
fn in_every_form(certificate: &Certificate) -> Vec<String> {
    let plain = |form| String::from_utf8(shown(certificate.clone(), form, &Fonts::none())).unwrap();
    let mut texts = vec![plain(Form::Terminal), plain(Form::Html)];
    if let Some(fonts) = fonts(DROID)
        && let Some(printed) = Printed::new(&shown(certificate.clone(), Form::Pdf, &fonts))
    {
        texts.push(printed.text());
    }
    texts
}

#[test]
fn a_failed_wipe_passes_for_no_success_in_any_form() {
    let mut lying = failed();
    lying.level = Level::Purge;
    for text in in_every_form(&lying) {
        assert!(text.matches("FAILED").count() >= 2, "{text}");
        assert!(text.contains("失败") && text.contains("BELOW"));
        for word in ["WIPED AND PROVEN", "Certificate of media", "证书\n", "已清除并已验证"]
        {
            assert!(!text.contains(word), "{word}\n{text}");
        }
    }
}

#[test]
fn a_wipe_that_is_only_claimed_is_called_so() {
    let claimed = Certificate { steps: certificate().steps, ..bare() };
    for text in in_every_form(&claimed) {
        assert!(text.contains("CLAIMED BY THE DEVICE, NOT PROVEN") && text.contains("未经验证"));
        assert!(!text.contains("WIPED AND PROVEN") && !text.contains("Certificate of media"));
        assert!(text.contains("not stated") && text.contains("could not be asked"));
    }
}

#[test]
fn where_nothing_was_done_it_is_called_a_reading() {
    let wiped = Certificate { steps: Vec::new(), result: Outcome::Wiped, ..certificate() };
    let failed = Certificate { result: Outcome::Failed, ..bare() };
    for (reading, headline) in [
        (&wiped, "NO DATA FOUND 未发现数据"),
        (&bare(), "NOT PROVEN TO BE EMPTY 未能证明无数据"),
        (&failed, "DATA IS ON THIS MEDIUM 此介质中有数据"),
    ] {
        let mut text = Vec::new();
        paper::draft(reading, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains(headline) && text.contains("Record of a reading"), "{text}");
        assert!(text.contains("not signed") && !text.contains("WIPED"), "{text}");
    }
}

#[test]
fn a_certificate_that_contradicts_itself_is_none() {
    let with = |change: fn(&mut Certificate)| {
        let mut certificate = every_field();
        change(&mut certificate);
        certificate
    };
    let contradicting = [
        with(|it| it.proof = None),
        with(|it| it.proof.as_mut().unwrap().left_over_count = 1),
        with(|it| it.proof.as_mut().unwrap().differential.as_mut().unwrap().survivors = 1),
        with(|it| {
            let sample = Sample { blocks: 1, of: 2, bound: "at most 3/n".into() };
            it.proof.as_mut().unwrap().sample = Some(sample);
        }),
        with(|it| {
            let finds = vec![Count { what: "mail".into(), count: 1 }];
            it.after = Some(Findings { finds, ..Findings::default() });
        }),
    ];
    for certificate in contradicting {
        for text in in_every_form(&certificate) {
            assert!(text.contains("CONTRADICTORY") && !text.contains("PROVEN"), "{text}");
            assert!(!text.contains("Certificate of media"));
        }
    }
}

#[test]
fn the_longest_and_most_hostile_certificate_stays_one_page() {
    let all = [fonts(NOTO), fonts(DROID)].into_iter().flatten();
    for fonts in all.chain(need(READERS_FONT).map(|_| Fonts::none())) {
        let Some(printed) = Printed::new(&shown(extreme(), Form::Pdf, &fonts)) else { return };
        assert_eq!(printed.pages(), 1);
        printed.inside();
        let text = printed.text();
        for word in
            ["FAILED", "\\x1b[2J\\u{202e}gnp", "(+", "and 49 more, see the JSON", "none", "BELOW"]
        {
            assert!(text.contains(word), "{word}\n{text}");
        }
        // What stands last is there too.
        assert!(text.contains(&signed(extreme()).digest()) && text.contains("Witness"));
    }
}

#[test]
fn long_lists_alone_leave_every_section_on_the_page() {
    let mut long = every_field();
    long.reasons = vec!["a reason of the usual length, and then some more of it".repeat(3); 40];
    long.unreached = long.reasons.clone();
    long.steps = vec![long.steps[0].clone(); 40];
    let Some(printed) = Printed::new(&shown(long, Form::Pdf, &Fonts::none())) else { return };
    assert_eq!(printed.pages(), 1);
    let text = printed.run("pdftotext", &["paper.pdf", "-"]);
    for title in [
        "Medium",
        "Stated by",
        "Result",
        "Before and after",
        "Proof",
        "Steps",
        "Tool",
        "How to check",
    ] {
        assert!(text.contains(title), "{title}");
    }
}

#[test]
fn foreign_text_acts_on_nothing() {
    for form in [Form::Terminal, Form::Html] {
        let text = String::from_utf8(shown(extreme(), form, &Fonts::none())).unwrap();
        let acts =
            |c: char| c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c));
        assert!(!text.chars().any(acts) && !text.contains('\u{200b}'));
        assert!(text.contains("\\x1b[2J\\u{202e}gnp"));
        assert_eq!(text.contains("<script"), form == Form::Terminal);
    }
}

#[test]
fn the_page_for_the_browser_needs_nothing_else() {
    for html in [
        shown(every_field(), Form::Html, &Fonts::none()),
        lived(&life(), Form::Html, &Fonts::none()),
    ] {
        let html = String::from_utf8(html).unwrap();
        for outside in ["http:", "https:", "src=", "<script", "<link", "@import", "url("] {
            assert!(!html.contains(outside), "{outside}");
        }
        assert!(html.contains("default-src 'none'") && html.contains("@media print"));
        assert!(html.contains("<span lang=\"zh\">介质</span>"));
    }
}

#[test]
fn the_life_of_a_medium_is_told_from_the_wipe_to_its_end() {
    let told = |text: &str| {
        let words = [
            "COMPLETE",
            "WIPED AND PROVEN",
            "Removal",
            "拆除",
            "Degaussing",
            "1.8 T",
            "Hand-over",
            "王芳",
            "sealed bag 77-1 封条完好",
            "Receipt",
            "Shredding",
            "2 mm",
            "Destruction witnessed",
            "赵敏",
        ];
        words.into_iter().for_each(|word| assert!(text.contains(word), "{word}\n{text}"));
    };
    for form in [Form::Terminal, Form::Html] {
        told(&String::from_utf8(lived(&life(), form, &Fonts::none())).unwrap());
    }
    let Some(fonts) = fonts(DROID) else { return };
    let Some(printed) = Printed::new(&lived(&life(), Form::Pdf, &fonts)) else { return };
    assert!(printed.pages() >= 2);
    printed.inside();
    told(&printed.text());
}

#[test]
fn a_broken_life_and_an_open_one_say_so_first() {
    let mut broken = life();
    broken.entries[1].document.field = Some("9 T".into());
    let mut open = life();
    open.entries.truncate(3);
    let mut of_a_failure = Record::of(signed(failed()));
    let late = Time(Time::parse("2027-01-01").unwrap().0);
    of_a_failure.add(Entry::new(Event::Destruction, late, party("Li", "witness")), &key('A'));
    for (record, headline) in
        [(broken, "BROKEN"), (open, "NOT TOLD TO ITS END"), (of_a_failure, "FAILED")]
    {
        let text = String::from_utf8(lived(&record, Form::Terminal, &Fonts::none())).unwrap();
        let first = text.lines().find(|line| line.starts_with("== ")).unwrap();
        assert!(first.contains(headline), "{first}");
        assert!(!text.contains("== COMPLETE"));
    }
}

#[test]
fn a_medium_that_was_never_wiped_has_a_life_too() {
    let description = Description { serial: Some("Z1".into()), ..Description::default() };
    let mut record = Record::new(Subject::Medium(description));
    record.add(Entry::new(Event::Destruction, Time(0), party("Li", "witness")), &key('A'));
    let text = String::from_utf8(lived(&record, Form::Terminal, &Fonts::none())).unwrap();
    assert!(text.contains("never wiped by this tool") && text.contains("Z1"), "{text}");
    assert!(!text.contains("WIPED AND PROVEN"));
}

/// A story of so many statements, each as long as can be.
fn long_life(entries: usize) -> Option<Printed> {
    let mut record = Record::of(signed(certificate()));
    for _ in 0..entries {
        let mut entry = Entry::new(Event::Other, Time(1 << 31), party(HOSTILE, HOSTILE));
        entry.note = Some(HOSTILE.chars().cycle().take(4000).collect());
        record.add(entry, &key('A'));
    }
    Printed::new(&lived(&record, Form::Pdf, &Fonts::none()))
}

#[test]
fn a_life_of_long_statements_ends_in_its_pages() {
    let Some(printed) = long_life(40) else { return };
    assert!((30..100).contains(&printed.pages()), "{}", printed.pages());
    let text = printed.run("pdftotext", &["paper.pdf", "-"]);
    assert!(text.contains("40 Other") && text.contains("custody verify"));
    assert!(!text.contains("The rest has no room"));
}

#[test]
fn a_life_that_has_no_end_says_that_there_is_more() {
    let Some(printed) = long_life(260) else { return };
    assert_eq!(printed.pages(), 200);
    assert!(printed.text().contains("The rest has no room here"));
}

#[test]
fn the_same_paper_has_the_same_bytes() {
    let Some(fonts) = fonts(DROID) else { return };
    assert!(shown(every_field(), Form::Pdf, &fonts) == shown(every_field(), Form::Pdf, &fonts));
}

#[test]
fn a_broken_font_is_refused_or_survived() {
    let Some(_) = need(DROID) else { return };
    let whole = fs::read(DROID).unwrap();
    assert!(Fonts::none().add(b"no font".to_vec()).is_err());
    let mut broken: Vec<Vec<u8>> = Vec::new();
    for part in 1..12 {
        broken.push(whole[..whole.len() * part / 12].to_vec());
    }
    for at in (0..2000).step_by(37) {
        let mut changed = whole.clone();
        changed[at] ^= 0xff;
        broken.push(changed);
    }
    for font in broken {
        let mut fonts = Fonts::none();
        if fonts.add(font).is_ok() {
            assert!(shown(bare(), Form::Pdf, &fonts).starts_with(b"%PDF"));
        }
    }
}
