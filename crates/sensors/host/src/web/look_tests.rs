#[test]
fn look() {
    let Ok(root) = std::env::var("LOOK") else { return };
    let machine = crate::machine::Machine::mounted(std::path::Path::new(&root)).unwrap();
    let accounts = crate::accounts::collect(&machine);
    let start = std::time::Instant::now();
    let files = super::collect(&machine, &accounts);
    eprintln!("web {:?} rows {}", start.elapsed(), files.rows.len());
    for row in &files.rows {
        eprintln!(
            "WEB {} {} {:?} {:?} {} {:?}",
            row.path, row.language, row.traits, row.line, row.owner, row.changeable_by
        );
    }
    eprintln!("{:#?}", files.problems);
}
