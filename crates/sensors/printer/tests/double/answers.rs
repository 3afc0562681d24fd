//! What the double says to PJL and LPD.

pub const EXIT: &[u8] = b"\x1b%-12345X";

pub const QUEUE: &[u8] = b"lp is ready and printing\nRank    Owner   Job     File(s)                         Total Size\n\
    active  alice   57      offer 2026.pdf                  1024 bytes\n";

/// Answers each line as a laser printer does.
pub fn pjl(question: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(question);
    let mut answer = String::new();
    for line in text.lines().filter_map(|line| line.split_once("@PJL ")) {
        let asked = line.1.trim();
        let said = match asked {
            "INFO ID" => "\"HP LaserJet 4250\"\r\n",
            "INFO CONFIG" => "MEMORY=83886080\r\nLANGUAGES [2 ENUMERATED]\r\n\tPCL\r\n\tPJL\r\n",
            "INFO FILESYS" => {
                answer.push_str("@PJL INFO FILESYS [2 TABLE]\r\n\tVOLUME\tTOTAL SIZE\tFREE SPACE\tLOCATION\tLABEL\tSTATUS\r\n\t0:\t5000\t4000\tDISK\t?\tREAD-WRITE\r\n\x0c");
                continue;
            }
            "INFO STATUS" => "CODE=10001\r\nDISPLAY=\"Ready\"\r\nONLINE=TRUE\r\n",
            "DINQUIRE PASSWORD" | "INQUIRE PASSWORD" => "DISABLED\r\n",
            "DINQUIRE CPLOCK" | "INQUIRE CPLOCK" => "OFF\r\n",
            "DINQUIRE DISKLOCK" | "INQUIRE DISKLOCK" => "OFF\r\n",
            "INFO VARIABLES" => "COPIES=1 [2 RANGE]\r\n\t1\r\n\t999\r\n",
            _ if asked.starts_with("ECHO ") => "",
            _ => "\"?\"\r\n",
        };
        answer.push_str(&format!("@PJL {asked}\r\n{said}\x0c"));
    }
    answer.into_bytes()
}
