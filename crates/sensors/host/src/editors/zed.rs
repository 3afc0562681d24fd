//! Extensions of Zed: a folder each; what it installs itself comes from its own list.

use super::{Extensions, folders, row};
use crate::accounts::Home;

const OWN: &str = ".local/share/zed/extensions/installed";

pub fn of_home(reading: &mut Extensions<'_>, home: &Home) {
    for path in folders(reading, &home.path.join(OWN)) {
        let row = row(reading, "zed", Some(home), &path);
        reading.row(row);
    }
}
