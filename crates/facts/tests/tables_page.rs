//! docs/tables.md is generated; this is what keeps it true.

#[test]
fn the_page_of_tables_is_what_the_definitions_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/tables.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    assert!(page == leaksweep_facts::tables::page(), "docs/tables.md is old: cargo xtask docs");
}
