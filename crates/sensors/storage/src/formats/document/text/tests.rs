use super::*;
use crate::Run;
use crate::chance::noise;

const GERMAN: &str = "Sehr geehrte Frau Müller,\nüber die Prüfung der Geräte möchten wir Ihnen berichten. Für Fragen sind wir da.\n";
const CHINESE: &str = "关于本年度打印机设备报废处理的通知。各部门请在月底以前检查所有硬盘，\n并且确认没有任何内部资料留在里面。谢谢大家的配合！\n";

const TRADITIONAL: &str = "關於本年度印表機設備報廢處理的通知。各部門請在月底以前檢查所有硬碟，\n並且確認沒有任何資料留在裡面。\n";
const JAPANESE: &str = "このプリンターは来月に廃棄されますので、中に残っているデータを必ず消してください。\nよろしくお願いします。\n";
const KOREAN: &str =
    "이 프린터는 다음 달에 폐기될 예정입니다. 안에 남아 있는 자료를 모두 지워 주시기 바랍니다.\n";
const RUSSIAN: &str =
    "Этот принтер будет списан в следующем месяце. Просим удалить все данные с его диска.\n";

fn text(of: &str) -> String {
    of.repeat(12)
}

fn found(medium: &[u8]) -> Vec<(u64, u64)> {
    let mut all = Vec::new();
    let within = Run::new(0, medium.len() as u64);
    runs(&medium, within, &mut |start, walked| all.push((start, walked.length)));
    all
}

fn encoded() -> Vec<(&'static str, Vec<u8>)> {
    let units = text(CHINESE);
    let units = || units.encode_utf16();
    vec![
        ("ascii", text("A line of words, as there are many.\n").into_bytes()),
        ("utf-8", text(GERMAN).into_bytes()),
        ("chinese", text(CHINESE).into_bytes()),
        ("latin-1", encoding_rs::WINDOWS_1252.encode(&text(GERMAN)).0.into_owned()),
        ("gbk", encoding_rs::GBK.encode(&text(CHINESE)).0.into_owned()),
        ("big5", encoding_rs::BIG5.encode(&text(TRADITIONAL)).0.into_owned()),
        ("shift-jis", encoding_rs::SHIFT_JIS.encode(&text(JAPANESE)).0.into_owned()),
        ("euc-kr", encoding_rs::EUC_KR.encode(&text(KOREAN)).0.into_owned()),
        ("windows-1251", encoding_rs::WINDOWS_1251.encode(&text(RUSSIAN)).0.into_owned()),
        ("utf-16le", units().flat_map(u16::to_le_bytes).collect()),
        ("utf-16be", units().flat_map(u16::to_be_bytes).collect()),
    ]
}

#[test]
fn a_text_between_zeros_is_found_exactly() {
    for (name, bytes) in encoded() {
        let mut medium = vec![0; 2048];
        medium.extend(&bytes);
        medium.resize(16 * 1024, 0);
        assert_eq!(found(&medium), [(2048, bytes.len() as u64)], "{name}");
    }
}

#[test]
fn a_text_between_chance_is_found_nearly() {
    for (name, bytes) in encoded() {
        let medium = [noise(77, 2048), bytes.clone(), noise(77, 5000)].concat();
        let all = found(&medium);
        assert_eq!(all.len(), 1, "{name} {all:?}");
        let (start, length) = all[0];
        assert_eq!(start, 2048, "{name}");
        assert!(length.abs_diff(bytes.len() as u64) <= 16, "{name} {length} {}", bytes.len());
    }
}

#[test]
fn a_mark_of_the_order_is_where_a_text_begins() {
    let text = text(GERMAN);
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let medium = [vec![0; 2006], vec![0xFF, 0xFE], bytes.clone(), vec![0; 5000]].concat();
    assert_eq!(found(&medium), [(2006, bytes.len() as u64 + 2)]);
}

#[test]
fn noise_is_no_text() {
    let base = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo".repeat(40).into_bytes();
    for medium in
        [noise(77, 1 << 20), base, vec![b'a'; 4096], b" ".repeat(4096), b"1234567890\n".repeat(99)]
    {
        assert_eq!(found(&medium), []);
    }
}

#[test]
fn a_named_file_is_text_as_a_whole_or_not_at_all() {
    let walk = |bytes: &Vec<u8>| whole(&mut crate::Stretch::new(bytes)).map(|walked| walked.length);
    assert_eq!(walk(&b"short\n".to_vec()), Some(6));
    assert_eq!(walk(&text(GERMAN).into_bytes()), Some(text(GERMAN).len() as u64));
    assert_eq!(walk(&b"short\n\0".to_vec()), None);
    assert_eq!(walk(&Vec::new()), None);
}
