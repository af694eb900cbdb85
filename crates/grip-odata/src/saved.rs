use std::{
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

use crate::{
    Bron, Description, OdataError, Reader, Reading, Rule, Table, Waarneming,
    edition::{self, Header},
    page::{Rows, read_slice, read_stream},
    reader::judge,
    table::code_list_name,
};

/// A page up to this size is read in one piece, which is twice as quick; a larger one as a stream.
const HELD_BYTES: u64 = 64 << 20;

/// A file with codes or columns is read in one piece; none comes near this size.
const DESCRIPTION_BYTES: u64 = 256 << 20;

/// A folder with one saved table: the answers of the server as they came.
///
/// Of OData 3 `TableInfos.json`, `DataProperties.json`, a file with codes per dimension and `TypedDataSet-0001.json` and so
/// on; of OData 4 `Properties.json`, `Dimensions.json`, `MeasureCodes.json`, `<Dimension>Codes.json` and
/// `Observations-0001.json`. Pages may also be one file without a number, and a file may hold the list alone.
#[derive(Debug)]
pub struct Saved {
    table: Table,
    pages: Vec<(u32, PathBuf)>,
}

impl Saved {
    /// Reads the description of the table in that folder.
    ///
    /// # Errors
    /// When the folder does not hold a table, or its description can't be read. Faults in rows come with reading them.
    pub fn open(folder: &Path) -> Result<Self, OdataError> {
        let files = Files::of(folder)?;
        let missing = |file| OdataError::NotSaved { folder: folder.to_owned(), file };
        let header = edition::read_header(folder);
        let is_v4 = match &header {
            Some(header) => header.bron() == Some(Bron::CbsV4),
            None => !files.pages("Observations").is_empty(),
        };
        let (stems, columns): (&[&'static str], _) = if is_v4 {
            (&["Observations"], "MeasureCodes")
        } else {
            (&["TypedDataSet", "UntypedDataSet"], "DataProperties")
        };
        let pages = stems.iter().map(|stem| files.pages(stem)).find(|pages| !pages.is_empty());
        let pages =
            pages.ok_or_else(|| missing(if is_v4 { "Observations-0001.json" } else { "TypedDataSet-0001.json" }))?;

        let information = files.read_all(if is_v4 { "Properties" } else { "TableInfos" })?;
        let measures = files.read_all(columns)?;
        let dimensions = if is_v4 { files.read_all("Dimensions")? } else { Vec::new() };
        if measures.is_empty() {
            return Err(missing(if is_v4 { "MeasureCodes.json" } else { "DataProperties.json" }));
        }
        let bron = if is_v4 {
            Bron::CbsV4
        } else if is_iv3(&measures) {
            // Whatever it was fetched as: read as another table, its mark for nothing would be an amount.
            Bron::Iv3
        } else {
            header.as_ref().and_then(Header::bron).unwrap_or(Bron::CbsV3)
        };
        let name = header.map(|header| header.tabel).or_else(|| Some(folder.file_name()?.to_str()?.to_owned()));
        let description = Description {
            information: information.first().map(Vec::as_slice),
            measures: measures.iter().map(Vec::as_slice).collect(),
            dimensions: dimensions.first().map(Vec::as_slice),
        };
        let unreadable = |file: String, error: &serde_json::Error| OdataError::Description {
            file: folder.join(file).display().to_string(),
            reason: error.to_string(),
        };
        let mut table = Table::parse(bron, &name.unwrap_or_default(), &description)
            .map_err(|(file, error)| unreadable(file.to_owned(), &error))?;
        let mut dimensions: Vec<String> = table.dimension_names().map(str::to_owned).collect();
        if is_v4 && dimensions.is_empty() {
            // Saved without `Dimensions.json`: every list of codes but that of the measures is of a dimension.
            let lists = files.stems().filter_map(|stem| stem.strip_suffix("Codes")).filter(|stem| *stem != "Measure");
            dimensions = lists.map(str::to_owned).collect();
        }
        for dimension in dimensions {
            let list = code_list_name(bron, &dimension);
            for bytes in files.read_all(&list)? {
                table.add_codes(&dimension, &bytes).map_err(|error| unreadable(format!("{list}.json"), &error))?;
            }
        }
        Ok(Self { table, pages })
    }

    /// What is known of the table besides its rows.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Reads all pages, one at a time, and gives every figure to `on`.
    ///
    /// # Errors
    /// When a file can't be read from disk. Faults in what it holds are findings.
    pub fn read(&self, on: impl FnMut(&Waarneming<'_>)) -> Result<Reading, OdataError> {
        let mut reader = Reader::new(&self.table);
        self.drive(&mut reader.receiver(on))?;
        Ok(reader.finish())
    }

    /// Gives all rows to `rows`.
    pub(crate) fn drive<R: Rows>(&self, rows: &mut R) -> Result<(), OdataError> {
        let mut held = Vec::new();
        let mut next = None;
        let mut expected = 1;
        for (number, path) in &self.pages {
            rows.begin_page(*number);
            if *number > expected {
                rows.fault(Rule::PageMissing, &format!("pagina {expected}"));
            }
            expected = number.saturating_add(1);
            let mut file = fs_err::File::open(path)?;
            let end = if file.metadata()?.len() <= HELD_BYTES {
                held.clear();
                file.read_to_end(&mut held)?;
                read_slice(&held, rows)
            } else {
                read_stream(BufReader::with_capacity(1 << 18, file), rows)
            };
            next = judge(end, rows);
        }
        if next.is_some() {
            rows.fault(Rule::PageMissing, &format!("pagina {expected}"));
        }
        Ok(())
    }
}

/// Reads the table saved in `folder` and gives every figure to `on`; in memory is one page at a time.
///
/// # Errors
/// When the folder does not hold a table, its description can't be read, or a file can't be read from disk.
pub fn read_saved(folder: &Path, on: impl FnMut(&Waarneming<'_>)) -> Result<(Table, Reading), OdataError> {
    let saved = Saved::open(folder)?;
    let reading = saved.read(on)?;
    Ok((saved.table, reading))
}

/// Whether the columns are those of Iv3 per municipality.
fn is_iv3(measures: &[Vec<u8>]) -> bool {
    let has = |bytes: &[u8], name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
    measures.iter().any(|bytes| {
        has(bytes, b"\"Verslagsoort\"")
            && (has(bytes, b"\"TaakveldBalanspost\"") || has(bytes, b"\"FunctieKostenplaatsBalanspost\""))
    })
}

/// The JSON files of a folder: stem, number, path.
pub(crate) struct Files(Vec<(String, u32, PathBuf)>);

impl Files {
    pub(crate) fn of(folder: &Path) -> Result<Self, OdataError> {
        let mut files = Vec::new();
        for entry in fs_err::read_dir(folder)? {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".json")) else { continue };
            let (stem, number) = match name.rsplit_once('-') {
                Some((stem, digits)) if digits.bytes().all(|b| b.is_ascii_digit()) => (stem, digits.parse().ok()),
                _ => (name, Some(1)),
            };
            if let Some(number) = number {
                files.push((stem.to_owned(), number, path.clone()));
            }
        }
        files.sort();
        Ok(Self(files))
    }

    fn stems(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(stem, ..)| stem.as_str())
    }

    /// The files of that stem in order of their numbers.
    pub(crate) fn pages(&self, stem: &str) -> Vec<(u32, PathBuf)> {
        self.0.iter().filter(|file| file.0 == stem).map(|(_, number, path)| (*number, path.clone())).collect()
    }

    pub(crate) fn read_all(&self, stem: &str) -> Result<Vec<Vec<u8>>, OdataError> {
        self.pages(stem).iter().map(|(_, path)| read_description(path)).collect()
    }
}

fn read_description(path: &Path) -> Result<Vec<u8>, OdataError> {
    if fs_err::metadata(path)?.len() > DESCRIPTION_BYTES {
        return Err(OdataError::TooLarge { what: path.display().to_string(), limit: DESCRIPTION_BYTES, unit: "bytes" });
    }
    Ok(fs_err::read(path)?)
}
