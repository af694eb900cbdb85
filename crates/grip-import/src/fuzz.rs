//! Entry points for fuzzing: whatever the bytes, nothing panics and memory stays bounded.

use crate::{ImportError, Mapping, Publicatie, Reader, Soort};

/// Reads as a mapping what stands before the first zero byte, and as a file what stands behind it. The first byte picks the kind.
///
/// # Errors
/// What [`Reader`] refuses, which is no finding of the fuzzer.
pub fn read_with_mapping(bytes: &[u8]) -> Result<u64, ImportError> {
    let Some((kind, rest)) = bytes.split_first() else { return Ok(0) };
    let soort = Soort::ALL[usize::from(*kind) % Soort::ALL.len()];
    let (mapping, file) = match rest.iter().position(|byte| *byte == 0) {
        Some(at) => (Mapping::parse(&String::from_utf8_lossy(&rest[..at]))?, &rest[at + 1..]),
        None => (Mapping::default(), rest),
    };
    drain(Reader::new(file, soort, &mapping)?)
}

/// Reads an audit file.
///
/// # Errors
/// As [`read_with_mapping`].
pub fn read_xaf(bytes: &[u8]) -> Result<u64, ImportError> {
    drain(Reader::new(bytes, Soort::Grootboek, &Mapping::default())?)
}

/// Reads as a description of a published table what stands before the first zero byte, and checks what stands behind it.
///
/// # Errors
/// As [`read_with_mapping`].
pub fn check_publicatie(bytes: &[u8]) -> Result<u64, ImportError> {
    let at = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let publicatie = Publicatie::parse(&String::from_utf8_lossy(&bytes[..at]))?;
    let report = publicatie.check(bytes.get(at + 1..).unwrap_or_default())?;
    Ok(report.count)
}

fn drain(reader: Reader<'_>) -> Result<u64, ImportError> {
    let mut count = 0;
    for record in reader {
        record?;
        count += 1;
    }
    Ok(count)
}
