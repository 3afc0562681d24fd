use std::io::{self, Write};

use leaksweep_facts::verdict::Judgement;

use crate::Style;

pub fn write(_: &Judgement, _: &Style, _: &mut dyn Write) -> io::Result<()> {
    Ok(())
}
