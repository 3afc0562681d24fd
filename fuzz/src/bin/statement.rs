#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_facts::parsers::statement);
