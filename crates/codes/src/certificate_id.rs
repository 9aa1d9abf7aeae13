//! The identifier of an electronic certificate (GB/T 36904):
//! `1.2.156.3005.2.` type 21 `.` issuer 18 `.` serial `.` version 3 `.` check 1.
//!
//! The type is the credit code of the body that defines it and three digits. The check character is ISO 7064 MOD
//! 37,36 over all that stands between the root and itself, without the dots.

use std::fmt;

use crate::division::DivisionCode;
use crate::error::{CodeError, CodeKind, Fault};
use crate::input::{ALPHANUMERIC, DIGITS, Input};
use crate::iso7064::check_mod_37_36;
use crate::uscc::Uscc;

/// The node of the object identifier tree under which all certificates hang.
pub const ROOT: &str = "1.2.156.3005.2.";

const KIND: CodeKind = CodeKind::CertificateId;
/// Serials of 7 to 32 characters are in use; the grammar sets no limit, a column must.
const LONGEST_SERIAL: usize = 64;
/// From a division of 6 digits and a serial of 1, to a credit code and a serial of 64.
const LENGTHS: (usize, usize, &str) = (51, 126, "51-126");

/// A type of certificate: who defines it, and its number (1 to 999) among those that this body defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CertificateType {
    definer: Uscc,
    number: u16,
}

impl CertificateType {
    /// The type with a number of 1 to 999.
    pub fn compose(definer: Uscc, number: u16) -> Result<Self, CodeError> {
        match number {
            1..=999 => Ok(Self { definer, number }),
            _ => Err(refused(ROOT.len() + 19, &number.to_string(), "001-999")),
        }
    }

    /// Reads the 21 characters alone, as catalogues list them.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let input = Input::read(KIND, text);
        if input.len() != 21 {
            return Err(input.wrong_length("21"));
        }
        input.check(18, &[(3, &DIGITS)])?;
        let code: String = input.chars()[..18].iter().collect();
        let number: String = input.chars()[18..].iter().collect();
        let definer = Uscc::parse(&code).map_err(|error| error.within(KIND, 0))?;
        match number.parse() {
            Ok(parsed @ 1..=999) => Ok(Self { definer, number: parsed }),
            _ => Err(refused(19, &number, "001-999")),
        }
    }

    /// The body that defines the type.
    pub fn definer(&self) -> Uscc {
        self.definer
    }

    /// The number among the definer's types.
    pub fn number(&self) -> u16 {
        self.number
    }
}

impl fmt::Display for CertificateType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:03}", self.definer, self.number)
    }
}

/// Who issued the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Issuer {
    Body(Uscc),
    /// Some places write a division where the body belongs. Read, so that their certificates can be verified; never
    /// written: [`CertificateId::compose`] takes a body.
    Division(DivisionCode),
}

/// An identifier with right check characters, in capitals and otherwise as it came.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CertificateId {
    text: String,
    kind: CertificateType,
    issuer: Issuer,
    /// Where the serial stands in `text`.
    serial: (usize, usize),
    version: u16,
}

/// A part of an identifier and the number of characters before it.
#[derive(Clone, Copy)]
struct Part<'a>(usize, &'a str);

impl CertificateId {
    /// Reads an identifier; small letters and spaces are accepted.
    ///
    /// # Errors
    /// Wrong length, root or number of parts; a credit code, serial or version that cannot be; at last a check
    /// character that does not fit.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let input = Input::read(KIND, text);
        if !(LENGTHS.0..=LENGTHS.1).contains(&input.len()) {
            return Err(input.wrong_length(LENGTHS.2));
        }
        let text = input.text();
        let [kind, issuer, serial, version, check] = split(&text)?;
        let parsed = Self {
            kind: read_type(kind)?,
            issuer: read_issuer(issuer)?,
            serial: read_serial(serial)?,
            version: read_version(version)?,
            text: text.clone(),
        };
        let expected = check_mod_37_36(text.chars().skip(ROOT.len()).take(check.0 - ROOT.len()));
        let mut found = check.1.chars();
        match (found.next(), found.next()) {
            (Some(right), None) if right == expected => Ok(parsed),
            (Some(found), None) => Err(input.error(Fault::Check { position: check.0 + 1, found, expected })),
            _ => Err(refused(check.0 + 1, check.1, "[0-9A-Z]")),
        }
    }

    /// The identifier of a certificate that `issuer` gives out: `serial` of 1 to 64 digits and capitals, `version`
    /// from 1, for the certificate as first issued, to 999.
    pub fn compose(kind: CertificateType, issuer: Uscc, serial: &str, version: u16) -> Result<Self, CodeError> {
        let body = format!("{kind}.{issuer}.{}.{version:03}", serial.to_ascii_uppercase());
        Self::parse(&format!("{ROOT}{body}.{}", check_mod_37_36(body.chars())))
    }

    /// The whole identifier with its root.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What kind of certificate it is.
    pub fn certificate_type(&self) -> CertificateType {
        self.kind
    }

    /// Who issued it.
    pub fn issuer(&self) -> Issuer {
        self.issuer
    }

    /// The serial that the issuer gave.
    pub fn serial(&self) -> &str {
        &self.text[self.serial.0..self.serial.1]
    }

    /// 1 as first issued; each renewal or change counts on.
    pub fn version(&self) -> u16 {
        self.version
    }
}

impl fmt::Display for CertificateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn split(text: &str) -> Result<[Part<'_>; 5], CodeError> {
    let Some(rest) = text.strip_prefix(ROOT) else {
        let found: String = text.chars().take(ROOT.len()).collect();
        return Err(refused(1, &found, ROOT));
    };
    let mut before = ROOT.len();
    let parts: Vec<Part<'_>> = rest
        .split('.')
        .map(|part| {
            let at = before;
            before += part.chars().count() + 1;
            Part(at, part)
        })
        .collect();
    parts.try_into().map_err(|_| refused(ROOT.len() + 1, rest, "[21].[18].[1-64].[3].[1]"))
}

fn read_type(Part(at, text): Part<'_>) -> Result<CertificateType, CodeError> {
    if text.chars().count() != 21 {
        return Err(refused(at + 1, text, "[0-9A-Y]{18}[0-9]{3}"));
    }
    CertificateType::parse(text).map_err(|error| error.within(KIND, at))
}

fn read_issuer(Part(at, text): Part<'_>) -> Result<Issuer, CodeError> {
    match text.chars().count() {
        18 => Uscc::parse(text).map(Issuer::Body).map_err(|error| error.within(KIND, at)),
        6 | 9 | 12 => DivisionCode::parse(text).map(Issuer::Division).map_err(|error| error.within(KIND, at)),
        _ => Err(refused(at + 1, text, "[0-9A-Y]{18}")),
    }
}

fn read_serial(Part(at, text): Part<'_>) -> Result<(usize, usize), CodeError> {
    if let Some((offset, found)) = text.chars().enumerate().find(|(_, c)| ALPHANUMERIC.value(*c).is_none()) {
        let expected = ALPHANUMERIC.label;
        return Err(CodeError::new(KIND, Fault::Character { position: at + offset + 1, found, expected }));
    }
    if !(1..=LONGEST_SERIAL).contains(&text.len()) {
        return Err(refused(at + 1, text, "[0-9A-Z]{1,64}"));
    }
    // All before it was ASCII, so characters are bytes.
    Ok((at, at + text.len()))
}

fn read_version(Part(at, text): Part<'_>) -> Result<u16, CodeError> {
    let all_digits = text.len() == 3 && text.bytes().all(|digit| digit.is_ascii_digit());
    let version = text.parse().ok().filter(|version| all_digits && *version > 0);
    version.ok_or_else(|| refused(at + 1, text, "001-999"))
}

fn refused(position: usize, found: &str, expected: &str) -> CodeError {
    let (found, expected) = (found.to_owned(), expected.to_owned());
    CodeError::new(KIND, Fault::Value { position, found, expected })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const REAL: &str = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U";

    fn body() -> Uscc {
        Uscc::parse("11430000006122244L").unwrap()
    }

    #[test]
    fn parts_can_be_read() {
        let id = CertificateId::parse(&REAL.to_lowercase()).unwrap();
        assert_eq!(id.as_str(), REAL);
        assert_eq!(id.certificate_type().definer().as_str(), "11100000000013338W");
        assert_eq!((id.certificate_type().number(), id.serial(), id.version()), (11, "20230000403", 1));
        assert_eq!(id.issuer(), Issuer::Body(body()));
        assert_eq!(CertificateId::compose(id.certificate_type(), body(), "20230000403", 1), Ok(id));
    }

    #[test]
    fn a_division_as_issuer_is_read() {
        let middle = "11100000000013338W011.430000.20230000403.001";
        let id = CertificateId::parse(&format!("{ROOT}{middle}.{}", check_mod_37_36(middle.chars()))).unwrap();
        assert!(matches!(id.issuer(), Issuer::Division(code) if code.to_string() == "430000"));
    }

    #[test]
    fn errors_say_where_and_what() {
        let fault = |text: String| CertificateId::parse(&text).unwrap_err().fault;
        assert_eq!(fault(REAL.replace(".U", ".V")), Fault::Check { position: 73, found: 'V', expected: 'U' });
        assert_eq!(fault(REAL.replace("8W", "8X")), Fault::Check { position: 33, found: 'X', expected: 'W' });
        assert_eq!(fault(REAL.replace("4L", "4M")), Fault::Check { position: 55, found: 'M', expected: 'L' });
        let serial = Fault::Character { position: 57, found: '-', expected: "0-9 A-Z" };
        assert_eq!(fault(REAL.replace("20230000403", "-0230000403")), serial);
        assert_eq!(fault("1.2.156.3005.2.".to_owned()), Fault::Length { found: 15, expected: "51-126" });
        for (wrong, position) in [
            (REAL.replace("3005", "3006"), 1),
            (REAL.replace(".001.", "."), 16),
            (REAL.replace(".001.", ".000."), 69),
            (REAL.replace(".001.", ".+01."), 69),
            (REAL.replace(".U", ".UU"), 73),
            (REAL.replace("W011", "W000"), 34),
            (REAL.replace("W011", "W11"), 16),
            (REAL.replace("20230000403", ""), 57),
        ] {
            let error = CertificateId::parse(&wrong).unwrap_err();
            assert_eq!((error.key().as_str(), error.span().unwrap().start), ("codes-certificate-id-value", position));
        }
        assert!(CertificateType::compose(body(), 1_000).is_err() && CertificateType::parse("11").is_err());
    }

    proptest! {
        #[test]
        fn composed_identifiers_parse_to_themselves(number in 1u16..1_000, serial in "[0-9A-Z]{1,64}", v in 1u16..1_000) {
            let kind = CertificateType::compose(body(), number).unwrap();
            let id = CertificateId::compose(kind, body(), &serial, v).unwrap();
            prop_assert_eq!((id.certificate_type(), id.serial(), id.version()), (kind, serial.as_str(), v));
            prop_assert_eq!(CertificateType::parse(&kind.to_string()), Ok(kind));
            prop_assert_eq!(CertificateId::parse(id.as_str()), Ok(id));
        }

        /// MOD 37,36 finds every single substitution.
        #[test]
        fn one_wrong_character_is_always_caught(at in 15usize..73, value in 0u32..36) {
            let mut typed: Vec<char> = REAL.chars().collect();
            prop_assume!(typed[at] != ALPHANUMERIC.char(value) && typed[at] != '.');
            typed[at] = ALPHANUMERIC.char(value);
            prop_assert!(CertificateId::parse(&typed.iter().collect::<String>()).is_err());
        }

        #[test]
        fn no_text_panics(text in "(1\\.2\\.156\\.3005\\.2\\.)?[0-9A-Z.中]{0,110}") {
            prop_assert!(CertificateId::parse(&text).is_err());
        }
    }
}
