//! What Typst sees of the world: the files of a template, the report as data, fonts, and a day that stands still.

use std::{collections::BTreeMap, path::PathBuf, sync::LazyLock};

use jiff::civil::Date;
use typst::{
    Feature, Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, PathError, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

use crate::Template;

/// The fonts that Grip brings, read once.
static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 4] = [
        include_bytes!("../fonts/OpenSans-Regular.ttf"),
        include_bytes!("../fonts/OpenSans-Italic.ttf"),
        include_bytes!("../fonts/OpenSans-Semibold.ttf"),
        include_bytes!("../fonts/OpenSans-SemiboldItalic.ttf"),
    ];
    files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});

/// Typst's standard library, with what marks the heads of rows in tables.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    LazyHash::new(Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build())
});

pub(crate) struct Sheet {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: FileId,
    files: BTreeMap<String, Bytes>,
    today: Option<Datetime>,
}

impl Sheet {
    /// The world of a template, without a report.
    pub(crate) fn new(template: &Template, main: &str, today: Date) -> Result<Self, PathError> {
        let files: BTreeMap<String, Bytes> =
            template.files.iter().map(|(path, file)| (path.clone(), Bytes::new(file.clone()))).collect();
        // A template's own fonts come first, so that its choice of a name wins.
        let is_font = |path: &str| {
            let path = path.to_ascii_lowercase();
            [".ttf", ".otf"].iter().any(|end| path.ends_with(end))
        };
        let own = files.iter().filter(|(path, _)| is_font(path)).flat_map(|(_, file)| Font::iter(file.clone()));
        let fonts: Vec<Font> = own.chain(FONTS.iter().cloned()).collect();
        Ok(Self {
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            main: RootedPath::new(VirtualRoot::Project, VirtualPath::new(main)?).intern(),
            files,
            today: datetime(today),
        })
    }

    /// The same, with one more file.
    pub(crate) fn with(mut self, path: &str, file: Vec<u8>) -> Self {
        self.files.insert(path.to_owned(), Bytes::new(file));
        self
    }

    /// Whether any of its fonts has a sign for a character.
    pub(crate) fn can_show(&self, letter: char) -> bool {
        self.fonts.iter().any(|font| font.info().coverage.contains(u32::from(letter)))
    }
}

/// A day at midnight.
pub(crate) fn datetime(day: Date) -> Option<Datetime> {
    let number = |number: i8| u8::try_from(number).ok();
    Datetime::from_ymd_hms(i32::from(day.year()), number(day.month())?, number(day.day())?, 0, 0, 0)
}

impl World for Sheet {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let file = self.file(id)?;
        let text = std::str::from_utf8(&file)?;
        Ok(Source::new(id, text.to_owned()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.get();
        if *path.root() != VirtualRoot::Project {
            return Err(FileError::Other(Some("packages can't be fetched: put their files in the folder".into())));
        }
        let name = path.vpath().get_without_slash();
        self.files.get(name).cloned().ok_or_else(|| FileError::NotFound(PathBuf::from(name)))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.today
    }
}
