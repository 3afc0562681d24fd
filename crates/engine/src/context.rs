//! One session with our functions, for everything that asks SQL: checks, their cases, queries.
//!
//! A statement may only read: no definitions, no copying to files, no settings. Memory is capped
//! and nothing is ever spilled to disk, because a sweep's facts must not lie about in temporary files.

use std::{collections::BTreeSet, num::NonZeroUsize, sync::Arc, thread};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use datafusion::{
    catalog::MemTable,
    common::{Column, tree_node::TreeNodeRecursion},
    error::DataFusionError,
    execution::{
        SessionStateDefaults,
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        memory_pool::{GreedyMemoryPool, TrackConsumersPool},
        runtime_env::RuntimeEnvBuilder,
        session_state::SessionStateBuilder,
    },
    logical_expr::{Distinct, Expr, LogicalPlan, LogicalPlanBuilder},
    physical_plan::{SendableRecordBatchStream, execute_stream},
    prelude::{DataFrame, SQLOptions, SessionConfig, SessionContext},
};
use futures::StreamExt;
use thiserror::Error;
use tokio::runtime::{Builder, Runtime};

use crate::functions;

/// No query of ours has a tenth of it. The depth of an expression, and so the stack that planning
/// takes, cannot exceed its length.
pub const QUERY_BYTES: usize = 16 << 10;
/// Room for the deepest expression that fits into [`QUERY_BYTES`].
pub const STACK_BYTES: usize = 256 << 20;
/// What an answer may hold. As plain cells it takes a few times as much.
const ANSWER_BYTES: usize = 256 << 20;
/// More threads than this gain nothing: planning is short.
const MAX_ASKERS: usize = 4;
/// What a query may hold beside the facts themselves.
const MEMORY: usize = 2 << 30;

#[derive(Debug, Error)]
pub enum EngineError {
    #[error("cannot start the engine: {0}")]
    Start(String),
}

/// A session and the threads on which it runs.
pub struct Engine {
    session: SessionContext,
    runtime: Runtime,
    threads: NonZeroUsize,
}

impl Engine {
    /// `threads`: one answers small facts fastest; a fleet uses all cores.
    pub fn new(threads: NonZeroUsize) -> Result<Self, EngineError> {
        Ok(Self {
            session: session(threads.get()).map_err(|e| EngineError::Start(e.to_string()))?,
            runtime: runtime(threads.get()).map_err(|e| EngineError::Start(e.to_string()))?,
            threads,
        })
    }

    /// How many queries may run side by side. Where one query uses all cores they come one after
    /// the other, so that each has the whole memory.
    pub(crate) fn askers(&self) -> usize {
        match self.threads.get() {
            1 => thread::available_parallelism().map_or(1, NonZeroUsize::get).min(MAX_ASKERS),
            _ => 1,
        }
    }

    /// Offers rows as a table.
    pub(crate) fn register(
        &self,
        name: &str,
        schema: SchemaRef,
        batches: Vec<RecordBatch>,
    ) -> Result<(), DataFusionError> {
        let table = MemTable::try_new(schema, vec![batches])?;
        self.session.register_table(name, Arc::new(table))?;
        Ok(())
    }

    pub(crate) fn table_names(&self) -> Vec<String> {
        let catalog = self.session.catalog("datafusion");
        let schema = catalog.and_then(|catalog| catalog.schema("public"));
        schema.map(|schema| schema.table_names()).unwrap_or_default()
    }

    /// The plan after optimising.
    pub(crate) fn plan(&self, sql: &str) -> Result<LogicalPlan, DataFusionError> {
        self.optimized(&self.written_plan(sql)?)
    }

    /// The plan as the query is written.
    pub(crate) fn written_plan(&self, sql: &str) -> Result<LogicalPlan, DataFusionError> {
        Ok(self.runtime.block_on(self.frame(sql))?.into_unoptimized_plan())
    }

    pub(crate) fn optimized(&self, plan: &LogicalPlan) -> Result<LogicalPlan, DataFusionError> {
        self.session.state().optimize(plan)
    }

    /// The plan of which columns decide whether there is a row for a target, without those that
    /// rows merely show, sort or group by.
    pub(crate) fn deciding_plan(&self, plan: LogicalPlan) -> Result<LogicalPlan, DataFusionError> {
        self.optimized(&deciding(plan)?)
    }

    /// The tables that a query names, before optimising drops any.
    pub(crate) fn tables_of(&self, sql: &str) -> Result<BTreeSet<String>, DataFusionError> {
        tables(&self.written_plan(sql)?)
    }

    /// The names of the columns that a query gives.
    pub(crate) fn columns_of(&self, sql: &str) -> Result<Vec<String>, DataFusionError> {
        let frame = self.runtime.block_on(self.frame(sql))?;
        Ok(frame.schema().fields().iter().map(|field| field.name().clone()).collect())
    }

    /// Runs a plan that was optimised already.
    pub(crate) fn execute(
        &self,
        plan: LogicalPlan,
    ) -> Result<(SchemaRef, Vec<RecordBatch>), DataFusionError> {
        self.runtime.block_on(async {
            let state = self.session.state();
            let schema = Arc::new(plan.schema().as_arrow().clone());
            let physical = state.query_planner().create_physical_plan(&plan, &state).await?;
            let answer = execute_stream(physical, self.session.task_ctx())?;
            Ok((schema, capped(answer).await?))
        })
    }

    async fn frame(&self, sql: &str) -> Result<DataFrame, DataFusionError> {
        if sql.len() > QUERY_BYTES {
            return Err(DataFusionError::Plan(format!("it is longer than {QUERY_BYTES} bytes")));
        }
        let reading = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        self.session.sql_with_options(sql, reading).await
    }
}

/// All rows of an answer, up to what a person or a report can use.
async fn capped(
    mut answer: SendableRecordBatchStream,
) -> Result<Vec<RecordBatch>, DataFusionError> {
    let mut batches = Vec::new();
    let mut size = 0;
    while let Some(batch) = answer.next().await {
        let batch = batch?;
        size += batch.get_array_memory_size();
        if size > ANSWER_BYTES {
            let message = "the answer is too large; add a LIMIT or a condition";
            return Err(DataFusionError::ResourcesExhausted(message.into()));
        }
        batches.push(batch);
    }
    Ok(batches)
}

/// The tables that a plan names, before optimising drops any.
pub(crate) fn tables(plan: &LogicalPlan) -> Result<BTreeSet<String>, DataFusionError> {
    let mut tables = BTreeSet::new();
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            tables.insert(scan.table_name.table().to_owned());
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(tables)
}

/// The first column alone, from below all that only shapes rows which exist anyway.
fn deciding(mut plan: LogicalPlan) -> Result<LogicalPlan, DataFusionError> {
    let first = plan.schema().columns().into_iter().next();
    let mut wanted = first.ok_or_else(|| DataFusionError::Plan("no column".into()))?;
    loop {
        let (inner, column) = match &plan {
            LogicalPlan::Sort(sort) if sort.fetch.is_none() => (&sort.input, Some(wanted.clone())),
            LogicalPlan::Distinct(Distinct::All(input)) => (input, Some(wanted.clone())),
            LogicalPlan::Projection(projection) => {
                let at = projection.schema.index_of_column(&wanted)?;
                (&projection.input, plain_column(&projection.expr[at]))
            }
            LogicalPlan::Aggregate(aggregate) => {
                let keys = aggregate.group_expr.iter().filter_map(plain_column);
                (&aggregate.input, keys.into_iter().find(|key| *key == wanted))
            }
            _ => break,
        };
        let Some(column) = column else { break };
        (plan, wanted) = (inner.as_ref().clone(), column);
    }
    LogicalPlanBuilder::from(plan).project([Expr::Column(wanted)])?.build()
}

fn plain_column(expr: &Expr) -> Option<Column> {
    match expr {
        Expr::Column(column) => Some(column.clone()),
        Expr::Alias(alias) => plain_column(&alias.expr),
        _ => None,
    }
}

fn session(threads: usize) -> Result<SessionContext, DataFusionError> {
    let mut config = SessionConfig::new().with_target_partitions(threads);
    config.options_mut().sql_parser.collect_spans = true;
    let pool = GreedyMemoryPool::new(MEMORY);
    let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(TrackConsumersPool::new(pool, NonZeroUsize::MIN)))
        .with_disk_manager_builder(disk)
        .build_arc()?;
    // Without the default file formats and table functions: nothing is read but what is registered.
    let mut scalar = SessionStateDefaults::default_scalar_functions();
    scalar.extend(functions::all().into_iter().map(Arc::new));
    let state = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime)
        .with_expr_planners(SessionStateDefaults::default_expr_planners())
        .with_scalar_functions(scalar)
        .with_aggregate_functions(SessionStateDefaults::default_aggregate_functions())
        .with_window_functions(SessionStateDefaults::default_window_functions())
        .build();
    Ok(SessionContext::new_with_state(state))
}

fn runtime(threads: usize) -> std::io::Result<Runtime> {
    match threads {
        1 => Builder::new_current_thread().build(),
        more => {
            Builder::new_multi_thread().worker_threads(more).thread_stack_size(STACK_BYTES).build()
        }
    }
}
