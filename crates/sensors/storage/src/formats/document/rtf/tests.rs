use super::*;
use crate::chance::noise;

const SAMPLE: &str = "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fswiss Arial;}{\\f1\\fnil\\fcharset134 SimSun;}}\n\
{\\colortbl;\\red0\\green0\\blue0;}\n{\\info{\\title A title}{\\author M\\'fcller}{\\operator \\u23494?\\u20214?}\
{\\creatim\\yr2024\\mo3\\dy1\\hr10\\min5}}\n\\f0 Braces \\{ and \\} and \\\\.\\par\nStreng geheim\\par\\f1 \\'bb\\'fa\\'c3\\'dc\\f0  M\\'fcller\\par\n\
{\\*\\hidden nothing}{\\pict\\bin6 }}}}}}abc}\\u26426\\'3f\\u23494?\\par}";

#[derive(Default)]
struct Kept(String);

impl Texts for Kept {
    fn begin(&mut self, through: &'static str) {
        assert_eq!(through, "rtf");
    }

    fn push(&mut self, bytes: &[u8]) {
        self.0.push_str(std::str::from_utf8(bytes).unwrap());
    }
}

fn length(parts: &[&[u8]]) -> Option<(u64, bool)> {
    let walked = walk(&mut Stretch::new(&parts.concat()))?;
    Some((walked.length, walked.is_whole()))
}

#[test]
fn it_ends_with_its_last_brace() {
    let own = SAMPLE.as_bytes();
    let whole = Some((own.len() as u64, true));
    for rest in [&[][..], &[0; 600], &[0xFF; 600], own, b"} more {", b"\r\n{"] {
        assert_eq!(length(&[own, rest]), whole);
    }
    assert_eq!(length(&[own, b"\r\n\0\0"]), Some((own.len() as u64 + 2, true)));
    for seed in 0..100 {
        assert_eq!(length(&[own, &noise(seed, 600)]), whole);
        for keep in [16, 32, 64, 200] {
            assert_eq!(length(&[&own[..keep], &noise(seed, 4096)]), None, "{keep} {seed}");
        }
    }
}

#[test]
fn a_cut_one_is_broken() {
    let own = SAMPLE.replace("Streng", &"word ".repeat(2000)).into_bytes();
    for cut in [1000, 4096, 9000] {
        assert_eq!(length(&[&own[..cut], &[0; 600]]), Some((cut as u64, false)));
        let (length, whole) = length(&[&own[..cut], &noise(cut as u64, 900)]).unwrap();
        assert!(!whole && length.abs_diff(cut as u64) <= 12, "{cut} {length}");
    }
    assert_eq!(length(&[&own[..1024], &own]), Some((1024, false)));
}

#[test]
fn its_text_and_what_it_says_of_itself_are_decoded() {
    let bytes = SAMPLE.as_bytes().to_vec();
    let walked = walk(&mut Stretch::new(&bytes)).unwrap();
    let details = &walked.details;
    assert_eq!(details.title.as_deref(), Some("A title"));
    assert_eq!(details.author.as_deref(), Some("Müller"));
    assert_eq!(details.user.as_deref(), Some("密件"));
    assert_eq!(details.created, Some(1_709_287_500));
    let mut kept = Kept::default();
    texts(&mut Stretch::new(&bytes), &walked, &mut kept);
    let text = "Braces { and } and \\.\nStreng geheim\n机密 Müller\n机密\n";
    assert!(kept.0.ends_with(text), "{:?}", kept.0);
    assert!(!kept.0.contains("nothing") && !kept.0.contains("abc") && !kept.0.contains("Arial"));
}
