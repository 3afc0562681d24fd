//! The catalogue inside the program, as the tables `catalogue_*`.

use std::sync::LazyLock;

use arrow_array::RecordBatch;
use leaksweep_catalogue::{
    remote::{Fact, Tool},
    stores::{self, Group},
};
use leaksweep_facts::{
    Table, TableDef,
    tables::catalogue::{RemoteMark, RemoteTool, Store},
};

/// Made once: every case of every check has an engine of its own.
static TABLES: LazyLock<[(TableDef, RecordBatch); 3]> = LazyLock::new(|| {
    let known = leaksweep_catalogue::remote_tools();
    let tools: Vec<RemoteTool> = known.iter().map(tool).collect();
    let marks: Vec<RemoteMark> = known.iter().flat_map(marks).collect();
    let groups = leaksweep_catalogue::store_groups();
    let stores: Vec<Store> = groups.iter().flat_map(stores).collect();
    [
        (RemoteTool::DEF, RemoteTool::rows(&tools)),
        (RemoteMark::DEF, RemoteMark::rows(&marks)),
        (Store::DEF, Store::rows(&stores)),
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
