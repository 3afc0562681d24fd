//! The languages of scripts that web servers run, and what in each runs commands, takes what a visitor sends, or unpacks
//! hidden text. All words are in lower case, for so is the text in which they are looked for.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// What the code of a language has in it.
#[derive(Debug)]
pub struct Language {
    pub name: &'static str,
    /// Functions that run a command or code; their arguments stand in brackets, or, without brackets, up to the end of
    /// the statement.
    pub runs: &'static [&'static str],
    /// Functions that run code only with a visitor's words straight in them: elsewhere they are ordinary.
    pub includes: &'static [&'static str],
    /// What a visitor sends.
    pub sources: &'static [&'static str],
    /// Functions that turn hidden text into code.
    pub decoders: &'static [&'static str],
    /// Those of `runs` that run the code of this language itself.
    pub evaluates: &'static [&'static str],
    /// What takes an uploaded file.
    pub uploads: &'static [&'static str],
    /// Functions by which a visitor's words lose their power.
    pub tames: &'static [&'static str],
    /// Whether back quotes run a command.
    pub back_quotes: bool,
    /// Whether code stands between `<?` or `<%` and their ends.
    pub tags: Option<(&'static str, &'static str)>,
    /// How a comment to the end of the line begins.
    pub comments: &'static [&'static str],
}

pub static PHP: Language = Language {
    name: "php",
    runs: &[
        "eval",
        "assert",
        "system",
        "exec",
        "passthru",
        "shell_exec",
        "popen",
        "proc_open",
        "pcntl_exec",
        "create_function",
        "expect_popen",
    ],
    includes: &[
        "include",
        "include_once",
        "require",
        "require_once",
        "call_user_func",
        "call_user_func_array",
        "array_map",
        "array_filter",
        "usort",
        "register_shutdown_function",
        "preg_replace",
        "mb_ereg_replace",
        "unserialize_callback_func",
        "mail",
    ],
    sources: &[
        "$_get",
        "$_post",
        "$_request",
        "$_cookie",
        "$_server['http_",
        "$_server[\"http_",
        "$_server['query_string",
        "$_server[\"query_string",
        "$_server['request_uri",
        "php://input",
        "getallheaders(",
        "apache_request_headers(",
        "$http_raw_post_data",
        "$_files",
        "$globals['_post",
        "$globals['_get",
        "$globals['_request",
        "filter_input(",
    ],
    decoders: &[
        "base64_decode",
        "gzinflate",
        "gzuncompress",
        "gzdecode",
        "str_rot13",
        "hex2bin",
        "convert_uudecode",
        "strrev",
        "openssl_decrypt",
        "pack(",
    ],
    evaluates: &["eval", "assert", "create_function"],
    uploads: &["move_uploaded_file"],
    tames: &["escapeshellarg", "escapeshellcmd", "intval", "(int)"],
    back_quotes: true,
    tags: Some(("<?", "?>")),
    comments: &["//", "#"],
};

pub static JSP: Language = Language {
    name: "jsp",
    runs: &["getruntime().exec", ".exec", "processbuilder", "defineclass", ".eval"],
    includes: &[],
    sources: &[
        "request.getparameter",
        "request.getheader",
        "request.getreader",
        "request.getinputstream",
        "request.getquerystring",
        "request.getcookies",
        "${param",
    ],
    decoders: &["base64decoder", "base64.getdecoder", "decodebuffer", "parsebase64binary"],
    evaluates: &["defineclass", ".eval"],
    uploads: &[".transferto", "getpart"],
    tames: &[],
    back_quotes: false,
    tags: None,
    comments: &["//"],
};

pub static ASP: Language = Language {
    name: "asp",
    runs: &["eval", "execute", "executeglobal", ".exec", ".run", "process.start", "shellexecute"],
    includes: &[],
    sources: &["request(", "request.", "request["],
    decoders: &["frombase64string", "strreverse", "unescape("],
    evaluates: &["eval", "execute", "executeglobal"],
    uploads: &[".saveas", ".savetofile"],
    tames: &[],
    back_quotes: false,
    tags: None,
    comments: &[],
};

pub static PYTHON: Language = Language {
    name: "python",
    runs: &[
        "os.system",
        "os.popen",
        "subprocess.call",
        "subprocess.run",
        "subprocess.popen",
        "subprocess.check_output",
        "subprocess.getoutput",
        "commands.getoutput",
        "eval",
        "exec",
        "os.execl",
        "os.execv",
    ],
    includes: &[],
    sources: &[
        "fieldstorage",
        ".getvalue(",
        ".getfirst(",
        "request.args",
        "request.form",
        "request.get",
        "request.post",
        "request.values",
        "query_string",
        "http_",
    ],
    decoders: &["b64decode", "zlib.decompress", "marshal.loads", "unhexlify"],
    evaluates: &["eval", "exec"],
    uploads: &[],
    tames: &["shlex.quote", "pipes.quote", "int("],
    back_quotes: false,
    tags: None,
    comments: &["#"],
};

pub static PERL: Language = Language {
    name: "perl",
    runs: &["system", "exec", "eval", "qx"],
    includes: &[],
    sources: &["param(", "query_string", "$env{'http_", "$env{http_", "$env{\"http_"],
    decoders: &["decode_base64", "unpack"],
    evaluates: &["eval"],
    uploads: &[],
    tames: &["quotemeta"],
    back_quotes: true,
    tags: None,
    comments: &["#"],
};

pub static SHELL: Language = Language {
    name: "shell",
    runs: &["eval", "sh -c", "bash -c"],
    includes: &[],
    sources: &[
        "$query_string",
        "${query_string",
        "$http_",
        "${http_",
        "$path_info",
        "${path_info",
        "$request_uri",
    ],
    decoders: &["base64 -d", "base64 --decode", "xxd -r"],
    evaluates: &["eval", "sh -c", "bash -c"],
    uploads: &[],
    tames: &[],
    back_quotes: false,
    tags: None,
    comments: &["#"],
};

pub static NODE: Language = Language {
    name: "node",
    runs: &[
        "exec",
        "execsync",
        "spawn",
        "spawnsync",
        "eval",
        "function",
        "runincontext",
        "runinnewcontext",
    ],
    includes: &[],
    sources: &[
        "req.query",
        "req.body",
        "req.params",
        "req.headers",
        "request.query",
        "request.body",
        "request.headers",
        "req.url",
    ],
    decoders: &["atob(", "'base64'", "\"base64\""],
    evaluates: &["eval"],
    uploads: &[],
    tames: &[],
    back_quotes: false,
    tags: None,
    comments: &["//"],
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

/// All words of a language in one pass.
pub struct Words {
    search: AhoCorasick,
    /// How many of the patterns, from the first, run something.
    runs: usize,
}

static WORDS: LazyLock<Vec<(&str, Words)>> = LazyLock::new(|| {
    let all = [&PHP, &JSP, &ASP, &PYTHON, &PERL, &SHELL, &NODE];
    all.iter().filter_map(|language| Some((language.name, Words::of(language)?))).collect()
});

impl Words {
    fn of(language: &Language) -> Option<Self> {
        let runs: Vec<&str> = language.runs.iter().chain(language.uploads).copied().collect();
        let patterns = runs.iter().chain(language.sources);
        let search = AhoCorasick::builder().ascii_case_insensitive(true).build(patterns).ok()?;
        Some(Self { search, runs: runs.len() })
    }
}

/// Whether a text may do anything of interest: most do not, and need no second look.
pub fn may_run(text: &str, language: &Language) -> bool {
    let words = WORDS.iter().find(|(name, _)| *name == language.name);
    words.is_some_and(|(_, words)| {
        words.search.find_iter(text).any(|found| {
            let runs = found.pattern().as_usize() < words.runs;
            !runs || is_alone(text.as_bytes(), found.start(), found.end())
        })
    })
}

/// No part of a longer name, and something follows that it may run.
fn is_alone(text: &[u8], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).and_then(|at| text.get(at));
    let part = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_$>:-".contains(byte));
    let after = text.get(end..).unwrap_or_default().trim_ascii_start();
    !part && after.first().is_some_and(|byte| b"($\"'@</`".contains(byte))
}

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
