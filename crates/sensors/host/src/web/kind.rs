//! Of which language a file is, by its name or its content.

use super::{
    language::Language,
    languages::{ASP, JSP, NODE, PERL, PHP, PYTHON, SHELL},
};

const ENDINGS: [(&str, &Language); 38] = [
    ("php", &PHP),
    ("php3", &PHP),
    ("php4", &PHP),
    ("php5", &PHP),
    ("php7", &PHP),
    ("php8", &PHP),
    ("phtml", &PHP),
    ("phps", &PHP),
    ("pht", &PHP),
    ("phar", &PHP),
    ("inc", &PHP),
    ("hphp", &PHP),
    ("pgif", &PHP),
    ("module", &PHP),
    ("ctp", &PHP),
    ("jsp", &JSP),
    ("jspx", &JSP),
    ("jspf", &JSP),
    ("jsw", &JSP),
    ("jsv", &JSP),
    ("asp", &ASP),
    ("aspx", &ASP),
    ("ashx", &ASP),
    ("asmx", &ASP),
    ("asa", &ASP),
    ("cer", &ASP),
    ("cdx", &ASP),
    ("ascx", &ASP),
    ("pl", &PERL),
    ("plx", &PERL),
    ("py", &PYTHON),
    ("wsgi", &PYTHON),
    ("pyw", &PYTHON),
    ("sh", &SHELL),
    ("bash", &SHELL),
    ("cjs", &NODE),
    ("mjs", &NODE),
    ("js", &NODE),
];
/// Names by which a file that is none passes for a picture, a text or nothing at all.
const DISGUISES: [&str; 17] = [
    "jpg", "jpeg", "png", "gif", "ico", "bmp", "webp", "svg", "txt", "log", "css", "dat", "bak",
    "tmp", "old", "xml", "pdf",
];

/// By the name of the file.
pub fn by_name(file: &str) -> Option<&'static Language> {
    let (_, ending) = file.rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    ENDINGS.iter().find(|(known, _)| *known == ending).map(|(_, language)| *language)
}

/// A script for browsers, or one that is too large to be a person's.
pub fn is_for_browsers(file: &str, size: i64) -> bool {
    file.ends_with(".js") && (file.ends_with(".min.js") || size > 64 << 10)
}

/// In which order files are read, for the budget may not suffice for all.
pub fn rank(file: &str) -> u8 {
    match by_name(file) {
        Some(language) if language.name == "node" => 2,
        Some(_) => 0,
        None => 1,
    }
}

/// Whether a file of such a name may hide code.
pub fn may_hide(file: &str) -> bool {
    let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_none_or(|ending| DISGUISES.contains(&ending.as_str()) || ending.is_empty())
}

/// By how the content begins, or by code in it; a picture may have it anywhere.
pub fn by_content(content: &[u8]) -> Option<&'static Language> {
    let first = content.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if first.starts_with(b"#!") {
        let words: [(&[u8], &'static Language); 5] = [
            (b"perl", &PERL),
            (b"python", &PYTHON),
            (b"php", &PHP),
            (b"node", &NODE),
            (b"sh", &SHELL),
        ];
        let names = |word: &[u8]| memchr::memmem::find(first, word).is_some();
        return words.iter().find(|(word, _)| names(word)).map(|(_, language)| *language);
    }
    let php = [&b"<?php"[..], b"<?PHP", b"<?=$", b"<?=`"];
    php.iter().any(|tag| memchr::memmem::find(content, tag).is_some()).then_some(&PHP)
}
