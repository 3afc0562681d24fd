#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_wipe::parsers::emmc_extended_csd);
