use super::*;
use crate::Stretch;

fn length(format: &Format, parts: &[&[u8]]) -> Option<(u64, bool)> {
    let walked = (format.walk)(&mut Stretch::new(&parts.concat()))?;
    Some((walked.length, walked.is_whole()))
}

const DOCUMENT: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE a [<!ENTITY b \"c\">]>\n<!-- a > b < c -->\n<a x=\"1 > 0\">\n<b/><c>text</c>\
    <![CDATA[</a>]]><?p </a> ?>\n</a>\n";

#[test]
fn xml_ends_with_its_root() {
    let whole = Some((DOCUMENT.len() as u64, true));
    for rest in [&[][..], &[0; 600], &[0xFF; 600], b"<a>more</a>", DOCUMENT] {
        assert_eq!(length(&XML, &[DOCUMENT, rest]), whole);
    }
    assert_eq!(length(&XML, &[&DOCUMENT[..100], &[0; 600]]), None);
    let long = [&DOCUMENT[..90], &b"<c>text</c>\n".repeat(100)].concat();
    assert_eq!(length(&XML, &[&long, &[0; 600]]), None.or(length(&XML, &[&long])));
    assert_eq!(length(&XML, &[b"<?xml version=\"1.0\"?>", &[0x9A; 600]]), None);
}

#[test]
fn a_picture_in_xml_is_named_as_such() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><rect/></svg>".to_vec();
    let walked = (XML.walk)(&mut Stretch::new(&svg)).unwrap();
    assert_eq!((walked.kind.unwrap().name, walked.length), ("svg", svg.len() as u64));
}

#[test]
fn html_ends_with_its_own_end() {
    let own = format!(
        "<!DOCTYPE html>\n<html>\n<head><title>A page</title></head>\n<body>{}</body>\n</HTML>\n",
        "<p>x\n".repeat(200)
    )
    .into_bytes();
    let whole = Some((own.len() as u64, true));
    for rest in [&[][..], &[0; 600], b"other", &own] {
        assert_eq!(length(&HTML, &[&own, rest]), whole);
    }
    let walked = (HTML.walk)(&mut Stretch::new(&own)).unwrap();
    assert_eq!(walked.details.title.as_deref(), Some("A page"));
    assert_eq!(length(&HTML, &[&own[..700], &[0; 600]]), Some((700, false)));
    assert_eq!(length(&HTML, &[&own[..512], &own]), Some((512, false)));
    assert_eq!(length(&HTML, &[b"<!DOCTYPE html>", &[0x9A; 600]]), None);
}

#[test]
fn a_text_without_elements_is_not_read_to_its_end() {
    let bytes = [&b"<?xml version=\"1.0\"?>\n"[..], &b"words ".repeat(6 << 20)].concat();
    let mut stretch = Stretch::new(&bytes);
    assert_eq!((XML.walk)(&mut stretch), None);
    assert!(stretch.cost() < 20 << 20, "{}", stretch.cost());
}
