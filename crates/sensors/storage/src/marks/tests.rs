use super::*;
use crate::formats::Texts;

fn words(own: &[&str]) -> Words {
    let own: Vec<String> = own.iter().map(ToString::to_string).collect();
    Words::new(&own).0
}

/// Each word, encoding and number of times.
fn found(words: &Words, bytes: &[u8]) -> Vec<(String, &'static str, u64)> {
    let mut reading = Reading::new(words);
    reading.begin("test");
    bytes.chunks(7).for_each(|piece| reading.push(piece));
    let found = reading.finish().into_iter();
    found.map(|one| (one.word.text.clone(), one.encoding.as_str(), one.times)).collect()
}

fn only(word: &str, encoding: &'static str) -> Vec<(String, &'static str, u64)> {
    vec![(word.to_owned(), encoding, 1)]
}

#[test]
fn a_mark_is_found_in_every_encoding_of_its_language() {
    let words = words(&[]);
    for (text, word, encodings) in [
        ("第三号文件 机密★10年 请注意", "机密", &["utf-8", "utf-16le", "utf-16be", "gbk"][..]),
        ("文件的等級是極機密，請注意", "極機密", &["utf-8", "utf-16le", "gbk", "big5"]),
        ("本资料为绝密，禁止复制", "绝密", &["utf-8", "utf-16le", "utf-16be", "gbk"]),
        ("この資料は社外秘です。", "社外秘", &["utf-8", "utf-16le", "utf-16be", "shift-jis"]),
        ("이 문서는 대외비 입니다", "대외비", &["utf-8", "utf-16le", "utf-16be", "euc-kr"]),
        (
            "Экз. 1\nСовершенно секретно\n",
            "совершенно секретно",
            &["utf-8", "utf-16le", "windows-1251", "koi8"],
        ),
        (
            "VS-NUR FÜR DEN DIENSTGEBRAUCH\n",
            "VS-NUR FÜR DEN DIENSTGEBRAUCH",
            &["utf-8", "utf-16le", "latin-1"],
        ),
        (
            "Strictly Confidential - do not",
            "STRICTLY CONFIDENTIAL",
            &["utf-8", "utf-16le", "utf-16be"],
        ),
        ("Klauzula: ŚCIŚLE TAJNE\n", "ŚCIŚLE TAJNE", &["utf-8", "windows-1250"]),
        ("Derece: ÇOK GİZLİ\n", "ÇOK GİZLİ", &["utf-8", "windows-1254"]),
        ("وثيقة سري للغاية هنا", "سري للغاية", &["utf-8", "utf-16le", "windows-1256"]),
    ] {
        for encoding in Encoding::ALL.into_iter().filter(|one| encodings.contains(&one.as_str())) {
            let bytes = encoding.encode(text).unwrap();
            if encoding.is_wide() && text.is_ascii() {
                let expected = only(word, encoding.as_str()).remove(0);
                assert!(found(&words, &bytes).contains(&expected), "{text}");
                continue;
            }
            assert_eq!(found(&words, &bytes), only(word, encoding.as_str()), "{text}");
            // Behind other bytes, and before zeros.
            let odd = &[0xFF, 0x00, 0x00][usize::from(encoding.is_wide())..];
            let shifted = [odd, &bytes, &[0; 40]].concat();
            assert_eq!(found(&words, &shifted), only(word, encoding.as_str()), "{text}");
        }
    }
}

#[test]
fn ordinary_texts_hold_no_marks() {
    let words = words(&[]);
    for text in [
        "保守秘密是每个人的责任。机密性、完整性和可用性",
        "비밀번호를 입력하세요. 비밀 이야기",
        "情報の機密性を秘密にする",
        "This e-mail is confidential. It is a secret; the secret service.",
        "export SECRET=1; hash(SECRET); SECRET_KEY = \"SECRET\"",
        "CONFIDENTIALITY and SECRETS, TOPSECRETS, NOTCONFIDENTIAL",
        "el secreto de la vida; секретно не было; VERTRAULICHKEIT, GEHEIMNIS",
        "unsecret//noforns",
    ] {
        for encoding in Encoding::ALL {
            if let Some(bytes) = encoding.encode(text) {
                assert_eq!(found(&words, &bytes), [], "{text} in {}", encoding.as_str());
            }
        }
    }
}

#[test]
fn a_word_alone_on_its_line_counts() {
    let words = words(&[]);
    assert_eq!(found(&words, b"page 1\n  SECRET  \nof 3"), only("SECRET", "utf-8"));
    assert_eq!(found(&words, b"<w:t>SECRET</w:t>"), only("SECRET", "utf-8"));
    assert_eq!(found(&words, b" 72 700 moveto (SECRET) show"), only("SECRET", "utf-8"));
    assert_eq!(found(&words, "\n秘密\n".as_bytes()), only("秘密", "utf-8"));
}

#[test]
fn the_longest_word_counts_alone() {
    let words = words(&[]);
    assert_eq!(found(&words, b"\nTOP SECRET\n"), only("TOP SECRET", "utf-8"));
    assert_eq!(found(&words, b"\nTOP SECRET//SI\n"), only("TOP SECRET//", "utf-8"));
    assert_eq!(found(&words, "商业机密".as_bytes()), only("商业机密", "utf-8"));
    let two = found(&words, b"\nSECRET//NOFORN\n");
    assert_eq!(two, only("SECRET//NOFORN", "utf-8"));
}

#[test]
fn shared_words_name_both_languages() {
    let words = words(&[]);
    let word = words.words.iter().find(|word| word.text == "CONFIDENCIAL").unwrap();
    assert_eq!(word.language.as_deref(), Some("es,pt"));
}

#[test]
fn own_words_are_found_in_any_case() {
    let own: Vec<String> =
        ["Projekt Äther", "天罗", "xx", "ab", "Zebra", "机密", " "].map(String::from).into();
    let (words, denied) = Words::new(&own);
    assert_eq!(denied, ["xx", "ab", " "]);
    let latin = Encoding::Latin1.encode("PROJEKT ÄTHER beginnt").unwrap();
    assert_eq!(found(&words, &latin), only("Projekt Äther", "latin-1"));
    assert_eq!(found(&words, b"das ist ein zEBRa!"), only("Zebra", "utf-8"));
    let gbk = Encoding::Gbk.encode("关于天罗计划的报告").unwrap();
    assert_eq!(found(&words, &gbk), only("天罗", "gbk"));
    let word = words.words.iter().find(|word| word.text == "机密").unwrap();
    assert_eq!((word.level, &word.language), ("own", &None));
}

#[test]
fn chance_and_other_encodings_make_no_marks() {
    let words = words(&["天罗"]);
    let mut state = 1_u64;
    let mut random = vec![0_u8; 1 << 20];
    // The forms of four bytes, each once in every 64 bytes of chance.
    let short: Vec<&Form> =
        words.forms.iter().filter(|form| form.needle.bytes.len() <= 4).collect();
    assert!(short.len() > 40);
    for word in random.chunks_exact_mut(8) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        word.copy_from_slice(&state.wrapping_mul(0x2545_F491_4F6C_DD1D).to_le_bytes());
    }
    for (place, form) in random.chunks_exact_mut(64).zip(short.iter().cycle()) {
        place[30..30 + form.needle.bytes.len()].copy_from_slice(&form.needle.bytes);
    }
    let times: u64 = found(&words, &random).iter().map(|(_, _, times)| times).sum();
    // 16384 such places: 10 GB have about 2.3 of each form, 200 in all.
    assert!(times <= 8, "{times}");
}

#[test]
fn pieces_of_a_text_are_one_and_two_texts_are_two() {
    let words = words(&[]);
    let mut reading = Reading::new(&words);
    reading.begin("flate");
    reading.push(&b"x".repeat(100_000));
    reading.push(b"\nTOP SEC");
    reading.push(b"RET\n");
    reading.begin("lzw");
    reading.push(b"\nTOP SEC");
    reading.begin("lzw");
    reading.push(b"RET\nTOP SECRET\n");
    let found = reading.finish();
    let told: Vec<_> = found.iter().map(|one| (one.through, one.times)).collect();
    assert_eq!(told, [("flate", 1), ("lzw", 1)]);
}

#[test]
fn words_in_records_of_other_files_count() {
    let words = words(&[]);
    let utf16 = |text: &str| Encoding::Utf16Le.encode(text).unwrap();
    let secret = utf16("机密");
    // A string of a spreadsheet, one of PCL XL, and a record of a metafile.
    let sheet = [&b"VERTRAULICH\x02\0\x01"[..], &secret, b"\x04\0\0Name"].concat();
    assert_eq!(found(&words, &sheet).len(), 2);
    let page = [&b"\xf8\x4c\x6b\xc9\xc1\x02\0"[..], &secret, b"\xf8\xab\xa8\xc1\x01\0"].concat();
    assert_eq!(found(&words, &page), only("机密", "utf-16le"));
    let record =
        |count: u8| [&[count, 0, 0, 0, 76, 0, 0, 0][..], &[0; 20], &[0x50, 0, 0, 0]].concat();
    let meta = [&record(2)[..], &secret, &[0x7B, 2, 0, 0, 0x7B, 2]].concat();
    assert_eq!(found(&words, &meta), only("机密", "utf-16le"));
    let meta = [&record(12)[..], &utf16("CONFIDENTIAL"), &[0xBD, 1, 0, 0]].concat();
    assert_eq!(found(&words, &meta), only("CONFIDENTIAL", "utf-16le"));
    assert_eq!(found(&words, b"DT\x03,1;LBCONFIDENTIAL\x03;SP0"), only("CONFIDENTIAL", "utf-8"));
}

#[test]
fn ascii_in_utf_16_is_read_in_its_own_order() {
    let words = words(&[]);
    for (encoding, name) in [(Encoding::Utf16Le, "utf-16le"), (Encoding::Utf16Be, "utf-16be")] {
        let text = encoding.encode("第三号\nCONFIDENTIAL\n文件").unwrap();
        for shift in 0..2 {
            let medium = [vec![0; 64 + shift], text.clone(), vec![0; 64]].concat();
            assert_eq!(found(&words, &medium), only("CONFIDENTIAL", name), "{shift}");
        }
        let alone = [vec![0; 64], encoding.encode("POUFNE").unwrap(), vec![0; 64]].concat();
        assert!(found(&words, &alone).contains(&("POUFNE".to_owned(), name, 1)));
    }
}
