//! The double's web server, which carries IPP, eSCL and WS-Transfer too.

use super::{House, ipp};

/// Whether a whole question is there.
pub fn is_whole(got: &[u8]) -> bool {
    // What is no text is no question: it is answered as such, as most printers do with a hello of TLS.
    if got.first().is_some_and(|first| !first.is_ascii_uppercase()) {
        return true;
    }
    let Some(head) = head(got) else { return false };
    got.len() >= head + length(&got[..head])
}

/// How long its head is.
pub fn head(got: &[u8]) -> Option<usize> {
    got.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

fn length(head: &[u8]) -> usize {
    header(head, "content-length").and_then(|value| value.parse().ok()).unwrap_or(0)
}

pub fn header(head: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(head).into_owned();
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    let mut found = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value.trim().to_owned())
}

pub fn answer(house: &House, service: &str, got: &[u8]) -> Vec<u8> {
    if !got.first().is_some_and(u8::is_ascii_uppercase) {
        return page(400, "text/plain", b"no question");
    }
    let end = head(got).unwrap_or(got.len());
    let (top, body) = got.split_at(end);
    let text = String::from_utf8_lossy(top);
    let mut words = text.split(' ');
    let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    if method == "POST" && service == "ipp" {
        return page(200, "application/ipp", &ipp::answer(house.kind.model, house.kind.id, body));
    }
    if method == "POST" {
        return page(200, "application/soap+xml", DESCRIPTION.as_bytes());
    }
    match path {
        "/" => page(200, "text/html", b"<html><title>Printer</title>Home</html>"),
        "/eSCL/ScannerCapabilities" => page(200, "text/xml", SCANNER.as_bytes()),
        "/FirmwareUpdate/WebFWUpdate/Config" => {
            page(200, "text/xml", b"<fwudyn:AutomaticUpdate>enabled</fwudyn:AutomaticUpdate>")
        }
        "/net/net/net.html" => guarded(house, top),
        _ => page(404, "text/html", b"<html><title>Not here</title></html>"),
    }
}

fn guarded(house: &House, head: &[u8]) -> Vec<u8> {
    let given = header(head, "authorization");
    match house.kind.password {
        Some(password) if given.as_deref() != Some(password) => {
            let head = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            head.into()
        }
        _ => page(200, "text/html", b"<html>Network Status</html>"),
    }
}

fn page(status: u16, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} X\r\nServer: Double/1.0\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

const SCANNER: &str = "<scan:ScannerCapabilities><pwg:SerialNumber>CNX1</pwg:SerialNumber><scan:Platen/></scan:ScannerCapabilities>";

const DESCRIPTION: &str = "<e>
    <ThisDevice><SerialNumber>CNX1</SerialNumber></ThisDevice><Relationship><Hosted><Types>w:PrinterServiceType</Types></Hosted></Relationship></e>";
