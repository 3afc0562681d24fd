#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_host::parsers::polkit_script);
