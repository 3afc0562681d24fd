use std::{fs, os::unix::fs::symlink, path::Path};

use leaksweep_facts::{Reason, tables::host::WebFile};

use super::*;
use crate::{
    accounts,
    fixture::{self, write},
};

fn found(disk: &Path) -> Observed<WebFile> {
    let machine = fixture::mounted(disk);
    write(&disk.join("var/lib/dpkg/status"), b"");
    let accounts = accounts::collect(&machine);
    collect(&machine, &accounts)
}

fn rows(found: &Observed<WebFile>) -> Vec<String> {
    let shown = |row: &WebFile| {
        let traits = row.traits.as_deref().unwrap_or("-");
        format!("{} {} {traits} {}", row.path, row.language, row.line.unwrap_or_default())
    };
    found.rows.iter().map(shown).collect()
}

#[test]
fn scripts_are_found_where_servers_are_told_of_folders() {
    let disk = tempfile::tempdir().unwrap();
    let at = |path: &str| disk.path().join(path);
    write(&at("var/www/html/a.php"), b"<?php\nsystem($_GET['c']);\n");
    write(&at("var/www/html/plain.php"), b"<?php echo 1;");
    write(&at("var/www/html/page.html"), b"<?php system($_GET['c']);");
    write(&at("var/www/html/pic.jpg"), b"\xff\xd8\xff<?php eval($_POST['x']); ?>");
    write(&at("var/www/html/true.jpg"), b"\xff\xd8\xff<?php harmless ?>");
    write(&at("var/www/html/app.js"), b"eval(x)");
    write(&at("var/www/html/.user.ini"), b"; x\nauto_prepend_file=/tmp/x.php\n");
    write(&at("var/www/up/.htaccess"), b"AddType application/x-httpd-php .jpg\n");
    write(&at("usr/lib/cgi-bin/x"), b"#!/bin/sh\neval \"$QUERY_STRING\"\n");
    write(&at("etc/nginx/sites-enabled/x"), b"server { \n root /data/site; }\n");
    write(&at("data/site/b.php"), b"<?php eval(base64_decode('eA=='));");
    write(&at("data/other/c.php"), b"<?php system($_GET['c']);");
    symlink("/var/www/html", at("var/www/again")).unwrap();
    symlink("..", at("var/www/html/round")).unwrap();
    let found = found(disk.path());
    let mut rows = rows(&found);
    rows.sort();
    let expected = [
        "/data/site/b.php php decodes 1",
        "/usr/lib/cgi-bin/x shell runs-request 2",
        "/var/www/html/.user.ini configuration prepends 2",
        "/var/www/html/a.php php runs-request 2",
        "/var/www/html/pic.jpg php runs-request 1",
        "/var/www/html/plain.php php - 0",
        "/var/www/up/.htaccess configuration prepends 1",
    ];
    assert_eq!(rows, expected);
    assert_eq!(found.problems, []);
}

#[test]
fn what_a_package_owns_is_a_row_only_where_it_is_dangerous() {
    let row = |traits: Option<&str>, origin: Option<&str>| WebFile {
        traits: traits.map(str::to_owned),
        origin: origin.map(str::to_owned),
        ..WebFile::default()
    };
    assert!(!matters(&row(Some("runs-command uploads"), Some("package"))));
    assert!(matters(&row(Some("uploads runs-request"), Some("package"))));
    assert!(matters(&row(None, Some("foreign"))));
    assert!(matters(&row(None, None)));
}

#[test]
fn strange_files_are_no_end() {
    let disk = tempfile::tempdir().unwrap();
    let at = |path: &str| disk.path().join(path);
    fs::create_dir_all(at("var/www/x.php")).unwrap();
    fs::create_dir_all(at("var/www/.htaccess")).unwrap();
    write(&at("var/www/a\nb\u{1b}.php"), b"<?php\xff system($_GET[1]);");
    let large = [b"<?php ".as_slice(), &vec![b'a'; 3 << 20], b"\n;system($_GET[1]);"].concat();
    write(&at("var/www/large.php"), &large);
    let made = rustix::fs::mknodat(
        rustix::fs::CWD,
        at("var/www/pipe.php"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RWXU,
        0,
    );
    assert!(made.is_ok());
    let found = found(disk.path());
    let paths: Vec<_> = found.rows.iter().map(|row| row.path.as_str()).collect();
    assert_eq!(paths, ["/var/www/a\nb\u{1b}.php", "/var/www/large.php"]);
    let traits = found.rows.iter().map(|row| row.traits.as_deref().unwrap_or_default());
    assert_eq!(traits.collect::<Vec<_>>(), ["runs-request", "runs-request obfuscated"]);
    assert_eq!(found.problems, []);
}

#[test]
fn configuration_that_puts_code_before_others_is_told_from_other() {
    let cases: [(&[u8], bool); 9] = [
        (b"php_value auto_prepend_file \"/tmp/a\"", true),
        (b"auto_append_file = x.php", true),
        (b"auto_prepend_file =\n", false),
        (b"auto_prepend_file = none\n", false),
        (b";auto_prepend_file = /x", false),
        (b"AddHandler application/x-httpd-php .php .jpg", true),
        (b"AddHandler application/x-httpd-php .php .phtml", false),
        (
            b"<FilesMatch \"\\.(jpg|png)$\">\nSetHandler application/x-httpd-php\n</FilesMatch>",
            true,
        ),
        (b"<FilesMatch \"\\.php$\">\nSetHandler application/x-httpd-php\n</FilesMatch>", false),
    ];
    for (text, expected) in cases {
        let seen = configuration::look(text);
        assert_eq!(!seen.traits.is_empty(), expected, "{}", name::text(text));
    }
}

#[test]
fn folders_that_may_not_be_read_are_a_problem() {
    let disk = tempfile::tempdir().unwrap();
    symlink("/etc/self", disk.path().join("x")).unwrap();
    fs::create_dir_all(disk.path().join("etc")).unwrap();
    symlink("self", disk.path().join("etc/self")).unwrap();
    write(&disk.path().join("etc/nginx/a"), b"root /etc/self;\nroot /proc;\nroot /;\n");
    let found = found(disk.path());
    assert_eq!(found.rows, []);
    assert!(found.problems.iter().all(|problem| problem.reason != Reason::Malformed));
}
