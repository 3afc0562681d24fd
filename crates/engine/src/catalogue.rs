//! The catalogue inside the program, as the tables `catalogue_*`.

use std::sync::LazyLock;

use arrow_array::RecordBatch;
use leaksweep_catalogue::remote::{Fact, Tool};
use leaksweep_facts::{
    Table, TableDef,
    tables::catalogue::{RemoteMark, RemoteTool, Store},
};

/// Made once: every case of every check has an engine of its own.
static TABLES: LazyLock<[(TableDef, RecordBatch); 3]> = LazyLock::new(|| {
    let known = leaksweep_catalogue::remote_tools();
    let tools: Vec<RemoteTool> = known.iter().map(tool).collect();
    let marks: Vec<RemoteMark> = known.iter().flat_map(marks).collect();
    let stores: Vec<Store> = Vec::new();
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
