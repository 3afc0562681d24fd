//! From where a program is run: folders for temporary files, and hidden ones.

use super::{Trait, Traits};

const TEMPORARY: [&str; 5] = ["/tmp/", "/var/tmp/", "/dev/shm/", "/run/shm/", "/run/lock/"];
/// Hidden folders in which people's honest programs lie.
const USUAL: [&str; 44] = [
    ".local",
    ".config",
    ".cargo",
    ".rustup",
    ".nvm",
    ".npm",
    ".npm-global",
    ".pyenv",
    ".rbenv",
    ".rvm",
    ".sdkman",
    ".asdf",
    ".bun",
    ".deno",
    ".dotnet",
    ".vscode",
    ".vscode-server",
    ".cursor",
    ".oh-my-zsh",
    ".oh-my-bash",
    ".fzf",
    ".gem",
    ".linuxbrew",
    ".juliaup",
    ".ghcup",
    ".cabal",
    ".opam",
    ".volta",
    ".yarn",
    ".go",
    ".screenlayout",
    ".xmonad",
    ".dwm",
    ".fluxbox",
    ".vnc",
    ".mozilla",
    ".steam",
    ".venv",
    ".virtualenvs",
    ".git",
    ".husky",
    ".nix-profile",
    ".guix-profile",
    ".fehbg",
];

pub fn judge(file: &str, found: &mut Traits) {
    if TEMPORARY.iter().any(|folder| file.starts_with(folder)) {
        found.insert(Trait::Temporary);
    }
    if is_path(file) && is_hidden(file) {
        found.insert(Trait::Hidden);
    }
}

/// Code of other languages is full of dots and slashes.
fn is_path(file: &str) -> bool {
    let of_path = |c: char| c.is_alphanumeric() || "/._-~$@+%".contains(c);
    file.starts_with(['/', '~', '$', '%']) && !file.starts_with("//") && file.chars().all(of_path)
}

/// A hidden file in a home itself is what shells and desktops have always read.
fn is_hidden(file: &str) -> bool {
    let Some((folders, name)) = file.rsplit_once('/') else { return false };
    let hidden = |part: &str| {
        part.len() > 1 && part.starts_with('.') && part != ".." && !USUAL.contains(&part)
    };
    folders.split('/').any(hidden) || (hidden(name) && !is_home(folders))
}

fn is_home(folder: &str) -> bool {
    let inside = folder.strip_prefix("/home/").is_some_and(|user| !user.contains('/'));
    inside || matches!(folder, "~" | "$HOME" | "${HOME}" | "/root" | "%h" | "." | "$PWD" | "")
}
