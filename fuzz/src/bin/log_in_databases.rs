#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_host::parsers::log_in_databases);
