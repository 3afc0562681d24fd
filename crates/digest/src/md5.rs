//! MD5 (RFC 1321) of several messages side by side. One message alone waits for itself in every
//! step; of sixteen, the widest vectors that the processor has take as many steps at once as they
//! hold.

use fearless_simd::{Level, Simd, SimdBase, dispatch, u32x8};

pub const BLOCK: usize = 64;
/// As many messages as `blocks` takes.
pub const LANES: usize = WIDTH * GROUPS;
/// So many numbers are one vector, or two or one halves of one, as the processor has it.
const WIDTH: usize = 8;
/// Steps of one group are done while those of the other wait for their results.
const GROUPS: usize = 2;

pub type State = [u32; 4];

pub const START: State = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];

const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
/// The whole part of 2^32 times the sine of 1, 2, 3 and so on, without its sign.
#[rustfmt::skip]
const SINES: [u32; 64] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
    0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
    0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
    0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
    0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
    0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
    0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
];

/// The steps stand one by one: what each needs is then known to the compiler.
#[rustfmt::skip]
macro_rules! every_step {
    ($all:ident) => {
        $all!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
            32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60
            61 62 63)
    };
}

/// Takes all whole blocks of one message's data, and gives their number.
pub fn alone(state: &mut State, data: &[u8]) -> usize {
    let blocks = data.as_chunks::<BLOCK>().0;
    for block in blocks {
        let words: [u32; 16] = std::array::from_fn(|at| word(block, at));
        let mut next = *state;
        macro_rules! all {
            ($($step:literal)+) => { $(one::<$step>(&mut next, &words);)+ };
        }
        every_step!(all);
        for (number, more) in state.iter_mut().zip(next) {
            *number = number.wrapping_add(more);
        }
    }
    blocks.len()
}

#[inline(always)]
fn one<const STEP: usize>(state: &mut State, words: &[u32; 16]) {
    let [a, b, c, d] = *state;
    let known = a.wrapping_add(words[place(STEP)]).wrapping_add(SINES[STEP]);
    let sum = match STEP / 16 {
        0 => known.wrapping_add(d ^ (b & (c ^ d))),
        // The part that does not wait for the step before comes first.
        1 => known.wrapping_add(!d & c).wrapping_add(d & b),
        2 => known.wrapping_add(b ^ (c ^ d)),
        _ => known.wrapping_add(c ^ (b | !d)),
    };
    let new = sum.rotate_left(SHIFTS[STEP / 16][STEP % 4]).wrapping_add(b);
    *state = [d, new, b, c];
}

/// Which word of the block a step takes.
const fn place(step: usize) -> usize {
    match step / 16 {
        0 => step,
        1 => (5 * step + 1) % 16,
        2 => (3 * step + 5) % 16,
        _ => 7 * step % 16,
    }
}

fn word(block: &[u8; BLOCK], at: usize) -> u32 {
    block.as_chunks::<4>().0.get(at).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// Takes as many whole blocks of each message's data as the shortest has, and gives their number.
pub fn together(states: &mut [State; LANES], data: [&[u8]; LANES]) -> usize {
    dispatch!(Level::new(), simd => with(simd, states, data))
}

#[inline(always)]
fn with<S: Simd>(simd: S, states: &mut [State; LANES], data: [&[u8]; LANES]) -> usize {
    let data = data.map(|bytes| bytes.as_chunks::<BLOCK>().0);
    let count = data.iter().map(|blocks| blocks.len()).min().unwrap_or_default();
    let mut state: Numbers<S> = std::array::from_fn(|number| {
        std::array::from_fn(|group| {
            let lane = |lane: usize| states[group * WIDTH + lane][number];
            u32x8::from_slice(simd, &std::array::from_fn::<_, WIDTH, _>(lane))
        })
    });
    for at in 0..count {
        let words = words(simd, &data, at);
        let mut next = state;
        rounds(&mut next, &words);
        for (number, more) in state.iter_mut().flatten().zip(next.iter().flatten()) {
            *number += *more;
        }
    }
    for (lane, own) in states.iter_mut().enumerate() {
        *own = state.map(|numbers| numbers[lane / WIDTH][lane % WIDTH]);
    }
    count
}

type Vectors<S> = [u32x8<S>; GROUPS];
type Numbers<S> = [Vectors<S>; 4];

/// The words of each message's block, word by word.
#[inline(always)]
fn words<S: Simd>(simd: S, data: &[&[[u8; BLOCK]]; LANES], at: usize) -> [Vectors<S>; 16] {
    let mut words = [[u32x8::splat(simd, 0); GROUPS]; 16];
    for group in 0..GROUPS {
        for half in 0..2 {
            let rows = std::array::from_fn(|lane| {
                let block = &data[group * WIDTH + lane][at];
                let row: [u32; WIDTH] =
                    std::array::from_fn(|column| word(block, half * WIDTH + column));
                u32x8::from_slice(simd, &row)
            });
            for (column, vector) in turned(rows).into_iter().enumerate() {
                words[half * WIDTH + column][group] = vector;
            }
        }
    }
    words
}

/// Rows become columns: three times the upper half is put between the lower.
#[inline(always)]
fn turned<S: Simd>(mut rows: [u32x8<S>; WIDTH]) -> [u32x8<S>; WIDTH] {
    for _ in 0..3 {
        let before = rows;
        for at in 0..WIDTH / 2 {
            rows[2 * at] = before[at].zip_low(before[at + WIDTH / 2]);
            rows[2 * at + 1] = before[at].zip_high(before[at + WIDTH / 2]);
        }
    }
    rows
}

#[inline(always)]
fn rounds<S: Simd>(state: &mut Numbers<S>, words: &[Vectors<S>; 16]) {
    macro_rules! all {
        ($($step:literal)+) => { $(step::<S, $step>(state, words);)+ };
    }
    every_step!(all);
}

#[inline(always)]
fn step<S: Simd, const STEP: usize>(state: &mut Numbers<S>, words: &[Vectors<S>; 16]) {
    let [a, b, c, d] = *state;
    let (words, shift) = (words[place(STEP)], SHIFTS[STEP / 16][STEP % 4]);
    let mut new = a;
    for group in 0..GROUPS {
        let (b, c, d) = (b[group], c[group], d[group]);
        let known = a[group] + words[group] + SINES[STEP];
        let sum = match STEP / 16 {
            0 => known + (d ^ (b & (c ^ d))),
            1 => known + (!d & c) + (d & b),
            2 => known + (b ^ (c ^ d)),
            _ => known + (c ^ (b | !d)),
        };
        new[group] = ((sum << shift) | (sum >> (32 - shift))) + b;
    }
    *state = [d, new, b, c];
}

/// What ends a message of `length` bytes, after its last bytes that fill no block.
pub fn end(length: u64) -> Vec<u8> {
    let rest = (length % BLOCK as u64) as usize;
    let zeros = (BLOCK * 2 - 9 - rest) % BLOCK;
    let mut end = vec![0; zeros + 1];
    if let Some(first) = end.first_mut() {
        *first = 0x80;
    }
    end.extend_from_slice(&length.wrapping_mul(8).to_le_bytes());
    end
}

pub fn value(state: State) -> [u8; 16] {
    let mut value = [0; 16];
    for (bytes, number) in value.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *bytes = number.to_le_bytes();
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(state: State) -> String {
        value(state).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn of(message: &[u8]) -> String {
        let whole = [message, &end(message.len() as u64)].concat();
        assert_eq!(whole.len() % BLOCK, 0);
        let mut state = START;
        assert_eq!(alone(&mut state, &whole), whole.len() / BLOCK);
        hex(state)
    }

    #[test]
    fn the_vectors_of_its_description_come_out() {
        let cases = [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("a", "0cc175b9c0f1b6a831c399e269772661"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
            (
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
                "d174ab98d277d9f5a5611c2c9f419d9f",
            ),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a",
            ),
        ];
        for (message, expected) in cases {
            assert_eq!(of(message.as_bytes()), expected, "{message}");
        }
    }

    /// With the vectors of this processor, and with those that every one has.
    #[test]
    fn each_of_many_messages_has_the_digest_that_it_has_alone() {
        let message = |lane: usize| -> Vec<u8> {
            (0..3 * BLOCK + 17).map(|at| (at * 31 + lane * 7 + at * at) as u8).collect()
        };
        let whole: [Vec<u8>; LANES] = std::array::from_fn(|lane| {
            let message = message(lane);
            [&message[..], &end(message.len() as u64)].concat()
        });
        for level in [Level::new(), Level::baseline()] {
            let mut states = [START; LANES];
            let data = whole.each_ref().map(Vec::as_slice);
            let taken = dispatch!(level, simd => with(simd, &mut states, data));
            assert_eq!(taken, 4);
            for (lane, state) in states.into_iter().enumerate() {
                assert_eq!(hex(state), of(&message(lane)), "{level:?} {lane}");
            }
        }
    }

    #[test]
    fn the_shortest_decides_how_much_is_taken() {
        let long = [1; 5 * BLOCK];
        let mut data = [&long[..]; LANES];
        data[3] = &long[..2 * BLOCK + 1];
        let mut states = [START; LANES];
        assert_eq!(together(&mut states, data), 2);
        data[3] = &[];
        let before = states;
        assert_eq!(together(&mut states, data), 0);
        assert_eq!(states, before);
    }

    #[test]
    fn the_end_fills_the_last_block_whatever_the_length() {
        for length in 0..200 {
            assert_eq!((length + end(length).len() as u64) % BLOCK as u64, 0, "{length}");
            assert!(end(length).len() >= 9);
        }
    }
}
