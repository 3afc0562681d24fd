//! The table of volumes of `INFO FILESYS`: a line of names, then one line for each volume. `[1 TABLE]` counts the line of names
//! alone: there is no volume. `"?"` means that the printer has no file system that PJL knows.

use super::answers::Answer;

const MOST: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// `0:`.
    pub name: String,
    pub bytes: Option<u64>,
    pub free: Option<u64>,
    /// The printer's word for where it lies: `RAM`, `DISK`; empty where it says nothing.
    pub place: String,
    /// `READ-WRITE`, `READ-ONLY`; empty where it says nothing.
    pub status: String,
}

/// What a volume lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// Working memory: gone when it is switched off.
    Memory,
    Store(&'static str),
}

pub fn volumes(answer: &Answer) -> Vec<Volume> {
    answer.lines.iter().filter_map(|line| volume(line)).take(MOST).collect()
}

fn volume(line: &str) -> Option<Volume> {
    let fields: Vec<&str> = if line.contains('\t') {
        line.trim_start().split('\t').map(str::trim).collect()
    } else {
        line.split_whitespace().collect()
    };
    let name = fields.first().filter(|name| is_drive(name))?;
    let number = |at: usize| fields.get(at).and_then(|text| text.parse().ok());
    let rest = fields.get(3..).unwrap_or_default();
    let is_status = |text: &&&str| text.starts_with("READ") || text.contains("PROTECT");
    let status = rest.iter().find(is_status).copied().unwrap_or_default();
    let place = rest.first().filter(|text| **text != "?" && **text != status);
    Some(Volume {
        name: (*name).to_owned(),
        bytes: number(1),
        free: number(2),
        place: place.map(|text| text.to_ascii_uppercase()).unwrap_or_default(),
        status: status.to_owned(),
    })
}

fn is_drive(text: &str) -> bool {
    let number = text.strip_suffix(':').unwrap_or_default();
    !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
}

impl Volume {
    pub fn medium(&self) -> Medium {
        let says = |words: &[&str]| words.iter().any(|word| self.place.contains(word));
        match () {
            () if self.place == "RAM" || says(&["RAM DISK", "RAMDISK", "DRAM"]) => Medium::Memory,
            () if says(&["SSD"]) => Medium::Store("ssd"),
            () if says(&["DISK", "HDD", "HARD"]) => Medium::Store("disk"),
            () if says(&["USB", "CARD", "REMOVABLE", "STICK"]) => Medium::Store("removable"),
            () if says(&["FLASH", "ROM", "NAND", "EMMC", "NVRAM"]) => Medium::Store("flash"),
            () => Medium::Store("unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::answers::answers, *};

    fn of(text: &str) -> Vec<Volume> {
        let answer = format!("@PJL INFO FILESYS {text}\r\n\x0c");
        volumes(&answers(answer.as_bytes())[0])
    }

    #[test]
    fn volumes_are_told_by_tabs_and_by_blanks() {
        let tabs = of(
            "[3 TABLE]\r\n\tVOLUME\tTOTAL SIZE\tFREE SPACE\tLOCATION\tLABEL\tSTATUS\r\n\t0:\t1755136\t1718272\tRAM\t\tREAD-WRITE\r\n\t1:\t80026361856\t79000000000\tDISK\t?\tREAD-ONLY",
        );
        assert_eq!(tabs.len(), 2);
        assert_eq!(tabs[0].medium(), Medium::Memory);
        assert_eq!(tabs[1].medium(), Medium::Store("disk"));
        assert_eq!((tabs[1].bytes, tabs[1].status.as_str()), (Some(80_026_361_856), "READ-ONLY"));
        let blanks =
            of("[2 TABLE]\r\nVOLUME  TOTAL SIZE\r\n0:  3145728  3145728  RAM  ?  READ-WRITE");
        assert_eq!(blanks[0].medium(), Medium::Memory);
        assert_eq!(blanks[0].status, "READ-WRITE");
    }

    #[test]
    fn a_place_that_is_not_said_is_not_guessed() {
        let volume = of("[2 TABLE]\r\n\tVOLUME\r\n\t0:\t4096\t0\t?\t?\tREAD-WRITE");
        assert_eq!(volume[0].medium(), Medium::Store("unknown"));
        let bare = of("[2 TABLE]\r\n\tVOLUME\r\n\t0:\tmany");
        assert_eq!((bare[0].bytes, bare[0].place.as_str()), (None, ""));
    }

    #[test]
    fn a_line_of_names_alone_is_no_volume() {
        assert!(
            of("[1 TABLE]\r\n\tVOLUME\tTOTAL SIZE\tFREE SPACE\tLOCATION\tLABEL\tSTATUS").is_empty()
        );
        assert!(of("\r\n\"?\"").is_empty());
    }
}
