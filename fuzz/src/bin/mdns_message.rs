#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_printer::parsers::mdns_message);
