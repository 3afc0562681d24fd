//! Code of other languages, and of the shell what no words of a command tell: by the calls that it
//! holds. What one line holds counts, or what a whole text of at most 4 KiB does.

use memchr::memmem;

use super::{Trait, Traits};

const SMALL: usize = 4 << 10;
/// No sign fits into less.
const SHORTEST: usize = 12;
/// So many characters of code that was written by no person.
const ENCODED: usize = 64;
const ESCAPES: usize = 8;

/// Each group must have one of its calls there.
type Sign = (Trait, &'static [&'static [&'static str]]);

const SHELL: &[&str] = &["/bin/sh", "/bin/bash", "pty.spawn", "\"sh\"", "'sh'", "cmd.exe"];
const SIGNS: [Sign; 14] = [
    (Trait::ReverseShell, &[&["socket"], &["connect("], &["dup2(", "subprocess", "pty."], SHELL]),
    (Trait::BindShell, &[&["socket"], &[".bind("], &["accept("], &["dup2(", "subprocess"], SHELL]),
    (
        Trait::ReverseShell,
        &[
            &["use Socket", "-MSocket", "IO::Socket"],
            &["connect(", "PeerAddr"],
            &["exec", "system", "fdopen"],
        ],
    ),
    (
        Trait::ReverseShell,
        &[&["TCPSocket.new", "TCPSocket.open"], &["exec", "popen", "reopen", "system"]],
    ),
    (
        Trait::ReverseShell,
        &[&["fsockopen("], &["exec(", "proc_open(", "system(", "passthru(", "popen("]],
    ),
    (
        Trait::ReverseShell,
        &[
            &["require('socket')", "require(\"socket\")", "socket.tcp()"],
            &["os.execute", "io.popen"],
        ],
    ),
    (
        Trait::ReverseShell,
        &[&["/inet/tcp/0/", "/inet/udp/0/"], &["|&"], &["getline"], &["cmd", "system(", "/bin/"]],
    ),
    (
        Trait::ReverseShell,
        &[
            &[
                "net.Socket",
                "net.connect",
                "net.createConnection",
                "require('net')",
                "require(\"net\")",
            ],
            &["child_process"],
            &[".connect(", "createConnection("],
        ],
    ),
    (Trait::BindShell, &[&["net.createServer"], &["child_process"], SHELL]),
    (
        Trait::Download,
        &[
            &["exec(", "eval("],
            &["urlopen(", "requests.get(", "file_get_contents(\"http", "file_get_contents('http"],
        ],
    ),
    (
        Trait::Decode,
        &[
            &["exec(", "eval("],
            &[
                "b64decode(",
                "fromhex(",
                "zlib.decompress(",
                "marshal.loads(",
                "decode('base64",
                "decode(\"base64",
            ],
        ],
    ),
    (Trait::Decode, &[&["eval(", "assert("], &["base64_decode(", "gzinflate(", "str_rot13("]]),
    (
        Trait::Decode,
        &[
            &["eval"],
            &[
                "decode_base64(",
                "MIME::Base64",
                "Base64.decode64(",
                "pack(\"H*",
                "pack('H*",
                "pack q",
            ],
        ],
    ),
    (Trait::Decode, &[&["eval(", "Function("], &["Buffer.from(", "atob("]]),
];

pub fn judge(text: &str, found: &mut Traits) {
    text.lines().filter(|line| line.len() >= SHORTEST).for_each(|line| of_piece(line, found));
    if text.len() <= SMALL {
        of_piece(text, found);
    }
}

fn of_piece(piece: &str, found: &mut Traits) {
    for (word, groups) in SIGNS {
        if groups.iter().all(|group| group.iter().any(|call| has(piece, call))) {
            found.insert(word);
        }
    }
    if is_shell_on_device(piece) {
        found.insert(Trait::ReverseShell);
    }
    if hands_code(piece) && is_encoded(piece) {
        found.insert(Trait::Interpreter);
    }
    if escapes(piece)
        && ["| sh", "|sh", "| bash", "|bash", "eval "].iter().any(|call| has(piece, call))
    {
        found.insert(Trait::Decode);
    }
}

fn has(piece: &str, call: &str) -> bool {
    memmem::find(piece.as_bytes(), call.as_bytes()).is_some()
}

/// bash's own way to the network, with a shell or a loop of commands behind it. To write to it, or
/// to try whether a port is open, is ordinary.
fn is_shell_on_device(piece: &str) -> bool {
    if !has(piece, "/dev/tcp/") && !has(piece, "/dev/udp/") {
        return false;
    }
    const HANDED: [&str; 10] =
        ["sh -i", "sh -l", "0>&1", "0<&1", "0>&", "0<&", "while read", "| sh", "|sh", "| bash"];
    HANDED.iter().any(|sign| has(piece, sign)) || has(piece, "sh <&") || has(piece, "sh 0<")
}

fn hands_code(piece: &str) -> bool {
    let option = |option: &str| has(piece, option);
    let one = |program: &str, options: &[&str]| {
        has(piece, program) && options.iter().any(|name| option(name))
    };
    one("python", &[" -c"])
        || one("perl", &[" -e", " -E"])
        || one("ruby", &[" -e"])
        || one("php", &[" -r"])
        || one("node", &[" -e"])
        || one("bash", &[" -c"])
        || one("sh ", &[" -c"])
}

/// A long run of letters and digits as base64 makes them, or many escaped bytes.
fn is_encoded(piece: &str) -> bool {
    let of_code = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    let mut runs = piece.split(|c| !of_code(c)).filter(|run| run.len() >= ENCODED);
    escapes(piece) || runs.any(is_made)
}

/// No path and no word looks so.
fn is_made(run: &str) -> bool {
    let count = |is: fn(&u8) -> bool| run.as_bytes().iter().filter(|byte| is(byte)).count();
    let digits = count(u8::is_ascii_digit);
    let hex = run.bytes().all(|byte| byte.is_ascii_hexdigit());
    let slashes = run.bytes().filter(|byte| *byte == b'/').count();
    let mixed = count(u8::is_ascii_uppercase) >= 4 && count(u8::is_ascii_lowercase) >= 4;
    digits >= 2 && (hex || mixed) && slashes * 16 <= run.len()
}

fn escapes(piece: &str) -> bool {
    memmem::find_iter(piece.as_bytes(), b"\\x").take(ESCAPES).count() == ESCAPES
}
