//! Sweeps a medium and prints how long it took, without judging: for measurements.
//! Usage: recover MEDIUM [OUT], where OUT is a new folder for what is recovered.

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Instant};

use leaksweep_storage::{Options, media::Input, shelf::Folder};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let Some(medium) = arguments.next() else {
        eprintln!("usage: recover MEDIUM [OUT]");
        return ExitCode::from(2);
    };
    let mut options = Options::new(Input::new(medium));
    if let Some(out) = arguments.next() {
        match Folder::new(&out) {
            Ok(folder) => options.shelf = Some(Arc::new(folder)),
            Err(error) => return failed(&error.to_string()),
        }
    }
    let started = Instant::now();
    match leaksweep_storage::sweep(&options) {
        Ok(sweep) => {
            for (phase, seconds) in options.progress.spent() {
                println!("{phase}: {seconds:.3} s");
            }
            for (table, batches) in sweep.tables() {
                println!(
                    "{table}: {} rows",
                    batches.iter().map(|batch| batch.num_rows()).sum::<usize>()
                );
            }
            println!("all: {:.3} s", started.elapsed().as_secs_f64());
            ExitCode::SUCCESS
        }
        Err(error) => failed(&error.to_string()),
    }
}

fn failed(what: &str) -> ExitCode {
    eprintln!("recover: {what}");
    ExitCode::from(2)
}
