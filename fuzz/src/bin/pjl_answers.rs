#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_printer::parsers::pjl_answers);
