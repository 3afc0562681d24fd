#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_wipe::parsers::wipe_journal);
