#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_host::parsers::python_metadata);
