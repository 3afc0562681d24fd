//! QR codes, as rows of modules: true is dark.

use qrcodegen::{QrCode, QrCodeEcc};

/// None where the text has no room in any code.
pub fn modules(text: &str) -> Option<Vec<Vec<bool>>> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = 0..code.size();
    Some(side.clone().map(|y| side.clone().map(|x| code.get_module(x, y)).collect()).collect())
}

/// The dark stretches of a row: where they begin and how long they are.
pub fn dark(row: &[bool]) -> Vec<(usize, usize)> {
    let mut at = 0;
    let mut runs = Vec::new();
    for run in row.chunk_by(|one, other| one == other) {
        if run.first() == Some(&true) {
            runs.push((at, run.len()));
        }
        at += run.len();
    }
    runs
}
