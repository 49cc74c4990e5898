use super::lexicon;

/// The exact value of a number that is not negative: its digits without zeros at either end, and the power of ten of the last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number {
    digits: String,
    exponent: i32,
}

impl Number {
    /// Parses `1,200`, `12.5` and `12.5m`. None for anything else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let end = text.find(|c: char| c.is_alphabetic()).unwrap_or(text.len());
        let (number, scale) = text.split_at(end);
        let scale = match scale {
            "" => 0,
            word => lexicon::scale(word)?,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let whole = without_separators(whole)?;
        Self::new(&format!("{whole}{fraction}"), fraction.len(), scale)
    }

    /// The number times ten to the power of `exponent`.
    pub(super) fn times_ten_to(self, exponent: i32) -> Self {
        let digits = self.digits;
        let exponent = if digits.is_empty() {
            0
        } else {
            self.exponent + exponent
        };
        Self { digits, exponent }
    }

    fn new(digits: &str, fraction: usize, scale: i32) -> Option<Self> {
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let short = digits.trim_end_matches('0');
        let dropped = i32::try_from(digits.len() - short.len()).ok()?;
        let exponent = dropped - i32::try_from(fraction).ok()?;
        let digits = short.trim_start_matches('0').to_owned();
        Some(Self { digits, exponent }.times_ten_to(scale))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        let digits = value.to_string();
        Self::new(&digits, 0, 0).unwrap_or(Self {
            digits,
            exponent: 0,
        })
    }
}

/// `1200` for `1,200`. None if the commas do not separate thousands.
fn without_separators(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.len() > 3 {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}
