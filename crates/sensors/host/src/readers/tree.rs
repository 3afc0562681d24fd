//! Patterns of paths as a tree over their components, so that most paths are told apart by their first names.

use std::collections::HashMap;

use leaksweep_facts::glob;

#[derive(Debug, Default)]
pub struct Node {
    pub literal: HashMap<Vec<u8>, Node>,
    pub starred: Vec<(String, Node)>,
    /// What follows any number of components.
    pub deep: Option<Box<Node>>,
    /// What ends here.
    pub ends: Vec<usize>,
    /// Whose home is here.
    home: Option<usize>,
}

pub fn components(path: &[u8]) -> Vec<&[u8]> {
    path.split(|byte| *byte == b'/').filter(|part| !part.is_empty()).collect()
}

impl Node {
    pub fn add(&mut self, pattern: &str, end: usize) {
        let mut node = self;
        for part in pattern.split('/').filter(|part| !part.is_empty()) {
            node = node.step(part);
        }
        node.ends.push(end);
    }

    fn step(&mut self, part: &str) -> &mut Self {
        if part == "**" {
            return self.deep.get_or_insert_default();
        }
        if !part.contains(['*', '?']) {
            return self.literal.entry(part.as_bytes().to_vec()).or_default();
        }
        let place = match self.starred.iter().position(|(pattern, _)| pattern == part) {
            Some(place) => place,
            None => {
                self.starred.push((part.to_owned(), Self::default()));
                self.starred.len() - 1
            }
        };
        &mut self.starred[place].1
    }

    pub fn add_home(&mut self, path: &[u8], home: usize) {
        let mut node = self;
        for part in components(path) {
            node = node.literal.entry(part.to_vec()).or_default();
        }
        node.home.get_or_insert(home);
    }

    /// The innermost home on the way, and how many components lead to it.
    pub fn home(&self, path: &[&[u8]]) -> Option<(usize, usize)> {
        let (mut node, mut found) = (self, None);
        for (depth, part) in path.iter().enumerate() {
            let Some(next) = node.literal.get(*part) else { break };
            node = next;
            found = node.home.map(|home| (home, depth + 1)).or(found);
        }
        found
    }

    /// What the whole path fits, if `takes` agrees.
    pub fn find(&self, path: &[&[u8]], takes: &dyn Fn(usize) -> bool) -> Option<usize> {
        let Some((first, rest)) = path.split_first() else {
            return self.ends.iter().copied().find(|end| takes(*end));
        };
        let literal = self.literal.get(*first).and_then(|node| node.find(rest, takes));
        literal.or_else(|| self.starred(first, rest, takes)).or_else(|| self.deep(path, takes))
    }

    fn starred(
        &self,
        first: &[u8],
        rest: &[&[u8]],
        takes: &dyn Fn(usize) -> bool,
    ) -> Option<usize> {
        if self.starred.is_empty() {
            return None;
        }
        let name = String::from_utf8_lossy(first);
        let fits = self.starred.iter().filter(|(pattern, _)| glob(pattern, &name));
        fits.into_iter().find_map(|(_, node)| node.find(rest, takes))
    }

    fn deep(&self, path: &[&[u8]], takes: &dyn Fn(usize) -> bool) -> Option<usize> {
        let deep = self.deep.as_ref()?;
        let below = deep.ends.iter().copied().find(|end| takes(*end));
        below.or_else(|| (0..path.len()).find_map(|skip| deep.find(path.get(skip..)?, takes)))
    }

    /// Whether a file right in this folder can be what ends.
    pub fn holds(&self) -> bool {
        let ends = |node: &Self| !node.ends.is_empty();
        self.literal.values().any(ends)
            || self.starred.iter().any(|(_, node)| ends(node))
            || self.deep.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(patterns: &[&str], path: &str) -> Option<usize> {
        let mut node = Node::default();
        for (end, pattern) in patterns.iter().enumerate() {
            node.add(pattern, end);
        }
        node.find(&components(path.as_bytes()), &|_| true)
    }

    #[test]
    fn a_path_fits_as_a_whole_and_component_by_component() {
        let patterns = ["a/b", "a/*/c", "d/**", "e/**/*.kdbx", "*.kdbx", "a/x*/y*"];
        for (path, expected) in [
            ("/a/b", Some(0)),
            ("/a//b", Some(0)),
            ("/a/b/c", Some(1)),
            ("/a/z/c", Some(1)),
            ("/a/z", None),
            ("/a/b/c/d", None),
            ("/d", None),
            ("/d/1", Some(2)),
            ("/d/1/2/3", Some(2)),
            ("/e/x.kdbx", Some(3)),
            ("/e/1/2/x.kdbx", Some(3)),
            ("/e/1/2/x.kdb", None),
            ("/x.kdbx", Some(4)),
            ("/1/x.kdbx", None),
            ("/a/x1/y2", Some(5)),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(find(&patterns, path), expected, "{path}");
        }
    }

    #[test]
    fn what_is_not_taken_is_looked_for_on() {
        let mut node = Node::default();
        node.add("a/id_*", 0);
        node.add("a/*", 1);
        let path = components(b"/a/id_rsa");
        assert_eq!(node.find(&path, &|end| end == 1), Some(1));
        assert_eq!(node.find(&path, &|_| false), None);
    }

    #[test]
    fn the_innermost_home_counts() {
        let mut node = Node::default();
        for (home, path) in ["/home/a", "/home/a/b", "/root"].iter().enumerate() {
            node.add_home(path.as_bytes(), home);
        }
        for (path, expected) in [
            ("/home/a/b/c", Some((1, 3))),
            ("/home/a/c", Some((0, 2))),
            ("/home/ab", None),
            ("/root", Some((2, 1))),
        ] {
            assert_eq!(node.home(&components(path.as_bytes())), expected, "{path}");
        }
    }

    #[test]
    fn a_hostile_path_costs_no_more_than_its_length() {
        let path = "/d".repeat(2048);
        let started = std::time::Instant::now();
        assert_eq!(find(&["d/**/x*y*z*"], &path), None);
        assert!(started.elapsed().as_secs() < 1);
    }
}
