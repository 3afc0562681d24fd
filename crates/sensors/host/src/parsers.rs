//! One function for each byte parser, all of one shape, for `fuzz/`.
