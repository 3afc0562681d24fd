//! How a service behaves, beyond what it should do.

use std::{io::Write, net::TcpStream, thread, time::Duration};

/// A manner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// As a printer does.
    Printer,
    /// It never stops talking.
    Endless,
    /// A byte at a time.
    Drip,
    /// It ends within its answer.
    Cut,
    /// It listens and says nothing.
    Silent,
    /// It speaks another protocol.
    Wrong,
    /// Noise of all bytes.
    Noise,
}

impl Manner {
    pub const HOSTILE: [Manner; 6] =
        [Manner::Endless, Manner::Drip, Manner::Cut, Manner::Silent, Manner::Wrong, Manner::Noise];

    /// Answers in its manner. `answer` is what a printer would say.
    pub fn say(self, stream: &mut TcpStream, service: &str, answer: &[u8]) {
        // Whoever asked may be gone: that is no fault of the double.
        let _ = self.try_say(stream, service, answer);
    }

    fn try_say(self, stream: &mut TcpStream, service: &str, answer: &[u8]) -> std::io::Result<()> {
        match self {
            Manner::Printer => stream.write_all(answer),
            Manner::Cut => stream.write_all(&answer[..answer.len() / 2]),
            Manner::Silent => {
                thread::sleep(Duration::from_secs(20));
                Ok(())
            }
            Manner::Wrong => stream.write_all(if service == "ftp" {
                b"HTTP/1.0 400 No\r\n\r\n"
            } else {
                b"SSH-2.0-x\r\n"
            }),
            Manner::Noise => stream.write_all(&noise(20_000)),
            Manner::Drip => loop {
                for byte in answer {
                    stream.write_all(&[*byte])?;
                    thread::sleep(Duration::from_millis(100));
                }
            },
            Manner::Endless => {
                stream.write_all(answer)?;
                loop {
                    stream.write_all(&answer.repeat(200))?;
                }
            }
        }
    }

    /// The datagrams of an answer.
    pub fn datagrams(self, answer: Vec<u8>) -> Vec<Vec<u8>> {
        match self {
            Manner::Printer => vec![answer],
            Manner::Silent => Vec::new(),
            Manner::Cut => vec![answer[..answer.len() / 2].to_vec()],
            Manner::Wrong => vec![b"SSH-2.0-x\r\n".to_vec()],
            Manner::Drip => answer.chunks(1).take(50).map(<[u8]>::to_vec).collect(),
            Manner::Endless => vec![noise(8000); 200],
            Manner::Noise => vec![noise(1200)],
        }
    }
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}
