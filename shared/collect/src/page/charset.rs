use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use http::header::CONTENT_TYPE;
use outbound::OutboundResponse;

use super::tags::tags;

/// The most bytes of a document that are searched for its declaration.
const MOST_DECLARATION: usize = 1_024;

/// Returns the text of a response, decoded by its byte order mark, else by the charset in its `Content-Type`, else by the one
/// that the document declares, else as UTF-8 (RFC 7303, 3). Bytes that are not in the charset become U+FFFD.
pub(crate) fn decoded(reply: &OutboundResponse) -> Cow<'_, str> {
    let sent = reply.headers.get(CONTENT_TYPE);
    let sent = sent.and_then(|value| value.to_str().ok()).and_then(charset);
    let encoding = sent.or_else(|| declared(&reply.body)).unwrap_or(UTF_8);
    // A byte order mark wins over `encoding` in here.
    encoding.decode(&reply.body).0
}

/// The encoding in a parameter `charset`, quoted or not.
fn charset(content_type: &str) -> Option<&'static Encoding> {
    let mut parameters = content_type.split(';').skip(1);
    parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        let label = value.trim().trim_matches(['"', '\'']);
        is_charset.then(|| Encoding::for_label(label.as_bytes()))?
    })
}

/// The encoding that an XML declaration or a `meta` tag at the beginning names.
fn declared(body: &[u8]) -> Option<&'static Encoding> {
    match body.get(..4) {
        Some(b"<\0?\0") => return Some(UTF_16LE),
        Some(b"\0<\0?") => return Some(UTF_16BE),
        Some(_) | None => {}
    }
    let start = body.get(..MOST_DECLARATION).unwrap_or(body);
    let start = String::from_utf8_lossy(start);
    let label = xml_declaration(&start).or_else(|| meta(&start))?;
    let encoding = Encoding::for_label(label.trim().as_bytes())?;
    // Text that could be read as ASCII is not in UTF-16, whatever it says.
    let is_utf_16 = [UTF_16LE, UTF_16BE].contains(&encoding);
    Some(if is_utf_16 { UTF_8 } else { encoding })
}

fn xml_declaration(start: &str) -> Option<&str> {
    let declaration = start.trim_start().strip_prefix("<?xml")?;
    let declaration = declaration.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start();
    let value = value.strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}

fn meta(start: &str) -> Option<&str> {
    let mut metas = tags(start).filter(|tag| tag.is("meta"));
    metas.find_map(|tag| {
        tag.attribute("charset").or_else(|| {
            let content = tag.attribute("content")?.to_ascii_lowercase();
            let at = content.find("charset=")? + "charset=".len();
            // The length is the same in lower case.
            let label = tag.attribute("content")?.get(at..)?;
            Some(label.split([';', ' ']).next().unwrap_or(label))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, HeaderValue, StatusCode};
    use outbound::Url;

    #[track_caller]
    fn check(content_type: Option<&'static str>, body: &[u8], expected: &str) {
        let mut headers = HeaderMap::new();
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        let reply = OutboundResponse {
            status: StatusCode::OK,
            headers,
            body: body.to_vec().into(),
            url: Url::parse("https://acme.com/feed").unwrap(),
        };
        let text = decoded(&reply);
        assert!(
            text.contains(expected),
            "{content_type:?}: {text:?} without {expected:?}"
        );
    }

    #[test]
    fn a_document_is_decoded_by_what_declares_its_charset() {
        let latin =
            b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><title>Caf\xe9 M\xfcller</title>";
        check(None, latin, "Café Müller");
        check(Some("application/rss+xml"), latin, "Café Müller");
        check(Some("text/xml; charset=iso-8859-1"), latin, "Café Müller");
        let single =
            b"<?xml version='1.0' encoding = 'windows-1252' ?><title>\x80 20m \x96 \xe9</title>";
        check(None, single, "€ 20m – é");
        check(
            Some("text/xml; Charset=\"Windows-1251\""),
            b"<title>\xcf\xf0\xe8\xe2\xe5\xf2</title>",
            "Привет",
        );
        check(
            Some("text/xml;charset=Shift_JIS"),
            b"<title>\x83e\x83X\x83g</title>",
            "テスト",
        );
        let html = b"<html><head><meta charset=iso-8859-15><title>\xa4</title>";
        check(Some("text/html"), html, "€");
        let html = b"<META http-equiv=Content-Type content='text/html; CHARSET=ISO-8859-1'><title>\xe9</title>";
        check(None, html, "é");
        check(None, "<title>é</title>".as_bytes(), "é");
    }

    #[test]
    fn the_header_wins_over_the_document_and_a_byte_order_mark_over_both() {
        let utf8 = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><title>é</title>".as_bytes();
        check(Some("text/xml; charset=utf-8"), utf8, "é");
        let marked = [b"\xef\xbb\xbf", utf8].concat();
        check(Some("text/xml; charset=iso-8859-1"), &marked, "é");
        let wide: Vec<u8> = "<?xml version=\"1.0\"?><title>é</title>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        check(None, &wide, "é");
        check(None, &[b"\xff\xfe", &*wide].concat(), "é");
        check(Some("text/xml; charset=utf-16le"), &wide, "é");
    }

    #[test]
    fn a_wrong_declaration_falls_back_to_utf_8() {
        for declaration in [
            "encoding=\"klingon\"",
            "encoding=\"utf-16\"",
            "encoding=",
            "encoding=\"",
            "",
        ] {
            let body = format!("<?xml version=\"1.0\" {declaration}?><title>é</title>");
            check(None, body.as_bytes(), "é");
        }
        check(
            Some("text/xml; charset=klingon"),
            "<title>é</title>".as_bytes(),
            "é",
        );
        check(None, b"<title>caf\xe9</title>", "caf\u{fffd}");
    }
}
