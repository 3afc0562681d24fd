//! The files of a folder that the user named, as streams: documents that must not be on a medium. Links are not followed.

use std::{
    ffi::OsString,
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

/// Every plain file with its path below the folder, opened when its turn comes. Where there are too many, the last says so when it is read.
pub fn documents(folder: &Path) -> Result<impl Iterator<Item = Stream> + use<>, MediaError> {
    at_most(MOST, folder)
}

fn at_most(most: usize, folder: &Path) -> Result<impl Iterator<Item = Stream> + use<>, MediaError> {
    let unopened = |source| MediaError::Unopened { path: folder.to_owned(), source };
    let top = files::within(folder, most).map_err(unopened)?;
    let mut tree = Tree { most, paths: Vec::new(), more: None };
    tree.gather(folder, top, 0);
    tree.paths.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    let folder = folder.to_owned();
    Ok(tree.paths.into_iter().chain(tree.more).map(move |(path, refused)| {
        let name = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().into_owned();
        let stream: Box<dyn Read> = match refused.map_or_else(|| files::plain(&path), Err) {
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

/// A path, and why what is there cannot be read, where that is known.
type Leaf = (PathBuf, Option<io::Error>);

/// What is gathered of a folder and those in it.
struct Tree {
    most: usize,
    paths: Vec<Leaf>,
    /// The first for which there is no room.
    more: Option<Leaf>,
}

impl Tree {
    fn gather(&mut self, folder: &Path, names: Vec<OsString>, depth: usize) {
        for name in names {
            if self.more.is_some() {
                return;
            }
            let path = folder.join(name);
            match files::kind_of(&path) {
                Ok(FileType::RegularFile) | Err(_) => self.leaf(path, None),
                Ok(FileType::Directory) if depth < DEEPEST => {
                    match files::within(&path, self.most) {
                        Ok(names) => self.gather(&path, names, depth + 1),
                        Err(error) => self.leaf(path, Some(error)),
                    }
                }
                // Read as a file it tells that it is none.
                Ok(FileType::Directory) => self.leaf(path, None),
                Ok(_) => {}
            }
        }
    }

    fn leaf(&mut self, path: PathBuf, refused: Option<io::Error>) {
        if self.paths.len() < self.most {
            self.paths.push((path, refused));
            return;
        }
        let detail = format!(
            "it and others are left out: no more than {} files of a folder are looked through",
            self.most
        );
        self.more = Some((path, Some(io::Error::new(io::ErrorKind::FileTooLarge, detail))));
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

    #[test]
    fn what_is_too_much_is_told_whatever_the_others_are() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path();
        for (name, files) in [("a", 5), ("b", 2), ("c", 1)] {
            std::fs::create_dir(folder.join(name)).unwrap();
            for file in 0..files {
                std::fs::write(folder.join(name).join(file.to_string()), "").unwrap();
            }
        }
        let read = |most| -> Vec<(String, Option<String>)> {
            let fault = |(name, mut stream): Stream| {
                let read = stream.read_to_end(&mut Vec::new());
                (name, read.err().map(|error| error.to_string()))
            };
            at_most(most, folder).unwrap().map(fault).collect()
        };
        let told = |most, number: usize| read(most)[number].1.clone().unwrap_or_default();
        // The names of the folder `a` are too many, and itself is one thing of four.
        assert!(told(4, 0).contains("more than 4 names"), "{}", told(4, 0));
        assert_eq!(read(4)[1..].iter().filter(|(_, fault)| fault.is_some()).count(), 0);
        assert_eq!((read(3).len(), read(8).len()), (4, 8));
        assert!(told(3, 3).contains("no more than 3 files"), "{}", told(3, 3));
        assert!(read(8).iter().all(|(_, fault)| fault.is_none()));
    }
}
