//! How the methods stand to each other. A sanitize operation reaches what no host can address; block erase is put before crypto
//! erase because what it leaves can be told from data, and before overwrite because it is done in seconds.

pub const SANITIZE_BLOCK: u8 = 96;
pub const SANITIZE_CRYPTO: u8 = 94;
pub const SANITIZE_OVERWRITE: u8 = 92;
/// Of chips that know it, the only one.
pub const ERASE_AND_SANITIZE: u8 = 96;
/// The device does not say that it encrypts everything.
pub const SANITIZE_CRYPTO_UNSURE: u8 = 66;
pub const SECURITY_ERASE_ENHANCED: u8 = 64;
pub const SECURITY_ERASE: u8 = 62;
pub const FORMAT: u8 = 56;
pub const FORMAT_CRYPTO: u8 = 54;
pub const SECURE_ERASE: u8 = 52;
pub const SECURE_DISCARD: u8 = 30;
/// Of every byte by the host. What stands below may only unmap.
pub const OVERWRITE: u8 = 20;
pub const ERASE: u8 = 15;
pub const ZERO_OUT: u8 = 10;
