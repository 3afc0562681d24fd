//! Words by which printers call their parts, where the type of a device says too little.

/// Whole words of it, in lower case.
fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn has(name: &str, any: &[&str]) -> bool {
    words(name).iter().any(|word| any.contains(&word.as_str()))
}

fn holds(name: &str, any: &[&str]) -> bool {
    let spaced = words(name).join(" ");
    any.iter().any(|text| spaced.contains(text))
}

/// A memory that forgets, whatever it pretends to be.
pub fn is_memory(name: &str) -> bool {
    holds(name, &["ram disk", "ramdisk", "random access memory"])
        || has(name, &["ram", "dram", "sdram", "ddr", "memory"])
}

/// A memory of settings or of the firmware itself.
pub fn is_of_settings(name: &str) -> bool {
    has(name, &["nvram", "nvm", "eeprom", "rom", "flash", "firmware"])
        || holds(name, &["non volatile", "nonvolatile"])
}

pub fn is_solid_state(name: &str) -> bool {
    has(name, &["ssd", "nvme", "emmc"]) || holds(name, &["solid state"])
}

pub fn is_disk(name: &str) -> bool {
    has(name, &["hdd", "harddisk"])
        || holds(name, &["hard disk", "hard drive", "disk drive", "fixed disk"])
}

pub fn is_usb(name: &str) -> bool {
    has(name, &["usb"])
}

/// A socket into which others can be plugged, and not the one to a computer.
pub fn is_usb_host(name: &str) -> bool {
    is_usb(name)
        && (has(name, &["host"])
            || holds(name, &["external device", "mass storage", "memory device", "flash drive"]))
}

pub fn is_fax(name: &str) -> bool {
    has(name, &["fax", "facsimile"])
}

pub fn is_scanner(name: &str) -> bool {
    has(name, &["scanner", "copier", "adf"]) || holds(name, &["scanner"])
}

pub fn is_radio(name: &str) -> bool {
    let lower = name.to_lowercase();
    ["wlan", "wifi", "wi-fi", "wireless", "802.11"].iter().any(|word| lower.contains(word))
}

pub fn is_access_point(name: &str) -> bool {
    let lower = name.to_lowercase();
    is_radio(name) && ["uap", "direct", "p2p"].iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disks_are_told_from_what_is_called_like_one() {
        for name in ["HDD", "Hard Disk Drive", "HDD,TOSHIBA MK1665GSX", "HP Secure Hard Disk"] {
            assert!(is_disk(name) && !is_memory(name) && !is_of_settings(name), "{name}");
        }
        assert!(is_solid_state("SSD 128 GB") && is_solid_state("Solid-State Drive"));
        for name in
            ["RAM DISK", "Storage RAM", "Random Access Memory", "Allocated memory for Printer"]
        {
            assert!(is_memory(name) && !is_disk(name), "{name}");
        }
        for name in ["NVRAM", "FLASH", "EEPROM", "Non-Volatile Memory"] {
            assert!(is_of_settings(name) && !is_disk(name), "{name}");
        }
    }

    #[test]
    fn a_socket_for_sticks_is_told_from_the_one_to_a_computer() {
        assert!(is_usb_host("USB Port, Support for external devices"));
        assert!(is_usb_host("USB Mass Storage"));
        assert!(!is_usb_host("USB 2.0 device port"));
        assert!(!is_usb_host("Support for external devices"));
    }

    #[test]
    fn a_radio_that_is_an_access_point_is_told_from_another() {
        assert!(is_radio("wifi0") && !is_access_point("wifi0"));
        assert!(is_access_point("wifiUAP"));
        assert!(!is_radio("Ethernet 10/100/1000 Base-T"));
    }
}
