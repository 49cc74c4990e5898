/// The delimiter that occurs most in the first line with text, outside quotes; a comma if there is none, or in a tie.
pub(crate) fn delimiter(text: &str) -> u8 {
    let (mut commas, mut semicolons, mut tabs) = (0, 0, 0);
    let mut quoted = false;
    for byte in text.trim_start_matches(['\r', '\n', ' ']).bytes() {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'\n' | b'\r' => break,
            b',' => commas += 1,
            b';' => semicolons += 1,
            b'\t' => tabs += 1,
            _ => {}
        }
    }
    if commas >= semicolons.max(tabs) {
        b','
    } else if semicolons >= tabs {
        b';'
    } else {
        b'\t'
    }
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(text: &str, delimiter: char) {
        assert_eq!(char::from(super::delimiter(text)), delimiter, "{text:?}");
    }

    #[test]
    fn the_header_decides_the_delimiter() {
        check("", ',');
        check("domain", ',');
        check("name,domain\na;b;c;d", ',');
        check("name;domain\r\na,b,c", ';');
        check("\n\nname\tdomain\rx;y;z", '\t');
        check("\"name, legal, full\";domain", ';');
        check("\"na\nme\";domain\n,,,,", ';');
        check("a;b,c", ',');
        check("a\tb;c", ';');
    }
}
