//! Lines of commands: what they open and close, and what they say of the job.

use super::super::{dates, trail::Trail};
use crate::formats::{Details, Setting};

const LINE: usize = 4096;
const LINES: u32 = 2000;

/// What a block of lines amounts to.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Block {
    pub commands: u32,
    /// `@PJL JOB`.
    pub job: bool,
    /// `@PJL EOJ`.
    pub eoj: bool,
    /// Commands that begin a job or change it: a block with one does not end the job before it.
    pub opens: bool,
    /// The language that was entered, in capitals.
    pub language: Option<String>,
    /// So many bytes of a picture follow.
    pub image: Option<u64>,
}

pub fn is_command(seen: &[u8]) -> bool {
    seen.starts_with(b"@PJL")
}

/// Takes the commands that stand here. Stops behind the one that enters a language.
pub fn block(trail: &mut Trail, details: &mut Details) -> Block {
    let mut block = Block::default();
    for _ in 0..LINES {
        let seen = trail.peek(LINE);
        let blank =
            seen.iter().take(8).take_while(|byte| matches!(byte, b'\r' | b'\n' | b' ')).count();
        if !is_command(&seen[blank..]) {
            break;
        }
        let line = &seen[blank..];
        let Some(end) =
            line.iter().position(|byte| *byte < 0x20 && *byte != b'\t' && *byte != b'\r')
        else {
            break;
        };
        // A command ends with its line, or with the UEL behind it.
        let count = match line[end] {
            b'\n' => end + 1,
            // One maker's driver ends its last line as a string of C.
            0 if line[end + 1..].starts_with(b"\x1b%-") => end + 1,
            0x1B => end,
            _ => break,
        };
        let line = line[..end].to_vec();
        block.read(&line, trail.at + blank as u64, details);
        if !trail.take((blank + count) as u64) || block.language.is_some() || block.image.is_some()
        {
            break;
        }
    }
    block
}

impl Block {
    fn read(&mut self, line: &[u8], at: u64, details: &mut Details) {
        self.commands += 1;
        let text = line[4..].trim_ascii();
        let upper: Vec<u8> = text.iter().take(48).map(u8::to_ascii_uppercase).collect();
        let word = upper.split(|byte| !byte.is_ascii_alphanumeric()).next().unwrap_or(&[]);
        match word {
            b"EOJ" => self.eoj = true,
            b"JOB" => (self.job, self.opens) = (true, true),
            b"SET" | b"DEFAULT" | b"ENTER" | b"JOBATTR" | b"INITIALIZE" => self.opens = true,
            _ => {}
        }
        if word == b"ENTER" {
            self.language = text
                .split(|byte| *byte == b'=')
                .nth(1)
                .map(|name| String::from_utf8_lossy(name.trim_ascii()).to_ascii_uppercase());
        }
        if let Some(count) = upper.strip_prefix(b"SET IMAGELEN=") {
            self.image =
                std::str::from_utf8(count).ok().and_then(|count| count.trim().parse().ok());
        }
        if !self.eoj {
            note(text, &upper, at, details);
        }
    }
}

/// Names of a user, a machine and so on, as drivers write them.
const USERS: &[&str] =
    &["USERNAME", "USER", "USERID", "JOBACCT1", "OWNR", "OWNER", "LOGINNAME", "JOBACCTUSERNAME"];
const TITLES: &[&str] = &["JOBNAME", "DOCNAME", "DOCU", "DOCUMENTNAME", "FILENAME", "JOBACCT4"];
const HOSTS: &[&str] = &["HOST", "COMPUTERNAME", "HOSTNAME", "JOBACCT3", "MACHINE", "DOMAINNAME"];
const PROGRAMS: &[&str] = &["APPLICATION", "APPNAME", "JOBACCT6", "DRIVERNAME", "APP", "DRIVER"];
const TIMES: &[&str] =
    &["TIMESTAMP", "RECEPTIONTIME", "JOBACCT5", "JOB START TIME", "DATE", "STARTTIME"];
const SECRETS: &[&str] = &["HOLDKEY", "JOBPASSWORD", "PASSWORD", "LPKEY", "PIN", "RESTRICTKEY"];

fn note(text: &[u8], upper: &[u8], at: u64, details: &mut Details) {
    let job_name = upper.starts_with(b"JOB") && !upper.starts_with(b"JOBATTR");
    for (name, value) in pairs(text) {
        let name = name.to_ascii_uppercase();
        let is = |list: &[&str]| list.contains(&name.as_str());
        let set = |place: &mut Option<String>| {
            if place.is_none() {
                *place = Details::bytes(&value);
            }
        };
        match () {
            // Many drivers give every job one name here, and say the document's elsewhere.
            () if name == "NAME" && job_name => set(&mut details.name),
            () if is(USERS) => set(&mut details.user),
            () if is(TITLES) => set(&mut details.title),
            () if is(HOSTS) => set(&mut details.host),
            () if is(PROGRAMS) => set(&mut details.application),
            () if is(TIMES) && details.created.is_none() => details.created = dates::read(&value),
            () if is(SECRETS) && !value.is_empty() => secret(at, details),
            () if name.contains("ENCRYPT") => {
                let off: [&[u8]; 3] = [b"OFF", b"NONE", b"0"];
                if !off.contains(&value.to_ascii_uppercase().as_slice()) {
                    details.encrypted = Some(true);
                }
            }
            () => {}
        }
    }
}

/// A key that holds the job back: only that it is there.
fn secret(at: u64, details: &mut Details) {
    if details.settings.is_empty() {
        let user = details.user.clone();
        details.settings.push(Setting {
            kind: "account",
            user,
            secret: true,
            at: Some(at),
            ..Setting::default()
        });
    }
}

/// All `NAME=VALUE` and `NAME: VALUE` of a command, those inside quotation marks too; at most 16.
fn pairs(text: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut pairs = Vec::new();
    let mut rest = text;
    while let Some(place) =
        rest.iter().position(|byte| matches!(byte, b'=' | b':')).filter(|_| pairs.len() < 16)
    {
        let before = rest[..place].trim_ascii_end();
        let from = before
            .iter()
            .rposition(|byte| matches!(byte, b'"' | b'=' | b';'))
            .map_or(0, |at| at + 1);
        let words = before[from..].trim_ascii();
        let name = match words.iter().rposition(|byte| *byte == b' ') {
            // Hewlett-Packard's comments are words with blanks.
            _ if words.eq_ignore_ascii_case(b"Job Start Time") => words,
            Some(blank) => &words[blank + 1..],
            None => words,
        };
        let after = rest[place + 1..].trim_ascii_start();
        let quoted = after.strip_prefix(b"\"");
        let inner = quoted.unwrap_or(after);
        // A pair inside of quotation marks ends with the next one.
        let end =
            inner.iter().position(|byte| *byte == b'"' || (quoted.is_none() && *byte == b';'));
        let value = &inner[..end.unwrap_or(inner.len())];
        pairs.push((String::from_utf8_lossy(name).into_owned(), without_label(value)));
        // What stands inside quotation marks may be a pair itself: `JOBATTR="JobAcct1=alice"`.
        let nested = quoted.is_some() && value.iter().any(|byte| matches!(byte, b'=' | b':'));
        rest = match (nested, end) {
            (true, _) => inner,
            (false, Some(end)) => &inner[end + 1..],
            (false, None) => &[],
        };
    }
    pairs
}

/// `Username: alice` of a value whose name says the same.
fn without_label(value: &[u8]) -> Vec<u8> {
    let labels: [&[u8]; 4] = [b"Username: ", b"Filename: ", b"Computer: ", b"Document: "];
    let label = labels.iter().find(|label| value.starts_with(label));
    value[label.map_or(0, |label| label.len())..].trim_ascii().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stretch;

    fn read(lines: &str) -> (Block, Details) {
        let bytes = lines.as_bytes().to_vec();
        let mut details = Details::default();
        let mut stretch = Stretch::new(&bytes);
        let block = block(&mut Trail::new(&mut stretch, 0), &mut details);
        (block, details)
    }

    #[test]
    fn drivers_name_users_and_machines_in_many_ways() {
        let cases = [
            "@PJL JOB NAME = \"Budget; 2024\" DISPLAY = \"17 alice Budget\"\r\n@PJL SET USERNAME=\"alice\"\r\n@PJL SET JOBATTR=\"JobAcct3=PC7\"\r\n",
            "@PJL SET JOBNAME=\"Budget; 2024\"\n@PJL COMMENT \"Username: alice; App: Word\"\n@PJL JOBATTR=\"HOST:PC7\"\n",
            "@PJL SET OKIJOBACCOUNTJOB USERID=\"alice\" JOBNAME=\"Budget; 2024\"\n@PJL SET OKIAUXJOBINFO DATA=\"ComputerName=PC7\"\n",
            "@PJL SET JOBATTR=\"USER:alice\"\n@PJL SET JOBATTR=\"JobAcct4=Budget\"\n@PJL COMMENT USERNAME=\"Username: alice\"\n@PJL SET HOSTNAME=\"PC7\"\n",
        ];
        for case in cases {
            let (_, details) = read(case);
            assert_eq!(details.user.as_deref(), Some("alice"), "{case}");
            assert_eq!(details.host.as_deref(), Some("PC7"), "{case}");
            assert!(
                details.title.or(details.name).is_some_and(|title| title.starts_with("Budget")),
                "{case}"
            );
        }
    }

    #[test]
    fn a_key_is_told_and_never_kept() {
        let (block, details) = read(
            "@PJL SET USERNAME=\"bob\"\n@PJL SET HOLDKEY=\"4711\"\n@PJL ENTER LANGUAGE = pclxl \r\n@PJL EOJ\n",
        );
        assert_eq!(block.language.as_deref(), Some("PCLXL"));
        assert!(!block.eoj);
        assert!(details.settings[0].secret && !format!("{details:?}").contains("4711"));
    }
}
