//! What differs between two versions, what may not be kept, and where words are found.

use std::collections::BTreeSet;

use grip_register::{Fault, ObjectId, Problem};

use crate::{Dossier, Entry, Field, Input, Kind, Texts};

/// The fields of a kind that differ between two versions of an object, in order.
pub fn changed(kind: &Kind, before: &Texts, after: &Texts) -> Vec<&'static Field> {
    let differs = |field: &&Field| before.get(field.name) != after.get(field.name);
    kind.fields.iter().filter(differs).collect()
}

/// Where words were found: in which field, and what stands around the first of them.
#[derive(Debug, Clone)]
pub struct Snippet {
    /// The field.
    pub field: &'static Field,
    /// Some words of it, with `…` where more precedes or follows.
    pub text: String,
}

/// Characters before and after what was found.
const AROUND: usize = 60;

impl Entry {
    /// The texts in which is searched: with names of what was chosen, without identifications.
    pub(crate) fn words(&self) -> impl Iterator<Item = (&'static Field, String)> {
        let fields = self.kind.fields.iter().filter(|field| !self.text(field.name).is_empty());
        fields.filter_map(|field| match field.input {
            Input::One(_) | Input::Many(_) | Input::YesNo => None,
            Input::Choice(choices) => {
                let chosen = choices.iter().find(|choice| choice.value == self.text(field.name))?;
                Some((field, format!("{} {}", chosen.nl, chosen.en)))
            }
            _ => Some((field, self.text(field.name).to_owned())),
        })
    }

    /// Where the first of some words is found outside the name.
    pub fn found(&self, text: &str) -> Option<Snippet> {
        let wanted: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let name = self.kind.fields.first()?.name;
        self.words().filter(|(field, _)| field.name != name && !matches!(field.input, Input::Choice(_))).find_map(
            |(field, text)| {
                let at = wanted.iter().find_map(|word| place(&text, word))?;
                Some(Snippet { field, text: around(&text, at) })
            },
        )
    }
}

/// The place of a word in a text, in characters, whether in capitals or not.
fn place(text: &str, word: &str) -> Option<usize> {
    let letters: Vec<char> = text.chars().collect();
    let wanted: Vec<char> = word.chars().collect();
    let same = |at: &usize| {
        let here = letters[*at..].iter().flat_map(|letter| letter.to_lowercase());
        here.take(wanted.len()).eq(wanted.iter().copied())
    };
    (0..letters.len()).find(same)
}

fn around(text: &str, at: usize) -> String {
    let from = at.saturating_sub(AROUND);
    let part: String = text.chars().skip(from).take(2 * AROUND).collect();
    let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
    let before = if from > 0 { "…" } else { "" };
    let after = if text.chars().count() > from + 2 * AROUND { "…" } else { "" };
    format!("{before}{part}{after}")
}

impl Dossier {
    /// Everything that must be filled in otherwise before an object can be kept in this dossier: as [`faults`](crate::faults) and
    /// [`Dossier::dangling`], and it may not name itself, also not by way of others. `id` is the object that is changed.
    pub fn faults(&self, kind: &Kind, id: Option<ObjectId>, texts: &Texts) -> Vec<Fault> {
        let mut faults = crate::faults(kind, texts);
        faults.extend(self.dangling(kind, texts));
        let own = kind.references().filter(|field| names_own_kind(kind, field));
        let loops = own.filter(|field| id.is_some_and(|id| self.leads_to(field, texts, id)));
        faults.extend(loops.map(|field| Fault { field: field.name, problem: CIRCLE }));
        faults
    }

    /// Whether a field that names objects of the same kind leads back to an object.
    fn leads_to(&self, field: &Field, texts: &Texts, id: ObjectId) -> bool {
        let named =
            |text: &str| -> Vec<ObjectId> { text.split_whitespace().filter_map(|id| id.parse().ok()).collect() };
        let first = named(texts.get(field.name).map_or("", String::as_str));
        leads_to(first, id, |next| self.get(next).map(|entry| named(entry.text(field.name))).unwrap_or_default())
    }
}

/// What is wrong with an object that would stand below or after itself.
pub(crate) const CIRCLE: Problem = Problem::Said {
    nl: "Dit komt hiermee onder of achter zichzelf te staan. Kies een ander.",
    en: "This would come below or after itself. Choose another.",
};

/// Whether a field names objects of the kind that it is a field of.
pub(crate) fn names_own_kind(kind: &Kind, field: &Field) -> bool {
    matches!(field.input, Input::One(named) | Input::Many(named) if named == kind.name)
}

/// Whether some objects lead to one, by what each names.
pub(crate) fn leads_to(from: Vec<ObjectId>, to: ObjectId, named: impl Fn(ObjectId) -> Vec<ObjectId>) -> bool {
    let mut waiting = from;
    let mut seen = BTreeSet::new();
    while let Some(next) = waiting.pop() {
        if next == to {
            return true;
        }
        if seen.insert(next) {
            waiting.extend(named(next));
        }
    }
    false
}
