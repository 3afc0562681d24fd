//! What a file must keep.

use leaksweep_facts::tables;

use super::Maker;

/// What a walked column can hold of a stored job.
const OF_JOBS: &[&str] = &["job-name", "job-user", "job-protected"];

/// What is wrong with a maker's file; empty where nothing is.
pub fn check(maker: &Maker) -> Vec<String> {
    let mut wrong = Vec::new();
    if maker.names.is_empty() || maker.names.iter().any(|name| *name != name.to_lowercase()) {
        wrong.push("names: at least one, in lower case".into());
    }
    for object in &maker.objects {
        if !is_oid(&object.oid) {
            wrong.push(format!("object {}: numbers and dots", object.oid));
        }
        if object.source.trim().is_empty() {
            wrong.push(format!("object {}: no source", object.oid));
        }
        let of_jobs = object.walk && OF_JOBS.contains(&object.about.as_str());
        if !of_jobs && !is_column(&object.about) {
            wrong.push(format!("object {}: '{}' is no column", object.oid, object.about));
        }
    }
    for description in &maker.descriptions {
        if description.after.iter().all(String::is_empty) || description.source.trim().is_empty() {
            wrong.push(format!(
                "description of {}: what stands before it, and its source",
                description.about
            ));
        }
        if !is_column(&description.about) {
            wrong.push(format!("description: '{}' is no column", description.about));
        }
    }
    for page in &maker.pages {
        if !page.path.starts_with('/') || page.path.contains(char::is_whitespace) {
            wrong.push(format!("page {}: a path begins with / and has no space", page.path));
        }
        if page.holds.trim().is_empty() || page.source.trim().is_empty() {
            wrong.push(format!("page {}: what it holds, and its source", page.path));
        }
        for tell in page.tells.iter().filter(|tell| !is_column(&tell.about)) {
            wrong.push(format!("page {}: '{}' is no column", page.path, tell.about));
        }
    }
    for panel in maker.panels.iter().filter(|panel| !is_column(&panel.about)) {
        wrong.push(format!("panel: '{}' is no column", panel.about));
    }
    for flaw in &maker.flaws {
        if flaw.models.is_empty() || flaw.source.trim().is_empty() {
            wrong.push(format!("flaw {}: models, and a source", flaw.id));
        }
    }
    wrong
}

/// Of the device, or of how it is set.
fn is_column(name: &str) -> bool {
    let of = |table: &str| {
        tables::find(table)
            .is_some_and(|table| table.columns.iter().any(|column| column.name == name))
    };
    of("printer_settings") || of("printer_devices")
}

fn is_oid(text: &str) -> bool {
    let number = |part: &str| part.parse::<u32>().is_ok();
    text.split('.').count() > 5 && text.split('.').all(number)
}

#[cfg(test)]
mod tests {
    use crate::printer_makers;

    #[test]
    fn every_maker_of_the_catalogue_keeps_the_rules() {
        let makers = printer_makers();
        assert!(!makers.is_empty());
        for maker in makers {
            assert_eq!(super::check(maker), [""; 0], "{}", maker.id);
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let maker = toml::from_str(
            "name = 'X'\nnames = ['X']\n[[object]]\noid = '1.3.x'\nabout = 'firmware'\nsource = ''\n[[page]]\npath = 'a b'\nkind = 'start'\nholds = ''\nsource = 's'",
        )
        .unwrap();
        assert_eq!(super::check(&maker).len(), 5);
        let maker = toml::from_str(
            "name = 'X'\nnames = ['x']\n[[object]]\noid = '1.3.6.1.4.1.9'\nabout = 'job-name'\nsource = 's'\n[[description]]\nabout = 'colour'\nafter = []\nsource = 's'\n[[panel]]\nabout = 'colour'\nhow = 'x'",
        )
        .unwrap();
        assert_eq!(super::check(&maker).len(), 4);
    }
}
