//! Where a few strings stand on a medium, found once for all who ask: many torn files look for the next directory within the
//! same megabytes. Of each page at most [`KEPT`] places are remembered, of [`PAGES`] pages; one with more is searched again, which ends
//! soon.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use memchr::memmem::Finder;

use crate::Bytes;

const PAGE: u64 = 1 << 20;
const KEPT: usize = 32;
const PAGES: usize = 64 * 1024;
/// Read at once: what stays in the processor's own memory.
const STEP: usize = 64 * 1024;

pub struct Landmarks<'a> {
    of: &'a dyn Bytes,
    pages: Mutex<HashMap<(&'static [u8], u64), Page>>,
}

/// What is known of a page.
#[derive(Clone)]
enum Page {
    /// All places where the string begins.
    Few(Vec<u64>),
    Many,
}

impl<'a> Landmarks<'a> {
    pub fn new(of: &'a dyn Bytes) -> Self {
        Self { of, pages: Mutex::default() }
    }

    /// Where `needle` stands next, from `from` on; it must end at `to` at the latest.
    pub fn next(&self, from: u64, to: u64, needle: &'static [u8]) -> Option<u64> {
        let to = to.min(self.of.len());
        let mut begins = from - from % PAGE;
        while begins < to {
            let ends = begins + PAGE;
            let found = match self.page(begins, needle) {
                Page::Few(places) => places.iter().copied().find(|at| *at >= from),
                Page::Many => self.places(from.max(begins), ends, needle, 1).first().copied(),
            };
            if let Some(at) = found {
                return (at.saturating_add(needle.len() as u64) <= to).then_some(at);
            }
            begins = ends;
        }
        None
    }

    fn page(&self, begins: u64, needle: &'static [u8]) -> Page {
        let pages = || self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(page) = pages().get(&(needle, begins)) {
            return page.clone();
        }
        let places = self.places(begins, begins + PAGE, needle, KEPT + 1);
        let page = if places.len() > KEPT { Page::Many } else { Page::Few(places) };
        let mut pages = pages();
        if pages.len() < PAGES {
            pages.insert((needle, begins), page.clone());
        }
        page
    }

    /// The first places between two at which it begins.
    fn places(&self, from: u64, to: u64, needle: &[u8], most: usize) -> Vec<u64> {
        let finder = Finder::new(needle);
        let mut buffer = vec![0; STEP + needle.len() - 1];
        let (mut places, mut at) = (Vec::new(), from);
        while at < to && places.len() < most {
            // The last bytes are seen again, for those that begin in this step and end behind it.
            let count = usize::try_from(to - at).unwrap_or(STEP).min(STEP);
            let read = self.of.read_at(at, &mut buffer[..count + needle.len() - 1]);
            let found = finder.find_iter(&buffer[..read]).map(|found| at + found as u64);
            places.extend(found.take(most - places.len()));
            at += count as u64;
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_found_across_steps_and_pages_and_where_many_stand() {
        let mut medium = vec![b'.'; 3 * PAGE as usize];
        let (step, page) = (STEP, PAGE as usize);
        let planted = [7, step - 2, page - 1, page + 90, 2 * page + step, 3 * page - 4];
        for at in planted {
            medium[at..at + 4].copy_from_slice(b"mark");
        }
        for at in 0..200 {
            medium[page + 1000 + at * 8..][..4].copy_from_slice(b"mark");
        }
        let all = memchr::memmem::find_iter(&medium, b"mark").map(|at| at as u64);
        let all: Vec<u64> = all.collect();
        let landmarks = Landmarks::new(&medium);
        for _ in 0..2 {
            let mut at = 0;
            let found = std::iter::from_fn(|| {
                let found = landmarks.next(at, u64::MAX, b"mark")?;
                at = found + 1;
                Some(found)
            });
            assert_eq!(found.collect::<Vec<u64>>(), all);
        }
        assert_eq!(landmarks.next(8, step as u64 + 1, b"mark"), None);
        assert_eq!(landmarks.next(8, step as u64 + 2, b"mark"), Some(step as u64 - 2));
        assert_eq!(landmarks.next(u64::MAX, u64::MAX, b"mark"), None);
        assert_eq!(landmarks.next(0, u64::MAX, b"none"), None);
    }
}
