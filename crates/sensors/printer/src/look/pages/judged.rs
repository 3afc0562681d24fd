//! What an answer to a GET amounts to: whether it is the page that was asked for, whether a password is demanded for it, and what
//! it tells. Pure.

use leaksweep_catalogue::printers::Tell;

use crate::portrait::cut;

/// The longest value that is taken between two texts.
const LONGEST_VALUE: usize = 400;

/// What came for a path.
#[derive(Debug, Clone, Copy)]
pub struct Came<'a> {
    pub status: u16,
    /// The path that was asked for.
    pub asked: &'a str,
    /// The path behind the redirects.
    pub path: &'a str,
    pub body: &'a [u8],
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    pub login: bool,
    pub shown: bool,
    pub title: Option<String>,
}

/// `holds` is what stands in the page that was asked for; none for one that is not known.
pub fn judged(came: &Came, holds: Option<&str>) -> Judged {
    let text = String::from_utf8_lossy(came.body);
    let lower = text.to_ascii_lowercase();
    let refused = matches!(came.status, 401 | 403);
    let held = match holds {
        Some(holds) => lower.contains(&holds.to_ascii_lowercase()),
        None => !lower.trim().is_empty(),
    };
    let sent_on = came.path != came.asked && is_login(came.path);
    // Many pages have a field for the password beside what they show: that alone demands nothing.
    let asks = asks_password(&lower) && !(held && holds.is_some());
    let login = refused || sent_on || asks;
    Judged { login, shown: came.status == 200 && held && !login, title: title(&text, &lower) }
}

fn is_login(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    ["login", "logon", "signin", "sign_in", "auth", "password"]
        .iter()
        .any(|word| path.contains(word))
}

/// A field that hides what is typed.
fn asks_password(lower: &str) -> bool {
    let mut rest = lower;
    while let Some((_, after)) = rest.split_once("<input") {
        let tag = after.split('>').next().unwrap_or_default();
        let tag = tag.replace(['"', '\'', ' ', '\t', '\r', '\n'], "");
        if tag.contains("type=password") {
            return true;
        }
        rest = after;
    }
    false
}

/// The text of the first title. `lower` is the same text with small letters, byte by byte.
fn title(text: &str, lower: &str) -> Option<String> {
    let start = lower.find("<title")?;
    let start = start + lower.get(start..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    let title = text.get(start..end)?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!title.is_empty()).then(|| cut(&title))
}

/// The value that a page tells, and the text that it stands as.
pub fn told(body: &[u8], tell: &Tell) -> Option<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let mut steps = tell.after.split('…');
    let rest = steps.try_fold(&*text, |rest, step| Some(rest.split_once(step)?.1))?;
    let end = rest.find(tell.until.as_str())?;
    let raw = plain(rest.get(..end).filter(|raw| raw.len() <= LONGEST_VALUE)?);
    if raw.is_empty() {
        return None;
    }
    if tell.values.is_empty() {
        return Some((raw.clone(), raw));
    }
    let value = tell.values.iter().find(|(known, _)| known.eq_ignore_ascii_case(&raw))?.1;
    Some((value.clone(), raw))
}

/// Without tags, and with one blank where several are.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for piece in text.split('<').enumerate() {
        let shown = match piece {
            (0, piece) => piece,
            (_, piece) => piece.split_once('>').map_or("", |(_, after)| after),
        };
        plain.push_str(shown);
        plain.push(' ');
    }
    let plain = plain.replace("&nbsp;", " ").replace("&amp;", "&");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(status: u16, path: &str, body: &str, holds: Option<&str>) -> Judged {
        judged(&Came { status, asked: "/x", path, body: body.as_bytes() }, holds)
    }

    #[test]
    fn a_page_is_shown_only_if_it_holds_what_it_should() {
        let shown = page(200, "/x", "<title>A\n  b</title>Network Status", Some("network status"));
        assert_eq!(shown, Judged { login: false, shown: true, title: Some("A b".into()) });
        assert!(!page(200, "/x", "<title>Start</title>", Some("Network Status")).shown);
        assert!(!page(404, "/x", "Network Status", Some("Network Status")).shown);
        assert!(page(200, "/x", "anything", None).shown && !page(200, "/x", " ", None).shown);
    }

    #[test]
    fn a_password_is_demanded_by_status_by_redirect_and_by_a_field() {
        assert!(page(401, "/x", "", Some("a")).login);
        assert!(page(403, "/x", "a", Some("a")).login);
        let sent = page(200, "/sws/Login.html", "Network Status", Some("Network Status"));
        assert!(sent.login && !sent.shown);
        let field = page(200, "/x", "<INPUT name=p\n TYPE = 'Password'>", Some("Settings"));
        assert!(field.login && !field.shown);
        let beside = page(200, "/x", "<input type=\"password\">Settings", Some("Settings"));
        assert!(!beside.login && beside.shown);
        assert!(page(200, "/x", "<input type=password>", None).login);
        assert!(!page(200, "/x", "<input type=text> password", None).login);
    }

    #[test]
    fn what_stands_before_a_value_may_be_several_texts() {
        let tell = Tell {
            about: "wifi".into(),
            after: "Wifi<…<Power>".into(),
            until: "<".into(),
            values: [("on".to_owned(), "true".to_owned())].into(),
        };
        let told_of = |body: &str| told(body.as_bytes(), &tell).map(|told| told.0);
        let both = "<Power>off</Power>Wifi</a>\n<Power>on</Power>";
        assert_eq!(told_of(both).as_deref(), Some("true"));
        assert_eq!(told_of("Wifi</a>"), None);
    }

    #[test]
    fn what_a_page_tells_is_what_stands_between_two_texts() {
        let tell = |values: &[(&str, &str)]| Tell {
            about: "auto_update".into(),
            after: "<State>".into(),
            until: "</State>".into(),
            values: values.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect(),
        };
        let body = b"<a><State> Enabled </State>";
        let told_as = told(body, &tell(&[("enabled", "true")])).unwrap();
        assert_eq!(told_as, ("true".into(), "Enabled".into()));
        assert_eq!(told(body, &tell(&[("on", "true")])), None);
        assert_eq!(told(body, &tell(&[])).unwrap().0, "Enabled");
        assert_eq!(told(b"<State><b>1</b> 2</State>", &tell(&[])).unwrap().0, "1 2");
        assert_eq!(told(b"<State>", &tell(&[])), None);
        let long = format!("<State>{}</State>", "x".repeat(10_000));
        assert_eq!(told(long.as_bytes(), &tell(&[])), None);
    }
}
