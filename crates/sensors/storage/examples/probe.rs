use leaksweep_storage::{
    Stretch,
    formats::{self, End, Walked},
};
use std::{fs, time::Instant};
struct Rng(u64);
impl Rng {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545F4914F6CDD1D)
    }
    fn fill(&mut self, n: usize) -> Vec<u8> {
        let mut v = Vec::with_capacity(n + 8);
        while v.len() < n {
            v.extend(self.next().to_le_bytes());
        }
        v.truncate(n);
        v
    }
}
fn walk(f: &formats::Format, b: &Vec<u8>) -> Option<Walked> {
    if !(f.looks)(&b[..b.len().min(512)]) {
        return None;
    }
    (f.walk)(&mut Stretch::new(b))
}
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mode = args[0].clone();
    let kind = args[1].clone();
    let f = formats::all().find(|f| f.kind.name == kind).expect("kind");
    let files: Vec<(String, Vec<u8>)> = args[2..]
        .iter()
        .map(|p| (p.rsplit('/').next().unwrap().to_string(), fs::read(p).unwrap()))
        .collect();
    let mut rng = Rng(88172645463325252);
    let junk = rng.fill(1 << 20);
    let other = files.iter().map(|f| &f.1).max_by_key(|b| b.len()).unwrap().clone();
    let (mut good, mut all) = (0, 0);
    for (name, b) in &files {
        match mode.as_str() {
            "show" => {
                let w = walk(f, b);
                println!("{name} {} {:?}", b.len(), w);
                if let (Some(w), Some(p)) = (w, f.picture) {
                    let t = Instant::now();
                    let pic = p(&mut Stretch::new(b), &w);
                    let el = t.elapsed();
                    match pic {
                        Some(p) => {
                            let png = formats::picture::png(&p);
                            println!(
                                "   preview {}x{} png {:?} in {:?}",
                                p.width,
                                p.height,
                                png.as_ref().map(|p| p.len()),
                                el
                            );
                            if let Some(png) = png {
                                fs::create_dir_all("/tmp/wt-target/pictures/prev").ok();
                                fs::write(format!("/tmp/wt-target/pictures/prev/{name}.png"), png)
                                    .unwrap();
                            }
                        }
                        None => println!("   NO preview"),
                    }
                }
            }
            "exact" => {
                let n = b.len() as u64;
                let mut bad = String::new();
                for (what, tail) in [
                    ("alone", vec![]),
                    ("zeros", vec![0; 70000]),
                    ("ff", vec![0xFF; 70000]),
                    ("random", junk[..200000].to_vec()),
                    ("same", b.clone()),
                    ("other", other.clone()),
                    ("text", b"hello world, this is text\n".repeat(3000).to_vec()),
                ] {
                    let mut x = b.clone();
                    x.extend(tail);
                    let w = walk(f, &x);
                    all += 1;
                    if w.as_ref().is_some_and(|w| w.length == n && w.end == End::Whole) {
                        good += 1
                    } else {
                        bad +=
                            &format!(" {what}:{:?}", w.map(|w| (w.length as i64 - n as i64, w.end)))
                    }
                }
                if !bad.is_empty() {
                    println!("{name} {n}:{bad}")
                }
            }
            "cut" => {
                let mut line = String::new();
                for (what, tail) in [
                    ("eof", vec![]),
                    ("zeros", vec![0; 70000]),
                    ("ff", vec![0xFF; 70000]),
                    ("random", junk[..200000].to_vec()),
                    ("same", b.clone()),
                    ("other", other.clone()),
                    ("sector", {
                        let mut t = vec![];
                        t.extend(&junk[..0]);
                        t.extend(b"PK\x03\x04\x14\0\0\0\x08\0");
                        t.extend(&junk[5000..90000]);
                        t
                    }),
                ] {
                    line += &format!(" | {what}");
                    for i in 1..=10 {
                        let at = b.len() * i / 11;
                        let mut x = b[..at].to_vec();
                        x.extend(&tail);
                        all += 1;
                        match walk(f, &x) {
                            Some(w) if w.end != End::Whole => {
                                let d = w.sound() as i64 - at as i64;
                                if d == 0 {
                                    good += 1;
                                    line += " ="
                                } else {
                                    line += &format!(
                                        " {d}{}",
                                        if w.end == End::Broken { "" } else { "D" }
                                    )
                                }
                            }
                            Some(w) => line += &format!(" WHOLE{}", w.length as i64 - at as i64),
                            None => line += " -",
                        }
                    }
                }
                println!("{name} {}:{line}", b.len());
            }
            "bait" => {
                for len in [8, 16, 24, 32, 48, 64, 100, 128, 200, 300, 400, 600, b.len() / 2] {
                    if len > 600 || len > b.len() {
                        continue;
                    }
                    for _ in 0..8 {
                        let mut x = b[..len].to_vec();
                        x.extend(rng.fill(40000));
                        let t = rng.next() % 3;
                        if t == 0 {
                            x.extend([0; 5000])
                        } else if t == 1 {
                            x.extend(&other)
                        }
                        all += 1;
                        match walk(f, &x) {
                            None => good += 1,
                            Some(w) => println!("BAIT {name} {len}: {:?}", (w.length, w.end)),
                        }
                    }
                }
            }
            "gap" => {
                let mut ds = vec![];
                for k in 0..12 {
                    let at = ((b.len() * (k + 1) / 14) / 512) * 512;
                    if at < 1024 {
                        continue;
                    }
                    for src in 0..2 {
                        let fo = if src == 0 {
                            &junk[k * 40000..][..16384]
                        } else {
                            let o = other.len() / 3 + k * 3000;
                            &other[o..(o + 16384).min(other.len())]
                        };
                        let mut x = b[..at].to_vec();
                        x.extend(fo);
                        x.extend(&b[at..]);
                        all += 1;
                        match walk(f, &x) {
                            Some(w) if w.end != End::Whole => {
                                ds.push((src, w.sound() as i64 - at as i64))
                            }
                            Some(w) => ds.push((src, 999999 + w.length as i64 * 0)),
                            None => ds.push((src, -999999)),
                        }
                    }
                }
                for src in 0..2 {
                    let mut v: Vec<i64> = ds.iter().filter(|d| d.0 == src).map(|d| d.1).collect();
                    v.sort();
                    println!("{name} {} {}: {:?}", b.len(), ["random", "samekind"][src], v);
                }
            }
            "speed" => {
                let t = Instant::now();
                let mut n = 0u64;
                while t.elapsed().as_millis() < 400 {
                    walk(f, b);
                    n += b.len() as u64
                }
                println!(
                    "{name} {} {:.0} MB/s",
                    b.len(),
                    n as f64 / 1e6 / t.elapsed().as_secs_f64()
                );
            }
            "mutate" => {
                let total: u64 =
                    std::env::var("N").ok().and_then(|n| n.parse().ok()).unwrap_or(20000)
                        / files.len() as u64;
                let mut slow = 0u128;
                for _ in 0..total {
                    let mut x = b.clone();
                    if rng.next() % 3 == 0 {
                        let n = rng.next() as usize % x.len().max(1);
                        x.truncate(n.max(8));
                    }
                    if x.is_empty() {
                        continue;
                    }
                    for _ in 0..1 + rng.next() % 6 {
                        let n = x.len();
                        let at = if rng.next() % 2 == 0 {
                            rng.next() as usize % n
                        } else {
                            rng.next() as usize % n.min(700)
                        };
                        match rng.next() % 6 {
                            0 => x[at] ^= 1 << (rng.next() % 8),
                            1 => x[at] = rng.next() as u8,
                            2 => {
                                let e = (at + 4).min(n);
                                x[at..e].fill(0xFF)
                            }
                            3 => {
                                let e = (at + 8).min(n);
                                x[at..e].fill(if rng.next() % 2 == 0 { 0x7F } else { 0 })
                            }
                            4 => {
                                let from = rng.next() as usize % n;
                                let l = (rng.next() as usize % 64).min(n - at).min(n - from);
                                let c = x[from..from + l].to_vec();
                                x[at..at + l].copy_from_slice(&c)
                            }
                            _ => {
                                let v = (rng.next() % (2 * n as u64)) as u32;
                                let e = (at + 4).min(n);
                                let by = if rng.next() % 2 == 0 {
                                    v.to_be_bytes()
                                } else {
                                    v.to_le_bytes()
                                };
                                x[at..e].copy_from_slice(&by[..e - at])
                            }
                        }
                    }
                    let t = Instant::now();
                    let mut s = Stretch::new(&x);
                    let looks = (f.looks)(&x[..x.len().min(512)]);
                    let w = (f.walk)(&mut s);
                    if let Some(w) = &w {
                        assert!(w.length <= x.len() as u64, "{name} too long {:?}", w);
                        assert!(w.sound() <= w.length, "{name} sound {:?}", w);
                        if let Some(p) = f.picture {
                            if let Some(p) = p(&mut s, w) {
                                assert!(
                                    p.rgb.len() == (p.width * p.height * 3) as usize
                                        && p.width <= 480
                                        && p.height <= 480
                                );
                            }
                        }
                    }
                    let _ = looks;
                    let e = t.elapsed().as_millis();
                    if e > slow {
                        slow = e;
                        if e > 300 {
                            println!("{name} slow {e} ms");
                            fs::write(format!("/tmp/wt-target/pictures/slow-{name}"), &x).ok();
                        }
                    }
                    all += 1;
                    good += 1;
                }
            }
            _ => panic!(),
        }
    }
    println!("{mode} {kind}: {good} of {all}");
}
