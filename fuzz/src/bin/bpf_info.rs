#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_host::parsers::bpf_info);
