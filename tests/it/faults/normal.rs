//! What is random or a time in names and contents, replaced by what it is, so that two runs of the same can be compared.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;
use tests::Item;

/// Characters of a ULID, of a SHA-256 in hex, of the random part of an API key and of a test's tables, and of a second.
const ULID: usize = 26;
const HASH: usize = 64;
const KEY: usize = 32;
const NAME: usize = 16;
const SECOND: usize = 10;

/// A text without its random parts and times.
pub(super) fn text(text: &str) -> String {
    let mut rest = without_signatures(text);
    let mut normal = String::with_capacity(rest.len());
    while let Some(first) = rest.chars().next() {
        if let Some((_, after)) = moment(&rest) {
            normal.push_str("[time]");
            rest = after.to_owned();
            continue;
        }
        if let Some(secret) = rest.strip_prefix("whsec_") {
            normal.push_str("[secret]");
            let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
            rest = secret.trim_start_matches(is_base64).to_owned();
            continue;
        }
        let word: String = rest
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        if word.is_empty() {
            normal.push(first);
            rest = rest.split_off(first.len_utf8());
        } else {
            normal.push_str(kind_of(&word, &normal).unwrap_or(&word));
            rest = rest.split_off(word.len());
        }
    }
    normal
}

/// What a word is, if it is random or a time. `before` is what precedes it.
fn kind_of(word: &str, before: &str) -> Option<&'static str> {
    let is_hex = word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_lower = !word.bytes().any(|byte| byte.is_ascii_uppercase());
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    match word.len() {
        ULID if is_lower && word.starts_with('0') => Some("[id]"),
        HASH if is_hex => Some("[hash]"),
        KEY if is_hex && before.ends_with('_') => Some("[secret]"),
        NAME if is_hex && before.ends_with("test-") => Some("[name]"),
        _ if is_number && before.ends_with("127.0.0.1:") => Some("[port]"),
        SECOND if is_number && ["17", "18", "19"].iter().any(|era| word.starts_with(era)) => {
            Some("[time]")
        }
        _ => None,
    }
}

/// A time as in RFC 3339 that the text begins with, and what follows.
fn moment(text: &str) -> Option<(&str, &str)> {
    let is_like = |pattern: &str| {
        text.len() >= pattern.len()
            && pattern
                .bytes()
                .zip(text.bytes())
                .all(|(like, byte)| match like {
                    b'0' => byte.is_ascii_digit(),
                    other => byte == other,
                })
    };
    let end = is_like("0000-00-00T00:00:00").then(|| text.find('Z'))??;
    Some(text.split_at(end + 1))
}

/// The text without the queries of presigned URLs.
fn without_signatures(text: &str) -> String {
    let parts = text.split('"').map(|part| match part.split_once('?') {
        Some((url, query)) if query.contains("X-Amz-Signature") => url,
        _ => part,
    });
    parts.collect::<Vec<_>>().join("\"")
}

/// The words of a response, in an order that does not depend on random ids, and without what depends on the second.
pub(super) fn words(response: &str) -> Vec<String> {
    let mut normal = text(response);
    for name in ["\"score_age\":", "\"last4\":"] {
        let mut parts = normal.split(name);
        let mut without = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            without.push_str(part.find([',', '}']).map_or("", |end| &part[end..]));
        }
        normal = without;
    }
    let mut words: Vec<String> = normal.split(['{', '}', ',']).map(str::to_owned).collect();
    words.sort();
    words
}

/// A value as JSON. What is sealed has no content.
pub(super) fn value(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(string) => text(string).into(),
        AttributeValue::N(digits) => text(digits).into(),
        AttributeValue::Bool(flag) => (*flag).into(),
        AttributeValue::Null(_) => Value::Null,
        AttributeValue::B(_) => "[bytes]".into(),
        AttributeValue::Ss(texts) | AttributeValue::Ns(texts) => {
            let mut texts: Vec<String> = texts.iter().map(|one| text(one)).collect();
            texts.sort();
            texts.into()
        }
        AttributeValue::L(values) => values.iter().map(self::value).collect(),
        AttributeValue::M(item) => attributes(item, |_| true),
        other => panic!("no such attribute is kept here: {other:?}"),
    }
}

/// The attributes of an item that are to be compared, by name. Several may have the same name once it is normal.
pub(super) fn attributes(item: &Item, is_compared: impl Fn(&str) -> bool) -> Value {
    let compared = item.iter().filter(|(name, _)| is_compared(name));
    let mut attributes: Vec<(String, String)> = compared
        .map(|(name, content)| (text(name), value(content).to_string()))
        .collect();
    attributes.sort();
    attributes
        .into_iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect()
}

#[test]
fn what_is_random_or_a_time_is_named_by_its_kind() {
    for (is, expected) in [
        ("ACCT#acct_01m7fh8r3843edvwazxv7e447b", "ACCT#acct_[id]"),
        ("01m7fh8r3843edvwazxv7e447b-grant", "[id]-grant"),
        (
            "iq_live_sk_00b1be58b42215ab65324623e177d549",
            "iq_live_sk_[secret]",
        ),
        // A signal's id is made of what it says.
        (
            "SIGNAL#aea6d3a7c15f0e5c3e61a68db8dd7296",
            "SIGNAL#aea6d3a7c15f0e5c3e61a68db8dd7296",
        ),
        ("PAST#1#1795000010", "PAST#1#[time]"),
        ("at 2026-11-15T12:00:10.5Z, 20261115", "at [time], 20261115"),
        (r#""a?X-Amz-Signature=0&b=1", "c?d""#, r#""a", "c?d""#),
        ("/test-fe0e4d0236522537-bucket/", "/test-[name]-bucket/"),
        ("“5 of 10”", "“5 of 10”"),
    ] {
        assert_eq!(text(is), expected);
    }
    let [one, other] =
        ["k", "l"].map(|last| format!(r#"[{{"a":1,"last4":"{last}","b":2}},{{"c":3}}]"#));
    assert_eq!(words(&one), words(&other));
    assert_ne!(words(&one), words("[]"));
}
