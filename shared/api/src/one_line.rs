use types::is_one_line;

use crate::ApiError;

/// A name or label, without the blanks around it: 1 to `max` characters on one line. `example` is for the error.
///
/// # Errors
/// 400 `text_invalid`.
pub fn one_line(
    field: &'static str,
    text: &str,
    max: usize,
    example: &str,
) -> Result<String, ApiError> {
    let line = text.trim();
    if line.is_empty() || line.chars().count() > max || !is_one_line(line) {
        let message =
            format!("{field} is 1 to {max} characters on one line, for example {example:?}");
        return Err(ApiError::invalid(field, message).reason("text_invalid"));
    }
    Ok(line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_so_many_characters() {
        let line = |text: &str| one_line("name", text, 3, "CRM").ok();
        assert_eq!(
            line(" \u{e9}\u{e9}\u{e9}\n").as_deref(),
            Some("\u{e9}\u{e9}\u{e9}")
        );
        for text in ["", " ", "abcd", "a\u{2028}b", "a\nb"] {
            assert_eq!(line(text), None, "{text:?}");
        }
    }
}
