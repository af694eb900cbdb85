//! All that a municipality wrote, as it stood in one view of the register.

use std::collections::{BTreeMap, BTreeSet};

use grip_register::{Edit, Fault, ObjectId, RegisterError, Version, View};
use grip_types::GemeenteCode;

use crate::{GEMEENTE, Input, Kind, Object, Texts};

/// All objects of a municipality that are not withdrawn, of every kind.
#[derive(Debug, Clone)]
pub struct Dossier {
    gemeente: GemeenteCode,
    entries: BTreeMap<ObjectId, Entry>,
}

/// An object in a dossier.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is one of.
    pub kind: &'static Kind,
    /// Its last version, with its fields as texts.
    pub version: Version<Texts>,
}

impl Entry {
    /// What it is called.
    pub fn name(&self) -> &str {
        self.kind.fields.first().map_or("", |field| self.text(field.name))
    }

    /// A field; empty when it is not filled in.
    pub fn text(&self, field: &str) -> &str {
        self.version.content.get(field).map_or("", String::as_str)
    }

    /// The objects that it names, with the field that does.
    pub fn references(&self) -> impl Iterator<Item = (&'static str, ObjectId)> {
        self.kind.references().flat_map(|field| {
            let ids = self.text(field.name).split(' ').filter_map(|id| id.parse().ok());
            ids.map(|id| (field.name, id))
        })
    }
}

impl Dossier {
    /// Reads what a municipality wrote.
    ///
    /// # Errors
    /// [`RegisterError::Database`] and [`RegisterError::Unreadable`].
    pub async fn read(view: &View<'_>, gemeente: GemeenteCode) -> Result<Self, RegisterError> {
        let mut entries = BTreeMap::new();
        for version in view.list_all().await? {
            let Some(kind) = crate::kind_named(&version.kind) else { continue };
            let version = to_texts(version)?;
            if version.content.get(GEMEENTE).is_some_and(|code| *code == gemeente.to_string()) {
                entries.insert(version.id, Entry { kind, version });
            }
        }
        Ok(Self { gemeente, entries })
    }

    /// The same with the objects of some kinds only.
    #[must_use]
    pub fn only(mut self, is_kept: impl Fn(&Kind) -> bool) -> Self {
        self.entries.retain(|_, entry| is_kept(entry.kind));
        self
    }

    /// Whose it is.
    pub fn gemeente(&self) -> GemeenteCode {
        self.gemeente
    }

    /// An object.
    pub fn get(&self, id: ObjectId) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// Every object, in the order in which they were made.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The objects of a kind, in the order in which they were made.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Entry> {
        self.entries.values().filter(move |entry| entry.kind.name == kind)
    }

    /// The objects of a type, in the order in which they were made.
    ///
    /// # Errors
    /// [`RegisterError::Unreadable`] when one is not what its kind prescribes.
    pub fn list<O: Object>(&self) -> Result<Vec<Version<O>>, RegisterError> {
        self.of_kind(O::kind().name).map(|entry| to_object(&entry.version)).collect()
    }

    /// The objects that name an object, with the field in which they do.
    pub fn naming(&self, id: ObjectId) -> impl Iterator<Item = (&Entry, &'static str)> {
        self.entries
            .values()
            .flat_map(|entry| entry.references().map(move |(field, named)| (entry, field, named)))
            .filter(move |(_, _, named)| *named == id)
            .map(|(entry, field, _)| (entry, field))
    }

    /// What an object is called; nothing when it is not there.
    pub fn name(&self, id: ObjectId) -> Option<&str> {
        self.get(id).map(Entry::name)
    }

    /// The objects in which every word of a text is found, those with all of them in their name first.
    pub fn search(&self, text: &str) -> Vec<&Entry> {
        let words: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let holds = |text: &str| {
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        if words.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(bool, &Entry)> = self
            .entries
            .values()
            .filter(|entry| {
                let texts: Vec<String> = entry.words().map(|(_, text)| text).collect();
                holds(&texts.join("\n"))
            })
            .map(|entry| (!holds(entry.name()), entry))
            .collect();
        found.sort_by_key(|(is_deep, _)| *is_deep);
        found.into_iter().map(|(_, entry)| entry).collect()
    }

    /// The fields that name what is not there: an object of another kind, of another municipality, or withdrawn.
    pub fn dangling(&self, kind: &Kind, texts: &Texts) -> Vec<Fault> {
        let problem = grip_register::Problem::Said {
            nl: "Wat hier was gekozen, is er niet meer. Kies opnieuw.",
            en: "What was chosen here is no longer there. Choose again.",
        };
        let is_there = |id: &str, wanted: &str| {
            let entry = id.parse().ok().and_then(|id| self.get(id));
            entry.is_some_and(|entry| entry.kind.name == wanted)
        };
        kind.references()
            .filter(|field| match field.input {
                Input::One(wanted) | Input::Many(wanted) => {
                    let ids = texts.get(field.name).map_or("", String::as_str).split_whitespace();
                    !ids.into_iter().all(|id| is_there(id, wanted))
                }
                _ => false,
            })
            .map(|field| Fault { field: field.name, problem })
            .collect()
    }
}

/// The municipalities that wrote something that is not withdrawn.
///
/// # Errors
/// [`RegisterError::Database`] and [`RegisterError::Unreadable`].
pub async fn gemeenten(view: &View<'_>) -> Result<BTreeSet<GemeenteCode>, RegisterError> {
    let mut found = BTreeSet::new();
    for version in view.list_all().await?.into_iter().filter(|version| crate::kind_named(&version.kind).is_some()) {
        let code: Option<GemeenteCode> = version.content.get(GEMEENTE).and_then(|code| code.as_str()?.parse().ok());
        found.extend(code);
    }
    Ok(found)
}

/// What a municipality withdrew, each as it was last, in the order in which it was made.
///
/// # Errors
/// [`RegisterError::Database`] and [`RegisterError::Unreadable`].
pub async fn withdrawn(view: &View<'_>, gemeente: GemeenteCode) -> Result<Vec<Version<Texts>>, RegisterError> {
    let gone = view.list_withdrawn().await?.into_iter();
    let gone = gone.filter(|version| crate::kind_named(&version.kind).is_some()).map(to_texts);
    let mut gone = gone.collect::<Result<Vec<_>, _>>()?;
    gone.retain(|version| version.content.get(GEMEENTE).is_some_and(|code| *code == gemeente.to_string()));
    Ok(gone)
}

/// Every version of an object of whatever kind, the first first; none of what is no object of a municipality, such as an annotation.
///
/// # Errors
/// [`RegisterError::Database`] and [`RegisterError::Unreadable`].
pub async fn history(view: &View<'_>, id: ObjectId) -> Result<Vec<Version<Texts>>, RegisterError> {
    let versions = view.history_any(id).await?.into_iter();
    versions.filter(|version| crate::kind_named(&version.kind).is_some()).map(to_texts).collect()
}

/// Makes an object of a kind.
///
/// # Errors
/// [`RegisterError::Invalid`] with everything that must be filled in otherwise, and those of [`Edit::create`].
pub async fn create(edit: &mut Edit, kind: &Kind, texts: &Texts) -> Result<ObjectId, RegisterError> {
    crate::create_of_kind(edit, kind, texts).await
}

/// Gives an object of a kind other fields, and answers the number of the version it then has.
///
/// # Errors
/// [`RegisterError::Invalid`] with everything that must be filled in otherwise, and those of [`Edit::change`].
pub async fn change(
    edit: &mut Edit,
    id: ObjectId,
    expected: i64,
    kind: &Kind,
    texts: &Texts,
) -> Result<i64, RegisterError> {
    crate::change_of_kind(edit, id, expected, kind, texts).await
}

/// A version with its fields as texts.
fn to_texts(version: Version) -> Result<Version<Texts>, RegisterError> {
    let Version { id, kind, number, edit, action, withdrawn, by, content } = version;
    let content = serde_json::from_value(content).map_err(|source| RegisterError::Unreadable {
        id: id.to_string(),
        number,
        source,
    })?;
    Ok(Version { id, kind, number, edit, action, withdrawn, by, content })
}

fn to_object<O: Object>(version: &Version<Texts>) -> Result<Version<O>, RegisterError> {
    let content = O::read(&version.content).map_err(RegisterError::Invalid)?;
    let Version { id, number, edit, action, withdrawn, .. } = *version;
    Ok(Version { id, kind: version.kind.clone(), number, edit, action, withdrawn, by: version.by.clone(), content })
}
