//! Makes a small picture of a large one, row by row, in memory for the small one alone.

use super::Picture;

/// The mean of all points that fall on one point of the small picture.
pub struct Shrink {
    width: u32,
    height: u32,
    small: (u32, u32),
    /// Sums of red, green and blue, and how many points they are of.
    sums: Vec<[u32; 4]>,
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
        let sums = vec![[0; 4]; small.0 as usize * small.1 as usize];
        (width > 0 && height > 0).then_some(Self { width, height, small, sums, row: 0 })
    }

    /// Whether this row leaves a trace: others need not be decoded into colours. At most two rows of each small row do.
    pub fn wants(&self, row: u32) -> bool {
        let of = |row: u32| u64::from(row) * u64::from(self.small.1) / u64::from(self.height);
        row < self.height && (row == 0 || of(row) != of(row - 1) || self.height < self.small.1 * 3)
    }

    /// Takes the next row that it wants, as red, green and blue of each point; of a short row what is there.
    pub fn take(&mut self, row: u32, rgb: impl Iterator<Item = [u8; 3]>) {
        if row >= self.height {
            return;
        }
        self.row = self.row.max(row + 1);
        let y = u64::from(row) * u64::from(self.small.1) / u64::from(self.height);
        let start = y as usize * self.small.0 as usize;
        for (x, point) in (0..self.width).zip(rgb) {
            let x = u64::from(x) * u64::from(self.small.0) / u64::from(self.width);
            let sum = &mut self.sums[start + x as usize];
            // A sum of 2^24 points of 255 is the most that fits; the rest changes nothing that is seen.
            if sum[3] < 1 << 23 {
                for (total, value) in sum.iter_mut().zip(point) {
                    *total += u32::from(value);
                }
                sum[3] += 1;
            }
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
        let rgb = self.sums.iter().flat_map(mean).collect();
        Some(Picture { width: self.small.0, height: self.small.1, rgb })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_stay_halves() {
        let mut shrink = Shrink::new(2000, 1000).unwrap();
        for row in 0..1000 {
            if shrink.wants(row) {
                let points = (0..2000).map(|x| if x < 1000 { [0; 3] } else { [200, 100, 50] });
                shrink.take(row, points);
            }
        }
        let picture = shrink.picture().unwrap();
        assert_eq!((picture.width, picture.height), (480, 240));
        let at = |x: usize, y: usize| &picture.rgb[(y * 480 + x) * 3..][..3];
        for y in [0, 100, 239] {
            assert_eq!((at(10, y), at(470, y)), (&[0_u8; 3][..], &[200_u8, 100, 50][..]), "{y}");
        }
    }

    #[test]
    fn small_ones_are_kept_and_absurd_ones_bounded() {
        let mut shrink = Shrink::new(2, 1).unwrap();
        shrink.take(0, [[1, 2, 3], [4, 5, 6], [7, 8, 9]].into_iter());
        assert_eq!(shrink.picture().unwrap().rgb, [1, 2, 3, 4, 5, 6]);
        assert!(Shrink::new(0, 5).is_none() && Shrink::new(5, 0).is_none());
        let thin = Shrink::new(u32::MAX, 1).unwrap();
        assert_eq!(thin.small, (480, 1));
        assert!(thin.picture().is_none());
    }
}
