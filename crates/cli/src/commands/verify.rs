//! Is a sweep file whole, unaltered and signed by this key?

use anyhow::Result;

use crate::{Found, arguments, console, inputs};

pub fn run(verify: &arguments::Verify) -> Result<Found> {
    let key = inputs::public_key(&verify.public_key)?;
    let sweep = inputs::sweep(&verify.file, std::slice::from_ref(&key))?;
    let manifest = &sweep.manifest;
    console::say(format_args!(
        "{}: whole, unaltered, signed by {}",
        verify.file.display(),
        key.id()
    ))?;
    console::say(format_args!(
        "{} observed by {} {}, {} to {}{}",
        leaksweep_report::safe_text::visible(&manifest.target),
        leaksweep_report::safe_text::visible(&manifest.sensor),
        leaksweep_report::safe_text::visible(&manifest.tool_version),
        manifest.started,
        manifest.ended,
        if manifest.privileged { ", privileged" } else { ", not privileged" },
    ))?;
    let rows: u64 = manifest.parts.iter().map(|part| part.rows).sum();
    console::say(format_args!("{} tables, {rows} rows", manifest.parts.len()))?;
    Ok(Found::Nothing)
}
