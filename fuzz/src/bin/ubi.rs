#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_storage::parsers::ubi);
