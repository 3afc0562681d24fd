#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_storage::parsers::text_runs);
