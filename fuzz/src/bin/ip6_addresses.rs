#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_host::parsers::ip6_addresses);
