use leaksweep_storage::{Stretch, formats};
fn main() {
    let mut good = 0; let mut all = 0;
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).unwrap();
        let name = std::path::Path::new(&path).file_name().unwrap().to_string_lossy().into_owned();
        all += 1;
        let start = std::time::Instant::now();
        let mut stretch = Stretch::new(&bytes);
        let head: Vec<u8> = bytes[..bytes.len().min(512)].to_vec();
        let mut found = None;
        for format in formats::all() {
            let sig = format.signatures.iter().any(|s| bytes.get(s.at as usize..).is_some_and(|b| b.starts_with(s.bytes)));
            if sig && (format.looks)(&head) {
                if let Some(walked) = (format.walk)(&mut stretch) { found = Some((format, walked)); break; }
            }
        }
        let took = start.elapsed();
        match found {
            Some((f, w)) => {
                let exact = w.length == bytes.len() as u64 && w.is_whole();
                if exact { good += 1; }
                println!("{} {name:28} {:12} {:>9}/{:>9} {:?} pages {:?} {:?} {:?} {:?} {:?} {:?} {:.0}MB/s", if exact {"ok "} else {"BAD"}, w.kind.unwrap_or(f.kind).name, w.length, bytes.len(), w.end, w.details.pages, w.details.title, w.details.user, w.details.host, w.details.application, w.details.created, bytes.len() as f64 / took.as_secs_f64() / 1e6);
            }
            None => println!("--- {name:28} {}", bytes.len()),
        }
    }
    println!("{good} of {all}");
}
