#[test]
fn look() {
    let Ok(root) = std::env::var("LOOK") else { return };
    let machine = crate::machine::Machine::mounted(std::path::Path::new(&root)).unwrap();
    let start = std::time::Instant::now();
    let files = super::files(&machine);
    eprintln!("files {:?}", start.elapsed());
    for row in &files.rows {
        eprintln!(
            "{} {} {:?} {:?} {:?} {:?} m={:?} s={:?} {:?} {:?} {}",
            row.kind,
            row.path,
            row.inner,
            row.origin,
            row.compared_with,
            row.signers,
            row.members,
            row.same,
            row.traits,
            row.modified.map(|t| t.to_string()),
            row.size
        );
    }
    eprintln!("{:#?}", files.problems);
    let start = std::time::Instant::now();
    let found = super::options(&machine);
    eprintln!("options {:?} {:?}", start.elapsed(), found.problems);
    for row in found.rows.iter() {
        eprintln!("{row:?}");
    }
    let found = super::autostarts(&machine);
    for row in found.rows.iter().take(60) {
        eprintln!(
            "{} {} {} {:?} {} {:?}",
            row.way, row.name, row.path, row.line, row.command, row.program
        );
    }
}
