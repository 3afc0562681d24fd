//! The words in an archive's members: markup without its tags, so that what runs split is joined.

use super::directory;
use super::member::{self, Member, Reader};
use super::names::{Content, content};
use crate::Stretch;
use crate::formats::document::inflate::{Inflater, Wrap};
use crate::formats::document::xml::Stripper;
use crate::formats::{Kind, Texts, Walked};

/// The most that comes out of one member.
const MOST_OF_ONE: u64 = 64 << 20;

pub fn texts(stretch: &mut Stretch, walked: &Walked, into: &mut dyn Texts) {
    let kind = walked.kind.unwrap_or(super::names::ZIP);
    let mut budget = super::BUDGET;
    match places(stretch, walked) {
        Some(places) => {
            // What is read counts, too: many entries may share one member.
            budget = budget.saturating_add(walked.length.saturating_mul(member::RATIO));
            let mut inflater = Inflater::default();
            for (place, packed) in places {
                let Some(mut member) = Member::read(stretch, place) else { continue };
                member.packed = packed;
                told(stretch, &mut inflater, &member, kind, &mut budget, into);
            }
        }
        None => along(stretch, walked, kind, &mut budget, into),
    }
}

/// Where members stand and how long they are, by the directory of a whole archive.
fn places(stretch: &mut Stretch, walked: &Walked) -> Option<Vec<(u64, u64)>> {
    if !walked.is_whole() {
        return None;
    }
    // A comment has at most 65,535 bytes.
    let from = walked.length.saturating_sub(22 + 65_535);
    let mut close = None;
    let mut at = from;
    while let Some(found) = stretch.find(at, walked.length, b"PK\x05\x06") {
        close = Some(found);
        at = found + 4;
    }
    let mut at = u64::from(stretch.u32_le(close? + 16)?);
    let mut places = Vec::new();
    while let Some((place, end)) = directory::entry(stretch, at) {
        places.push((place, u64::from(stretch.u32_le(at + 20)?)));
        at = end;
        if places.len() >= directory::MOST {
            break;
        }
    }
    (!places.is_empty()).then_some(places)
}

fn told(
    stretch: &mut Stretch,
    inflater: &mut Inflater,
    member: &Member,
    kind: Kind,
    budget: &mut u64,
    into: &mut dyn Texts,
) {
    let wanted = *budget > 0 && !member.is_encrypted();
    let Some(content) = content(&member.name, kind).filter(|_| wanted) else { return };
    into.begin("zip");
    let mut stripper = Stripper::default();
    let mut say = |piece: &[u8]| match content {
        Content::Markup => stripper.feed(piece, &mut |text| into.push(text)),
        Content::Plain => into.push(piece),
    };
    let end = member.data.saturating_add(member.packed);
    if member.method == 8 {
        let most = (*budget).min(MOST_OF_ONE);
        let done = inflater.run(stretch, (member.data, end), Wrap::Raw, most, &mut say);
        *budget = budget.saturating_sub(done.used.saturating_add(done.made));
    } else if member.method == 0 {
        let mut at = member.data;
        while at < end.min(member.data + MOST_OF_ONE) && *budget > 0 {
            let piece = stretch.peek(at, (end - at).min(65_536) as usize);
            if piece.is_empty() {
                return;
            }
            *budget = budget.saturating_sub(2 * piece.len() as u64);
            say(piece);
            at += piece.len() as u64;
        }
    }
}

/// Along the members of an archive that is cut.
fn along(
    stretch: &mut Stretch,
    walked: &Walked,
    kind: Kind,
    budget: &mut u64,
    into: &mut dyn Texts,
) {
    let mut reader = Reader { inflater: Inflater::default(), budget };
    let mut at = 0;
    while let Some(member) = Member::read(stretch, at).filter(|member| member.data < walked.length)
    {
        let wanted = content(&member.name, kind);
        let mut stripper = Stripper::default();
        if wanted.is_some() {
            into.begin("zip");
        }
        let mut say = |piece: &[u8]| match wanted {
            Some(Content::Markup) => stripper.feed(piece, &mut |text| into.push(text)),
            Some(Content::Plain) => into.push(piece),
            None => {}
        };
        let ending = reader.follow(stretch, &member, &mut say);
        match ending {
            super::Ending::Whole { next, .. } | super::Ending::Damaged { next, .. }
                if next > at =>
            {
                at = next
            }
            _ => return,
        }
    }
}
