#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_host::parsers::unix_sockets);
