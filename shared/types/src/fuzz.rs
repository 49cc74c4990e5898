use fuzzing::check;

use crate::{
    Domain, DomainError, IdKind, JobId, KeyId, ProtocolSlug, RequestId, Timestamp, UtcDay,
    is_one_line, parse_time, whole_second,
};

/// The text that an input is; none that is not UTF-8 reaches these parsers.
fn text(input: &[u8]) -> Option<&str> {
    std::str::from_utf8(input).ok()
}

#[test]
fn fuzz_domain() {
    check("domain", |input| {
        let Some(text) = text(input) else { return };
        let parsed = Domain::parse(text);
        // What is parsed quickly is parsed the same the long way, which white space leads to.
        assert_eq!(Domain::parse(&format!("\t{text}\t")), parsed);
        let domain = match &parsed {
            Ok(domain) => domain,
            Err(error) => return assert_message(error),
        };
        let name = domain.as_str();
        assert!(name.len() <= 253 && name.contains('.'), "{name}");
        let is_letter = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"-.".contains(&c);
        assert!(name.bytes().all(is_letter), "{name}");
        for same in [
            name.to_owned(),
            name.to_uppercase(),
            format!("{name}."),
            format!("www.{name}"),
            format!("https://{name}"),
            format!("https://www.{name}:8443/"),
            format!("“{name}”"),
            format!("<{name}>"),
            format!("[{name}](https://{name}/)"),
            format!("=HYPERLINK(\"{name}\")"),
        ] {
            assert_eq!(Domain::parse(&same), parsed, "{same}");
        }
        let json = serde_json::to_string(domain).unwrap();
        assert_eq!(&serde_json::from_str::<Domain>(&json).unwrap(), domain);
    });
}

fn assert_message(error: &DomainError) {
    let message = error.to_string();
    assert!(is_one_line(&message), "{message:?}");
    assert!(message.len() < 2_500, "{message}");
}

#[test]
fn fuzz_time() {
    check("time", |input| {
        let Some(text) = text(input) else { return };
        if let Some(at) = parse_time(text) {
            assert_eq!(text.parse().ok(), Some(at));
            assert_eq!(parse_time(&at.to_string()), Some(at));
            let shown = whole_second(at);
            assert!(shown.as_second() == at.as_second() && shown.subsec_nanosecond() == 0);
            assert_eq!(parse_time(&shown.to_string()), Some(shown));
        }
    });
}

#[test]
fn fuzz_id() {
    fn round_trip<K: IdKind>(text: &str) {
        if let Ok(id) = text.parse::<crate::Id<K>>() {
            assert_eq!(id.to_string(), text);
            assert_eq!(crate::Id::<K>::from_suffix(&id.suffix()).unwrap(), id);
            let json = serde_json::to_string(&id).unwrap();
            assert_eq!(serde_json::from_str::<crate::Id<K>>(&json).unwrap(), id);
        }
    }
    check("id", |input| {
        let Some(text) = text(input) else { return };
        round_trip::<crate::Job>(text);
        round_trip::<crate::Key>(text);
        round_trip::<crate::Request>(text);
        let kinds = [
            text.parse::<JobId>().is_ok(),
            text.parse::<KeyId>().is_ok(),
            text.parse::<RequestId>().is_ok(),
        ];
        assert!(kinds.iter().filter(|is| **is).count() <= 1, "{text}");
        if let Ok(day) = text.parse::<UtcDay>() {
            assert_eq!(day.to_string(), text);
            assert_eq!(UtcDay::from_code(&day.code()), Some(day));
        }
        if let Some(day) = UtcDay::from_code(text) {
            assert_eq!(day.code(), text);
            assert_eq!(day.to_string().parse(), Ok(day));
            assert!(day.date().year() >= 1970);
        }
        if let Ok(slug) = text.parse::<ProtocolSlug>() {
            assert_eq!(slug.as_str(), text);
            assert!(text.parse::<Timestamp>().is_err());
        }
    });
}
