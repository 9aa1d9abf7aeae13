//! The QR code as the path of an inline SVG picture: no script, no image file, sharp in print.
use std::fmt::Write;

use platform::error::{Error, Result};
use qrcode::{Color, EcLevel, QrCode};

/// Light modules around the code that readers need (ISO/IEC 18004).
const QUIET: usize = 4;

/// Side of the picture in modules, and the path of the dark ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    pub side: usize,
    pub path: String,
}

/// Draws a text of up to some hundred bytes; level M: 15 % of it may be worn off.
pub fn draw(text: &str) -> Result<Qr> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(Error::internal)?;
    let (width, colors) = (code.width(), code.to_colors());
    let mut path = String::with_capacity(colors.len() * 4);
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET).expect("writing to a String cannot fail");
            }
            x += run.max(1);
        }
    }
    Ok(Qr { side: width + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verification_address_fits_a_coarse_code() {
        let qr = draw("https://services.example/verify/AAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        assert!(qr.side <= 33 + 2 * QUIET, "version 4 at most, so that old phones read it: {}", qr.side);
        assert!(qr.path.starts_with("M4 4h7v1h-7z"), "the finder pattern: {}", &qr.path[..20]);
    }
}
