//! JSON Canonicalization Scheme (RFC 8785): one value, one byte string, so that it can be hashed and signed.
//!
//! Numbers follow the ECMAScript rule for doubles (§3.2.2.3). An integer whose canonical digits would differ from its
//! own (first such: 2^53 + 1) is refused, never rounded: write it as a string. So is no other number.

use serde::Serialize;
use serde_json::{Map, Number, Value};

use crate::SealError;

/// The canonical text of `value`.
///
/// Errors: [`SealError::Unrepresentable`] for an integer that a double cannot carry without change.
pub fn to_string(value: &Value) -> Result<String, SealError> {
    let mut out = String::new();
    write_value(value, &mut out)?;
    Ok(out)
}

/// The canonical bytes (UTF-8) of `value`. Errors: as [`to_string`].
pub fn to_vec(value: &Value) -> Result<Vec<u8>, SealError> {
    to_string(value).map(String::into_bytes)
}

/// The canonical bytes of anything that serialises. Errors: as [`to_string`], and when `value` is no JSON
/// (a map with keys that are not strings, a number that is not finite).
pub fn of(value: &impl Serialize) -> Result<Vec<u8>, SealError> {
    let value = serde_json::to_value(value).map_err(|e| SealError::Unrepresentable { why: e.to_string() })?;
    to_vec(&value)
}

/// Reads JSON that must already be canonical: same bytes after writing it again, which also excludes doubled member
/// names. Errors: [`SealError::Malformed`], [`SealError::Unrepresentable`].
pub fn parse_canonical(bytes: &[u8]) -> Result<Value, SealError> {
    let value: Value =
        serde_json::from_slice(bytes).map_err(|e| SealError::malformed("canonical JSON", e.to_string()))?;
    if to_vec(&value)? != bytes {
        return Err(SealError::malformed("canonical JSON", "it is JSON, but not in the form of RFC 8785"));
    }
    Ok(value)
}

fn write_value(value: &Value, out: &mut String) -> Result<(), SealError> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number_text(number)?),
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_value(item, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => write_members(members, out)?,
    }
    Ok(())
}

/// Members in the order of their names as UTF-16 code units (RFC 8785 §3.2.3).
fn write_members(members: &Map<String, Value>, out: &mut String) -> Result<(), SealError> {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    sorted.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
    out.push('{');
    for (i, (name, value)) in sorted.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_text(name, out);
        out.push(':');
        write_value(value, out)?;
    }
    out.push('}');
    Ok(())
}

/// RFC 8785 §3.2.2.2: the short escapes where JSON has one, `\u00xx` for other controls, all else as it is.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
}

fn number_text(number: &Number) -> Result<String, SealError> {
    let double = number.as_f64().filter(|d| d.is_finite());
    let double =
        double.ok_or_else(|| SealError::Unrepresentable { why: format!("{number} is not a finite double") })?;
    let text = ecmascript(double);
    // Invariant: an integer keeps its own digits or is refused.
    if !number.is_f64() && text != number.to_string() {
        let why = format!("the integer {number} would become {text} as a double");
        return Err(SealError::Unrepresentable { why });
    }
    Ok(text)
}

/// ECMA-262 §6.1.6.1.20 Number::toString, radix 10. The standard library gives the shortest digits that read back as
/// the same double, the nearest among these; ties and layout are ECMAScript's.
fn ecmascript(double: f64) -> String {
    if double == 0.0 {
        return "0".to_owned();
    }
    let shortest = format!("{:e}", double.abs());
    let (mantissa, exponent) = shortest.split_once('e').expect("LowerExp always writes an exponent");
    let digits = even_of_tie(mantissa.replace('.', ""), double.abs());
    let exponent: i32 = exponent.parse().expect("LowerExp writes a decimal exponent");
    let count = digits.len() as i32;
    let sign = if double < 0.0 { "-" } else { "" };
    match exponent + 1 {
        point if count <= point && point <= 21 => format!("{sign}{digits}{}", "0".repeat((point - count) as usize)),
        point if 0 < point && point <= 21 => {
            let (whole, rest) = digits.split_at(point as usize);
            format!("{sign}{whole}.{rest}")
        }
        point if -6 < point && point <= 0 => format!("{sign}0.{}{digits}", "0".repeat(-point as usize)),
        _ if count == 1 => format!("{sign}{digits}e{exponent:+}"),
        _ => format!("{sign}{}.{}e{exponent:+}", &digits[..1], &digits[1..]),
    }
}

/// Of two shortest forms equally near to the double, RFC 8785 §3.2.2.3 (with note 2 of ECMA-262) takes the even one,
/// the standard library the upper one.
fn even_of_tie(digits: String, double: f64) -> String {
    let number: u64 = digits.parse().expect("a double has at most 17 shortest digits");
    if number.is_multiple_of(2) {
        return digits;
    }
    // No double has more than 767 significant digits, so this is exact.
    let exact = format!("{double:.770e}").replace('.', "");
    let (exact, _) = exact.split_once('e').expect("LowerExp always writes an exponent");
    let lower = (number - 1).to_string();
    let is_tie = exact.trim_end_matches('0').strip_suffix('5') == Some(&lower);
    if is_tie { lower } else { digits }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// The finite numbers of RFC 8785 appendix B.
    #[test]
    fn numbers_of_rfc_8785_appendix_b() {
        let rows: [(u64, &str); 24] = [
            (0x0000000000000000, "0"),
            (0x8000000000000000, "0"),
            (0x0000000000000001, "5e-324"),
            (0x8000000000000001, "-5e-324"),
            (0x7fefffffffffffff, "1.7976931348623157e+308"),
            (0xffefffffffffffff, "-1.7976931348623157e+308"),
            (0x4340000000000000, "9007199254740992"),
            (0xc340000000000000, "-9007199254740992"),
            (0x4430000000000000, "295147905179352830000"),
            (0x44b52d02c7e14af5, "9.999999999999997e+22"),
            (0x44b52d02c7e14af6, "1e+23"),
            (0x44b52d02c7e14af7, "1.0000000000000001e+23"),
            (0x444b1ae4d6e2ef4e, "999999999999999700000"),
            (0x444b1ae4d6e2ef4f, "999999999999999900000"),
            (0x444b1ae4d6e2ef50, "1e+21"),
            (0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"),
            (0x3eb0c6f7a0b5ed8d, "0.000001"),
            (0x41b3de4355555553, "333333333.3333332"),
            (0x41b3de4355555554, "333333333.33333325"),
            (0x41b3de4355555555, "333333333.3333333"),
            (0x41b3de4355555556, "333333333.3333334"),
            (0x41b3de4355555557, "333333333.33333343"),
            (0xbecbf647612f3696, "-0.0000033333333333333333"),
            (0x43143ff3c1cb0959, "1424953923781206.2"),
        ];
        for (bits, text) in rows {
            assert_eq!(to_string(&json!(f64::from_bits(bits))).unwrap(), text, "{bits:016x}");
        }
    }

    /// RFC 8785 §3.2.2 to §3.2.4.
    #[test]
    fn the_example_of_rfc_8785_gives_its_bytes() {
        let input = r#"{
            "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
            "literals": [null, true, false]
        }"#;
        let want = "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d";
        let value: Value = serde_json::from_str(input).unwrap();
        assert_eq!(hex::encode(to_vec(&value).unwrap()), want);
    }

    /// RFC 8785 §3.2.3: names are compared as UTF-16, so the emoji comes before U+FB33.
    #[test]
    fn names_are_sorted_as_utf16() {
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis"
        });
        let text = to_string(&value).unwrap();
        let order = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"];
        let places: Vec<_> = order.iter().map(|w| text.find(w).unwrap()).collect();
        assert!(places.is_sorted(), "{text}");
        assert!(text.starts_with("{\"\\r\":\"Carriage Return\",\"1\":"), "{text}");
    }

    /// The tie of appendix B is one of many: between 2^50 and 2^52 each odd quarter lies between two tenths.
    #[test]
    fn of_two_equally_near_forms_the_even_one_is_taken() {
        for whole in [1_u64 << 50, (1 << 50) + 123_457, (1 << 51) - 1] {
            assert_eq!(to_string(&json!(whole as f64 + 0.25)).unwrap(), format!("{whole}.2"));
            assert_eq!(to_string(&json!(whole as f64 + 0.75)).unwrap(), format!("{whole}.8"));
        }
    }

    #[test]
    fn integers_keep_their_digits_or_are_refused() {
        for fits in [0i64, -1, 9_007_199_254_740_991, -9_007_199_254_740_991, 9_007_199_254_740_992] {
            assert_eq!(to_string(&json!(fits)).unwrap(), fits.to_string());
        }
        for lost in
            [json!(9_007_199_254_740_993_i64), json!(-9_007_199_254_740_993_i64), json!(u64::MAX), json!(i64::MIN)]
        {
            let error = to_string(&lost).unwrap_err();
            assert_eq!(error.code(), "unrepresentable");
            assert!(error.to_string().contains("as a string"), "{error}");
        }
    }

    #[test]
    fn only_canonical_bytes_are_read_back() {
        assert_eq!(parse_canonical(br#"{"a":[1,"x"],"b":null}"#).unwrap(), json!({"b": null, "a": [1, "x"]}));
        for bad in [r#"{"b":1,"a":2}"#, r#"{"a":1,"a":1}"#, r#"{ "a":1}"#, r#"[1.0]"#, r#"["\u0041"]"#, r#"[1]x"#, ""] {
            assert!(parse_canonical(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn anything_that_serialises_has_a_form() {
        assert_eq!(of(&("b", 2)).unwrap(), b"[\"b\",2]");
        assert!(of(&std::collections::BTreeMap::from([((1, 2), 3)])).is_err());
    }

    proptest! {
        #[test]
        fn every_double_reads_back_as_itself(bits: u64) {
            let double = f64::from_bits(bits);
            prop_assume!(double.is_finite());
            let text = to_string(&json!(double)).unwrap();
            prop_assert_eq!(text.parse::<f64>().unwrap(), double);
            prop_assert_eq!(to_string(&parse_canonical(text.as_bytes()).unwrap()).unwrap(), text);
        }

        #[test]
        fn every_text_reads_back_as_itself(text: String) {
            let bytes = to_vec(&json!({ &text: [&text] })).unwrap();
            prop_assert_eq!(parse_canonical(&bytes).unwrap(), json!({ &text: [&text] }));
        }
    }
}
