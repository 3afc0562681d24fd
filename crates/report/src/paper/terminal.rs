//! A sheet in a terminal, and in a pipe the same.

use std::io::{self, Write};

use super::{
    sheet::{Block, Sheet, grouped},
    words,
};
use crate::safe_text::visible;

pub fn write(sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", sheet.title)?;
    writeln!(out, "{}", visible(&sheet.subject))?;
    writeln!(out, "\n== {} ==\n{}", sheet.verdict.headline, sheet.verdict.because)?;
    for section in &sheet.sections {
        let heading = format!("{} {}", visible(&section.mark), section.title);
        writeln!(out, "\n{}", heading.trim_start())?;
        section.blocks.iter().try_for_each(|part| block(part, out))?;
    }
    writeln!(out)?;
    sheet.checking.iter().try_for_each(|line| writeln!(out, "{}", visible(line)))
}

fn block(block: &Block, out: &mut dyn Write) -> io::Result<()> {
    match block {
        Block::Fields(fields) => fields
            .iter()
            .try_for_each(|field| writeln!(out, "  {}: {}", field.label, visible(&field.value))),
        Block::List { label, items, all } => {
            if items.is_empty() {
                return writeln!(out, "  {label}: –");
            }
            writeln!(out, "  {label}:")?;
            items.iter().try_for_each(|item| writeln!(out, "    - {}", visible(item)))?;
            match all.saturating_sub(items.len() as u64) {
                0 => Ok(()),
                more => writeln!(out, "    and {} more", grouped(more)),
            }
        }
        Block::Bar { label, shares } => {
            let each = shares.iter().map(|share| {
                format!("{} {}", visible(&words::class(&share.class)), grouped(share.bytes))
            });
            writeln!(out, "  {label}: {} (bytes 字节)", each.collect::<Vec<_>>().join(", "))
        }
        Block::Say(words, _) => writeln!(out, "  {words}"),
    }
}
