//! Takes a sweep file apart and puts it together again, as someone who tampers with it would.

use std::io::{Cursor, Read, Write};

use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

pub struct Pack(Vec<(String, Vec<u8>)>);

impl Pack {
    pub fn of(file: &[u8]) -> Self {
        let mut zip = ZipArchive::new(Cursor::new(file)).unwrap();
        let parts = 0..zip.len();
        Self(parts.map(|at| read(zip.by_index(at).unwrap())).collect())
    }

    pub fn with(name: &str, content: &[u8]) -> Self {
        Self(vec![(name.into(), content.into())])
    }

    pub fn part(&mut self, name: &str) -> &mut Vec<u8> {
        &mut self.0.iter_mut().find(|(part, _)| part == name).unwrap().1
    }

    pub fn replace(&mut self, name: &str, old: &str, new: &str) {
        let part = self.part(name);
        let text = String::from_utf8(part.clone()).unwrap();
        assert!(text.contains(old), "{text}");
        *part = text.replace(old, new).into_bytes();
    }

    pub fn add(&mut self, name: &str, content: &[u8]) {
        self.0.push((name.into(), content.into()));
    }

    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(part, _)| part != name);
    }

    pub fn stored(&self) -> Vec<u8> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        // The writer refuses a second part of one name; the index takes any name of equal length.
        let mut twins = Vec::new();
        for (at, (name, content)) in self.0.iter().enumerate() {
            let again = self.0[..at].iter().any(|(other, _)| other == name);
            let name = if again { twin(name, &mut twins) } else { name.clone() };
            zip.start_file(name, options).unwrap();
            zip.write_all(content).unwrap();
        }
        let mut file = zip.finish().unwrap().into_inner();
        for (name, stand_in) in twins {
            swap(&mut file, stand_in.as_bytes(), name.as_bytes());
        }
        file
    }

    /// The same file, but every entry claims to be deflated: what a ZIP bomb needs.
    pub fn declared_deflated(&self) -> Vec<u8> {
        let mut file = self.stored();
        mark(&mut file, b"PK\x03\x04", 8);
        mark(&mut file, b"PK\x01\x02", 10);
        file
    }
}

fn read(mut entry: zip::read::ZipFile<'_, Cursor<&[u8]>>) -> (String, Vec<u8>) {
    let mut content = Vec::new();
    entry.read_to_end(&mut content).unwrap();
    (entry.name().unwrap().into_owned(), content)
}

fn twin(name: &str, twins: &mut Vec<(String, String)>) -> String {
    let stand_in = format!("#{}", &name[1..]);
    twins.push((name.into(), stand_in.clone()));
    stand_in
}

fn swap(file: &mut [u8], old: &[u8], new: &[u8]) {
    for at in 0..file.len().saturating_sub(old.len()) {
        if file[at..].starts_with(old) {
            file[at..at + old.len()].copy_from_slice(new);
        }
    }
}

/// Sets the compression method, which stands `offset` bytes behind every such header.
fn mark(file: &mut [u8], header: &[u8], offset: usize) {
    for at in 0..file.len() - offset {
        if file[at..].starts_with(header) {
            file[at + offset] = 8;
        }
    }
}
