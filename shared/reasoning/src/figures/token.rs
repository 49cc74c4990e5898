/// A piece of a text. Spaces only separate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Begins with a letter; may have digits. In lower case.
    Word { text: String, capital: bool },
    /// Begins with a digit; may have points, commas, colons, slashes and hyphens between digits, and letters. In lower
    /// case.
    Number(String),
    /// Anything else.
    Mark(char),
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if first.is_alphanumeric() => piece(rest),
            _ => first.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        if first.is_ascii_digit() {
            tokens.push(Token::Number(piece.to_lowercase()));
        } else if first.is_alphanumeric() {
            tokens.push(Token::Word {
                text: piece.to_lowercase(),
                capital: first.is_uppercase(),
            });
        } else if !first.is_whitespace() {
            tokens.push(Token::Mark(first));
        }
    }
    tokens
}

/// The length in bytes of the word or number that a text begins with.
fn piece(text: &str) -> usize {
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let digit_follows = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        let joins = match c {
            '.' | ',' | ':' | '/' => before.is_ascii_digit() && digit_follows,
            '-' => digit_follows,
            _ => c.is_alphanumeric(),
        };
        if !joins {
            return at;
        }
        before = c;
    }
    text.len()
}
