//! Sweeps an image and writes its tables as JSON: `rows IMAGE OUT.json [WORD …]`. For work on the sensor, with
//! `corpus/storage/score`.

#[path = "../tests/images/rows.rs"]
mod rows;

use std::{env, fs, time::Instant};

use leaksweep_storage::{Options, media::Input, sweep};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [image, out, words @ ..] = arguments.as_slice() else {
        panic!("rows IMAGE OUT.json [WORD …]")
    };
    let mut options = Options::new(Input::Path(image.into()));
    options.words = words.to_vec();
    let begun = Instant::now();
    let sweep = sweep(&options).expect("the image opens");
    for (phase, seconds) in options.progress.spent() {
        eprintln!("{phase}: {seconds:.2} s");
    }
    eprintln!("all: {:.2} s, {}", begun.elapsed().as_secs_f64(), peak());
    fs::write(out, rows::json(&sweep).to_string()).expect("the rows can be written");
}

/// The most memory that was held so far.
fn peak() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap_or("unknown").trim().to_owned()
}
