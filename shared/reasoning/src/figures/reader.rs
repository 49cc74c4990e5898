use super::Figure;
use super::lexicon;
use super::number::Number;
use super::token::Token;

/// Parses figures from tokens, the longest form first.
#[derive(Clone)]
pub(super) struct Reader<'a>(&'a [Token]);

impl Iterator for Reader<'_> {
    type Item = Figure;

    fn next(&mut self) -> Option<Figure> {
        while !self.0.is_empty() {
            let read = self
                .attempt(Self::date)
                .or_else(|| self.attempt(Self::quantity))
                .or_else(|| self.attempt(Self::verbatim));
            if read.is_some() {
                return read;
            }
            self.take(|_| Some(()));
        }
        None
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(tokens: &'a [Token]) -> Self {
        Self(tokens)
    }

    /// The result of `read` for the next token, which is consumed unless the result is none.
    fn take<T>(&mut self, read: impl FnOnce(&Token) -> Option<T>) -> Option<T> {
        let (first, rest) = self.0.split_first()?;
        let taken = read(first)?;
        self.0 = rest;
        Some(taken)
    }

    /// The result of `read` for the next tokens, none of which are consumed if the result is none.
    fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mut ahead = self.clone();
        let taken = read(&mut ahead)?;
        *self = ahead;
        Some(taken)
    }

    fn mark(&mut self, mark: char) -> Option<()> {
        self.take(|token| (*token == Token::Mark(mark)).then_some(()))
    }

    fn word<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.take(|token| match token {
            Token::Word { text, .. } => read(text),
            Token::Number(_) | Token::Mark(_) => None,
        })
    }

    fn number<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.take(|token| match token {
            Token::Number(text) => read(text),
            Token::Word { .. } | Token::Mark(_) => None,
        })
    }

    /// A word or a sign.
    fn sign<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.take(|token| match token {
            Token::Word { text, .. } => read(text),
            Token::Mark(mark) => read(mark.encode_utf8(&mut [0; 4])),
            Token::Number(_) => None,
        })
    }

    fn date(&mut self) -> Option<Figure> {
        self.number(iso)
            .or_else(|| self.attempt(Self::day_first))
            .or_else(|| self.attempt(Self::month_first))
    }

    /// `3 March`, `3rd of March, 2026`.
    fn day_first(&mut self) -> Option<Figure> {
        let day = self.number(day)?;
        self.word(|word| (word == "of").then_some(()));
        let month = self.word(lexicon::month)?;
        let year = self.attempt(Self::year);
        Some(Figure::Date {
            year,
            month,
            day: Some(day),
        })
    }

    /// `March 3, 2026`, `March 2026`, `March`. Without a number, `may` and `march` are months only with a capital.
    fn month_first(&mut self) -> Option<Figure> {
        let (month, capital) = self.take(|token| match token {
            Token::Word { text, capital } => Some((lexicon::month(text)?, *capital)),
            Token::Number(_) | Token::Mark(_) => None,
        })?;
        self.word(|word| (word == "the").then_some(()));
        let day = self.number(day);
        let year = self.attempt(Self::year);
        (capital || day.is_some() || year.is_some()).then_some(Figure::Date { year, month, day })
    }

    fn year(&mut self) -> Option<u16> {
        self.mark(',');
        self.number(|text| (text.len() == 4).then(|| text.parse().ok())?)
    }

    /// `12`, `$12.5M`, `12 million USD`, `twenty-five percent`, `90-day`.
    fn quantity(&mut self) -> Option<Figure> {
        let before = self.sign(lexicon::currency);
        let mut number = self
            .number(Number::parse)
            .or_else(|| self.attempt(Self::in_words))?;
        while let Some(scale) = self.attempt(|next| next.after(lexicon::scale)) {
            number = number.times_ten_to(scale);
        }
        let after = self.attempt(|next| next.after(lexicon::unit));
        let unit = before.or(after);
        Some(Figure::Quantity { number, unit })
    }

    fn in_words(&mut self) -> Option<Number> {
        let small = |word: &str| lexicon::small(word);
        let Some(tens) = self.word(lexicon::tens) else {
            // `one` alone is mostly a pronoun.
            let value = self.word(small).filter(|value| *value != 1)?;
            return Some(value.into());
        };
        let ones = self.attempt(|next| next.after(|word| small(word).filter(|ones| *ones < 10)));
        Some((tens + ones.unwrap_or(0)).into())
    }

    /// What comes after a number, with or without a hyphen.
    fn after<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.mark('-');
        self.sign(read)
    }

    fn verbatim(&mut self) -> Option<Figure> {
        let text = self
            .number(|text| Some(text.to_owned()))
            .or_else(|| self.attempt(Self::relative))
            .or_else(|| self.word(standalone))?;
        Some(Figure::Verbatim(text))
    }

    /// `last week`.
    fn relative(&mut self) -> Option<String> {
        let which = self.word(|word| lexicon::is_relative(word).then(|| word.to_owned()))?;
        let time = self.word(lexicon::time)?;
        Some(format!("{which} {time}"))
    }
}

fn standalone(word: &str) -> Option<String> {
    let is_figure = lexicon::is_standalone(word) || word.contains(|c: char| c.is_ascii_digit());
    is_figure.then(|| word.to_owned())
}

/// `3` or `3rd`.
fn day(text: &str) -> Option<u8> {
    let number = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| text.strip_suffix(ending));
    let day = number.unwrap_or(text).parse().ok()?;
    (1..=31).contains(&day).then_some(day)
}

/// `2026-03-03` or `2026-03`.
fn iso(text: &str) -> Option<Figure> {
    let mut parts = text.split(['-', '/']);
    let year = parts.next().filter(|year| year.len() == 4)?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next().map(str::parse).transpose().ok()?;
    let in_calendar = (1..=12).contains(&month) && day.is_none_or(|day| (1..=31).contains(&day));
    (in_calendar && parts.next().is_none()).then_some(Figure::Date {
        year: Some(year.parse().ok()?),
        month,
        day,
    })
}
