//! Git: settings that run commands, of the system, of users and of work trees, and hooks.
//!
//! Reads: `/etc/gitconfig`, `.gitconfig` and `.config/git/config` of each home, and what these
//! include, once; of each tree that the search finds its `config` and `hooks`; the folders of hooks
//! and templates that settings name.
//!
//! Limits: 64 KiB of a file of settings, 1 MiB of a hook, 20 included files of one. A condition of
//! an include (`includeIf`) is taken to hold.

mod config;
mod hooks;
mod settings;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{Autostarts, work_trees::Tree};
use crate::{accounts::Home, name};

pub use config::parse;
use settings::Place;

const SYSTEM: &str = "/etc/gitconfig";
const OWN: [&str; 2] = [".gitconfig", ".config/git/config"];
/// Hooks that every new tree gets.
const TEMPLATES: &str = "/usr/share/git-core/templates/hooks";
const LINK_CAP: u64 = 4 << 10;

pub fn collect(reading: &mut Autostarts<'_>, homes: &[Home], trees: &[Tree]) {
    settings::of_file(reading, Path::new(SYSTEM), &Place::default());
    hooks::of_folder(reading, Path::new(TEMPLATES), None, None);
    for home in homes {
        let place = Place { home: Some(home), tree: None, user: Some(&home.user) };
        for path in OWN {
            settings::of_file(reading, &home.path.join(path), &place);
        }
    }
    let mut seen = BTreeSet::new();
    for tree in trees {
        reading.turn();
        for git in folders(reading, tree) {
            if reading.root.resolve(&git).is_ok_and(|real| seen.insert(real)) {
                of_tree(reading, homes, &tree.folder, &git);
            }
        }
    }
}

fn of_tree(reading: &mut Autostarts<'_>, homes: &[Home], folder: &Path, git: &Path) {
    let user = owner(reading, homes, git);
    let home = homes.iter().find(|home| Some(&home.user) == user.as_ref());
    let place = Place { home, tree: Some(folder), user: user.as_deref() };
    for name in ["config", "config.worktree"] {
        settings::of_file(reading, &git.join(name), &place);
    }
    hooks::of_folder(reading, &git.join("hooks"), user.as_deref(), home);
}

/// Git runs what a tree says for the tree's owner alone.
fn owner(reading: &Autostarts<'_>, homes: &[Home], git: &Path) -> Option<String> {
    let uid = reading.root.stat(git).ok()?.st_uid;
    let known = homes.iter().find(|home| home.uid == uid).map(|home| home.user.clone());
    Some(known.unwrap_or_else(|| uid.to_string()))
}

/// Where a tree keeps its settings and hooks: in `.git`, or where the file `.git` points, and where
/// trees that share a repository share it.
fn folders(reading: &mut Autostarts<'_>, tree: &Tree) -> Vec<PathBuf> {
    if reading.is_folder(&tree.git) {
        return vec![tree.git.clone()];
    }
    let Some(git) = pointed(reading, &tree.git, &tree.folder, "gitdir:") else {
        return Vec::new();
    };
    let common = pointed(reading, &git.join("commondir"), &git, "");
    std::iter::once(git).chain(common).collect()
}

fn pointed(
    reading: &mut Autostarts<'_>,
    path: &Path,
    folder: &Path,
    before: &str,
) -> Option<PathBuf> {
    let content = reading.content(path, LINK_CAP, &["name"])?;
    let text = name::text(content.trim_ascii());
    let target = text.strip_prefix(before)?.trim();
    let path = folder.join(target);
    // What is not there has no name without links.
    let path = reading.root.resolve(&path).unwrap_or(path);
    (!target.is_empty() && !target.contains('\n')).then_some(path)
}

#[cfg(test)]
mod tests;
