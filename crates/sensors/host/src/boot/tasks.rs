//! Archives and programs, read on two threads: they are the only large files of the table.

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
};

use rustix::fs::Stat;

use super::{
    efi,
    initramfs::{self, Budget, Image, Sources},
};
use crate::root::{Failure, Root};

const THREADS: usize = 2;

/// What a thread is to read.
pub enum Task {
    Image(PathBuf, Stat),
    Program(&'static str, PathBuf, Stat),
}

pub enum Done {
    Image(PathBuf, Stat, Image),
    Program(&'static str, PathBuf, Stat, Result<efi::Program, Failure>),
}

/// Does the tasks on two threads; the order is that of the paths.
pub fn all(root: &Root, mut tasks: Vec<Task>) -> Vec<Done> {
    let newest = tasks.iter().filter_map(Task::written).max();
    let (sources, budget) = (Sources::look(root), Budget::new(initramfs::UNPACKED));
    // The largest first, so that no thread ends with a large one alone.
    tasks.sort_by_key(Task::size);
    let todo = Mutex::new(tasks);
    let next = || todo.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
    let work = || {
        let mut done = Vec::new();
        while let Some(task) = next() {
            done.push(task.read(root, newest, &sources, &budget));
        }
        done
    };
    let mut done: Vec<Done> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        let done = threads.into_iter().map(|thread| thread.join());
        done.flat_map(|found| found.unwrap_or_else(|fault| std::panic::resume_unwind(fault)))
            .collect()
    });
    done.sort_by(|a, b| a.path().cmp(b.path()));
    done
}

impl Task {
    fn size(&self) -> i64 {
        match self {
            Self::Image(_, stat) | Self::Program(_, _, stat) => stat.st_size,
        }
    }

    /// When an archive was last written.
    fn written(&self) -> Option<i64> {
        match self {
            Self::Image(_, stat) => Some(stat.st_ctime),
            Self::Program(..) => None,
        }
    }

    fn read(self, root: &Root, newest: Option<i64>, sources: &Sources, budget: &Budget) -> Done {
        match self {
            Self::Image(path, stat) => {
                let newest = newest == Some(stat.st_ctime);
                let found = initramfs::Found { root, path: &path, stat, newest };
                let image = initramfs::read(found, sources, budget);
                Done::Image(path, stat, image)
            }
            Self::Program(kind, path, stat) => {
                let program = efi::read(root, &path);
                Done::Program(kind, path, stat, program)
            }
        }
    }
}

impl Done {
    fn path(&self) -> &Path {
        match self {
            Self::Image(path, ..) | Self::Program(_, path, ..) => path,
        }
    }
}
