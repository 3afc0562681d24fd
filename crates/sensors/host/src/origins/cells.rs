//! Which rows name files, and which of their cells say where those come from.

use leaksweep_facts::tables::host::*;

use super::fill::{Blank, Comes};

/// A table of one file a row.
macro_rules! one_file {
    ($($row:ident: $path:ident),+) => {
        $(impl Comes for $row {
            const COLUMNS: &'static [&'static str] = &["package", "origin"];
            const ORIGINS: &'static [&'static str] = &["origin"];

            fn blanks<'r>(&'r mut self, each: &mut dyn FnMut(Blank<'r>)) {
                let Some(path) = AsPath::as_path(&self.$path) else { return };
                let (package, origin) = (Some(&mut self.package), Some(&mut self.origin));
                each(Blank { path, package, origin, ..Blank::default() });
            }
        })+
    };
}

/// A cell that may hold a path.
trait AsPath {
    fn as_path(&self) -> Option<&str>;
}

impl AsPath for String {
    fn as_path(&self) -> Option<&str> {
        Some(self)
    }
}

impl AsPath for Option<String> {
    fn as_path(&self) -> Option<&str> {
        self.as_deref()
    }
}

one_file!(Module: path, Right: path, BrowserPolicy: path, WebFile: path, LibraryRule: library, Reader: program);

impl Comes for File {
    const COLUMNS: &'static [&'static str] = &["package", "origin", "recorded"];
    const ORIGINS: &'static [&'static str] = &["origin", "recorded"];

    fn blanks<'r>(&'r mut self, each: &mut dyn FnMut(Blank<'r>)) {
        let (package, origin) = (Some(&mut self.package), Some(&mut self.origin));
        let recorded = Some(&mut self.recorded);
        each(Blank { path: &self.path, package, origin, recorded, ..Blank::default() });
    }
}

impl Comes for Process {
    const COLUMNS: &'static [&'static str] = &["package", "origin"];
    const ORIGINS: &'static [&'static str] = &["origin"];

    fn blanks<'r>(&'r mut self, each: &mut dyn FnMut(Blank<'r>)) {
        let Some(path) = &self.program else { return };
        // In another root folder the same path is another file.
        if self.program_state.as_deref() == Some("elsewhere") {
            return;
        }
        let (package, origin) = (Some(&mut self.package), Some(&mut self.origin));
        each(Blank { path, package, origin, ..Blank::default() });
    }
}

/// A socket has what its process has.
impl Comes for Socket {
    const COLUMNS: &'static [&'static str] = &["package"];
    const ORIGINS: &'static [&'static str] = &[];

    fn blanks<'r>(&'r mut self, _each: &mut dyn FnMut(Blank<'r>)) {}
}

impl Comes for Service {
    const COLUMNS: &'static [&'static str] =
        &["package", "origin", "program_package", "program_origin"];
    const ORIGINS: &'static [&'static str] = &["origin", "program_origin"];

    fn blanks<'r>(&'r mut self, each: &mut dyn FnMut(Blank<'r>)) {
        let (package, origin) = (Some(&mut self.package), Some(&mut self.origin));
        let added = listed(&self.drop_ins);
        each(Blank { path: &self.path, added, package, origin, recorded: None });
        if let Some(path) = &self.program {
            let (package, origin) =
                (Some(&mut self.program_package), Some(&mut self.program_origin));
            each(Blank { path, package, origin, ..Blank::default() });
        }
    }
}

impl Comes for Autostart {
    const COLUMNS: &'static [&'static str] =
        &["package", "origin", "program_package", "program_origin"];
    const ORIGINS: &'static [&'static str] = &["origin", "program_origin"];

    fn blanks<'r>(&'r mut self, each: &mut dyn FnMut(Blank<'r>)) {
        let (package, origin) = (Some(&mut self.package), Some(&mut self.origin));
        each(Blank { path: &self.path, package, origin, ..Blank::default() });
        if let Some(path) = &self.program {
            let (package, origin) =
                (Some(&mut self.program_package), Some(&mut self.program_origin));
            each(Blank { path, package, origin, ..Blank::default() });
        }
    }
}

impl Comes for PamRule {
    const COLUMNS: &'static [&'static str] = &["module_package", "module_origin", "origin"];
    const ORIGINS: &'static [&'static str] = &["module_origin", "origin"];

    fn blanks<'r>(&'r mut self, each: &mut dyn FnMut(Blank<'r>)) {
        each(Blank { path: &self.path, origin: Some(&mut self.origin), ..Blank::default() });
        if let Some(path) = &self.module_path {
            let (package, origin) = (Some(&mut self.module_package), Some(&mut self.module_origin));
            each(Blank { path, package, origin, ..Blank::default() });
        }
    }
}

impl Comes for BootFile {
    const COLUMNS: &'static [&'static str] = &["package", "origin"];
    const ORIGINS: &'static [&'static str] = &["origin"];

    fn blanks<'r>(&'r mut self, each: &mut dyn FnMut(Blank<'r>)) {
        // What is inside an archive has no record of its own.
        if self.inner.is_some() {
            return;
        }
        let package = Some(&mut self.package);
        let origin = self.origin.is_none().then_some(&mut self.origin);
        each(Blank { path: &self.path, package, origin, ..Blank::default() });
    }
}

impl Comes for EditorExtension {
    const COLUMNS: &'static [&'static str] = &["package"];
    const ORIGINS: &'static [&'static str] = &[];

    fn blanks<'r>(&'r mut self, each: &mut dyn FnMut(Blank<'r>)) {
        each(Blank { path: &self.path, package: Some(&mut self.package), ..Blank::default() });
    }
}

/// The paths of a list in which spaces stand between them, and perhaps how many more there are.
fn listed(paths: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = paths.match_indices(" /").map(|(at, _)| at + 1).collect();
    starts.insert(0, 0);
    let ends = starts.iter().skip(1).map(|start| start - 1).chain([paths.len()]);
    let parts = starts.iter().zip(ends).filter_map(|(start, end)| paths.get(*start..end));
    let whole = |part: &'_ str| part.len() - more(part);
    parts.filter_map(|part| part.get(..whole(part))).filter(|part| part.starts_with('/')).collect()
}

/// The length of ` and 7 more` at the end.
fn more(part: &str) -> usize {
    let rest = part.strip_suffix(" more").and_then(|part| part.rsplit_once(" and "));
    let number = rest.map(|(_, number)| number);
    let number = number.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    number.map_or(0, |number| number.len() + " and  more".len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_paths_is_taken_apart() {
        assert!(listed("").is_empty());
        assert_eq!(listed("/a/b.conf"), ["/a/b.conf"]);
        assert_eq!(listed("/a/b c.conf /d and 7 more"), ["/a/b c.conf", "/d"]);
        assert_eq!(listed("/a and more"), ["/a and more"]);
    }
}
