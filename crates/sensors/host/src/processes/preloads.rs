//! `/proc/PID/environ`: the libraries that its environment makes a process load. Of all variables
//! three are looked at, and nothing of the others is kept.

use crate::name;

use super::places;

/// What the loader takes as it is.
const LOADED: [&str; 2] = ["LD_PRELOAD", "LD_AUDIT"];
/// Where the loader looks first: of interest where not everybody looks.
const SEARCHED: &str = "LD_LIBRARY_PATH";
/// Longer ones lead nowhere, for a path has no more bytes.
const VALUE_CAP: usize = 4096;

pub fn preloads(environ: &[u8]) -> Option<String> {
    let variables = environ.split(|byte| *byte == 0);
    let mut found: Vec<String> = Vec::new();
    for (key, value) in variables.filter_map(variable) {
        let told = format!("{key}={}", name::text(value.get(..VALUE_CAP).unwrap_or(value)));
        if !found.contains(&told) && found.len() < 8 {
            found.push(told);
        }
    }
    (!found.is_empty()).then(|| found.join(" "))
}

fn variable(text: &[u8]) -> Option<(&'static str, &[u8])> {
    let value = |key: &str| text.strip_prefix(key.as_bytes())?.strip_prefix(b"=");
    let loaded = LOADED.iter().find_map(|key| Some((*key, value(key)?)));
    let searched = || Some((SEARCHED, value(SEARCHED).filter(|value| leads_astray(value))?));
    loaded.or_else(searched).filter(|(_, value)| !value.trim_ascii().is_empty())
}

fn leads_astray(value: &[u8]) -> bool {
    value.split(|byte| *byte == b':').any(|folder| {
        let folder = [folder, b"/"].concat();
        places::oddities(&folder).next().is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_variables_are_looked_at_and_nothing_else_is_kept() {
        let cases: [(&[u8], Option<&str>); 8] = [
            (b"", None),
            (b"TOKEN=x\0LD_PRELOAD=/tmp/x.so\0", Some("LD_PRELOAD=/tmp/x.so")),
            (b"LD_PRELOAD=\0LD_AUDIT= \0", None),
            (b"XLD_PRELOAD=a\0LD_PRELOADER=b\0LD_PRELOAD", None),
            (b"LD_PRELOAD=a\0LD_AUDIT=b\0LD_PRELOAD=a\0", Some("LD_PRELOAD=a LD_AUDIT=b")),
            (b"LD_LIBRARY_PATH=/usr/lib/x:/opt/y\0", None),
            (b"LD_LIBRARY_PATH=/usr/lib:/tmp\0", Some("LD_LIBRARY_PATH=/usr/lib:/tmp")),
            (b"LD_PRELOAD=\xff\0", Some("LD_PRELOAD=\\xff")),
        ];
        for (environ, expected) in cases {
            assert_eq!(preloads(environ).as_deref(), expected);
        }
        let long = [b"LD_PRELOAD=".as_slice(), &vec![b'a'; 1 << 17]].concat();
        assert!(preloads(&long).unwrap().len() < 5000);
    }
}
