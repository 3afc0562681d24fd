//! What `leaksweep host --deep` finds of packages' files, without judging it: for `bench/deep`, which
//! holds it against others. Prints an origin and a path a line; on standard error what it took.

use std::{error::Error, path::PathBuf, sync::Arc, time::Instant};

use arrow_array::{Array, RecordBatch, StringArray};
use leaksweep_host::{Options, Progress};

fn main() -> Result<(), Box<dyn Error>> {
    let root = std::env::args().nth(1).filter(|root| root != "/").map(PathBuf::from);
    let progress = Arc::new(Progress::default());
    let options =
        Options { root, deep: true, progress: Arc::clone(&progress), ..Options::default() };
    let started = Instant::now();
    let sweep = leaksweep_host::sweep(&options)?;
    eprintln!("seconds {:.3}", started.elapsed().as_secs_f64());
    eprintln!("bytes {}", progress.read());
    for (name, batches) in sweep.tables() {
        if name == "host_files" {
            batches.iter().try_for_each(print)?;
        }
    }
    Ok(())
}

fn print(rows: &RecordBatch) -> Result<(), Box<dyn Error>> {
    let column = |name: &str| {
        let column = rows.column_by_name(name).and_then(|column| column.as_any().downcast_ref());
        column.ok_or(format!("no column {name}"))
    };
    let paths: &StringArray = column("path")?;
    let origins: &StringArray = column("origin")?;
    let recorded: &StringArray = column("recorded")?;
    for row in 0..rows.num_rows() {
        let origin = if origins.is_null(row) { "" } else { origins.value(row) };
        // A link is what it leads to, and has no digest of its own.
        let differs = ["changed", "edited"].contains(&origin) && !recorded.is_null(row);
        if differs || origin == "missing" {
            println!("{origin} {}", paths.value(row));
        }
    }
    Ok(())
}
