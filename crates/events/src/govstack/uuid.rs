//! Our identifiers as UUIDs, which GovStack's interface names things by: the same 128 bits, written otherwise.

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters of an identifier after its prefix.
const LENGTH: usize = 26;
/// Places of the hyphens of a UUID (RFC 9562 §4).
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// The UUID of an identifier; the text itself where it is none of ours.
pub fn of(identifier: &str) -> String {
    let rest = identifier.rsplit('_').next().unwrap_or_default();
    let digit = |byte: u8| ALPHABET.iter().position(|known| *known == byte);
    let digits: Option<Vec<usize>> = rest.bytes().map(digit).collect();
    let Some(digits) = digits.filter(|digits| digits.len() == LENGTH && digits[0] < 8) else {
        return identifier.to_owned();
    };
    let bits = digits.iter().fold(0u128, |bits, digit| bits << 5 | *digit as u128);
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// The identifier that a UUID stands for.
pub fn identifier(prefix: &str, uuid: &str) -> Option<String> {
    let is_uuid = uuid.len() == 36 && HYPHENS.iter().all(|at| uuid.as_bytes()[*at] == b'-');
    let hex: String = uuid.chars().filter(|c| *c != '-').collect();
    let is_hex = hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_hexdigit());
    let bits = u128::from_str_radix(&hex, 16).ok().filter(|_| is_uuid && is_hex)?;
    let text: String = (0..LENGTH).rev().map(|at| char::from(ALPHABET[(bits >> (5 * at)) as usize & 31])).collect();
    Some(format!("{prefix}_{text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_goes_out_and_comes_back() {
        for id in ["evt_00000000000000000000000000", "evt_01jd3kzzzzzzzzzzzzzzzzzzzz", "evt_7zzzzzzzzzzzzzzzzzzzzzzzzz"]
        {
            let uuid = of(id);
            assert_eq!((uuid.len(), identifier("evt", &uuid).as_deref()), (36, Some(id)), "{uuid}");
        }
        assert_eq!(of("evt_7zzzzzzzzzzzzzzzzzzzzzzzzz"), "ffffffff-ffff-ffff-ffff-ffffffffffff");
        for wrong in
            ["", "x", "evt_01jd3k", "fffffffff-fff-ffff-ffff-ffffffffffff", "gfffffff-ffff-ffff-ffff-ffffffffffff"]
        {
            assert_eq!(identifier("evt", wrong), None, "{wrong}");
        }
        assert_eq!(identifier("evt", "+fffffff-ffff-ffff-ffff-ffffffffffff"), None);
        assert_eq!(identifier("evt", "ééééé-ééé-ééé-ééé-éé"), None);
    }
}
