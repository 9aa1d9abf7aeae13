//! The hybrid check-character system MOD 37,36 of ISO/IEC 7064, which GB/T 36904 uses.

use crate::input::ALPHANUMERIC;

/// The check character over digits and capital letters; other characters (separators) are passed over.
pub(crate) fn check_mod_37_36(text: impl Iterator<Item = char>) -> char {
    let product = text.filter_map(|c| ALPHANUMERIC.value(c)).fold(36, |product, value| {
        let sum = (product + value) % 36;
        (if sum == 0 { 36 } else { sum }) * 2 % 37
    });
    ALPHANUMERIC.char((37 - product) % 36)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_example_holds() {
        // The example of the Global Release Identifier, which uses the same system: A1-2425G-ABC1234002-M.
        assert_eq!(check_mod_37_36("A12425GABC1234002".chars()), 'M');
    }
}
