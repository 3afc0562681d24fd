use leaksweep_storage::{Stretch, formats::{self, Format, Walked, End}};
struct Rng(u64);
impl Rng { fn next(&mut self) -> u64 { self.0 ^= self.0 << 13; self.0 ^= self.0 >> 7; self.0 ^= self.0 << 17; self.0 }
 fn bytes(&mut self, n: usize) -> Vec<u8> { (0..n).map(|_| (self.next() >> 32) as u8).collect() } }
fn find(bytes: &Vec<u8>) -> Option<(&'static Format, Walked)> {
    let mut stretch = Stretch::new(bytes);
    let head: Vec<u8> = bytes[..bytes.len().min(512)].to_vec();
    for format in formats::all() {
        let sig = format.signatures.iter().any(|s| bytes.get(s.at as usize..).is_some_and(|b| b.starts_with(s.bytes)));
        if sig && (format.looks)(&head) {
            if let Some(walked) = (format.walk)(&mut stretch) { return Some((format, walked)); }
        }
    }
    None
}
fn main() {
    let mut rng = Rng(0x1234567);
    let mut samples = vec![];
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).unwrap();
        let name = std::path::Path::new(&path).file_name().unwrap().to_string_lossy().into_owned();
        if let Some((f, w)) = find(&bytes) { if w.length == bytes.len() as u64 && w.is_whole() { samples.push((name, bytes, f, w.kind.unwrap_or(f.kind).name)); } }
    }
    // one representative of each kind for followers
    let mut reps: Vec<usize> = vec![]; let mut kinds = std::collections::HashSet::new();
    for (i, s) in samples.iter().enumerate() { if kinds.insert(s.3) { reps.push(i); } }
    eprintln!("{} samples, {} kinds {:?}", samples.len(), reps.len(), kinds);
    let (mut tests, mut bad, mut trunc, mut trunc_bad, mut lost, mut none) = (0, 0, 0, 0, 0u64, 0); let mut kept_share = 0.0;
    for (i, (name, bytes, format, kind)) in samples.iter().enumerate() {
        let n = bytes.len();
        let mut check = |what: String, tail: Vec<u8>, tests: &mut u32, bad: &mut u32| {
            let all = [bytes.clone(), tail].concat();
            *tests += 1;
            match find(&all) {
                Some((_, w)) if w.length == n as u64 && w.is_whole() => {}
                other => { *bad += 1; println!("WHOLE {name} {kind} {what}: {:?}", other.map(|(_, w)| (w.length as i64 - n as i64, w.end))); }
            }
        };
        check("zeros".into(), vec![0; 3000], &mut tests, &mut bad);
        check("ff".into(), vec![0xFF; 3000], &mut tests, &mut bad);
        for k in 0..3 { check(format!("random{k}"), rng.bytes(3000), &mut tests, &mut bad); }
        for r in &reps { if samples[*r].1.len() > 3_000_000 { continue }
            let follow = &samples[*r].1[..samples[*r].1.len().min(200_000)];
            let pad = (512 - n % 512) % 512;
            check(format!("aligned {}", samples[*r].0), [vec![0; pad], follow.to_vec()].concat(), &mut tests, &mut bad);
            check(format!("direct {}", samples[*r].0), follow.to_vec(), &mut tests, &mut bad);
        }
        if n < 1024 { continue }
        for t in 0..10 {
            let cut = ((n as u64 * (t * 2 + 1) / 20) / 512 * 512).max(512) as usize;
            if cut >= n { continue }
            let rep = reps[(rng.next() as usize) % reps.len()];
            let other = &samples[rep].1[..samples[rep].1.len().min(300_000)];
            for (what, tail) in [("zeros", vec![0; 5000]), ("ff", vec![0xFF; 5000]), ("random", rng.bytes(200_000)), ("end", vec![]), ("other", other.to_vec())] {
                let all = [bytes[..cut].to_vec(), tail].concat();
                trunc += 1;
                match find(&all) {
                    Some((f, w)) if std::ptr::eq(f, *format) && w.length <= cut as u64 => {
                        kept_share += w.length as f64 / cut as f64;
                        if w.end == End::Whole && w.length != cut as u64 { println!("CUTWHOLE {name} {kind} {what} cut {cut} len {}", w.length); }
                        if w.end == End::Whole { lost += 1; }
                    }
                    Some((f, w)) => { trunc_bad += 1; println!("TRUNC {name} {kind} {what}{} cut {cut} of {n}: {} over {} {:?}", if what == "other" { samples[rep].0.clone() } else { String::new() }, f.kind.name, w.length as i64 - cut as i64, w.end); }
                    None => { none += 1; println!("NONE {name} {kind} {what} cut {cut} of {n}"); }
                }
            }
        }
        let _ = i;
    }
    // baits
    let mut baits = 0;
    for (name, bytes, format, kind) in &samples {
        for head in [4usize, 8, 12, 16, 20, 24, 32, 40, 48, 56, 64] { for _ in 0..3 {
            let mut all = bytes[..head.min(bytes.len())].to_vec(); all.extend(rng.bytes(30_000));
            for f in formats::all() { if (f.looks)(&all[..512]) { if let Some(w) = (f.walk)(&mut Stretch::new(&all)) { baits += 1; println!("BAIT {name} {kind} head {head} -> {} {} {:?}", f.kind.name, w.length, w.end); } } }
        } }
        let _ = format;
    }
    println!("{tests} whole tests {bad} bad; {trunc} cuts: {trunc_bad} wrong, {none} none, {lost} called whole, kept {:.3}; baits taken {baits}", kept_share / f64::from(trunc));
}
