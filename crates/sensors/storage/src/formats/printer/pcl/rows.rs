//! The rows of a picture in PCL, unpacked plane by plane over the row before.

/// What planes, or bytes of points, stand for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Colours {
    #[default]
    Black,
    Rgb,
    Cmy,
    Kcmy,
    /// Three bytes for each point.
    Direct,
}

#[derive(Default)]
pub struct Rows {
    colours: Colours,
    /// As `ESC*b#M` numbers them.
    pub packing: i64,
    planes: [Vec<u8>; 4],
    next: usize,
}

impl Rows {
    pub const LONGEST: usize = 64 * 1024;

    /// By `ESC*r#U`.
    pub fn planes(&mut self, number: i64) {
        self.colours = match number {
            3 => Colours::Rgb,
            -3 => Colours::Cmy,
            -4 => Colours::Kcmy,
            _ => Colours::Black,
        };
        self.forget();
    }

    /// By `ESC*v#W`: how points are coded, and their bits.
    pub fn configure(&mut self, data: &[u8]) {
        if let [0, 3, _, 8, 8, 8, ..] = data {
            self.colours = Colours::Direct;
        }
        self.forget();
    }

    pub fn forget(&mut self) {
        self.planes.iter_mut().for_each(Vec::clear);
        self.begin();
    }

    pub fn begin(&mut self) {
        self.next = 0;
    }

    pub fn plane(&mut self, data: &[u8]) {
        let Some(row) = self.planes.get_mut(self.next) else { return };
        self.next += 1;
        match self.packing {
            0 => plain(row, data),
            1 => pairs(row, data),
            2 => runs(row, data),
            3 => changes(row, data),
            9 => replaced(row, data),
            _ => row.clear(),
        }
    }

    pub fn point(&self, dot: usize) -> [u8; 3] {
        if self.colours == Colours::Direct {
            let byte = |at: usize| self.planes[0].get(dot * 3 + at).copied().unwrap_or(255);
            return [byte(0), byte(1), byte(2)];
        }
        let bit = |plane: usize| {
            let byte = self.planes[plane].get(dot / 8).copied().unwrap_or(0);
            byte >> (7 - dot % 8) & 1 == 1
        };
        let ink = |inked: bool| if inked { 0 } else { 255 };
        match self.colours {
            Colours::Rgb => [0, 1, 2].map(|plane| ink(!bit(plane))),
            Colours::Cmy => [0, 1, 2].map(|plane| ink(bit(plane))),
            Colours::Kcmy => [1, 2, 3].map(|plane| ink(bit(0) || bit(plane))),
            _ => [ink(bit(0)); 3],
        }
    }
}

fn put(row: &mut Vec<u8>, at: usize, byte: u8) {
    if at >= row.len() && at < Rows::LONGEST {
        row.resize(at + 1, 0);
    }
    if let Some(place) = row.get_mut(at) {
        *place = byte;
    }
}

fn plain(row: &mut Vec<u8>, data: &[u8]) {
    row.clear();
    row.extend_from_slice(&data[..data.len().min(Rows::LONGEST)]);
}

fn repeat(row: &mut Vec<u8>, byte: u8, count: usize) {
    let count = count.min(Rows::LONGEST - row.len().min(Rows::LONGEST));
    row.extend(std::iter::repeat_n(byte, count));
}

fn pairs(row: &mut Vec<u8>, data: &[u8]) {
    row.clear();
    data.as_chunks::<2>()
        .0
        .iter()
        .for_each(|[more, byte]| repeat(row, *byte, usize::from(*more) + 1));
}

fn runs(row: &mut Vec<u8>, mut data: &[u8]) {
    row.clear();
    while let [code, rest @ ..] = data {
        data = match (code, rest) {
            (0..=127, rest) => {
                let (bytes, behind) = rest.split_at((usize::from(*code) + 1).min(rest.len()));
                bytes.iter().for_each(|byte| repeat(row, *byte, 1));
                behind
            }
            (129.., [byte, behind @ ..]) => {
                repeat(row, *byte, 257 - usize::from(*code));
                behind
            }
            _ => rest,
        };
    }
}

/// A number that goes on in further bytes while they are 255, where the part in the code is the largest.
fn longer(part: usize, largest: usize, data: &mut &[u8]) -> usize {
    let mut number = part;
    let mut more = part == largest;
    while more {
        let Some((byte, rest)) = data.split_first() else { break };
        *data = rest;
        number += usize::from(*byte);
        more = *byte == 255;
    }
    number
}

fn changes(row: &mut Vec<u8>, mut data: &[u8]) {
    let mut at = 0;
    while let Some((code, rest)) = data.split_first() {
        data = rest;
        at += longer(usize::from(code & 31), 31, &mut data);
        let (bytes, rest) = data.split_at((usize::from(code >> 5) + 1).min(data.len()));
        for byte in bytes {
            put(row, at, *byte);
            at += 1;
        }
        data = rest;
    }
}

/// Changes with runs.
fn replaced(row: &mut Vec<u8>, mut data: &[u8]) {
    let mut at = 0;
    while let Some((code, rest)) = data.split_first() {
        data = rest;
        let code = usize::from(*code);
        if code < 128 {
            at += longer(code >> 3, 15, &mut data);
            let count = longer(code & 7, 7, &mut data) + 1;
            let (bytes, rest) = data.split_at(count.min(data.len()));
            for byte in bytes {
                put(row, at, *byte);
                at += 1;
            }
            data = rest;
            continue;
        }
        at += longer(code >> 5 & 3, 3, &mut data);
        let count = longer(code & 31, 31, &mut data) + 2;
        let Some((byte, rest)) = data.split_first() else { break };
        data = rest;
        let end = at.saturating_add(count).min(Rows::LONGEST);
        (at..end).for_each(|at| put(row, at, *byte));
        at = end.max(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(packing: i64, before: &[u8], data: &[u8]) -> Vec<u8> {
        let mut rows = Rows { packing, ..Rows::default() };
        rows.planes[0] = before.to_vec();
        rows.plane(data);
        rows.planes[0].clone()
    }

    #[test]
    fn rows_are_unpacked_over_the_row_before() {
        assert_eq!(row(0, &[9, 9], &[1]), [1]);
        assert_eq!(row(1, &[9], &[1, 7, 0, 8]), [7, 7, 8]);
        assert_eq!(row(2, &[9], &[1, 1, 2, 0xFE, 3, 0x80]), [1, 2, 3, 3, 3]);
        assert_eq!(row(3, &[1, 2, 3], &[0x21, 7, 8]), [1, 7, 8]);
        assert_eq!(row(3, &[1], &[0x1F, 0, 5]).len(), 32);
        assert_eq!(row(9, &[1, 2, 3, 4], &[0x09, 7, 8, 0x81, 6]), [1, 7, 8, 6, 6, 6]);
        assert_eq!(row(3, &[1, 2], &[]), [1, 2]);
        assert_eq!(row(5, &[1, 2], &[1, 2, 3]), [0; 0]);
    }

    #[test]
    fn no_row_is_longer_than_it_may_be() {
        let far = [&[0x1F][..], &[255; 4096], &[0, 9]].concat();
        assert_eq!(row(3, &[], &far), [0; 0]);
        assert_eq!(row(1, &[], &[255, 1].repeat(4096)).len(), Rows::LONGEST);
        assert!(row(9, &[], &[&[0x9F][..], &[255; 4096], &[0, 9]].concat()).len() <= Rows::LONGEST);
    }

    #[test]
    fn planes_are_inks_or_lights() {
        let of = |number: i64, planes: &[u8]| {
            let mut rows = Rows::default();
            rows.planes(number);
            planes.iter().for_each(|plane| rows.plane(&[*plane]));
            rows.point(0)
        };
        assert_eq!((of(1, &[0x80]), of(1, &[0])), ([0; 3], [255; 3]));
        assert_eq!(of(3, &[0x80, 0, 0]), [255, 0, 0]);
        assert_eq!(of(-3, &[0x80, 0, 0]), [0, 255, 255]);
        assert_eq!(of(-4, &[0, 0, 0x80, 0]), [255, 0, 255]);
        assert_eq!(of(-4, &[0x80, 0, 0, 0]), [0; 3]);
    }
}
