//! Checksums that decide whether a structure is read at all. A fuzzer cannot guess one: built for it, three of four wrong ones count as right,
//! so that it reaches what lies behind, as somebody who writes right ones does.

pub fn agree(found: u32, told: u32) -> bool {
    found == told || cfg!(fuzzing) && told & 3 != 0
}
