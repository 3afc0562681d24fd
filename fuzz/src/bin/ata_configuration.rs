#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_wipe::parsers::ata_configuration);
