use std::path::Path;

use arrow::array::AsArray;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::LakeError;

/// Gives every text in a Parquet file, as it is before it is compressed: for who looks whether something is in it.
///
/// # Errors
/// When the file can't be read.
pub fn each_text(path: &Path, mut take: impl FnMut(&str)) -> Result<(), LakeError> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs_err::File::open(path)?.into_file())?.build()?;
    for batch in reader {
        for column in batch?.columns() {
            if let Some(texts) = column.as_string_opt::<i32>() {
                texts.iter().flatten().for_each(&mut take);
            }
        }
    }
    Ok(())
}
