#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_host::parsers::socket_answer);
