//! The files of a folder that the user named, as streams: documents that must not be on a medium. Links are not followed.

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

use rustix::fs::FileType;

use super::{error::MediaError, files};
use crate::known::Known;

/// Folders inside folders.
const DEEPEST: usize = 32;
/// More than whoever reads them takes, so that it sees that there are more.
const MOST: usize = Known::MOST_DOCUMENTS + 1;

/// A file with its path below what the user named, opened when its turn comes.
pub type Stream = (String, Box<dyn Read>);

/// Every plain file with its path below the folder, opened when its turn comes.
pub fn documents(folder: &Path) -> Result<impl Iterator<Item = Stream> + use<>, MediaError> {
    let unopened = |source| MediaError::Unopened { path: folder.to_owned(), source };
    let top = files::within(folder, MOST).map_err(unopened)?;
    let mut paths = Vec::new();
    gather(folder, top, 0, &mut paths);
    paths.sort_unstable();
    let folder = folder.to_owned();
    Ok(paths.into_iter().map(move |path| {
        let name = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().into_owned();
        let stream: Box<dyn Read> = match files::plain(&path) {
            Ok(file) => Box::new(file),
            Err(error) => Box::new(Refused(Some(error))),
        };
        (name, stream)
    }))
}

/// The plain files of a folder, or one file.
pub fn papers(named: &Path) -> Result<Box<dyn Iterator<Item = Stream>>, MediaError> {
    let unopened = |source| MediaError::Unopened { path: named.to_owned(), source };
    let file = files::named(named).map_err(unopened)?;
    match files::kind(&file).map_err(unopened)? {
        FileType::Directory => Ok(Box::new(documents(named)?)),
        FileType::RegularFile => {
            let name = named.file_name().unwrap_or(named.as_os_str()).to_string_lossy();
            let one: Stream = (name.into_owned(), Box::new(file));
            Ok(Box::new(std::iter::once(one)))
        }
        _ => Err(unopened(io::Error::other("it is neither a folder nor a file"))),
    }
}

fn gather(folder: &Path, names: Vec<std::ffi::OsString>, depth: usize, paths: &mut Vec<PathBuf>) {
    for name in names {
        if paths.len() >= MOST {
            return;
        }
        let path = folder.join(name);
        match files::kind_of(&path) {
            Ok(FileType::RegularFile) | Err(_) => paths.push(path),
            Ok(FileType::Directory) if depth < DEEPEST => match files::within(&path, MOST) {
                Ok(names) => gather(&path, names, depth + 1, paths),
                Err(_) => paths.push(path),
            },
            // Read as a file it tells that it is none.
            Ok(FileType::Directory) => paths.push(path),
            Ok(_) => {}
        }
    }
}

/// Says when it is read why it could not be opened.
struct Refused(Option<io::Error>);

impl Read for Refused {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(self.0.take().unwrap_or_else(|| io::Error::other("it could not be opened")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_files_of_all_folders_come_in_order() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path();
        std::fs::create_dir_all(folder.join("b/c")).unwrap();
        for name in ["z", "a", "b/c/密.txt"] {
            std::fs::write(folder.join(name), name).unwrap();
        }
        let deep = folder.join("b/c/".to_owned() + &"d/".repeat(DEEPEST));
        std::fs::create_dir_all(&deep).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", folder.join("link")).unwrap();
        let mut found: Vec<(String, String)> = documents(folder)
            .unwrap()
            .map(|(name, mut stream)| {
                let mut text = String::new();
                let read = stream.read_to_string(&mut text);
                (name, read.map_or_else(|error| error.to_string(), |_| text))
            })
            .collect();
        let (too_deep, told) = found.remove(1);
        assert!(too_deep.starts_with("b/c/d/d") && told.contains("no plain file"), "{told}");
        assert_eq!(found, ["a", "b/c/密.txt", "z"].map(|name| (name.into(), name.into())));
        assert!(documents(&folder.join("absent")).is_err());
        assert!(documents(&folder.join("a")).is_err());
    }
}
