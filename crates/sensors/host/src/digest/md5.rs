//! MD5 (RFC 1321) of several messages side by side: in each step every lane does the same, so that
//! the compiler makes one vector instruction of what would be several. One message alone waits for
//! itself in every step.

pub const BLOCK: usize = 64;
/// One vector of the oldest 64-bit processors holds four numbers. With eight lanes the compiler
/// runs out of registers, and each costs more.
pub const LANES: usize = 4;

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

/// Takes as many whole blocks from each lane's data as the shortest has, and gives their number.
pub fn blocks<const N: usize>(states: &mut [State; N], data: [&[u8]; N]) -> usize {
    let data = data.map(|bytes| bytes.as_chunks::<BLOCK>().0);
    let count = data.iter().map(|blocks| blocks.len()).min().unwrap_or_default();
    let mut state = across(states);
    for at in 0..count {
        let mut words = [[0; N]; 16];
        for (lane, blocks) in data.iter().enumerate() {
            let Some(block) = blocks.get(at) else { continue };
            for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
                word[lane] = u32::from_le_bytes(*bytes);
            }
        }
        let mut next = state;
        rounds(&mut next, &words);
        for (number, more) in state.iter_mut().flatten().zip(next.iter().flatten()) {
            *number = number.wrapping_add(*more);
        }
    }
    for (lane, own) in states.iter_mut().enumerate() {
        *own = state.map(|numbers| numbers[lane]);
    }
    count
}

/// The lanes' states, number by number.
fn across<const N: usize>(states: &[State; N]) -> [[u32; N]; 4] {
    std::array::from_fn(|number| std::array::from_fn(|lane| states[lane][number]))
}

/// The steps stand one by one: what a step needs is then known to the compiler.
macro_rules! steps {
    ($state:ident, $words:ident: $($step:literal)+) => {
        $(step::<N, $step>($state, $words);)+
    };
}

#[rustfmt::skip]
#[inline(always)]
fn rounds<const N: usize>(state: &mut [[u32; N]; 4], words: &[[u32; N]; 16]) {
    steps!(state, words: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27
        28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57
        58 59 60 61 62 63);
}

#[inline(always)]
fn step<const N: usize, const STEP: usize>(state: &mut [[u32; N]; 4], words: &[[u32; N]; 16]) {
    let [a, b, c, d] = *state;
    let round = STEP / 16;
    let word = match round {
        0 => STEP,
        1 => (5 * STEP + 1) % 16,
        2 => (3 * STEP + 5) % 16,
        _ => 7 * STEP % 16,
    };
    let (word, shift) = (&words[word], SHIFTS[round][STEP % 4]);
    let mut new = [0; N];
    for lane in 0..N {
        let (b, c, d) = (b[lane], c[lane], d[lane]);
        let mixed = match round {
            0 => d ^ (b & (c ^ d)),
            1 => c ^ (d & (b ^ c)),
            2 => b ^ c ^ d,
            _ => c ^ (b | !d),
        };
        let known = word[lane].wrapping_add(SINES[STEP]);
        let sum = a[lane].wrapping_add(mixed).wrapping_add(known);
        new[lane] = sum.rotate_left(shift).wrapping_add(b);
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
    use leaksweep_facts::sweep::hex;

    use super::*;

    fn of(message: &[u8]) -> String {
        let whole = [message, &end(message.len() as u64)].concat();
        assert_eq!(whole.len() % BLOCK, 0);
        let mut states = [START; 1];
        blocks(&mut states, [&whole]);
        hex(&value(states[0]))
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

    #[test]
    fn each_lane_has_its_own_message() {
        let messages: [Vec<u8>; LANES] = std::array::from_fn(|lane| {
            let message = vec![b'a' + lane as u8; 3 * BLOCK + 17];
            [&message[..], &end(message.len() as u64)].concat()
        });
        let mut states = [START; LANES];
        let taken = blocks(&mut states, messages.each_ref().map(Vec::as_slice));
        assert_eq!(taken, 4);
        for (lane, state) in states.into_iter().enumerate() {
            let alone = of(&vec![b'a' + lane as u8; 3 * BLOCK + 17]);
            assert_eq!(hex(&value(state)), alone);
        }
    }

    #[test]
    fn the_end_fills_the_last_block_whatever_the_length() {
        for length in 0..200 {
            assert_eq!((length + end(length).len() as u64) % BLOCK as u64, 0, "{length}");
            assert!(end(length).len() >= 9);
        }
    }
}
