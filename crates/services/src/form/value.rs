//! One answer as typed → its value, or what is wrong with it.
//!
//! Values: text trimmed; number an integer, or a decimal text when the field has decimals; money fen; date `YYYY-MM-DD`;
//! month `YYYY-MM`; numbers of persons and enterprises in canonical form; boxes a list; files a list; declaration true.
use platform::clock::iso_date;
use platform::error::FieldError;
use serde_json::Value;
use time::Date;

use super::condition::is_answered;
use super::day::{self, DayBound, WrongDay, clip};
use super::model::{Choice, DivisionLevel, Input, Pattern};
use super::{Divisions, limits, numbers};

/// What the reading of an answer may look at besides the answer.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// Lower bounds that move are reckoned from here, upper ones from `today`.
    pub(super) since: Date,
    pub(super) today: Date,
    pub(super) divisions: &'a dyn Divisions,
}

/// The value of an answer; None when nothing was answered.
pub(super) fn read(path: &str, input: &Input, given: &Value, around: Around<'_>) -> Result<Option<Value>, FieldError> {
    if !is_answered(given) {
        return Ok(None);
    }
    let text = given.as_str().unwrap_or_default();
    let field = Reading { path, text: text.trim() };
    let value = match input {
        Input::Text { min, max, pattern } => {
            field.text_within(*min, *max, Lines::One).and_then(|text| field.pattern(*pattern, text))
        }
        Input::LongText { min, max } => field.text_within(*min, *max, Lines::Many).map(Value::from),
        Input::Number { min, max, decimals, .. } => field.number((*min, *max), *decimals),
        Input::Money { min, max } => field.money(*min, *max),
        Input::Date { min, max } => return field.date(given, (*min, *max), (around.since, around.today)),
        Input::Month {} => return field.month(given),
        Input::ResidentId {} => numbers::resident_id(path, text, around.today).map(Value::from),
        Input::Uscc {} => numbers::uscc(path, text).map(Value::from),
        Input::Phone {} => field.phone(),
        Input::Email {} => field.email(),
        Input::Select { options } | Input::Radios { options } => field.option(options),
        Input::Checkboxes { options, max } => field.boxes(given, options, *max),
        Input::YesNo {} => match field.text {
            "yes" | "no" => Ok(Value::from(field.text)),
            _ => Err(field.error("form-error-option")),
        },
        Input::Division { level, within } => field.division(*level, within, around.divisions),
        Input::File { max_count, .. } => field.files(given, *max_count),
        Input::Declaration {} if field.text == "yes" => Ok(Value::Bool(true)),
        Input::Declaration {} => Err(field.error("form-error-required-declaration")),
        Input::Repeat { .. } => Ok(Value::Null),
    };
    value.map(Some)
}

/// Key of the message for a required field without an answer.
pub(super) fn missing_key(input: &Input) -> &'static str {
    match input {
        Input::Select { .. } | Input::Radios { .. } | Input::YesNo {} | Input::Division { .. } => {
            "form-error-required-choice"
        }
        Input::Checkboxes { .. } => "form-error-required-boxes",
        Input::Date { .. } => "form-error-required-date",
        Input::Month {} => "form-error-required-month",
        Input::File { .. } => "form-error-required-file",
        Input::Declaration {} => "form-error-required-declaration",
        _ => "form-error-required-text",
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    One,
    Many,
}

struct Reading<'a> {
    path: &'a str,
    text: &'a str,
}

impl Reading<'_> {
    fn error(&self, key: &'static str) -> FieldError {
        FieldError::new(self.path, key)
    }

    fn text_within(&self, min: u32, max: u32, lines: Lines) -> Result<String, FieldError> {
        // Browsers send line ends as two characters; people count one.
        let text = self.text.replace("\r\n", "\n");
        let allowed = |c: char| !c.is_control() || (lines == Lines::Many && matches!(c, '\n' | '\t'));
        if let Some(at) = text.chars().position(|c| !allowed(c)) {
            return Err(self.error("form-error-characters").with("position", at + 1));
        }
        let length = text.chars().count();
        if length > max as usize {
            let over = length - max as usize;
            return Err(self.error("form-error-too-long").with("length", length).with("max", max).with("over", over));
        }
        if length < min as usize {
            return Err(self.error("form-error-too-short").with("length", length).with("min", min));
        }
        Ok(text)
    }

    fn pattern(&self, pattern: Option<Pattern>, text: String) -> Result<Value, FieldError> {
        let Some(pattern) = pattern else {
            return Ok(Value::from(text));
        };
        let plain = if pattern == Pattern::PersonName { text } else { compact(&text).replace(' ', "") };
        let digits = plain.bytes().all(|b| b.is_ascii_digit());
        let (fits, key) = match pattern {
            Pattern::Digits => (digits, "form-error-pattern-digits"),
            Pattern::Code => {
                (plain.chars().all(|c| c.is_ascii_alphanumeric() || "-()/".contains(c)), "form-error-pattern-code")
            }
            Pattern::Postcode => (digits && plain.len() == 6, "form-error-pattern-postcode"),
            Pattern::PersonName => (is_person_name(&plain), "form-error-pattern-person-name"),
            Pattern::BankCard if !digits || !(12..=19).contains(&plain.len()) => {
                (false, "form-error-pattern-bank-card")
            }
            Pattern::BankCard => (luhn(&plain), "form-error-pattern-bank-card-check"),
        };
        if fits { Ok(Value::from(plain)) } else { Err(self.error(key)) }
    }

    fn number(&self, (min, max): (Option<i64>, Option<i64>), decimals: u8) -> Result<Value, FieldError> {
        let number =
            Decimal::read(self.text).ok_or_else(|| self.error("form-error-number").with("found", clip(self.text)))?;
        let micros = number.scaled(6).filter(|_| number.places() <= usize::from(decimals));
        let Some(micros) = micros else {
            let key = if decimals == 0 { "form-error-number-whole" } else { "form-error-number-decimals" };
            return Err(self.error(key).with("max", decimals));
        };
        if let Some(min) = min.filter(|min| micros < i128::from(*min) * 1_000_000) {
            return Err(self.error("form-error-number-min").with("min", min));
        }
        if let Some(max) = max.filter(|max| micros > i128::from(*max) * 1_000_000) {
            return Err(self.error("form-error-number-max").with("max", max));
        }
        match i64::try_from(micros / 1_000_000) {
            Ok(whole) if decimals == 0 => Ok(Value::from(whole)),
            Ok(_) => Ok(Value::from(number.text())),
            Err(_) => Err(self.error("form-error-number").with("found", clip(self.text))),
        }
    }

    fn money(&self, min: i64, max: Option<i64>) -> Result<Value, FieldError> {
        let plain = compact(self.text);
        let plain = plain.trim_start_matches(['¥', '￥']).trim_end_matches('元').trim();
        let wrong = || self.error("form-error-money").with("found", clip(self.text));
        let number = Decimal::read(plain).filter(|number| number.places() <= 2).ok_or_else(wrong)?;
        let fen = number.scaled(2).and_then(|fen| i64::try_from(fen).ok()).ok_or_else(wrong)?;
        if i128::from(fen) < i128::from(min) * 100 {
            return Err(self.error("form-error-money-min").with("min", min));
        }
        if let Some(max) = max.filter(|max| i128::from(fen) > i128::from(*max) * 100) {
            return Err(self.error("form-error-money-max").with("max", max));
        }
        Ok(Value::from(fen))
    }

    fn date(
        &self,
        given: &Value,
        (min, max): (Option<DayBound>, Option<DayBound>),
        (since, today): (Date, Date),
    ) -> Result<Option<Value>, FieldError> {
        let [y, m, d] = ["y", "m", "d"].map(|name| typed_part(given, name));
        let Some(date) = day::read(&y, &m, &d).map_err(|wrong| self.wrong_day(wrong))? else {
            return Ok(None);
        };
        let early = min.map(|bound| bound.on(since)).filter(|limit| date < *limit);
        let late = max.map(|bound| bound.on(today)).filter(|limit| date > *limit);
        for (passed, key) in [(early, "form-error-date-before"), (late, "form-error-date-after")] {
            if let Some(limit) = passed {
                return Err(self.error(key).with("limit", iso_date(limit)));
            }
        }
        Ok(Some(Value::from(iso_date(date))))
    }

    fn month(&self, given: &Value) -> Result<Option<Value>, FieldError> {
        let [y, m] = ["y", "m"].map(|name| typed_part(given, name));
        let first = day::read_month(&y, &m).map_err(|wrong| self.wrong_day(wrong))?;
        Ok(first.map(|first| Value::from(iso_date(first).chars().take(7).collect::<String>())))
    }

    /// The error stands at the whole date; `part` tells the view which input to mark.
    fn wrong_day(&self, wrong: WrongDay) -> FieldError {
        FieldError { field: format!("{}.{}", self.path, wrong.part), key: wrong.key, args: wrong.args }
    }

    /// Mainland mobiles and land lines, and international numbers with a plus.
    fn phone(&self) -> Result<Value, FieldError> {
        let plain: String = compact(self.text).chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
        let local = plain.strip_prefix("+86").unwrap_or(&plain);
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if let Some(foreign) = local.strip_prefix('+') {
            let fits = digits(foreign) && (6..=15).contains(&foreign.len());
            return if fits { Ok(Value::from(plain)) } else { Err(self.error("form-error-phone-foreign")) };
        }
        if !digits(local) {
            return Err(self.error("form-error-phone"));
        }
        match local.as_bytes() {
            [b'1', b'3'..=b'9', ..] if local.len() == 11 => Ok(Value::from(local)),
            [b'1', ..] if local.len() != 11 => Err(self.error("form-error-phone-mobile").with("found", local.len())),
            [b'0', ..] if (10..=12).contains(&local.len()) => Ok(Value::from(local)),
            _ => Err(self.error("form-error-phone")),
        }
    }

    fn email(&self) -> Result<Value, FieldError> {
        let fits = self.text.len() <= 254
            && self.text.split_once('@').is_some_and(|(who, host)| {
                !who.is_empty()
                    && host.contains('.')
                    && !host.starts_with('.')
                    && !host.ends_with('.')
                    && !host.contains('@')
            })
            && !self.text.chars().any(|c| c.is_whitespace() || c.is_control());
        if fits { Ok(Value::from(self.text)) } else { Err(self.error("form-error-email")) }
    }

    fn option(&self, options: &[Choice]) -> Result<Value, FieldError> {
        if options.iter().any(|option| option.value == self.text) {
            Ok(Value::from(self.text))
        } else {
            Err(self.error("form-error-option"))
        }
    }

    fn boxes(&self, given: &Value, options: &[Choice], max: Option<u16>) -> Result<Value, FieldError> {
        let ticked: Vec<&str> = given.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if ticked.iter().any(|value| !options.iter().any(|option| option.value == *value)) {
            return Err(self.error("form-error-option"));
        }
        match max.filter(|max| ticked.len() > usize::from(*max)) {
            Some(max) => Err(self.error("form-error-boxes-max").with("max", max).with("found", ticked.len())),
            None => Ok(Value::from(ticked)),
        }
    }

    fn division(&self, level: DivisionLevel, within: &str, divisions: &dyn Divisions) -> Result<Value, FieldError> {
        // The code of a province or city ends in zeros where those of its counties go on.
        let above = if within.len() == 6 { within.trim_end_matches("00") } else { within };
        let fits = self.text.len() == level.digits()
            && self.text.bytes().all(|b| b.is_ascii_digit())
            && self.text.starts_with(above)
            && divisions.is_known(self.text);
        if fits { Ok(Value::from(self.text)) } else { Err(self.error("form-error-division")) }
    }

    fn files(&self, given: &Value, max: u16) -> Result<Value, FieldError> {
        let count = given.as_array().map_or(0, Vec::len);
        if count > usize::from(max.min(limits::MAX_FILES)) {
            return Err(self.error("form-error-files-too-many").with("found", count).with("max", max));
        }
        Ok(given.clone())
    }
}

fn typed_part(given: &Value, name: &str) -> String {
    compact(given.get(name).and_then(Value::as_str).unwrap_or_default().trim())
}

/// Full-width forms, as Chinese keyboards give them, made plain.
fn compact(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '\u{3000}' => ' ',
            _ => c,
        })
        .collect()
}

fn is_person_name(text: &str) -> bool {
    text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '·' | '•' | '-' | '\'' | '’' | '.'))
}

/// ISO/IEC 7812-1 annex B.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, b)| {
            let digit = u32::from(b - b'0');
            if at % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// A decimal number as typed: sign, digits, optional fraction; commas between thousands are passed over.
struct Decimal {
    negative: bool,
    whole: String,
    fraction: String,
}

impl Decimal {
    fn read(text: &str) -> Option<Self> {
        let plain = compact(text).replace([',', ' '], "");
        let (negative, digits) = match plain.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let fits =
            !whole.is_empty() && whole.len() <= 15 && fraction.len() <= 12 && all_digits(whole) && all_digits(fraction);
        let fraction = fraction.trim_end_matches('0').to_owned();
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole }.to_owned();
        fits.then_some(Self { negative, whole, fraction })
    }

    fn places(&self) -> usize {
        self.fraction.len()
    }

    /// The number times ten to the power of `places`; None when that is not whole.
    fn scaled(&self, places: usize) -> Option<i128> {
        let missing = places.checked_sub(self.fraction.len())?;
        let digits = format!("{}{}{}", self.whole, self.fraction, "0".repeat(missing));
        let number: i128 = digits.parse().ok()?;
        Some(if self.negative { -number } else { number })
    }

    fn text(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        let dot = if self.fraction.is_empty() { "" } else { "." };
        format!("{sign}{}{dot}{}", self.whole, self.fraction)
    }
}
