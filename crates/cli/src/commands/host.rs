//! Sweep a machine, save what was seen where asked, judge it.

use anyhow::Result;
use leaksweep_engine::Swept;
use leaksweep_host::Options;

use super::{baselines::Baselines, judging::Judging, kept::Kept};
use crate::{Found, arguments, inputs, progress};

pub fn run(host: &arguments::Host) -> Result<Found> {
    // Whatever is wrong with the user's own files is said before the work and not after it.
    let mut judging = Judging::prepare(&host.judging)?;
    let kept = Kept::new(&host.keeping, &host.judging)?;
    let tools = inputs::tools(&host.catalogue)?;
    judging.name_unknown_tools(&tools, "no tool");
    let options = Options {
        root: host.root.clone(),
        target: host.keeping.target.clone(),
        tools,
        deep: host.deep,
        watch: host.watch.unwrap_or_default(),
        ..Options::default()
    };
    let mut baselines = Baselines::read(&host.judging.since, &judging.policy.sweep_keys)?;
    let what = match host.watch {
        Some(length) => format!("sweeping, and watching for {} s:", length.as_secs()),
        None => "sweeping:".into(),
    };
    let mut sweep = progress::of_bytes(
        &what,
        || leaksweep_host::sweep(&options),
        || progress::Bytes { done: options.progress.read(), of: options.progress.bytes() },
    )?;
    baselines.compare(&mut sweep)?;
    baselines.demand_used()?;
    kept.save(&mut sweep)?;
    judging.judge(vec![Swept { sweep, zone: host.judging.zone.clone() }])?;
    judging.report()
}
