//! The facts of all sweeps, side by side: one table holds the rows of every target.
//!
//! A sweep of an older version lacks columns, one of a newer version has more, and one of another
//! house has tables that nobody here knows. Each is fitted to one schema; what is missing is
//! remembered, so that a check on it answers unknown.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, StringArray, new_null_array};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use datafusion::error::DataFusionError;
use leaksweep_facts::{
    Manifest, Sweep, Table, is_fact_name, tables,
    tables::policy::Target as TargetRow,
    verdict::{JudgedProblem, JudgedSweep},
};

use crate::{Engine, Policy, policy::PolicyTables};

/// Rows in one batch of a large table: enough to work through at speed, few enough to copy once.
const BATCH_ROWS: usize = 64 << 10;
/// So many digits of a machine id tell two machines of one name apart for a reader.
const ID_DIGITS: usize = 8;

/// A sweep, and the zone in which the caller puts its target whatever policy says.
pub struct Swept {
    pub sweep: Sweep,
    pub zone: Option<String>,
}

pub(crate) struct Target {
    pub name: Arc<str>,
    pub privileged: bool,
    pub sensors: Vec<String>,
}

/// A problem, as judging needs it.
pub(crate) struct Obstacle {
    pub columns: Vec<String>,
    pub problem: JudgedProblem,
}

/// Facts ready to be asked.
#[derive(Default)]
pub struct Facts {
    pub(crate) targets: Vec<Target>,
    pub(crate) by_name: HashMap<Arc<str>, usize>,
    by_identity: HashMap<(String, Option<String>), usize>,
    /// The tables that each target's sweeps hold.
    observed: HashSet<(usize, String)>,
    /// Columns that a target's sweep is too old to have.
    pub(crate) absent: HashMap<(usize, String), Vec<String>>,
    pub(crate) obstacles: HashMap<(usize, String), Vec<Obstacle>>,
    rows: Vec<TargetRow>,
    tables: BTreeMap<String, Gathered>,
    sweeps: Vec<JudgedSweep>,
    /// What the caller should tell the user.
    pub notes: Vec<String>,
}

struct Gathered {
    schema: SchemaRef,
    done: Vec<RecordBatch>,
    pending: Vec<RecordBatch>,
    pending_rows: usize,
}

impl Facts {
    pub fn gather(sweeps: Vec<Swept>, policy: &Policy) -> Result<Self, ArrowError> {
        let mut facts = Self::default();
        let (sweeps, notes) = newest(sweeps);
        facts.notes = notes;
        for swept in sweeps {
            facts.add(swept, policy)?;
        }
        for table in facts.tables.values_mut() {
            table.flush()?;
        }
        Ok(facts)
    }

    /// Whether everything of a table that this version knows was seen of a target. What is no fact is.
    pub(crate) fn is_whole(&self, target: usize, table: &str) -> bool {
        let key = (target, table.to_owned());
        let lacks = |count: Option<usize>| count.is_some_and(|count| count > 0);
        !is_fact_name(table)
            || self.observes(target, table)
                && !lacks(self.absent.get(&key).map(|columns| columns.len()))
                && !lacks(self.obstacles.get(&key).map(Vec::len))
    }

    pub(crate) fn observes(&self, target: usize, table: &str) -> bool {
        // The tuple owns its text, so a look-up needs one too.
        self.observed.contains(&(target, table.to_owned()))
    }

    pub fn sweeps(&self) -> &[JudgedSweep] {
        &self.sweeps
    }

    /// Every problem of every target.
    pub fn problems(&self) -> Vec<JudgedProblem> {
        let all = self.obstacles.values().flatten().map(|obstacle| obstacle.problem.clone());
        let mut all: Vec<_> = all.collect();
        all.sort_by(|a, b| {
            (&a.target, &a.table, &a.subject).cmp(&(&b.target, &b.table, &b.subject))
        });
        all
    }

    /// Offers every table to the engine: facts, empty ones for what nobody observed, policy and catalogue.
    pub fn register(&self, engine: &Engine, policy: &PolicyTables) -> Result<(), DataFusionError> {
        for def in tables::ALL {
            if !self.tables.contains_key(def.name) {
                engine.register(def.name, nullable(&def.schema()), Vec::new())?;
            }
        }
        for (name, table) in &self.tables {
            engine.register(name, table.schema.clone(), table.done.clone())?;
        }
        let targets = TargetRow::rows(&self.rows);
        engine.register(TargetRow::DEF.name, targets.schema(), vec![targets])?;
        for (def, rows) in policy.iter() {
            engine.register(def.name, def.schema(), vec![rows.clone()])?;
        }
        Ok(())
    }

    fn add(&mut self, swept: Swept, policy: &Policy) -> Result<(), ArrowError> {
        let manifest = &swept.sweep.manifest;
        let zone = match &swept.zone {
            Some(zone) => zone.clone(),
            None => policy.zone_of(&manifest.target, manifest.machine_id.as_deref()).to_owned(),
        };
        let target = self.target(manifest, &zone);
        for (table, batches) in swept.sweep.tables() {
            self.observed.insert((target, table.to_owned()));
            for batch in batches {
                self.take(target, table, batch)?;
            }
        }
        let problems = swept.sweep.table("problems").unwrap_or_default();
        for batch in problems {
            self.take_problems(target, batch);
        }
        let name = self.targets[target].name.clone();
        self.sweeps.push(JudgedSweep { manifest: manifest.clone(), target: name, zone });
        Ok(())
    }

    /// The target's number. Two sensors may have observed one target; two machines of one name
    /// stay two.
    fn target(&mut self, manifest: &Manifest, zone: &str) -> usize {
        let identity = (manifest.target.clone(), manifest.machine_id.clone());
        if let Some(&at) = self.by_identity.get(&identity) {
            return self.join(at, manifest);
        }
        let name = self.free_name(manifest);
        let at = self.targets.len();
        let shared: Arc<str> = name.as_str().into();
        self.by_identity.insert(identity, at);
        self.by_name.insert(shared.clone(), at);
        let sensors = vec![manifest.sensor.clone()];
        self.targets.push(Target { name: shared, privileged: manifest.privileged, sensors });
        self.rows.push(target_row(name, manifest, zone));
        at
    }

    fn join(&mut self, at: usize, manifest: &Manifest) -> usize {
        let (target, row) = (&mut self.targets[at], &mut self.rows[at]);
        target.sensors.push(manifest.sensor.clone());
        target.privileged &= manifest.privileged;
        row.sensor = target.sensors.join(" ");
        row.privileged = target.privileged;
        row.live |= manifest.live;
        row.started = row.started.min(manifest.started);
        row.ended = row.ended.max(manifest.ended);
        at
    }

    fn free_name(&mut self, manifest: &Manifest) -> String {
        let taken = |name: &str| self.by_name.contains_key(name);
        if !taken(&manifest.target) {
            return manifest.target.clone();
        }
        let id = manifest.machine_id.as_deref().unwrap_or("unidentified");
        let id: String = id.chars().take(ID_DIGITS).collect();
        let mut name = format!("{}~{id}", manifest.target);
        while taken(&name) {
            name.push('~');
        }
        self.notes.push(format!("two machines are called {}; one is {name} here", manifest.target));
        name
    }

    fn take(&mut self, target: usize, table: &str, batch: &RecordBatch) -> Result<(), ArrowError> {
        if !self.tables.contains_key(table) {
            let schema = match tables::find(table) {
                Some(def) => nullable(&def.schema()),
                None => nullable(&batch.schema()),
            };
            self.tables.insert(table.to_owned(), Gathered::new(schema));
        }
        let Some(gathered) = self.tables.get_mut(table) else { return Ok(()) };
        let (fitted, absent) = fit(batch, &gathered.schema, &self.targets[target].name)?;
        if !absent.is_empty() {
            self.absent.insert((target, table.to_owned()), absent);
        }
        gathered.push(fitted)
    }

    fn take_problems(&mut self, target: usize, batch: &RecordBatch) {
        let text = |column: &str, row: usize| -> String {
            let column = batch.column_by_name(column);
            let column = column.and_then(|c| c.as_any().downcast_ref::<StringArray>());
            let cell = column.filter(|column| column.is_valid(row)).map(|column| column.value(row));
            cell.unwrap_or_default().to_owned()
        };
        for row in 0..batch.num_rows() {
            let problem = JudgedProblem {
                target: self.targets[target].name.clone(),
                sensor: text("sensor", row),
                table: text("table", row),
                subject: text("subject", row),
                reason: text("reason", row),
                detail: text("detail", row),
                hint: text("hint", row),
            };
            let columns = text("columns", row).split_whitespace().map(str::to_owned).collect();
            let key = (target, problem.table.clone());
            self.obstacles.entry(key).or_default().push(Obstacle { columns, problem });
        }
    }
}

impl Gathered {
    fn new(schema: SchemaRef) -> Self {
        Self { schema, done: Vec::new(), pending: Vec::new(), pending_rows: 0 }
    }

    fn push(&mut self, batch: RecordBatch) -> Result<(), ArrowError> {
        self.pending_rows += batch.num_rows();
        self.pending.push(batch);
        if self.pending_rows >= BATCH_ROWS { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), ArrowError> {
        if !self.pending.is_empty() {
            self.done.push(arrow_select::concat::concat_batches(&self.schema, &self.pending)?);
            self.pending.clear();
            self.pending_rows = 0;
        }
        Ok(())
    }
}

/// Of several sweeps of one target by one sensor only the newest is judged: yesterday's process
/// does not run today.
fn newest(mut sweeps: Vec<Swept>) -> (Vec<Swept>, Vec<String>) {
    sweeps.sort_by_key(|swept| std::cmp::Reverse(swept.sweep.manifest.ended));
    let mut seen = HashSet::new();
    let mut older: BTreeMap<String, usize> = BTreeMap::new();
    sweeps.retain(|swept| {
        let Manifest { target, machine_id, sensor, .. } = &swept.sweep.manifest;
        let first = seen.insert((target.clone(), machine_id.clone(), sensor.clone()));
        if !first {
            *older.entry(target.clone()).or_default() += 1;
        }
        first
    });
    sweeps.reverse();
    let note = |(target, count)| format!("{target}: {count} older sweeps were left aside");
    (sweeps, older.into_iter().map(note).collect())
}

fn target_row(target: String, manifest: &Manifest, zone: &str) -> TargetRow {
    TargetRow {
        target,
        sensor: manifest.sensor.clone(),
        platform: manifest.platform.clone(),
        zone: zone.to_owned(),
        live: manifest.live,
        privileged: manifest.privileged,
        started: manifest.started,
        ended: manifest.ended,
        tool_version: manifest.tool_version.clone(),
        machine_id: manifest.machine_id.clone(),
        deep: manifest.extent.deep,
        watched_seconds: i64::try_from(manifest.extent.watched_seconds).unwrap_or(i64::MAX),
        baseline: manifest.extent.baseline,
        known_documents: manifest.extent.known_documents,
        certificates: manifest.extent.certificates,
    }
}

/// A missing column is filled with nulls, so every column but the target may hold them.
fn nullable(schema: &Schema) -> SchemaRef {
    let field = |field: &Arc<Field>| {
        let nullable = field.name() != "target";
        field.as_ref().clone().with_nullable(nullable)
    };
    Arc::new(Schema::new(schema.fields().iter().map(field).collect::<Vec<_>>()))
}

/// The batch in the given schema, and the columns that it lacks. The name of the target is the
/// one under which it is judged.
fn fit(
    batch: &RecordBatch,
    schema: &SchemaRef,
    target: &str,
) -> Result<(RecordBatch, Vec<String>), ArrowError> {
    let rows = batch.num_rows();
    let mut absent = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        let own = batch.column_by_name(field.name());
        arrays.push(match own.filter(|column| column.data_type() == field.data_type()) {
            _ if field.name() == "target" => {
                Arc::new(StringArray::from_iter_values(std::iter::repeat_n(target, rows)))
            }
            Some(column) => column.clone(),
            None => {
                absent.push(field.name().clone());
                new_null_array(field.data_type(), rows)
            }
        });
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok((RecordBatch::try_new_with_options(schema.clone(), arrays, &options)?, absent))
}
