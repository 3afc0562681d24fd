//! The pages of checks are Markdown. A check may be the user's own, so no markup of its passes:
//! raw HTML is shown as text, and only web links are links.

use maud::{Markup, PreEscaped};
use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd};

use crate::safe_text::visible;

/// The first sentence of a page, without markup, on one line.
pub fn first_sentence(markdown: &str) -> String {
    let text = first_block(markdown);
    let end = text.char_indices().find(|(at, c)| ends_sentence(&text, *at, *c));
    let end = end.map_or(text.len(), |(at, c)| at + c.len_utf8());
    text.get(..end).unwrap_or(&text).to_owned()
}

fn ends_sentence(text: &str, at: usize, c: char) -> bool {
    let next = text.get(at + c.len_utf8()..).unwrap_or_default();
    match c {
        '。' | '！' | '？' => true,
        '.' | '!' | '?' => {
            next.starts_with(' ') && !text[..at].ends_with("e.g") && !text[..at].ends_with("i.e")
        }
        _ => false,
    }
}

/// The text of the first paragraph or list item.
fn first_block(markdown: &str) -> String {
    let mut text = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => {
                text.push_str(&part);
            }
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock)
                if !text.is_empty() =>
            {
                break;
            }
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The page as HTML.
pub fn html(markdown: &str) -> Markup {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, Parser::new(markdown).map(tamed));
    PreEscaped(html)
}

fn tamed(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(raw) | Event::InlineHtml(raw) | Event::Text(raw) => Event::Text(shown(&raw)),
        Event::Code(raw) => Event::Code(shown(&raw)),
        Event::Start(Tag::Image { dest_url, title, id, link_type })
        | Event::Start(Tag::Link { dest_url, title, id, link_type }) => {
            let dest_url = if is_web(&dest_url) { dest_url } else { CowStr::Borrowed("#") };
            Event::Start(Tag::Link { dest_url, title, id, link_type })
        }
        Event::End(TagEnd::Image) => Event::End(TagEnd::Link),
        // A page sits under headings of the report's own.
        Event::Start(Tag::Heading { .. }) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Paragraph),
        other => other,
    }
}

/// Line ends separate lines of a code block; everything else that acts is shown.
fn shown(raw: &str) -> CowStr<'static> {
    let lines: Vec<_> = raw.split('\n').map(visible).collect();
    lines.join("\n").into()
}

pub fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sentence_is_plain_text() {
        let cases = [
            ("Remove the `rustdesk` package. Then restart.", "Remove the rustdesk package."),
            (
                "- Close the port,\n  e.g. with ufw.\n- Or stop it.",
                "Close the port, e.g. with ufw.",
            ),
            ("卸载该软件。然后重启。", "卸载该软件。"),
            ("See **/etc/ssh/sshd_config**", "See /etc/ssh/sshd_config"),
            ("```sh\nsystemctl stop x\n```\nmore", "systemctl stop x"),
            ("", ""),
        ];
        for (markdown, sentence) in cases {
            assert_eq!(first_sentence(markdown), sentence);
        }
    }

    #[test]
    fn raw_html_and_other_schemes_do_not_pass() {
        let page = "<script>y</script>\n\nSee <b>x</b> [a](javascript:alert(1)) \
             ![b](https://x/y.png) <img src=x>";
        let html = html(page).into_string();
        assert!(
            !html.contains("<script") && !html.contains("<img") && !html.contains("<b>"),
            "{html}"
        );
        assert!(!html.contains("javascript:"), "{html}");
    }
}
