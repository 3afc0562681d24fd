#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_host::parsers::library_rules);
