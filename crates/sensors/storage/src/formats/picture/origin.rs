//! Whether a picture came from a scanner or a fax: by the facts that it tells itself.
//!
//! It did where its maker, model or software names one; or where it has exactly the points that a sheet of paper has at the
//! density that it names (100 dots per inch or more; faxes have 98 down; both sides within 3 %). Cameras and programs name 72, 96, 180, 240 or 300
//! with sides that fit no sheet.

use super::{PICTURE, SCAN};
use crate::formats::{Family, Kind};

/// Names of scanners, of what drives them, and of machines that print and scan; in small letters.
const NAMES: [&str; 45] = [
    "scan",
    "mfp",
    "multifunction",
    "fax",
    "sane ",
    "naps2",
    "vuescan",
    "silverfast",
    "paperport",
    "twain",
    "iscan",
    "laserjet",
    "officejet",
    "pagewide",
    "deskjet",
    "envy",
    "workcentre",
    "versalink",
    "altalink",
    "docucentre",
    "apeosport",
    "imagerunner",
    "imageclass",
    "i-sensys",
    "canon mf",
    "canon ir",
    "pixma",
    "lide",
    "bizhub",
    "ineo",
    "aficio",
    "ricoh",
    "gestetner",
    "savin",
    "lanier",
    "taskalfa",
    "ecosys",
    "e-studio",
    "lexmark",
    "brother",
    "pantum",
    "workforce",
    "perfection",
    "sharp mx-",
    "copier",
];
/// Sheets in tenths of a millimetre: A3, A4, A5, A6, B4, B5, letter, legal, tabloid, half letter.
const SHEETS: [(u64, u64); 10] = [
    (2970, 4200),
    (2100, 2970),
    (1480, 2100),
    (1050, 1480),
    (2570, 3640),
    (1820, 2570),
    (2159, 2794),
    (2159, 3556),
    (2794, 4318),
    (1397, 2159),
];

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Origin {
    pub named: bool,
    /// Points, across and down.
    pub size: (u64, u64),
    /// Dots per inch, across and down.
    pub density: (u64, u64),
    /// Black and white alone, or packed as faxes are.
    pub bilevel: bool,
}

impl Origin {
    /// Takes what a picture says of who or what made it.
    pub fn says(&mut self, text: Option<&str>) {
        let Some(text) = text else { return };
        let text = text.to_lowercase();
        self.named |= NAMES.iter().any(|name| text.contains(name));
    }

    /// Density in dots of a centimetre.
    pub fn of_centimetres(across: u64, down: u64) -> (u64, u64) {
        let inch = |dots: u64| dots.saturating_mul(254).saturating_add(50) / 100;
        (inch(across), inch(down))
    }

    pub fn is_scan(&self) -> bool {
        self.named || self.bilevel || self.is_sheet()
    }

    fn is_sheet(&self) -> bool {
        let tenths = |points: u64, dots: u64| points.saturating_mul(254).checked_div(dots);
        if self.density.0 < 100 || self.density.1 < 98 {
            return false;
        }
        let sides = (tenths(self.size.0, self.density.0), tenths(self.size.1, self.density.1));
        let (Some(across), Some(down)) = sides else { return false };
        let near = |side: u64, sheet: u64| side.abs_diff(sheet) * 100 <= sheet * 3;
        let fits = |width, height| near(across, width) && near(down, height);
        SHEETS.iter().any(|(short, long)| fits(*short, *long) || fits(*long, *short))
    }

    /// The kind, in the family that its origin says.
    pub fn kind(&self, name: &'static str, extension: &'static str) -> Option<Kind> {
        let family = if self.is_scan() { SCAN } else { PICTURE };
        (family != Family::Picture).then_some(Kind { name, family, extension })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_and_names_make_a_scan() {
        let sheet = |size, density| Origin { size, density, ..Origin::default() }.is_scan();
        assert!(sheet((1654, 2339), (200, 200)) && sheet((2338, 1654), (200, 200)));
        assert!(sheet((2550, 3300), (300, 300)) && sheet((1728, 1100), (204, 98)));
        assert!(!sheet((4000, 3000), (300, 300)) && !sheet((595, 842), (72, 72)));
        assert!(!sheet((0, 0), (0, 0)) && !sheet((u64::MAX, u64::MAX), (300, 300)));
        let named = |text| {
            let mut origin = Origin::default();
            origin.says(Some(text));
            origin.is_scan()
        };
        assert!(named("KONICA MINOLTA bizhub C308") && named("Brother DCP-7065DN"));
        assert!(!named("Canon EOS 5D") && !named("GIMP 2.10"));
    }
}
