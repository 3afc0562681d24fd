//! The catalogue inside the program, as the tables `catalogue_*`.

use std::sync::LazyLock;

use arrow_array::RecordBatch;
use leaksweep_catalogue::{
    printers::Maker,
    remote::{Fact, Tool},
    stores::{self, Group},
};
use leaksweep_facts::{
    Table, TableDef,
    tables::catalogue::{PrinterFlaw, RemoteMark, RemoteTool, Store},
};

/// Made once: every case of every check has an engine of its own.
static TABLES: LazyLock<[(TableDef, RecordBatch); 4]> = LazyLock::new(|| {
    let known = leaksweep_catalogue::remote_tools();
    let tools: Vec<RemoteTool> = known.iter().map(tool).collect();
    let marks: Vec<RemoteMark> = known.iter().flat_map(marks).collect();
    let groups = leaksweep_catalogue::store_groups();
    let stores: Vec<Store> = groups.iter().flat_map(stores).collect();
    let makers = leaksweep_catalogue::printer_makers();
    let flaws: Vec<PrinterFlaw> = makers.iter().flat_map(flaws).collect();
    [
        (RemoteTool::DEF, RemoteTool::rows(&tools)),
        (RemoteMark::DEF, RemoteMark::rows(&marks)),
        (Store::DEF, Store::rows(&stores)),
        (PrinterFlaw::DEF, PrinterFlaw::rows(&flaws)),
    ]
});

pub fn tables() -> impl Iterator<Item = (&'static str, (TableDef, RecordBatch))> {
    TABLES.iter().map(|(def, rows)| (def.name, (*def, rows.clone())))
}

fn tool(tool: &Tool) -> RemoteTool {
    RemoteTool {
        tool: tool.id.clone(),
        name: tool.name.clone(),
        kind: tool.kind.as_str().into(),
        maker: tool.makers.join(", "),
        bundled: tool.bundled,
        summary: tool.summary.clone(),
    }
}

fn marks(tool: &Tool) -> impl Iterator<Item = RemoteMark> {
    tool.facts.iter().flat_map(|fact| marks_of(&tool.id, fact))
}

fn marks_of(tool: &str, fact: &Fact) -> impl Iterator<Item = RemoteMark> {
    fact.marks().map(|(kind, mark)| RemoteMark {
        tool: tool.into(),
        kind: kind.as_str().into(),
        mark: mark.into(),
        source: fact.source.clone(),
    })
}

fn stores(group: &Group) -> impl Iterator<Item = Store> {
    group.stores.iter().map(|one| store(group, one))
}

fn store(group: &Group, store: &stores::Store) -> Store {
    let paths: Vec<String> = group.having(store).flat_map(|one| one.paths(store)).collect();
    let own = group.having(store).flat_map(|one| &one.programs);
    let others = group.reading(store).flat_map(|one| &one.programs);
    let owners: Vec<&str> = own.chain(others).map(String::as_str).collect();
    Store {
        store: store.id.clone(),
        name: store.name.clone(),
        kind: store.kind.as_str().into(),
        paths: paths.join(" "),
        owners: owners.join(" "),
        source: store.source.clone(),
    }
}

/// A row for each name of the maker and each pattern of models.
fn flaws(maker: &Maker) -> Vec<PrinterFlaw> {
    let mut rows = Vec::new();
    for flaw in &maker.flaws {
        for model in &flaw.models {
            rows.extend(maker.names.iter().map(|called| PrinterFlaw {
                id: flaw.id.clone(),
                lets: flaw.lets.clone(),
                maker: maker.name.clone(),
                called: called.clone(),
                model: model.to_lowercase(),
                fixed: flaw.fixed.clone(),
                source: flaw.source.clone(),
            }));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use leaksweep_catalogue::printers::Flaw;

    use super::*;

    #[test]
    fn a_flaw_is_told_by_every_name_of_its_maker() {
        let flaw = Flaw {
            id: "CVE-2024-0000".into(),
            lets: "read every job".into(),
            models: vec!["LaserJet *".into(), "X1".into()],
            fixed: Some("5.7".into()),
            source: "an advisory".into(),
        };
        let maker = Maker {
            id: "hp".into(),
            name: "HP".into(),
            names: vec!["hp".into(), "hewlett-packard".into()],
            enterprises: vec![11],
            descriptions: Vec::new(),
            objects: Vec::new(),
            pages: Vec::new(),
            first_password: None,
            panels: Vec::new(),
            flaws: vec![flaw],
        };
        let rows = flaws(&maker);
        let told: Vec<_> = rows.iter().map(|row| (&*row.called, &*row.model)).collect();
        let expected = [
            ("hp", "laserjet *"),
            ("hewlett-packard", "laserjet *"),
            ("hp", "x1"),
            ("hewlett-packard", "x1"),
        ];
        assert_eq!(told, expected);
        assert!(tables().any(|(name, _)| name == "catalogue_printer_flaws"));
    }
}
