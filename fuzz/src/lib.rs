//! A fuzz target is one file with one line: the parser that gets the bytes.
//!
//! `cargo xtask fuzz` runs them all; `fuzz/seeds/TARGET` holds the inputs to start from.

pub use libfuzzer_sys;

/// Hands every input to `$parser`, a `fn(&[u8])`.
#[macro_export]
macro_rules! fuzz {
    ($parser:path) => {
        $crate::libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
            $parser(bytes);
        });
    };
}
