#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_wipe::parsers::nvme_identify);
