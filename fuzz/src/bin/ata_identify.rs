#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_formats::parsers::ata_identify);
