//! A package's header, as rpm keeps it in every form of its database: the count of entries, the
//! length of the data, the entries (tag, type, offset, count), the data. All big-endian.
//!
//! Limits: rpm's own, 65,536 entries and 256 MiB of data; a million folders; paths of at most 4,096
//! bytes, which together are no more than 16 times the data, so that a few bytes that name a long
//! folder again and again cannot make endless work.

use crate::digest::{Algorithm, Sum};

pub const NAME: u32 = 1000;
pub const VERSION: u32 = 1001;
pub const RELEASE: u32 = 1002;
pub const EPOCH: u32 = 1003;
pub const INSTALL_TIME: u32 = 1008;
pub const VENDOR: u32 = 1011;
pub const PACKAGER: u32 = 1015;
pub const ARCHITECTURE: u32 = 1022;
pub const SOURCE_RPM: u32 = 1044;
/// Whole paths, as packages of rpm 3 have them.
const OLD_FILE_NAMES: u32 = 1027;
const FOLDER_INDEXES: u32 = 1116;
const BASE_NAMES: u32 = 1117;
const FOLDER_NAMES: u32 = 1118;
const FILE_DIGESTS: u32 = 1035;
const FILE_FLAGS: u32 = 1037;
const DIGEST_ALGORITHM: u32 = 5011;
const CONFIGURATION: u32 = 1;
const GHOST: u32 = 64;

const MAX_ENTRIES: usize = 65_536;
const MAX_DATA: usize = 256 << 20;
const MAX_PATH: usize = 4096;
const MAX_FOLDERS: usize = 1_000_000;
const INT_32: u32 = 4;
const STRING: u32 = 6;
const STRING_ARRAY: u32 = 8;

pub struct Header<'a> {
    entries: &'a [[u8; 16]],
    data: &'a [u8],
}

/// A file of a package.
pub struct PackagedFile<'a> {
    pub path: &'a [u8],
    /// None for what has no content of its own, and for digests of a kind that is not computed.
    pub sum: Option<Sum>,
    pub configuration: bool,
    /// Whether the package does not bring it, but owns what is made at its path.
    pub ghost: bool,
}

/// One entry: its type, how many values it has, and the data from the first of them on.
struct Field<'a> {
    kind: u32,
    count: usize,
    data: &'a [u8],
}

impl<'a> Header<'a> {
    pub fn open(blob: &'a [u8]) -> Result<Self, String> {
        let number = |at| word(blob, at).ok_or("a header without its lengths");
        let (entries, data) = (number(0)?, number(4)?);
        if entries == 0 || entries > MAX_ENTRIES || data > MAX_DATA {
            return Err(format!("a header of {entries} entries and {data} bytes"));
        }
        let (index, rest) = blob
            .get(8..)
            .and_then(|rest| rest.split_at_checked(entries * 16))
            .ok_or("a header shorter than it says")?;
        if rest.len() != data {
            return Err(format!("a header says {data} bytes of data and has {}", rest.len()));
        }
        Ok(Self { entries: index.as_chunks::<16>().0, data: rest })
    }

    pub fn name(&self) -> Result<&'a [u8], String> {
        self.text(NAME)?.filter(|name| !name.is_empty()).ok_or("a header without a name".into())
    }

    /// A text; none where the package has none.
    pub fn text(&self, tag: u32) -> Result<Option<&'a [u8]>, String> {
        let Some(field) = self.field(tag, STRING)? else { return Ok(None) };
        let end = memchr::memchr(0, field.data).ok_or_else(|| format!("text {tag} has no end"))?;
        Ok(field.data.get(..end))
    }

    /// The first number of an entry; none where the package has none.
    pub fn number(&self, tag: u32) -> Result<Option<u32>, String> {
        let Some(field) = self.field(tag, INT_32)? else { return Ok(None) };
        let number = field.numbers().next();
        number.map(Some).ok_or_else(|| format!("entry {tag} has no number"))
    }

    /// Shows every file of the package.
    pub fn files(&self, each: &mut dyn FnMut(&PackagedFile<'_>)) -> Result<(), String> {
        let algorithm = self.algorithm()?;
        let mut digests = self.texts(FILE_DIGESTS)?;
        let flags = self.field(FILE_FLAGS, INT_32)?;
        let mut flags = flags.iter().flat_map(Field::numbers);
        self.paths(&mut |path| {
            let digits = digests.next().transpose()?.unwrap_or_default();
            let flags = flags.next().unwrap_or_default();
            let sum = algorithm.and_then(|algorithm| Sum::parse(algorithm, digits));
            let (configuration, ghost) = (flags & CONFIGURATION != 0, flags & GHOST != 0);
            each(&PackagedFile { path, sum, configuration, ghost });
            Ok(())
        })
    }

    /// By which its files' digests were made; none for one that is not computed here (SHA-1).
    fn algorithm(&self) -> Result<Option<Algorithm>, String> {
        Ok(match self.number(DIGEST_ALGORITHM)? {
            None | Some(1) => Some(Algorithm::Md5),
            Some(8) => Some(Algorithm::Sha256),
            Some(9) => Some(Algorithm::Sha384),
            Some(10) => Some(Algorithm::Sha512),
            Some(11) => Some(Algorithm::Sha224),
            Some(_) => None,
        })
    }

    fn paths(&self, each: &mut dyn FnMut(&[u8]) -> Result<(), String>) -> Result<(), String> {
        for path in self.texts(OLD_FILE_NAMES)? {
            each(path?)?;
        }
        let folders = self.folders()?;
        let indexes = self.field(FOLDER_INDEXES, INT_32)?;
        let mut indexes = indexes.iter().flat_map(Field::numbers);
        let mut left = self.data.len().saturating_mul(16).saturating_add(MAX_PATH);
        let mut path = Vec::new();
        for name in self.texts(BASE_NAMES)? {
            let name = name?;
            let folder = indexes.next().and_then(|index| folders.get(index as usize));
            let folder = folder.ok_or("a file without its folder")?;
            let length = folder.len() + name.len();
            left = left.checked_sub(length).ok_or("paths that are longer than its data")?;
            if length > MAX_PATH {
                return Err("a path longer than any file's".into());
            }
            path.clear();
            path.extend_from_slice(folder);
            path.extend_from_slice(name);
            each(&path)?;
        }
        Ok(())
    }

    fn folders(&self) -> Result<Vec<&'a [u8]>, String> {
        self.texts(FOLDER_NAMES)?.take(MAX_FOLDERS).collect()
    }

    fn texts(&self, tag: u32) -> Result<impl Iterator<Item = Result<&'a [u8], String>>, String> {
        let field = self.field(tag, STRING_ARRAY)?;
        let (count, mut rest) = field.map_or((0, &[][..]), |field| (field.count, field.data));
        Ok((0..count).map(move |_| {
            let end = memchr::memchr(0, rest).ok_or_else(|| format!("list {tag} is cut"))?;
            let (text, after) = rest.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            Ok(text)
        }))
    }

    fn field(&self, tag: u32, kind: u32) -> Result<Option<Field<'a>>, String> {
        let Some(entry) = self.entries.iter().find(|entry| entry.starts_with(&tag.to_be_bytes()))
        else {
            return Ok(None);
        };
        let field = self.locate(entry).filter(|field| field.kind == kind);
        field.map(Some).ok_or_else(|| format!("entry {tag} has another type, or lies outside"))
    }

    /// None if the entry does not lie inside the data. No value takes less than one byte.
    fn locate(&self, entry: &[u8; 16]) -> Option<Field<'a>> {
        let data = self.data.get(word(entry, 8)?..)?;
        let count = word(entry, 12).filter(|count| *count <= data.len())?;
        Some(Field { kind: word(entry, 4)? as u32, count, data })
    }
}

impl Field<'_> {
    fn numbers(&self) -> impl Iterator<Item = u32> {
        let (numbers, _) = self.data.as_chunks::<4>();
        numbers.iter().take(self.count).map(|bytes| u32::from_be_bytes(*bytes))
    }
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let (first, _) = bytes.get(at..)?.split_first_chunk::<4>()?;
    Some(u32::from_be_bytes(*first) as usize)
}
