//! The identity by IEEE 1284: `MFG:HP;CMD:PJL,PCL;MDL:…;`, which printers give by several ways. Pure.

/// What stands behind one of these keys, of which a standard has a long and a short form.
pub fn field<'a>(id: &'a str, keys: &[&str]) -> Option<&'a str> {
    let fields = id.split(';').filter_map(|field| field.split_once(':'));
    let is_key = |key: &str| keys.iter().any(|known| known.eq_ignore_ascii_case(key.trim()));
    let found = fields.into_iter().find(|(key, _)| is_key(key)).map(|(_, value)| value.trim());
    found.filter(|value| !value.is_empty())
}

/// The languages that it takes, separated by spaces.
pub fn languages(id: &str) -> Option<String> {
    let commands = field(id, &["CMD", "COMMAND SET"])?;
    let words = commands.split(',').map(str::trim).filter(|word| !word.is_empty());
    let words: Vec<&str> = words
        .map(|word| if word.eq_ignore_ascii_case("postscript") { "PostScript" } else { word })
        .collect();
    Some(words.join(" ")).filter(|words| !words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_languages_stand_behind_either_key() {
        let id = "MFG:HP;CMD:PJL, PCLXL,POSTSCRIPT;MDL:X;";
        assert_eq!(languages(id).as_deref(), Some("PJL PCLXL PostScript"));
        assert_eq!(languages("MANUFACTURER:E;COMMAND SET:ESCPL2;").as_deref(), Some("ESCPL2"));
        assert_eq!(field(id, &["MDL", "MODEL"]), Some("X"));
        assert_eq!(languages("CMD:;"), None);
        assert_eq!(languages(""), None);
    }
}
