//! Many files of one image, of which only some are open at a time.

use std::{
    collections::VecDeque,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use super::{files, patient::Source};

/// More would meet the usual limit of open files.
const MOST_OPEN: usize = 128;

/// Opens a part when it is read, and closes the one that was opened first where there are too many.
#[derive(Default)]
pub struct Pool(Mutex<VecDeque<(PathBuf, Arc<File>)>>);

impl Pool {
    fn open(&self, path: &Path) -> io::Result<Arc<File>> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, file)) = open.iter().find(|(held, _)| held == path) {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(files::plain(path)?);
        if open.len() == MOST_OPEN {
            open.pop_front();
        }
        open.push_back((path.to_owned(), Arc::clone(&file)));
        Ok(file)
    }
}

/// One part of an image.
pub struct Part {
    pub path: PathBuf,
    pub len: u64,
    pool: Arc<Pool>,
}

impl Part {
    pub fn new(path: PathBuf, pool: &Arc<Pool>) -> io::Result<Self> {
        let len = files::length(&*pool.open(&path)?)?;
        Ok(Self { path, len, pool: Arc::clone(pool) })
    }
}

impl Source for Part {
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        self.pool.open(&self.path)?.as_ref().read_at(at, into)
    }
}
