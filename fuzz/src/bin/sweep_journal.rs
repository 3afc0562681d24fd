#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_storage::parsers::sweep_journal);
