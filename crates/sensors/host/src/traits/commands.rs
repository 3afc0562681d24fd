//! What commands do to each other: a program that fetches and a shell behind it, a file that is
//! fetched and then run, a shell bound to the network.

use std::collections::HashSet;

use super::{Trait, Traits, changes, net, places, plain, shell::Command, words::Call};

const MAX_FILES: usize = 100;

/// What is known while the commands are gone through in their order.
#[derive(Default)]
struct Judge {
    fetched: HashSet<String>,
    unpacked: HashSet<String>,
    /// There is a pipe with a name, through which a shell's input can come back.
    pipe: bool,
}

pub fn judge(commands: &[Command], found: &mut Traits) {
    let mut judge = Judge::default();
    let pipelines = commands.chunk_by(|a, b| a.pipeline == b.pipeline && a.parent == b.parent);
    for pipeline in pipelines {
        let calls: Vec<Call<'_>> = pipeline.iter().map(Call::of).collect();
        judge.pipeline(&calls, commands, found);
        calls.iter().for_each(|call| judge.call(call, found));
    }
}

impl Judge {
    fn pipeline(&mut self, calls: &[Call<'_>], all: &[Command], found: &mut Traits) {
        let parent = calls.first().and_then(|call| call.command.parent);
        let parent = parent.and_then(|parent| all.get(parent)).map(Call::of);
        let given = parent.is_some_and(|parent| parent.runs_what_it_is_given());
        let runs = calls.iter().rposition(Call::runs_its_input);
        let runs_after = |at: usize| given || runs.is_some_and(|last| last > at);
        if calls.iter().position(Call::fetches).is_some_and(runs_after) {
            found.insert(Trait::Download);
        }
        if calls.iter().position(Call::unpacks).is_some_and(runs_after) {
            found.insert(Trait::Decode);
        }
        self.net(calls, runs, found);
        self.keep(calls);
    }

    /// A shell before the connection answers it; one behind it runs what comes.
    fn net(&self, calls: &[Call<'_>], runs: Option<usize>, found: &mut Traits) {
        let is_net = |call: &Call<'_>| net::listens(call).is_some();
        let Some(first) = calls.iter().position(is_net) else { return };
        let last = calls.iter().rposition(is_net).unwrap_or(first);
        let listens = calls.iter().filter_map(net::listens).any(|listens| listens);
        let before = calls.iter().position(Call::is_shell).is_some_and(|shell| shell < last);
        let after = runs.is_some_and(|shell| shell > first);
        if before || (after && (listens || self.pipe)) {
            found.insert(net::of(listens));
        } else if after {
            found.insert(Trait::Download);
        }
    }

    /// The files into which something was fetched or unpacked.
    fn keep(&mut self, calls: &[Call<'_>]) {
        let fetches = calls.iter().any(Call::fetches);
        let unpacks = calls.iter().any(Call::unpacks);
        for call in calls {
            let mut files: Vec<String> = call.command.to.iter().map(|file| plain(file)).collect();
            files.retain(|file| !file.starts_with("/dev/") && !file.starts_with('&'));
            if call.fetches() {
                files.extend(call.saved());
            }
            if fetches && self.fetched.len() < MAX_FILES {
                self.fetched.extend(files.iter().cloned());
            }
            if unpacks && self.unpacked.len() < MAX_FILES {
                self.unpacked.extend(files);
            }
        }
    }

    fn call(&mut self, call: &Call<'_>, found: &mut Traits) {
        self.pipe |= call.name == "mkfifo" || call.name == "mknod" && call.has(&["p"]);
        for file in call.runs() {
            let file = plain(file);
            if self.fetched.contains(&file) {
                found.insert(Trait::Download);
            }
            if self.unpacked.contains(&file) {
                found.insert(Trait::Decode);
            }
        }
        for file in call.started() {
            places::judge(file, found);
        }
        net::judge(call, found);
        changes::judge(call, found);
    }
}
