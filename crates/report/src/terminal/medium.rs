//! What can be recovered from media: one line for each family of finds.

use super::{Page, counted};
use crate::{medium, safe_text::visible, text_width::pad};

/// Media that are told one by one; the rest is counted.
const MEDIA: usize = 3;
const WORD: usize = 13;

impl Page<'_> {
    pub(super) fn media(&mut self) {
        let media = medium::all(self.judgement);
        let with: Vec<_> = media.iter().filter(|medium| !medium.families().is_empty()).collect();
        if with.is_empty() {
            return;
        }
        self.blank();
        self.title("What can still be read");
        for medium in with.iter().take(MEDIA) {
            if media.len() > 1 {
                self.paragraph(2, &visible(medium.target));
            }
            for (family, count) in medium.families() {
                let kinds = medium.finds.iter().filter(|finds| finds.family() == family);
                let kinds = kinds.filter(|finds| finds.whole() + finds.partial() > 0);
                let kinds: Vec<String> = kinds
                    .map(|finds| {
                        format!("{} {}", finds.whole() + finds.partial(), visible(finds.kind()))
                    })
                    .collect();
                let label = format!("{} {count:>6}  ", pad(&visible(family), WORD));
                self.labelled(2, (&label, &label), &kinds.join(", "));
            }
        }
        if with.len() > MEDIA {
            self.line(&format!("  and {}", counted(with.len() - MEDIA, "more medium")));
        }
    }
}
