//! Texts that look like URLs, grown from the pieces that a parser can get wrong.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};

use proptest::prelude::*;
use proptest::sample::select;

use super::registries::address;

const SCHEMES: [&str; 16] = [
    "https://",
    "https://",
    "https://",
    "https://",
    "https:",
    "https:/",
    "https:///",
    "HTTPS:\\\\",
    "\thttps://",
    "ht\ntps://",
    "http://",
    "wss://",
    "ftp://",
    "file://",
    "//",
    "",
];
const USERS: [&str; 12] = [
    "",
    "",
    "",
    "",
    "",
    "",
    "@",
    ":@",
    "user:secret@",
    "example.com:443@",
    "a@b@",
    "10.0.0.1%40",
];
const NAMES: [&str; 36] = [
    "example.com",
    "example.com",
    "example.com",
    "EXAMPLE.com",
    "example.com.",
    "example.com..",
    ".example.com",
    "a..b",
    "a_b.example",
    "*.example.com",
    "%65xample.com",
    "example%2ecom",
    "exam%00ple.com",
    "exam\u{ad}ple.com",
    "bücher.example",
    "例え.テスト",
    "faß.de",
    "xn--bcher-kva.example",
    "xn--a",
    "ﬁ.example",
    "example。com",
    "localhost",
    "LOCALHOST.",
    "localhost.localdomain",
    "127.0.0.1.nip.io",
    "metadata.google.internal",
    "1.2.3",
    "1.2.3.4.5",
    "256.256.256.256",
    "4294967296",
    "0x",
    "0x.0X.0",
    "08.08.08.08",
    "[]",
    "",
    ".",
];
const PORTS: [&str; 20] = [
    "",
    "",
    "",
    "",
    ":443",
    ":8443",
    ":8443",
    ":08443",
    ":80",
    ":22",
    ":0",
    ":",
    ":65535",
    ":65536",
    ":-1",
    ":443:8443",
    ":8443@10.0.0.1",
    ":\t8443",
    ":８４４３",
    ":8443.",
];
const PATHS: [&str; 12] = [
    "",
    "",
    "/",
    "/hooks/assay?a=b#c",
    "\\@10.0.0.1/",
    "/@10.0.0.1/",
    "?@10.0.0.1",
    "#@10.0.0.1",
    "/../..//10.0.0.1",
    "/{}|^`\"",
    "/%",
    "/\u{202e}é",
];
const NOISE: [char; 16] = [
    '\t', '\n', '\r', ' ', '\\', '/', '@', ':', '%', '.', '[', ']', '#', '\0', '\u{feff}',
    '\u{ff0e}',
];

/// Ways to write an IPv4 address, or to hide it in an IPv6 one.
const WAYS: usize = 20;

/// A URL, or something like it, with the host of its choice.
pub(super) fn url_with(
    host: impl Strategy<Value = String>,
    port: impl Strategy<Value = String>,
) -> impl Strategy<Value = String> {
    let noise = prop::collection::vec((any::<prop::sample::Index>(), select(&NOISE[..])), 0..3);
    // Most are as they are.
    let noise = prop_oneof![3 => Just(Vec::new()), 1 => noise];
    let parts = (
        select(&SCHEMES[..]),
        select(&USERS[..]),
        host,
        port,
        select(&PATHS[..]),
    );
    (parts, noise).prop_map(|((scheme, user, host, port, path), noise)| {
        let mut url = format!("{scheme}{user}{host}{port}{path}");
        for (at, noise) in noise {
            let places: Vec<usize> = url.char_indices().map(|(place, _)| place).collect();
            if !places.is_empty() {
                url.insert(*at.get(&places), noise);
            }
        }
        url
    })
}

/// The same with every kind of host and port.
pub(super) fn url() -> impl Strategy<Value = String> {
    let host = prop_oneof![
        3 => name(),
        3 => (address(), 0..WAYS).prop_map(|(address, way)| written(address, way)),
        1 => "[a-z0-9.\\-%:\\[\\]@\\\\/?# \t\n]{0,30}",
    ];
    url_with(host, select(&PORTS[..]).prop_map(str::to_owned))
}

/// A name of a host, or something like it.
pub(super) fn name() -> impl Strategy<Value = String> {
    select(&NAMES[..]).prop_map(str::to_owned)
}

/// A host that is an address, in one of the ways to write it.
pub(super) fn written(address: IpAddr, way: usize) -> String {
    match address {
        IpAddr::V4(address) => written_v4(address, way),
        IpAddr::V6(address) => match way % 5 {
            0 => format!("[{}]", address.to_string().to_uppercase()),
            1 => {
                let groups = address.segments().map(|group| format!("{group:04x}"));
                format!("[{}]", groups.join(":"))
            }
            2 => format!("[{address}%25lo]"),
            3 => format!("{address}"),
            _ => format!("[{address}]"),
        },
    }
}

/// By the rules of `inet_aton`, which the URL standard has too, and in the forms of RFC 4291, 6052 and 3056.
fn written_v4(address: Ipv4Addr, way: usize) -> String {
    let (bits, [a, b, c, d]) = (address.to_bits(), address.octets());
    let (high, low) = (bits >> 16, bits & 0xffff);
    match way {
        0 => format!("{bits}"),
        1 => format!("0x{bits:x}"),
        2 => format!("0{bits:o}"),
        3 => format!("0x{a:x}.0x{b:X}.0X{c:x}.0x{d:x}"),
        4 => format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        5 => format!("{a}.{b}.{low}"),
        6 => format!("{a}.{}", bits & 0xff_ffff),
        7 => format!("{a}.0x{b:x}.0{c:o}.{d}"),
        8 => format!("{address}."),
        9 => format!("00{a}.{b}.{c}.{d}"),
        10 => percent_encoded(&address.to_string()),
        11 => wide(&address.to_string()),
        12 => format!("[::ffff:{address}]"),
        13 => format!("[::FFFF:{high:X}:{low:X}]"),
        14 => format!("[::{address}]"),
        15 => format!("[64:ff9b::{address}]"),
        16 => format!("[2002:{high:x}:{low:x}::1]"),
        17 => format!("[::ffff:0:{address}]"),
        _ => address.to_string(),
    }
}

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        write!(encoded, "%{byte:02x}").unwrap();
        encoded
    })
}

/// In full-width digits and ideographic full stops, which IDNA maps to ASCII.
fn wide(text: &str) -> String {
    let wide = |c: char| match c {
        '.' => '。',
        digit => char::from_u32(u32::from(digit) - u32::from('0') + u32::from('０')).unwrap(),
    };
    text.chars().map(wide).collect()
}
