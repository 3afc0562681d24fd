//! Runs fuzz targets, each for as much processor time: by the clock a busy machine would cut it short.
//! The corpus that grows stays in `fuzz/corpus`, what was printed and found in `fuzz/artifacts`, both
//! out of git; the seeds in `fuzz/seeds/TARGET` are kept.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use crate::command;

const SECONDS: u64 = 60;
/// One input may take this long; a parser that needs longer has a loop that input controls.
const TIMEOUT: &str = "-timeout=10";
/// Above every cap that the parsers state.
const MEMORY: &str = "-rss_limit_mb=2048";
/// What libFuzzer ends with when it is told to stop.
const STOPPED: i32 = 72;
/// In which the kernel states processor time to programs, whatever its own clock.
const TICKS_A_SECOND: u64 = 100;

/// What is asked: `[SECONDS [TARGET…]]`. Whether nothing was found.
pub fn run(asked: &[&str]) -> Result<bool, String> {
    let seconds = asked.first().map_or(Ok(SECONDS), |seconds| {
        seconds.parse().map_err(|_| format!("{seconds} is no number of seconds"))
    })?;
    let targets = targets(asked.get(1..).unwrap_or_default())?;
    build()?;
    let programs = programs()?;
    println!(
        "| target | inputs tried | edges seen | seconds of processor | ended |\n|---|--:|--:|--:|---|"
    );
    let left = Mutex::new(targets.iter());
    let found = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(target) = left.lock().ok().and_then(|mut left| left.next()) {
                    let ran = fuzz(&programs.join(target), target, seconds);
                    println!("| {target} | {} |", ran.as_ref().map_or_else(Clone::clone, Ran::row));
                    if !ran.is_ok_and(|ran| ran.clean)
                        && let Ok(mut found) = found.lock()
                    {
                        found.push(target.as_str());
                    }
                }
            });
        }
    });
    let found = found.into_inner().unwrap_or_default();
    if !found.is_empty() {
        println!("\nin fuzz/artifacts: what was printed and found by {}", found.join(", "));
    }
    Ok(found.is_empty())
}

/// Those that are named, or all.
fn targets(named: &[&str]) -> Result<Vec<String>, String> {
    let folder = fs::read_dir("fuzz/src/bin").map_err(|error| format!("fuzz: {error}"))?;
    let mut all: Vec<String> = folder
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    all.sort();
    if let Some(unknown) = named.iter().find(|name| !all.iter().any(|target| target == *name)) {
        return Err(format!("there is no fuzz target {unknown}"));
    }
    all.retain(|target| named.is_empty() || named.contains(&target.as_str()));
    Ok(all)
}

fn build() -> Result<(), String> {
    let version = Command::new("cargo").args(["fuzz", "--version"]).output();
    if !version.is_ok_and(|output| output.status.success()) {
        return Err("cargo-fuzz is not installed; run: cargo install --locked cargo-fuzz".into());
    }
    // Not the cargo that runs us: cargo-fuzz asks for the compiler by the name `cargo`.
    let mut command = Command::new("cargo");
    // Coverage is an unstable option of the compiler; the pinned one has it too.
    command.env("RUSTC_BOOTSTRAP", "1").args(["fuzz", "build", "--sanitizer", "none"]);
    match command::succeeds(&mut command)? {
        true => Ok(()),
        false => Err("the fuzz targets do not build".into()),
    }
}

/// The folder in which cargo-fuzz puts them.
fn programs() -> Result<PathBuf, String> {
    let mut command = Command::new("rustc");
    let output = command.arg("-vV").output();
    let output = output.map_err(|error| command::cannot_start(&command, &error))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "fuzz/target".into());
    Ok(Path::new(&target).join(host.ok_or("rustc does not name its host")?).join("release"))
}

struct Ran {
    inputs: String,
    edges: String,
    seconds: u64,
    clean: bool,
}

impl Ran {
    fn row(&self) -> String {
        let ended = if self.clean { "clean" } else { "**finding**" };
        format!("{} | {} | {} | {ended}", self.inputs, self.edges, self.seconds)
    }
}

fn fuzz(program: &Path, target: &str, seconds: u64) -> Result<Ran, String> {
    let corpus = folder("fuzz/corpus", target)?;
    let artifacts = folder("fuzz/artifacts", target)?;
    let printed = artifacts.join("printed");
    let log = File::create(&printed).map_err(|error| format!("{}: {error}", printed.display()))?;
    let mut command = Command::new(program);
    command.arg(corpus);
    let seeds = Path::new("fuzz/seeds").join(target);
    command.args(seeds.is_dir().then_some(seeds));
    command.args([TIMEOUT, MEMORY, "-print_final_stats=1"]);
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    let mut child = command.spawn().map_err(|error| command::cannot_start(&command, &error))?;
    let (status, seconds) = wait(&mut child, seconds)?;
    let text = fs::read(&printed).map_err(|error| format!("{}: {error}", printed.display()))?;
    let text = String::from_utf8_lossy(&text);
    Ok(Ran {
        inputs: last(&text, "stat::number_of_executed_units:"),
        edges: last(&text, "cov:"),
        seconds,
        clean: status.code() == Some(STOPPED),
    })
}

/// The word behind the last `key` that was printed.
fn last(text: &str, key: &str) -> String {
    let rest = text.rsplit_once(key).map_or("", |(_, rest)| rest);
    rest.split_ascii_whitespace().next().unwrap_or("?").to_owned()
}

fn folder(parent: &str, target: &str) -> Result<PathBuf, String> {
    let folder = Path::new(parent).join(target);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// Until it ends by itself, which is a finding, or had its time and is told to stop.
fn wait(child: &mut Child, seconds: u64) -> Result<(ExitStatus, u64), String> {
    let began = Instant::now();
    let mut spent = 0;
    loop {
        thread::sleep(Duration::from_millis(500));
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Ok((status, spent));
        }
        spent = processor(child.id()).unwrap_or_else(|| began.elapsed().as_secs());
        if spent >= seconds {
            let pid = child.id().to_string();
            command::succeeds(Command::new("kill").args(["-INT", &pid]))?;
            return Ok((child.wait().map_err(|error| error.to_string())?, spent));
        }
    }
}

/// Seconds of processor time that a process spent; none where the kernel does not tell.
fn processor(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in brackets, may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let (user, system) = (fields.next()?.parse::<u64>().ok()?, fields.next()?.parse::<u64>().ok()?);
    Some((user + system) / TICKS_A_SECOND)
}
