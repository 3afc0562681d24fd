//! Folders that web servers serve: the usual ones, those that Apache, nginx, lighttpd and Caddy are
//! told of, and `public_html` of each home.
//!
//! Limits: 2,000 files of configuration, four folders deep, 1 MiB of each and 16 MiB of all. What is
//! read is lines: variables and what a server includes from elsewhere are not followed. A folder that
//! holds most of the system is none of these.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use leaksweep_facts::tables::host::WebFile;
use rustix::fs::FileType;

use crate::{accounts::Home, name, reading::Reading};

const USUAL: [&str; 14] = [
    "/var/www",
    "/srv",
    "/usr/share/nginx/html",
    "/usr/share/httpd/noindex",
    "/usr/local/www",
    "/usr/local/apache2/htdocs",
    "/usr/local/nginx/html",
    "/usr/lib/cgi-bin",
    "/usr/local/lib/cgi-bin",
    "/var/lib/tomcat",
    "/opt/lampp/htdocs",
    "/www/wwwroot",
    "/data/www",
    "/data/wwwroot",
];
const PARENTS: [(&str, &[&str]); 3] = [
    ("/opt", &["htdocs", "www", "html", "public_html", "webapps"]),
    ("/var/lib", &["webapps"]),
    ("/usr/local", &["htdocs", "webapps", "html"]),
];
const CONFIGURATION: [&str; 6] = [
    "/etc/apache2",
    "/etc/httpd",
    "/etc/nginx",
    "/etc/lighttpd",
    "/etc/caddy",
    "/usr/local/nginx/conf",
];
const IN_HOME: [&str; 3] = ["public_html", "www", "htdocs"];
const MAX_FILES: usize = 2_000;
const MAX_DEPTH: usize = 4;
const MAX_ENTRIES: usize = 2_000;
const CAP: u64 = 1 << 20;
/// Words after which a folder stands that is served.
const DIRECTIVES: [&str; 9] = [
    "documentroot",
    "root",
    "alias",
    "scriptalias",
    "wsgiscriptalias",
    "server.document-root",
    "alias.url",
    "userdir",
    "fastcgi_root",
];
/// Whoever serves one of these serves the system, and nobody could look through it.
const TOO_WIDE: [&str; 16] = [
    "/",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/opt",
    "/proc",
    "/root",
    "/run",
    "/sys",
    "/tmp",
    "/usr",
    "/usr/share",
    "/var",
];

/// The folders, without links, none inside another.
pub fn find(reading: &mut Reading<'_, WebFile>, homes: &[Home]) -> Vec<PathBuf> {
    let mut named: Vec<PathBuf> = USUAL.iter().map(PathBuf::from).collect();
    for (parent, names) in PARENTS {
        for folder in reading.entries(Path::new(parent), MAX_ENTRIES) {
            named.extend(names.iter().map(|name| folder.join(name)));
        }
    }
    named.extend(homes.iter().flat_map(|home| IN_HOME.map(|name| home.path.join(name))));
    named.extend(configured(reading));
    let mut folders: Vec<PathBuf> = named
        .into_iter()
        .filter_map(|path| reading.root.resolve(path).ok())
        .filter(|path| !TOO_WIDE.iter().any(|wide| path == Path::new(wide)))
        .filter(|path| reading.is_folder(path) || reading.is_file(path))
        .collect();
    folders.sort();
    folders.dedup();
    let all = folders.clone();
    folders.retain(|path| !all.iter().any(|other| other != path && path.starts_with(other)));
    folders
}

fn configured(reading: &mut Reading<'_, WebFile>) -> Vec<PathBuf> {
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    let mut todo: Vec<(PathBuf, usize)> =
        CONFIGURATION.iter().map(|folder| (PathBuf::from(folder), MAX_DEPTH)).collect();
    let mut left = MAX_FILES;
    while let Some((folder, depth)) = todo.pop() {
        for entry in reading.root.list_if_there(&folder).unwrap_or_default().entries {
            let path = folder.join(&entry.name);
            let real = reading.root.resolve(&path).unwrap_or_else(|_| path.clone());
            if entry.kind == FileType::Directory && depth > 0 {
                todo.push((path, depth - 1));
            } else if reading.is_file(&real) && left > 0 && seen.insert(real.clone()) {
                left -= 1;
                let content = reading.content(&real, CAP, &[]).unwrap_or_default();
                found.extend(parse(&content));
            }
        }
    }
    found
}

/// The folders that a configuration names.
pub fn parse(content: &[u8]) -> Vec<PathBuf> {
    let lines = content.split(|byte| *byte == b'\n').map(name::text);
    lines.flat_map(|line| served(&line)).collect()
}

fn served(line: &str) -> Vec<PathBuf> {
    let is_between = |c: char| c.is_whitespace() || "=\"';,(){}".contains(c);
    let mut words = line.split(is_between).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default().to_ascii_lowercase();
    if !DIRECTIVES.contains(&first.as_str()) {
        return Vec::new();
    }
    // The last path is the folder; those before it are names in addresses.
    let mut paths = words.filter(|word| word.starts_with('/') && !word.contains(['$', '*']));
    paths.next_back().map(PathBuf::from).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_read_from_each_server() {
        let cases = [
            ("  DocumentRoot \"/var/www/my\"", Some("/var/www/my")),
            ("\troot /data/site;", Some("/data/site")),
            ("Alias /phpmyadmin /usr/share/phpmyadmin", Some("/usr/share/phpmyadmin")),
            ("alias.url += ( \"/a/\" => \"/usr/share/a/\" )", Some("/usr/share/a/")),
            ("server.document-root = \"/srv/x\"", Some("/srv/x")),
            ("root * /home/a/site", Some("/home/a/site")),
            ("#DocumentRoot /no", None),
            ("root $dir/x;", None),
            ("RootWord /no", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(
                served(line).first().map(PathBuf::as_path),
                expected.map(Path::new),
                "{line}"
            );
        }
    }
}
