//! Keys of a user of SNMP v3: from his password by RFC 3414 (A.2), signatures by RFC 3414 and RFC 7860, privacy by DES (RFC 3414, 8) and
//! AES-128 (RFC 3826). Weak ones are here because printers speak them; what a printer was asked under is said in its row.

use aes::Aes128;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::ZeroPadding};
use des::Des;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use thiserror::Error;

use crate::options::User;

/// Why a user cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UserError {
    #[error("'{0}' is no way to sign: md5, sha1, sha224, sha256, sha384 or sha512")]
    Hash(String),
    #[error("'{0}' is no way to seal: des or aes128")]
    Cipher(String),
    #[error("a password is shorter than eight characters")]
    Short,
    #[error("a user who seals must sign too")]
    Unsigned,
}

/// How much of the repeated password is digested.
const STRETCH: usize = 1 << 20;
const LEAST_PASSWORD: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// The same lines for each of them.
macro_rules! by {
    ($hash:expr, $name:ident => $body:expr) => {
        match $hash {
            Hash::Md5 => {
                type $name = Md5;
                $body
            }
            Hash::Sha1 => {
                type $name = Sha1;
                $body
            }
            Hash::Sha224 => {
                type $name = Sha224;
                $body
            }
            Hash::Sha256 => {
                type $name = Sha256;
                $body
            }
            Hash::Sha384 => {
                type $name = Sha384;
                $body
            }
            Hash::Sha512 => {
                type $name = Sha512;
                $body
            }
        }
    };
}

impl Hash {
    fn of(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "md5" => Hash::Md5,
            "sha1" | "sha" => Hash::Sha1,
            "sha224" => Hash::Sha224,
            "sha256" => Hash::Sha256,
            "sha384" => Hash::Sha384,
            "sha512" => Hash::Sha512,
            _ => return None,
        })
    }

    /// How many bytes of a signature travel.
    pub fn mac_length(self) -> usize {
        match self {
            Hash::Md5 | Hash::Sha1 => 12,
            Hash::Sha224 => 16,
            Hash::Sha256 => 24,
            Hash::Sha384 => 32,
            Hash::Sha512 => 48,
        }
    }

    /// The key of a password at one engine.
    fn key(self, password: &str, engine: &[u8]) -> Vec<u8> {
        by!(self, H => localized::<H>(password.as_bytes(), engine))
    }

    fn mac(self, key: &[u8], message: &[u8]) -> Vec<u8> {
        by!(self, H => {
            let mac = <Hmac<H> as KeyInit>::new_from_slice(key);
            mac.map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec())
        })
        .unwrap_or_default()
    }
}

fn localized<H: Digest>(password: &[u8], engine: &[u8]) -> Vec<u8> {
    let mut hash = H::new();
    let repeated: Vec<u8> = password.iter().copied().cycle().take(password.len() * 64).collect();
    let mut left = STRETCH;
    while left > 0 && !repeated.is_empty() {
        let piece = repeated.get(..left).unwrap_or(&repeated);
        hash.update(piece);
        left -= piece.len();
    }
    let key = hash.finalize();
    H::new().chain_update(&key).chain_update(engine).chain_update(&key).finalize().to_vec()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cipher {
    Des,
    Aes128,
}

/// What a user's messages are signed and sealed with at one engine.
pub struct Keys {
    hash: Hash,
    signing: Vec<u8>,
    sealing: Option<(Cipher, Vec<u8>)>,
}

impl Keys {
    /// None for a user who does not sign.
    pub fn of(user: &User, engine: &[u8]) -> Result<Option<Self>, UserError> {
        let Some((hash, password)) = &user.authentication else {
            return if user.privacy.is_some() { Err(UserError::Unsigned) } else { Ok(None) };
        };
        let hash = Hash::of(hash).ok_or_else(|| UserError::Hash(hash.clone()))?;
        let signing = hash.key(long_enough(password)?, engine);
        let sealing = user.privacy.as_ref().map(|(cipher, password)| {
            let cipher = match cipher.to_ascii_lowercase().as_str() {
                "des" => Cipher::Des,
                "aes128" | "aes" => Cipher::Aes128,
                _ => return Err(UserError::Cipher(cipher.clone())),
            };
            Ok((cipher, hash.key(long_enough(password)?, engine)))
        });
        Ok(Some(Self { hash, signing, sealing: sealing.transpose()? }))
    }

    pub fn seals(&self) -> bool {
        self.sealing.is_some()
    }

    /// What stands in a message before it is signed.
    pub fn blank(&self) -> Vec<u8> {
        vec![0; self.hash.mac_length()]
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut mac = self.hash.mac(&self.signing, message);
        mac.truncate(self.hash.mac_length());
        mac
    }

    /// Whether a message that came was signed by who knows the password.
    pub fn holds(&self, message: &[u8], mac_at: usize, mac: &[u8]) -> bool {
        let mut blank = message.to_vec();
        let Some(place) = blank.get_mut(mac_at..mac_at + mac.len()) else { return false };
        place.fill(0);
        mac.len() == self.hash.mac_length() && self.sign(&blank) == mac
    }

    /// Seals; what goes with it, so that it can be opened, comes second.
    pub fn seal(&self, moment: Moment, salt: u64, plain: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let salt = match &self.sealing {
            Some((Cipher::Des, _)) => {
                ((moment.boots as u64) << 32 | salt & 0xFFFF_FFFF).to_be_bytes()
            }
            _ => salt.to_be_bytes(),
        };
        (self.turn(moment, &salt, plain, true).unwrap_or_default(), salt.to_vec())
    }

    pub fn open(&self, moment: Moment, salt: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        self.turn(moment, salt, sealed, false)
    }

    fn turn(&self, moment: Moment, salt: &[u8], bytes: &[u8], seal: bool) -> Option<Vec<u8>> {
        let (cipher, key) = self.sealing.as_ref()?;
        let salt: [u8; 8] = salt.try_into().ok()?;
        match cipher {
            Cipher::Des => des(key, salt, bytes, seal),
            Cipher::Aes128 => aes128(key, moment, salt, bytes, seal),
        }
    }
}

/// How often an engine started, and for how many seconds it has been running.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moment {
    pub boots: i64,
    pub time: i64,
}

fn long_enough(password: &str) -> Result<&str, UserError> {
    if password.len() < LEAST_PASSWORD { Err(UserError::Short) } else { Ok(password) }
}

fn des(key: &[u8], salt: [u8; 8], bytes: &[u8], seal: bool) -> Option<Vec<u8>> {
    let before = key.get(8..16)?;
    let vector: Vec<u8> = before.iter().zip(salt).map(|(one, other)| one ^ other).collect();
    let key = key.get(..8)?;
    if seal {
        let mode = cbc::Encryptor::<Des>::new_from_slices(key, &vector).ok()?;
        return Some(mode.encrypt_padded_vec::<ZeroPadding>(bytes));
    }
    // What is behind the value is padding that nobody reads.
    let mode = cbc::Decryptor::<Des>::new_from_slices(key, &vector).ok()?;
    mode.decrypt_padded_vec::<cbc::cipher::block_padding::NoPadding>(bytes).ok()
}

fn aes128(key: &[u8], moment: Moment, salt: [u8; 8], bytes: &[u8], seal: bool) -> Option<Vec<u8>> {
    let (boots, time) = (moment.boots as u32, moment.time as u32);
    let vector = [&boots.to_be_bytes()[..], &time.to_be_bytes(), &salt].concat();
    let mut bytes = bytes.to_vec();
    if seal {
        let mode = cfb_mode::Encryptor::<Aes128>::new_from_slices(key.get(..16)?, &vector).ok()?;
        mode.encrypt(&mut bytes);
    } else {
        let mode = cfb_mode::Decryptor::<Aes128>::new_from_slices(key.get(..16)?, &vector).ok()?;
        mode.decrypt(&mut bytes);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGINE: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn user(hash: &str, cipher: Option<&str>) -> User {
        User {
            name: "u".into(),
            authentication: Some((hash.into(), "maplesyrup".into())),
            privacy: cipher.map(|cipher| (cipher.into(), "maplesyrup".into())),
        }
    }

    #[test]
    fn keys_are_those_of_the_standards_own_examples() {
        // RFC 3414, A.3.1 and A.3.2.
        for (hash, key) in [
            (Hash::Md5, "526f5eed9fcce26f8964c2930787d82b"),
            (Hash::Sha1, "6695febc9288e36282235fc7151f128497b38f3f"),
        ] {
            assert_eq!(hex(&hash.key("maplesyrup", &ENGINE)), key);
        }
    }

    #[test]
    fn what_is_sealed_can_be_opened_and_what_was_changed_is_noticed() {
        let moment = Moment { boots: 3, time: 1000 };
        for hash in ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"] {
            for cipher in ["des", "aes128"] {
                let keys = Keys::of(&user(hash, Some(cipher)), &ENGINE).unwrap().unwrap();
                let (sealed, salt) = keys.seal(moment, 77, b"a question of 23 bytes!");
                assert_ne!(&sealed[..8], b"a questi");
                let plain = keys.open(moment, &salt, &sealed).unwrap();
                assert!(plain.starts_with(b"a question of 23 bytes!"), "{hash} {cipher}");
                assert_eq!(keys.open(moment, &salt[1..], &sealed), None);
                let mut message = [b"message".to_vec(), keys.blank()].concat();
                let mac = keys.sign(&message);
                message.truncate(7);
                message.extend(&mac);
                assert!(keys.holds(&message, 7, &mac));
                message[0] ^= 1;
                assert!(!keys.holds(&message, 7, &mac));
                assert!(!keys.holds(&message, 70, &mac));
            }
        }
    }

    #[test]
    fn a_user_who_cannot_be_used_is_told_why() {
        let error = |user: &User| Keys::of(user, &ENGINE).err();
        assert_eq!(error(&user("crc", None)), Some(UserError::Hash("crc".into())));
        assert_eq!(error(&user("md5", Some("rot13"))), Some(UserError::Cipher("rot13".into())));
        let short =
            User { authentication: Some(("md5".into(), "short".into())), ..user("md5", None) };
        assert_eq!(error(&short), Some(UserError::Short));
        let unsigned = User { authentication: None, ..user("md5", Some("des")) };
        assert_eq!(error(&unsigned), Some(UserError::Unsigned));
        let bare = User { authentication: None, privacy: None, ..unsigned };
        assert!(Keys::of(&bare, &ENGINE).unwrap().is_none());
    }
}
