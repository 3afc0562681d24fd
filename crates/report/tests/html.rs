//! The page in a real browser: it filters, it runs nothing of a fact, it reads without a script.

mod peer;
mod sample;

use std::{
    path::Path,
    process::{Command, Output},
};

use leaksweep_facts::verdict::Judgement;
use leaksweep_report::{Format, Style, write};

fn html(judgement: &Judgement) -> String {
    let mut out = Vec::new();
    write(Format::Html, judgement, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

const CHINESE: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--v=0",
];

/// Opens a page with this at the end of its address. Nothing where there is no browser.
fn browse(page: &str, address: &str) -> Option<Output> {
    opened(page, address, &["--dump-dom".into()])
}

fn opened(page: &str, address: &str, flags: &[String]) -> Option<Output> {
    let browser = leaksweep_peers::need("chromium")?;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    std::fs::write(&file, page).unwrap();
    let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
    let address = format!("file://{}{address}", file.display());
    let mut browser = Command::new(browser);
    let output = browser.args(FLAGS).args(flags).arg(profile).arg(address).output().unwrap();
    assert!(output.status.success(), "{}", peer::says(&output));
    Some(output)
}

fn dom(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What the page itself logged: the browser's own complaints name no console.
fn console(output: &Output) -> Vec<String> {
    let log = String::from_utf8_lossy(&output.stderr);
    log.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect()
}

/// The opening tags of all entries, with whether the filter hides them.
fn entries(dom: &str) -> Vec<(&str, bool)> {
    let tags = dom.split('<').filter(|tag| tag.contains("data-severity="));
    let tags = tags.filter_map(|tag| tag.split_once('>')).map(|(tag, _)| tag);
    tags.map(|tag| (tag, tag.contains("hidden"))).collect()
}

#[test]
fn the_address_sets_the_filter_and_the_script_applies_it() {
    let page = html(&sample::machines(1));
    let Some(output) = browse(&page, "#severity=high") else { return };
    let dom = dom(&output);
    let entries = entries(&dom);
    assert_eq!(entries.len(), 40);
    for (tag, hidden) in entries {
        let high = tag.contains("\"high\"") || tag.contains("\"critical\"");
        assert_eq!(hidden, !high, "{tag}");
    }
    assert!(!dom.contains("<form id=\"filter\" hidden"));
    assert_eq!(console(&output), [""; 0]);
}

#[test]
fn measure_verdict_and_text_filter_together() {
    let page = html(&sample::machines(1));
    let cases = [
        ("#measure=R1", 2),
        ("#measure=R1&verdict=fail&text=RUSTDESK.toml", 1),
        ("#text=保密", 0),
        ("#verdict=not+applicable", 1),
        ("#severity=nonsense", 40),
        ("#passes", 40),
    ];
    for (address, expected) in cases {
        let Some(output) = browse(&page, address) else { return };
        let dom = dom(&output);
        let shown = entries(&dom).iter().filter(|(_, hidden)| !hidden).count();
        assert_eq!(shown, expected, "{address}");
    }
}

#[test]
fn a_hostile_fact_stays_text() {
    let page = html(&sample::machines(3));
    assert!(!page.contains("<img") && page.matches("<script").count() == 1);
    let Some(output) = browse(&page, "") else { return };
    let dom = dom(&output);
    assert!(dom.contains("<title>leaksweep: 3 targets</title>"));
    assert!(dom.contains("&lt;script&gt;document.title='owned'&lt;/script&gt;"));
    assert!(!dom.contains("<img"));
    assert_eq!(console(&output), [""; 0]);
}

/// The classes of all lanes, in their order.
fn lanes(page: &str) -> Vec<&str> {
    let lanes = page.split("<li class=\"lane ").skip(1);
    lanes.filter_map(|rest| rest.split_once('"')).map(|(class, _)| class).collect()
}

#[test]
fn every_tool_is_a_lane_by_whether_somebody_can_come_in() {
    let page = html(&sample::remote(1));
    let expected = ["open", "idle", "open", "unclear", "asks", "local", "dormant", "traces"];
    assert_eq!(lanes(&page), expected);
    assert!(page.contains("6 tools. Through 2 of them somebody can come in now"));
    assert_eq!(page.matches("Somebody can come in now, with nobody present.").count(), 2);
    for outside in ["Relay", "Open port", "Private network", "Calls out", "Not in use"] {
        assert!(page.contains(&format!("<h4>{outside}</h4>")), "{outside}");
    }
}

#[test]
fn nothing_found_and_nobody_looked_read_differently() {
    let page = |doubts| {
        let pictures = vec![sample::remote_picture("lab-07", Vec::new(), doubts)];
        html(&Judgement { pictures, ..sample::machines(1) })
    };
    let (found, looked) = ("No remote-control tool was found.", "could not be told.");
    let none = page(Vec::new());
    assert!(none.contains(found) && !none.contains(looked));
    let unknown = page(vec![sample::not_looked()]);
    assert!(unknown.contains(looked) && !unknown.contains(found));
    assert!(unknown.contains("did not look at host_remote_tools"));
    assert!(!html(&sample::machines(1)).contains("Ways in"));
}

#[test]
fn many_tools_and_many_machines_are_cut_and_counted() {
    let row = sample::remote(1).pictures[0].rows.rows[0].clone();
    let pictures = vec![sample::remote_picture("lab-07", vec![row; 40], Vec::new())];
    let page = html(&Judgement { pictures, ..sample::machines(1) });
    assert_eq!(lanes(&page).len(), 30);
    assert!(page.contains("and 10 more tools."));
    let fleet = html(&sample::remote(40));
    assert_eq!(fleet.matches("class=\"paper target\"").count(), 20);
    assert!(fleet.contains("and 3 more targets."), "{}", fleet.len());
    assert!(fleet.contains("Remote-control tools are on 23 of 40 targets. Into 12 somebody"));
    assert!(fleet.contains("targets: no remote-control tool was found."));
    assert!(fleet.contains("targets: whether there is a remote-control tool could not be told."));
}

#[test]
fn the_time_line_has_a_dot_for_each_way_and_the_list_says_the_same() {
    let page = html(&sample::standing());
    assert!(page.contains("3 alarming, 2 worth a look, 2 usual."));
    assert_eq!(page.matches("<circle").count(), 6);
    assert_eq!(page.matches("class=\"dot alarm\"").count(), 3);
    assert!(page.contains("/etc/cron.d/x:2") && page.contains("not known"));
    let place = |what: &str| page.rfind(what).unwrap();
    assert!(place("/etc/cron.d/x:2") < place("/root/.ssh/authorized_keys:4"));
    assert!(place("/boot/initrd.img-6.1") < place("account mira"));
}

#[test]
fn without_ways_the_time_line_says_whether_anybody_looked() {
    let page = |doubts| {
        let pictures = vec![sample::standing_picture("lab-07", Vec::new(), doubts)];
        html(&Judgement { pictures, ..sample::machines(1) })
    };
    assert!(page(Vec::new()).contains("Nothing that the system did not bring"));
    let unknown = page(vec![sample::not_looked()]);
    assert!(unknown.contains("Whether something stays could not be told."));
    assert!(!unknown.contains("<circle"));
}

#[test]
fn more_ways_than_are_listed_are_counted() {
    let row = sample::way("keys", "look", Some(1), "key", "/k:1");
    let pictures = vec![sample::standing_picture("lab-07", vec![row; 50], Vec::new())];
    let page = html(&Judgement { pictures, ..sample::machines(1) });
    assert!(page.contains("and 10 more ways."));
}

#[test]
fn the_drawing_stays_whole_in_a_browser() {
    let page = html(&sample::hostile_everywhere());
    let Some(output) = browse(&page, "#severity=critical") else { return };
    let dom = dom(&output);
    assert_eq!(lanes(&dom), lanes(&page));
    assert!(lanes(&dom).len() > 10);
    assert_eq!(console(&output), [""; 0]);
}

#[test]
fn the_policy_stops_a_script_that_is_not_ours() {
    let foreign =
        "<script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">";
    let page = html(&sample::machines(1)).replace("<main>", &format!("{foreign}<main>"));
    let Some(output) = browse(&page, "") else { return };
    assert!(!dom(&output).contains("<title>owned"));
    assert!(!console(&output).is_empty(), "the policy was not even asked");
}

#[test]
fn a_thousand_machines_make_a_page_that_opens_and_filters() {
    let page = html(&sample::machines(1000));
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    assert!(page.contains("of the first 20 targets"), "the cap is not stated");
    let Some(output) = browse(&page, "#severity=critical") else { return };
    let dom = dom(&output);
    assert_eq!(entries(&dom).iter().filter(|(_, hidden)| !hidden).count(), 3);
    assert_eq!(console(&output), [""; 0]);
}

#[test]
fn the_page_is_whole_without_a_script() {
    let page = html(&sample::machines(1));
    let body = page.split_once("<body>").unwrap().1;
    assert!(body.contains("<form id=\"filter\" hidden"));
    assert!(entries(body).iter().all(|(_, hidden)| !hidden));
    for part in [
        "id=\"failures\"",
        "id=\"unknown\"",
        "id=\"exceptions\"",
        "id=\"passes\"",
        "id=\"problems\"",
    ] {
        assert!(body.contains(part), "{part}");
    }
}

/// Without a font that has them, Chinese characters reach no paper.
#[test]
fn paper_shows_what_is_folded_on_screen() {
    let Some(reader) = leaksweep_peers::need("pdftotext") else { return };
    let Some(_) = leaksweep_peers::need(CHINESE) else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.pdf");
    let flags = ["--no-pdf-header-footer".into(), format!("--print-to-pdf={}", file.display())];
    let Some(_) = opened(&html(&sample::machines(1)), "", &flags) else { return };
    let read = Command::new(reader).arg(&file).arg("-").output().unwrap();
    let text = String::from_utf8_lossy(&read.stdout).replace('\n', " ");
    for part in ["Why", "Passes", "Something is not as it should be", "另一个账户拥有", "Excepted"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_refusal_despite_all_rights_and_an_ended_exception_are_told() {
    let page = html(&sample::contained());
    assert!(page.contains("4 verdicts stay unknown although the sweep had all rights"));
    assert!(page.contains("from the host itself") && !page.contains("sudo leaksweep"));
    assert!(page.contains("ended on 2026-11-01 and counts no more (owner: <bdi>Zhang Wei"));
}

#[test]
fn a_long_cell_folds_and_a_count_of_nothing_is_left_out() {
    let page = html(&sample::machines(1));
    assert_eq!(page.matches("<details class=\"cell\">").count(), 2);
    assert!(page.contains("not applicable</span>"));
    let quiet = html(&sample::all_pass());
    assert!(!quiet.contains("not applicable</span>") && quiet.contains("unknown</span>"));
}

#[test]
fn the_page_asks_for_nothing_from_outside() {
    for judgement in [sample::nothing(), sample::machines(2), sample::all_pass()] {
        let page = html(&judgement);
        for outside in [" src=", "<link", "url(", "@import", "<iframe", " style=", " onclick="] {
            let facts = page.matches("&lt;img src=").count();
            let found = page.matches(outside).count();
            assert!(found == 0 || outside == " src=" && found == facts, "{outside}");
        }
    }
}

#[test]
fn an_empty_a_quiet_and_an_unknown_judgement_say_so() {
    let cases = [
        (sample::nothing(), "No check was run, so nothing is known."),
        (sample::all_pass(), "No check failed."),
        (sample::all_unknown(), "Nothing could be told."),
    ];
    for (judgement, sentence) in cases {
        assert!(html(&judgement).contains(sentence), "{sentence}");
    }
}

#[test]
fn colours_have_the_contrast_that_reading_needs() {
    let css = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/html/page.css");
    let css = std::fs::read_to_string(css).unwrap();
    let schemes: Vec<&str> =
        css.split(":root {").skip(1).map(|part| part.split('}').next().unwrap()).collect();
    assert_eq!(schemes.len(), 3, "light, dark, paper");
    for scheme in schemes {
        for name in ["ink", "quiet", "critical", "high", "medium", "low", "info", "good", "link"] {
            for ground in ["paper", "field"] {
                let ratio = contrast(scheme, name, ground);
                assert!(ratio >= 4.5, "{name} on {ground}: {ratio:.2}");
            }
        }
    }
}

fn contrast(scheme: &str, one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(&color(scheme, one)), luminance(&color(scheme, other)));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn color(scheme: &str, name: &str) -> String {
    let value = scheme.split_once(&format!("--{name}: #")).unwrap().1;
    let digits: String = value.chars().take_while(char::is_ascii_hexdigit).collect();
    if digits.len() == 6 { digits } else { digits.chars().flat_map(|d| [d, d]).collect() }
}

/// Relative luminance, as WCAG 2 defines it.
fn luminance(color: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}
