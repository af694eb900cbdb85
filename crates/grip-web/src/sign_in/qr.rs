//! A code that a telephone reads with its camera.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

use crate::document::Picture;

/// Modules that stay light on each side: four, by ISO/IEC 18004.
const QUIET: usize = 4;

/// A text as QR code, of which each module is one unit wide; nothing where it is too long for one.
pub(super) fn picture(name: String, text: &str) -> Option<Picture> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(width).enumerate() {
        for (column, _) in modules.iter().enumerate().filter(|(_, module)| **module == Color::Dark) {
            let _ = write!(path, "M{} {}h1v1h-1z", column + QUIET, row + QUIET);
        }
    }
    Some(Picture { name, size: width + 2 * QUIET, path })
}
