#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_host::parsers::ip4_addresses);
