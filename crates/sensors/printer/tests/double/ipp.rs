//! Answers to IPP, as bytes (RFC 8010).

pub fn answer(model: &str, id: &str, question: &[u8]) -> Vec<u8> {
    let operation = u16::from_be_bytes([byte(question, 2), byte(question, 3)]);
    let mut bytes = vec![2, 0, 0, 0];
    bytes.extend((4..8).map(|at| byte(question, at)));
    bytes.push(1);
    attribute(&mut bytes, 0x47, "attributes-charset", b"utf-8");
    attribute(&mut bytes, 0x48, "attributes-natural-language", b"en");
    match operation {
        0x000B => printer(&mut bytes, model, id),
        0x000A => {
            bytes.push(2);
            attribute(&mut bytes, 0x21, "job-id", &7u32.to_be_bytes());
            attribute(&mut bytes, 0x42, "job-name", b"Salaries");
            attribute(&mut bytes, 0x42, "job-originating-user-name", b"alice");
            attribute(&mut bytes, 0x23, "job-state", &9u32.to_be_bytes());
        }
        // Nothing else is offered.
        _ => bytes[2..4].copy_from_slice(&0x0501u16.to_be_bytes()),
    }
    bytes.push(3);
    bytes
}

fn printer(bytes: &mut Vec<u8>, model: &str, id: &str) {
    bytes.push(4);
    attribute(bytes, 0x45, "printer-uri-supported", b"ipp://127.0.0.1/ipp/print");
    attribute(bytes, 0x44, "uri-security-supported", b"none");
    attribute(bytes, 0x44, "uri-authentication-supported", b"requesting-user-name");
    attribute(bytes, 0x42, "printer-name", b"Hall");
    attribute(bytes, 0x23, "printer-state", &3u32.to_be_bytes());
    attribute(bytes, 0x41, "printer-make-and-model", model.as_bytes());
    attribute(bytes, 0x41, "printer-device-id", id.as_bytes());
    attribute(bytes, 0x41, "printer-firmware-string-version", b"20260101");
    attribute(bytes, 0x44, "ipp-versions-supported", b"2.0");
    attribute(bytes, 0x23, "operations-supported", &0x000Bu32.to_be_bytes());
    attribute(bytes, 0x23, "", &0x000Au32.to_be_bytes());
}

fn attribute(bytes: &mut Vec<u8>, tag: u8, name: &str, value: &[u8]) {
    bytes.push(tag);
    for text in [name.as_bytes(), value] {
        bytes.extend_from_slice(&(text.len() as u16).to_be_bytes());
        bytes.extend_from_slice(text);
    }
}

fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}
