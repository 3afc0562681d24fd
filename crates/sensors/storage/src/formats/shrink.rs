//! Makes a small picture of a large one, row by row, in memory for the small one alone.

use super::Picture;

/// So many points of a row show what a small point of it is like.
const ASKED: u64 = 3;

/// The mean of points that fall on one point of the small picture.
pub struct Shrink {
    height: u32,
    small: (u32, u32),
    /// Sums of red, green and blue, and how many points they are of.
    sums: Vec<[u32; 4]>,
    /// The points of a row that are asked for, each with the small point that it falls on.
    asked: Vec<(u32, u32)>,
    row: u32,
}

impl Shrink {
    /// None where a side has no points.
    pub fn new(width: u32, height: u32) -> Option<Self> {
        let longest = width.max(height);
        let scale = |side: u32| {
            let side = u64::from(side) * u64::from(Picture::LARGEST) / u64::from(longest);
            (side as u32).max(1)
        };
        match longest {
            small if small <= Picture::LARGEST => Self::to(width, height, width, height),
            _ => Self::to(width, height, scale(width), scale(height)),
        }
    }

    /// To a size that is not larger; none where a side has no points.
    pub fn to(width: u32, height: u32, small_width: u32, small_height: u32) -> Option<Self> {
        let largest = Picture::LARGEST;
        let small = (small_width.min(width).min(largest), small_height.min(height).min(largest));
        (width > 0 && height > 0).then_some(())?;
        let sums = vec![[0; 4]; small.0 as usize * small.1 as usize];
        Some(Self { height, small, sums, asked: asked(width, small.0), row: 0 })
    }

    /// Whether this row leaves a trace: others need not be decoded into colours. At most two rows of each small row do.
    pub fn wants(&self, row: u32) -> bool {
        let of = |row: u32| u64::from(row) * u64::from(self.small.1) / u64::from(self.height);
        row < self.height && (row == 0 || of(row) != of(row - 1) || self.height < self.small.1 * 3)
    }

    /// Takes the next row that it wants: `point` gives red, green and blue of a place in it, and is asked from left to right for
    /// at most [`ASKED`] of each small point.
    pub fn take(&mut self, row: u32, mut point: impl FnMut(u32) -> [u8; 3]) {
        if row >= self.height {
            return;
        }
        self.row = self.row.max(row + 1);
        let y = u64::from(row) * u64::from(self.small.1) / u64::from(self.height);
        let start = y as usize * self.small.0 as usize;
        let sums = &mut self.sums[start..start + self.small.0 as usize];
        for (x, at) in &self.asked {
            let [red, green, blue] = point(*at).map(u32::from);
            let sum = &mut sums[*x as usize];
            *sum = [sum[0] + red, sum[1] + green, sum[2] + blue, sum[3] + 1];
        }
    }

    /// The picture, white where no row came; none where no row came at all.
    pub fn picture(self) -> Option<Picture> {
        if self.row == 0 {
            return None;
        }
        let mean = |sum: &[u32; 4]| match sum[3] {
            0 => [255; 3],
            count => [sum[0], sum[1], sum[2]].map(|total| (total / count) as u8),
        };
        let rgb = self.sums.iter().map(mean).collect::<Vec<[u8; 3]>>().into_flattened();
        Some(Picture { width: self.small.0, height: self.small.1, rgb })
    }
}

/// From left to right, at most [`ASKED`] for each small point.
fn asked(width: u32, small: u32) -> Vec<(u32, u32)> {
    let edge = |x: u32| u64::from(x) * u64::from(width) / u64::from(small);
    let of = |x: u32| {
        let (from, to) = (edge(x), edge(x + 1));
        let count = (to - from).min(ASKED);
        let at = move |part| from + (to - from) * (2 * part + 1) / (2 * count);
        (0..count).map(move |part| (x, at(part) as u32))
    };
    (0..small).flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_stay_halves() {
        let mut shrink = Shrink::new(2000, 1000).unwrap();
        for row in 0..1000 {
            if shrink.wants(row) {
                shrink.take(row, |x| if x < 1000 { [0; 3] } else { [200, 100, 50] });
            }
        }
        let picture = shrink.picture().unwrap();
        assert_eq!((picture.width, picture.height), (400, 200));
        let at = |x: usize, y: usize| &picture.rgb[(y * 400 + x) * 3..][..3];
        for y in [0, 100, 199] {
            assert_eq!((at(10, y), at(390, y)), (&[0_u8; 3][..], &[200_u8, 100, 50][..]), "{y}");
        }
    }

    #[test]
    fn small_ones_are_kept_and_absurd_ones_bounded() {
        let mut shrink = Shrink::new(2, 1).unwrap();
        shrink.take(0, |x| [[1, 2, 3], [4, 5, 6]][x as usize]);
        assert_eq!(shrink.picture().unwrap().rgb, [1, 2, 3, 4, 5, 6]);
        assert!(Shrink::new(0, 5).is_none() && Shrink::new(5, 0).is_none());
        let thin = Shrink::new(u32::MAX, 1).unwrap();
        assert_eq!(thin.small, (400, 1));
        assert!(thin.picture().is_none());
    }
}
