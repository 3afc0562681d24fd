//! Checks over facts give verdicts.
//!
//! A check without evidence passes only if everything that decides it was observed: the optimised
//! plan says which columns those are, and a missing table, a missing column or a problem on one of
//! them makes the verdict unknown.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use datafusion::{
    common::tree_node::TreeNodeRecursion, error::DataFusionError, logical_expr::LogicalPlan,
};
use leaksweep_facts::{
    Reason, Time, glob, is_fact_name,
    tables::policy::ExceptionRow,
    verdict::{CheckPage, Doubt, Evidence, Exception, Outcome, Value, Verdict},
};

use crate::{
    Check, Engine, Facts, Policy, context,
    facts::Obstacle,
    policy,
    query::{self, Cells, Table},
    turns,
};

/// Rows of evidence that a verdict keeps. The count of all is kept beside them.
pub(crate) const KEPT_ROWS: usize = 100;

/// Told after each check: how many are done, of how many.
pub type Progress<'a> = &'a mut dyn FnMut(usize, usize);

/// Facts, registered with an engine, and the exceptions that hold now.
pub struct Judge<'a> {
    engine: &'a Engine,
    pub(crate) facts: &'a Facts,
    exceptions: Vec<(Arc<Exception>, bool)>,
    /// Most checks share a few conditions: each is asked once.
    conditions: Mutex<HashMap<String, Answers>>,
}

/// Where a condition holds.
type Answers = Arc<HashMap<usize, Applies>>;

/// The columns of each table of facts that decide which rows a query gives.
pub(crate) type Needs = BTreeMap<String, BTreeSet<String>>;

/// `when` sees the target's row and what its zone allows.
pub(crate) fn applicability(condition: &str) -> String {
    format!(
        "SELECT target, ({condition}) AS applies FROM targets LEFT JOIN policy_zones USING (zone)"
    )
}

/// What the condition `when` says of a target.
#[derive(Clone, Copy, PartialEq)]
enum Applies {
    Yes,
    No,
    CannotTell,
}

impl<'a> Judge<'a> {
    pub fn new(engine: &'a Engine, facts: &'a Facts, policy: &Policy, now: Time) -> Self {
        let exceptions = policy::exceptions(policy, now);
        let exceptions = exceptions.into_iter().map(|row| (Arc::new(exception(&row)), row.expired));
        let exceptions = exceptions.collect();
        Self { engine, facts, exceptions, conditions: Mutex::default() }
    }

    /// The verdicts of all checks, in their order.
    pub fn all(&self, checks: &[Check], progress: Progress<'_>) -> Vec<Verdict> {
        turns::each(self.engine.askers(), checks, |check| self.check(check), progress)
            .into_iter()
            .flatten()
            .collect()
    }

    /// The verdicts of one check, for every target that its sensor observed.
    pub fn check(&self, check: &Check) -> Vec<Verdict> {
        let targets: Vec<usize> = self.observed_by(check.sensor());
        if targets.is_empty() {
            return Vec::new();
        }
        match self.ask(check) {
            Ok(mut asked) => {
                let outcome = |&target: &usize| (target, asked.outcome(self, check, target));
                let outcomes: Vec<_> = targets.iter().map(outcome).collect();
                outcomes.into_iter().map(|(at, found)| self.verdict(check, at, found)).collect()
            }
            Err(error) => {
                let doubt = Doubt::Query { error: query::first_line(&error) };
                let unknown = Outcome::Unknown(vec![doubt]);
                targets.iter().map(|&at| self.verdict(check, at, unknown.clone())).collect()
            }
        }
    }

    pub(crate) fn observed_by(&self, sensor: &str) -> Vec<usize> {
        let targets = self.facts.targets.iter().enumerate();
        let observed = targets.filter(|(_, target)| target.sensors.iter().any(|s| s == sensor));
        observed.map(|(at, _)| at).collect()
    }

    fn ask(&self, check: &Check) -> Result<Asked, DataFusionError> {
        let applies = self.applicability(check)?;
        let nowhere = |answers: &Answers| answers.values().all(|answer| *answer == Applies::No);
        if applies.as_ref().is_some_and(nowhere) {
            return Ok(Asked { applies, ..Asked::default() });
        }
        let plan = self.engine.written_plan(&check.sql)?;
        let evidence = self.evidence(&plan, KEPT_ROWS)?;
        let tables = context::tables(&plan)?;
        let silent = |&at: &usize| !evidence.contains_key(&at);
        let mut silent = self.observed_by(check.sensor()).into_iter().filter(silent);
        // Which columns decide costs as much as the answer, and most facts are whole.
        let whole = silent.all(|at| tables.iter().all(|table| self.facts.is_whole(at, table)));
        let needs = if whole { Needs::new() } else { self.needs(plan)? };
        Ok(Asked { needs, evidence, applies })
    }

    /// A query's rows by target, at most so many of each, and the columns that decide whether there are any.
    pub(crate) fn rows(
        &self,
        sql: &str,
        most: usize,
    ) -> Result<(Needs, HashMap<usize, Evidence>), DataFusionError> {
        let plan = self.engine.written_plan(sql)?;
        let evidence = self.evidence(&plan, most)?;
        Ok((self.needs(plan)?, evidence))
    }

    fn evidence(
        &self,
        plan: &LogicalPlan,
        most: usize,
    ) -> Result<HashMap<usize, Evidence>, DataFusionError> {
        self.by_target(self.engine.execute(self.engine.optimized(plan)?)?, most)
    }

    fn needs(&self, plan: LogicalPlan) -> Result<Needs, DataFusionError> {
        needs(&self.engine.deciding_plan(plan)?)
    }

    /// Rows become cells only as far as they are kept: an answer may have millions.
    fn by_target(
        &self,
        (schema, batches): (SchemaRef, Vec<RecordBatch>),
        most: usize,
    ) -> Result<HashMap<usize, Evidence>, DataFusionError> {
        let mut by_target: HashMap<usize, Evidence> = HashMap::new();
        let names = schema.fields().iter().skip(1).map(|field| field.name().clone());
        let columns: Arc<[String]> = names.collect();
        for batch in &batches {
            let cells = Cells::of(batch)?;
            for row in 0..batch.num_rows() {
                let Some(Value::Text(target)) = cells.at(0, row) else { continue };
                let Some(&at) = self.facts.by_name.get(target.as_str()) else { continue };
                let evidence = by_target.entry(at).or_insert_with(|| Evidence {
                    columns: columns.clone(),
                    ..Evidence::default()
                });
                evidence.total += 1;
                if evidence.rows.len() < most {
                    let shown = (1..=columns.len()).filter_map(|column| cells.at(column, row));
                    evidence.rows.push(shown.collect());
                }
            }
        }
        Ok(by_target)
    }

    fn applicability(&self, check: &Check) -> Result<Option<Answers>, DataFusionError> {
        let Some(condition) = &check.when else { return Ok(None) };
        let known = || self.conditions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answers) = known().get(condition) {
            return Ok(Some(answers.clone()));
        }
        let answers = Arc::new(self.answers(condition)?);
        known().insert(condition.clone(), answers.clone());
        Ok(Some(answers))
    }

    fn answers(&self, condition: &str) -> Result<HashMap<usize, Applies>, DataFusionError> {
        let sql = applicability(condition);
        let found = Table::from_batches(self.engine.execute(self.engine.plan(&sql)?)?)?;
        let answers = found.rows.into_iter().filter_map(|row| {
            let [Value::Text(target), answer] = row.as_slice() else { return None };
            let applies = match answer {
                Value::Bool(true) => Applies::Yes,
                Value::Bool(false) => Applies::No,
                _ => Applies::CannotTell,
            };
            Some((*self.facts.by_name.get(target.as_str())?, applies))
        });
        Ok(answers.collect())
    }

    fn verdict(&self, check: &Check, target: usize, outcome: Outcome) -> Verdict {
        let target = &self.facts.targets[target].name;
        let (outcome, expired) = match outcome {
            Outcome::Fail(evidence) => self.except(&check.page, target, evidence),
            other => (other, None),
        };
        Verdict { check: check.page.clone(), target: target.clone(), outcome, expired }
    }

    fn except(
        &self,
        page: &CheckPage,
        target: &str,
        evidence: Evidence,
    ) -> (Outcome, Option<Arc<Exception>>) {
        let covers = |exception: &Exception| {
            glob(&exception.check, &page.id) && glob(&exception.target, target)
        };
        let mut matching = self.exceptions.iter().filter(|(exception, _)| covers(exception));
        match matching.clone().find(|(_, expired)| !expired) {
            Some((exception, _)) => (Outcome::Excepted(evidence, exception.clone()), None),
            None => (Outcome::Fail(evidence), matching.next().map(|(ended, _)| ended.clone())),
        }
    }
}

/// The answers to one check.
#[derive(Default)]
struct Asked {
    needs: Needs,
    evidence: HashMap<usize, Evidence>,
    applies: Option<Answers>,
}

impl Asked {
    fn outcome(&mut self, judge: &Judge<'_>, check: &Check, target: usize) -> Outcome {
        let applies = match &self.applies {
            None => Applies::Yes,
            Some(answers) => answers.get(&target).copied().unwrap_or(Applies::CannotTell),
        };
        match (applies, self.evidence.remove(&target)) {
            (Applies::No, _) => Outcome::NotApplicable,
            (Applies::CannotTell, _) => Outcome::Unknown(vec![Doubt::Applicability]),
            (Applies::Yes, Some(evidence)) => Outcome::Fail(evidence),
            (Applies::Yes, None) => match self.doubts(judge.facts, check, target) {
                doubts if doubts.is_empty() => Outcome::Pass,
                doubts => Outcome::Unknown(doubts),
            },
        }
    }

    fn doubts(&self, facts: &Facts, check: &Check, target: usize) -> Vec<Doubt> {
        let unprivileged = check.needs_root && !facts.targets[target].privileged;
        let rights = unprivileged.then_some(Doubt::NotPrivileged);
        rights.into_iter().chain(doubts(&self.needs, facts, target)).collect()
    }
}

/// Why a query may lack rows about a target.
pub(crate) fn doubts(needs: &Needs, facts: &Facts, target: usize) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for (table, columns) in needs {
        if !facts.observes(target, table) {
            doubts.push(Doubt::NotObserved { table: table.clone() });
            continue;
        }
        let key = (target, table.clone());
        let absent = facts.absent.get(&key).into_iter().flatten();
        doubts.extend(
            absent.filter(|column| columns.contains(*column)).map(|column| Doubt::ColumnMissing {
                table: table.clone(),
                column: column.clone(),
            }),
        );
        let obstacles = facts.obstacles.get(&key).map(Vec::as_slice).unwrap_or_default();
        doubts.extend(hindrance(table, columns, obstacles));
    }
    doubts
}

/// The problems that touch what is needed, as one doubt for each reason.
fn hindrance(table: &str, columns: &BTreeSet<String>, obstacles: &[Obstacle]) -> Vec<Doubt> {
    let touches = |obstacle: &&Obstacle| {
        obstacle.problem.reason != Reason::Vanished.as_str()
            && (obstacle.columns.is_empty() || obstacle.columns.iter().any(|c| columns.contains(c)))
    };
    let mut by_reason: BTreeMap<&str, (&Obstacle, usize)> = BTreeMap::new();
    for obstacle in obstacles.iter().filter(touches) {
        by_reason.entry(&obstacle.problem.reason).or_insert((obstacle, 0)).1 += 1;
    }
    let doubt = |(first, count): (&Obstacle, usize)| Doubt::Problem {
        table: table.to_owned(),
        subject: first.problem.subject.clone(),
        reason: first.problem.reason.clone(),
        hint: first.problem.hint.clone(),
        count,
    };
    by_reason.into_values().map(doubt).collect()
}

/// The columns of facts that an optimised plan reads.
fn needs(plan: &LogicalPlan) -> Result<Needs, DataFusionError> {
    let mut needs = Needs::new();
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node
            && is_fact_name(scan.table_name.table())
        {
            let columns = needs.entry(scan.table_name.table().to_owned()).or_default();
            let projected = scan.projected_schema.fields().iter().map(|field| field.name().clone());
            columns.extend(projected);
            let filtered = scan.filters.iter().flat_map(|filter| filter.column_refs());
            columns.extend(filtered.map(|column| column.name.clone()));
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(needs)
}

fn exception(row: &ExceptionRow) -> Exception {
    Exception {
        check: row.check.clone(),
        target: row.target.clone(),
        owner: row.owner.clone(),
        reason: row.reason.clone(),
        until: row.until,
    }
}
