/// How the content of a response is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

impl Encoding {
    /// The smallest that an `Accept-Encoding` header accepts (RFC 9110, 12.5.3). What it lists with a weight of 0 it refuses.
    pub(crate) fn accepted(header: &str) -> Self {
        let accepts = |wanted: Self| wanted.name().is_some_and(|name| accepts(header, name));
        [Self::Brotli, Self::Gzip]
            .into_iter()
            .find(|encoding| accepts(*encoding))
            .unwrap_or(Self::Plain)
    }

    /// Its name in `Content-Encoding`; none for content as it is.
    pub(crate) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Plain => None,
        }
    }
}

/// Whether a header lists a coding, or all by `*`, with a weight above 0.
fn accepts(header: &str, name: &str) -> bool {
    let weight_of = |wanted: &str| {
        header.split(',').find_map(|listed| {
            let mut parts = listed.split(';').map(str::trim);
            parts
                .next()
                .filter(|coding| coding.eq_ignore_ascii_case(wanted))?;
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            Some(weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0)))
        })
    };
    let weight: Option<f32> = weight_of(name).or_else(|| weight_of("*"));
    weight.is_some_and(|weight| weight > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_that_is_accepted() {
        use Encoding::{Brotli, Gzip, Plain};
        for (header, expected) in [
            ("", Plain),
            ("identity", Plain),
            ("deflate, zstd", Plain),
            ("gzip, deflate, br, zstd", Brotli),
            ("gzip, deflate", Gzip),
            ("GZIP;q=0.5", Gzip),
            ("gzip;q=1.0, br;q=0.1", Brotli),
            ("gzip, br;q=0", Gzip),
            ("gzip ; q=0.000 , br ; q=0", Plain),
            ("*", Brotli),
            ("br;q=0, *", Gzip),
            ("br;q=x", Plain),
            ("brotli", Plain),
        ] {
            assert_eq!(Encoding::accepted(header), expected, "{header}");
        }
    }
}
