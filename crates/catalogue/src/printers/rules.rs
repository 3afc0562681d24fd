//! What a file must keep.

use super::Maker;

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
    }
    for page in &maker.pages {
        if !page.path.starts_with('/') || page.path.contains(char::is_whitespace) {
            wrong.push(format!("page {}: a path begins with / and has no space", page.path));
        }
        if page.holds.trim().is_empty() || page.source.trim().is_empty() {
            wrong.push(format!("page {}: what it holds, and its source", page.path));
        }
    }
    for flaw in &maker.flaws {
        if flaw.models.is_empty() || flaw.source.trim().is_empty() {
            wrong.push(format!("flaw {}: models, and a source", flaw.id));
        }
    }
    wrong
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
    }
}
