#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_printer::parsers::wsd_answer);
