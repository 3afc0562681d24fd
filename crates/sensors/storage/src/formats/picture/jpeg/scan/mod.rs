//! Goes through the coded data of one scan, unit by unit. Values of coefficients are skipped but where they decide what follows, or
//! whether they can be.
//!
//! A picture has at most [`MOST_BLOCKS`] blocks that a refining scan needs to know; larger ones are followed by their markers
//! alone.

mod limits;
mod progressive;

use super::{
    entropy::{Entropy, Mark},
    frame::{Coding, Component, Frame, Scan, Tables},
    huffman::{Huffman, Runs},
};
use limits::{fits, safe};

/// Eight bytes for each are held while a progressive picture is read.
pub const MOST_BLOCKS: u64 = 4 << 20;

/// Takes the mean of each block.
pub trait Means {
    const WANTED: bool;
    fn mean(&mut self, component: usize, x: u32, y: u32, value: i32);
}

pub struct NoMeans;

impl Means for NoMeans {
    const WANTED: bool = false;
    fn mean(&mut self, _: usize, _: u32, _: u32, _: i32) {}
}

/// For each component which coefficients of each block are not zero.
pub type Maps = [Vec<u64>; 4];

/// What a restart forgets.
#[derive(Debug, Default, Clone)]
struct Running {
    means: [i32; 4],
    /// Blocks left of a run of blocks that have nothing more.
    empty: u32,
}

/// How far a scan was read: the row that comes next.
#[derive(Debug, Clone)]
pub struct Row {
    /// Where the scan's data begin.
    pub scan: u64,
    pub mark: Mark,
    y: u32,
    running: Running,
    left: u32,
    restarts: u32,
}

/// One component of a scan, with what its blocks are read by.
struct Part<'t> {
    index: usize,
    component: Component,
    dc: Option<&'t Huffman>,
    ac: Option<&'t Huffman>,
    quantisers: &'t [u16; 64],
    /// The largest mean that can be.
    most: i32,
    runs: usize,
}

pub struct Data<'t, 'm, M> {
    frame: &'t Frame,
    scan: &'t Scan,
    restart: u32,
    parts: Vec<Part<'t>>,
    runs: Vec<Runs>,
    maps: &'m mut Maps,
    means: &'m mut M,
    /// Restart markers that came where they had to.
    pub restarts: u32,
}

impl<'t, 'm, M: Means> Data<'t, 'm, M> {
    /// None where a table is missing.
    pub fn new(
        frame: &'t Frame,
        scan: &'t Scan,
        tables: &'t Tables,
        maps: &'m mut Maps,
        means: &'m mut M,
    ) -> Option<Self> {
        let mut data = Self {
            frame,
            scan,
            restart: tables.restart,
            parts: Vec::new(),
            runs: Vec::new(),
            maps,
            means,
            restarts: 0,
        };
        for (index, dc, ac) in &scan.components {
            let component = *frame.components.get(*index)?;
            let quantisers = tables.quantisers.get(component.quantiser)?.as_deref()?;
            let (dc, ac) = (tables.dc.get(*dc)?.as_ref(), tables.ac.get(*ac)?.as_ref());
            let first = i32::from(quantisers[0]);
            let most = ((1024 + 128) << (frame.precision - 8)) / first + 2;
            let runs = data.runs.len();
            data.parts.push(Part { index: *index, component, dc, ac, quantisers, most, runs });
            if frame.coding == Coding::Sequential {
                data.runs.push(Runs::new(ac?, safe(frame, quantisers)));
            }
            let refines = scan.high > 0;
            let needs_dc = scan.first == 0 && !refines;
            let needs_ac = scan.last > 0;
            (!(needs_dc && dc.is_none() || needs_ac && ac.is_none())).then_some(())?;
        }
        Some(data)
    }

    /// Whether long runs of zero bits can stand here: where they say that nothing changes.
    pub fn zeros_are_plausible(&self) -> bool {
        let same = |table: Option<&Huffman>| table.and_then(Huffman::zeros) == Some(0);
        match self.frame.coding {
            _ if self.scan.high > 0 => true,
            Coding::Sequential => self.parts.iter().all(|part| same(part.dc) && same(part.ac)),
            _ if self.scan.first == 0 => self.parts.iter().all(|part| same(part.dc)),
            _ => self.parts.iter().all(|part| {
                let symbol = part.ac.and_then(Huffman::zeros);
                symbol.is_some_and(|symbol| symbol & 15 == 0)
            }),
        }
    }

    /// Whether what comes after a row depends on nothing but what a [`Row`] has.
    pub fn can_go_on(&self) -> bool {
        self.frame.coding == Coding::Sequential && !M::WANTED
    }

    /// Reads all of it, whose data begin at `begins`, or what comes from a row on: the place of the marker behind it, or of what is wrong.
    pub fn read(
        &mut self,
        entropy: &mut Entropy,
        begins: u64,
        row: Option<Row>,
    ) -> Result<u64, u64> {
        let interleaved = self.parts.len() > 1;
        let Some((width, height)) = (match self.parts.first() {
            Some(_) if interleaved => Some(self.frame.units),
            part => part.map(|part| part.component.blocks),
        }) else {
            return Err(entropy.place());
        };
        let (mut running, mut left, mut first) = (Running::default(), self.restart, 0);
        if let Some(row) = row {
            (running, left, first) = (row.running, row.left, row.y);
            self.restarts = row.restarts;
        }
        // Blocks that have nothing more are gone over at once where nothing else depends on them.
        let skips = self.scan.first > 0 && self.scan.high == 0 && self.restart == 0;
        for y in first..height {
            if self.can_go_on()
                && let Some(mark) = entropy.mark()
            {
                let (running, restarts) = (&running, self.restarts);
                entropy.stretch.keep(mark.place + 1, || {
                    let running = running.clone();
                    Row { scan: begins, mark, y, running, left, restarts }
                });
            }
            let mut x = 0;
            while x < width {
                if skips && running.empty > 0 {
                    let count = running.empty.min(width - x);
                    running.empty -= count;
                    x += count;
                    continue;
                }
                if self.restart > 0 {
                    if left == 0 {
                        self.restart(entropy, &mut running)?;
                        left = self.restart;
                    }
                    left -= 1;
                }
                let read = if interleaved {
                    self.unit(entropy, &mut running, x, y)
                } else {
                    self.block(entropy, &mut running, 0, x, y)
                };
                if read.is_none() || entropy.is_over() {
                    return Err(entropy.place());
                }
                x += 1;
            }
        }
        if running.empty > 0 {
            return Err(entropy.place());
        }
        entropy.finish().ok_or_else(|| entropy.place())
    }

    fn restart(&mut self, entropy: &mut Entropy, running: &mut Running) -> Result<(), u64> {
        if running.empty > 0 || !entropy.restart((self.restarts & 7) as u8) {
            return Err(entropy.place());
        }
        *running = Running::default();
        self.restarts += 1;
        Ok(())
    }

    #[inline(always)]
    fn unit(&mut self, entropy: &mut Entropy, running: &mut Running, x: u32, y: u32) -> Option<()> {
        for part in 0..self.parts.len() {
            let component = self.parts[part].component;
            for down in 0..component.v {
                for across in 0..component.h {
                    let (x, y) = (x * component.h + across, y * component.v + down);
                    self.block(entropy, running, part, x, y)?;
                }
            }
        }
        Some(())
    }

    #[inline(always)]
    fn block(
        &mut self,
        entropy: &mut Entropy,
        running: &mut Running,
        part: usize,
        x: u32,
        y: u32,
    ) -> Option<()> {
        match (self.frame.coding, self.scan.first, self.scan.high) {
            (Coding::Sequential, ..) => {
                self.mean(entropy, running, part, x, y)?;
                self.coefficients(entropy, part)
            }
            (_, 0, 0) => self.mean(entropy, running, part, x, y),
            (_, 0, _) => {
                entropy.take(1);
                Some(())
            }
            (_, _, 0) => self.first_pass(entropy, running, part, x, y),
            _ => self.refine(entropy, running, part, x, y),
        }
    }

    #[inline(always)]
    fn mean(
        &mut self,
        entropy: &mut Entropy,
        running: &mut Running,
        part: usize,
        x: u32,
        y: u32,
    ) -> Option<()> {
        let part = &self.parts[part];
        let mean = running.means[part.index & 3] + part.dc?.difference(entropy)?;
        running.means[part.index & 3] = mean;
        let value = mean << self.scan.low;
        if value.abs() > part.most + (1 << self.scan.low) {
            return None;
        }
        if M::WANTED {
            let scaled = (value * i32::from(part.quantisers[0])) >> (self.frame.precision - 8);
            self.means.mean(part.index, x, y, scaled);
        }
        Some(())
    }

    #[inline(always)]
    fn coefficients(&self, entropy: &mut Entropy, part: usize) -> Option<()> {
        let part = &self.parts[part];
        let runs = &self.runs[part.runs];
        let mut at = 1;
        while at < 64 {
            let bits = entropy.look();
            let step = runs.look(bits);
            let next = at + step.coefficients();
            if !step.is_slow() && next + u32::from(step.ends()) <= 64 {
                entropy.skip(step.bits());
                if step.ends() {
                    return Some(());
                }
                at = next;
                continue;
            }
            let (length, symbol) = part.ac?.decode(bits)?;
            let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
            entropy.skip(length + size);
            match (run, size) {
                (0, 0) => return Some(()),
                (15, 0) => at += 16,
                (_, 0) => return None,
                _ => {
                    at += run;
                    fits(self.frame, part.quantisers, at, size)?;
                    at += 1;
                }
            }
        }
        (at == 64).then_some(())
    }
}
