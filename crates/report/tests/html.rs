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

const FLAGS: [&str; 11] = [
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
    "--dump-dom",
];

/// Opens a page with this at the end of its address. Nothing where there is no browser.
fn browse(test: &str, page: &str, address: &str) -> Option<Output> {
    let browser = ["chromium", "chromium-browser", "google-chrome"].into_iter();
    let there = |name: &&str| Command::new(name).arg("--version").output().is_ok();
    let Some(browser) = browser.clone().find(there) else {
        peer::skip(test, "no chromium");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    std::fs::write(&file, page).unwrap();
    let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
    let address = format!("file://{}{address}", file.display());
    let output = Command::new(browser).args(FLAGS).arg(profile).arg(address).output().unwrap();
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
    let name = "the_address_sets_the_filter_and_the_script_applies_it";
    let page = html(&sample::machines(1));
    let Some(output) = browse(name, &page, "#severity=high") else { return };
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
    let name = "measure_verdict_and_text_filter_together";
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
        let Some(output) = browse(name, &page, address) else { return };
        let dom = dom(&output);
        let shown = entries(&dom).iter().filter(|(_, hidden)| !hidden).count();
        assert_eq!(shown, expected, "{address}");
    }
}

#[test]
fn a_hostile_fact_stays_text() {
    let name = "a_hostile_fact_stays_text";
    let page = html(&sample::machines(3));
    assert!(!page.contains("<img") && page.matches("<script").count() == 1);
    let Some(output) = browse(name, &page, "") else { return };
    let dom = dom(&output);
    assert!(dom.contains("<title>leaksweep: 3 targets</title>"));
    assert!(dom.contains("&lt;script&gt;document.title='owned'&lt;/script&gt;"));
    assert!(!dom.contains("<img"));
    assert_eq!(console(&output), [""; 0]);
}

#[test]
fn the_policy_stops_a_script_that_is_not_ours() {
    let name = "the_policy_stops_a_script_that_is_not_ours";
    let foreign =
        "<script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">";
    let page = html(&sample::machines(1)).replace("<main>", &format!("{foreign}<main>"));
    let Some(output) = browse(name, &page, "") else { return };
    assert!(!dom(&output).contains("<title>owned"));
    assert!(!console(&output).is_empty(), "the policy was not even asked");
}

#[test]
fn a_thousand_machines_make_a_page_that_opens_and_filters() {
    let name = "a_thousand_machines_make_a_page_that_opens_and_filters";
    let page = html(&sample::machines(1000));
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    assert!(page.contains("of the first 20 targets"), "the cap is not stated");
    let Some(output) = browse(name, &page, "#severity=critical") else { return };
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
