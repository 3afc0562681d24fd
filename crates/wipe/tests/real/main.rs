//! The whole way on real devices: loop devices over plain files, and over a file that a failing file system serves.
//!
//! Needs root, loop devices and, for the failing ones, /dev/fuse; without them a test is skipped and says so. Only devices that a
//! test made itself are touched, and they go when it ends, however it ends.

mod attached;
mod faults;
mod plain;
mod refusals;
mod served;
mod wiping;
