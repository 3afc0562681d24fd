#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_printer::parsers::escl_capabilities);
