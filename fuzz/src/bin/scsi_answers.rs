#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_wipe::parsers::scsi_answers);
