#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_host::parsers::mapped_files);
