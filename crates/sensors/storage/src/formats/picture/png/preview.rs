//! Rows unpacked and made small. Of an interlaced picture the first pass is taken: an eighth of each side.
//! Rows of more than [`MOST`] bytes have no preview.

use super::{Chunk, FIRST, Packed, rows::Head};
use crate::{
    Stretch,
    formats::{Picture, Shrink, Walked, picture::deflate::Inflate},
};

const MOST: u64 = 1 << 20;
/// The most bytes that are unpacked.
const MOST_UNPACKED: u64 = 1 << 30;

pub fn picture(stretch: &mut Stretch, walked: &Walked) -> Option<Picture> {
    let head = Head::read(stretch)?;
    let mut palette = [[0; 3]; 256];
    let mut at = FIRST;
    let points = loop {
        let chunk = Chunk::read(stretch, at).filter(|_| at < walked.length)?;
        match &chunk.name {
            b"IDAT" => break chunk.at,
            b"PLTE" => {
                let bytes = stretch.peek(chunk.at + 8, chunk.length.min(768) as usize);
                for (place, colour) in palette.iter_mut().zip(bytes.chunks_exact(3)) {
                    *place = [colour[0], colour[1], colour[2]];
                }
            }
            _ => {}
        }
        at = chunk.end();
    };
    let (width, height) = head.passes().next()?;
    let row = head.row(width);
    (row <= MOST && row * u64::from(height) <= MOST_UNPACKED).then_some(())?;
    let mut inflate = Inflate::new(Packed::new(stretch, points));
    let mut shrink = Shrink::new(width, height)?;
    let step = (u64::from(head.channels()) * u64::from(head.depth)).div_ceil(8) as usize;
    let (mut above, mut line) = (vec![0; row as usize], vec![0; row as usize]);
    for y in 0..height {
        let Some(filter) = inflate.byte().filter(|filter| *filter < 5) else { break };
        if !inflate.fill(&mut line) {
            break;
        }
        restore(filter, step, &above, &mut line);
        if shrink.wants(y) {
            shrink.take(y, |x| colour(&head, &palette, &line, x as usize));
        }
        std::mem::swap(&mut above, &mut line);
    }
    shrink.picture()
}

/// Makes values of the differences in a row.
pub fn restore(filter: u8, step: usize, above: &[u8], line: &mut [u8]) {
    // Nothing stands to the left of the first point.
    let first = step.min(line.len());
    let add = |value: &mut u8, guess: u8| *value = value.wrapping_add(guess);
    match filter {
        1 => (first..line.len()).for_each(|at| line[at] = line[at].wrapping_add(line[at - step])),
        2 => line.iter_mut().zip(above).for_each(|(value, up)| add(value, *up)),
        3 => {
            line[..first].iter_mut().zip(above).for_each(|(value, up)| add(value, up / 2));
            for at in first..line.len() {
                let sum = u16::from(line[at - step]) + u16::from(above[at]);
                line[at] = line[at].wrapping_add((sum / 2) as u8);
            }
        }
        4 => {
            line[..first].iter_mut().zip(above).for_each(|(value, up)| add(value, *up));
            for at in first..line.len() {
                let guess = nearest(line[at - step], above[at], above[at - step]);
                line[at] = line[at].wrapping_add(guess);
            }
        }
        _ => {}
    }
}

fn nearest(left: u8, up: u8, corner: u8) -> u8 {
    let sum = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |value: u8| (sum - i16::from(value)).abs();
    if far(left) <= far(up) && far(left) <= far(corner) {
        left
    } else if far(up) <= far(corner) {
        up
    } else {
        corner
    }
}

fn colour(head: &Head, palette: &[[u8; 3]; 256], line: &[u8], x: usize) -> [u8; 3] {
    let byte = |at: usize| line.get(at).copied().unwrap_or(0);
    let wide = usize::from(head.depth / 8).max(1);
    let at = x * head.channels() as usize * wide;
    let shade = |channel: usize| byte(at + channel * wide);
    match (head.colour, head.depth) {
        (0 | 3, depth @ 1..=4) => {
            let bit = x * usize::from(depth);
            let mask = (1_u8 << depth) - 1;
            let value = byte(bit / 8) >> (8 - usize::from(depth) - bit % 8) & mask;
            if head.colour == 3 { palette[usize::from(value)] } else { [value * (255 / mask); 3] }
        }
        (3, _) => palette[usize::from(shade(0))],
        (0, _) => [shade(0); 3],
        (4, _) => [over_white(shade(0), shade(1)); 3],
        (6, _) => [0, 1, 2].map(|channel| over_white(shade(channel), shade(3))),
        _ => [shade(0), shade(1), shade(2)],
    }
}

fn over_white(value: u8, opacity: u8) -> u8 {
    255 - ((255 - u32::from(value)) * u32::from(opacity) / 255) as u8
}
