//! The page on which every table and column stands for people to read.

use std::fmt::Write;

use super::{ALL, TableDef};

const HEAD: &str = "\
# Tables

Every table that leaksweep fills, as the sensors' code defines it. This page is generated:
`cargo xtask docs` writes it, and a test compares it. The first column of every table is `target`.
`leaksweep tables NAME` prints the same.
";

/// `docs/tables.md`.
pub fn page() -> String {
    ALL.iter().fold(HEAD.to_owned(), |mut page, table| {
        page += &section(table);
        page
    })
}

fn section(table: &TableDef) -> String {
    let mut text = format!("\n## {}\n\n", table.name);
    for line in table.doc.lines() {
        text += &format!("{}\n", line.trim());
    }
    let _ = writeln!(text, "\nVersion {}.\n", table.version);
    text += "| column | holds | meaning |\n|---|---|---|\n";
    for column in table.all_columns() {
        let empty = if column.nullable { ", may be null" } else { "" };
        let doc = column.doc.trim().replace('|', "\\|");
        let _ = writeln!(text, "| {} | {}{empty} | {doc} |", column.name, column.kind.name());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_and_column_is_on_the_page() {
        let page = page();
        for table in ALL {
            assert!(page.contains(&format!("\n## {}\n", table.name)));
            for column in table.all_columns() {
                assert!(section(table).contains(&format!("\n| {} | ", column.name)));
            }
        }
    }
}
