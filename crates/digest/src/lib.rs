//! Digests that no other crate computes as fast: MD5 of many messages side by side. A crate of its
//! own, so that it is built for speed even where everything around it is built for tests.

pub mod md5;
