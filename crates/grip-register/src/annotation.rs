use std::collections::BTreeMap;

use grip_types::{Date, GemeenteCode, Periode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    Account, Content, Edit, Fault, ObjectId, Problem, RegisterError, Version, View,
    content::{as_text, check_line, check_text},
};

/// Filters of one figure.
const FILTERS_MAX: usize = 20;

/// Something people see and can write about, as known on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Whose figure it is.
    #[serde(with = "as_text")]
    pub gemeente: GemeenteCode,
    /// The day as of which it was shown.
    #[serde(with = "as_text")]
    pub peildatum: Date,
    /// Which figure.
    pub about: About,
}

/// What a figure is: its name in the catalogue, what it is split or limited to, and which days it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// A value of an indicator.
    Indicator {
        /// Its name in the catalogue.
        indicator: String,
        /// The days it is about.
        #[serde(with = "periode_as_text")]
        periode: Periode,
        /// What it is limited to: dimension and value.
        filters: BTreeMap<String, String>,
    },
    /// A chart.
    Chart {
        /// Its name.
        chart: String,
        /// What it is limited to: dimension and value.
        filters: BTreeMap<String, String>,
    },
    /// A signal.
    Signal {
        /// Its name.
        signal: String,
    },
}

impl Figure {
    /// The same for equal figures, whatever the peildatum.
    fn term(&self) -> String {
        let named = serde_json::to_string(&(self.gemeente.to_string(), &self.about));
        hex::encode(Sha256::digest(named.expect("texts can be written as JSON")))
    }

    fn check(&self, faults: &mut Vec<Fault>) {
        let (name, filters) = match &self.about {
            About::Indicator { indicator, periode, filters } => {
                if periode.begin > periode.eind {
                    faults.push(Fault { field: "periode", problem: Problem::Form("a first day and a last") });
                }
                (indicator, Some(filters))
            }
            About::Chart { chart, filters } => (chart, Some(filters)),
            About::Signal { signal } => (signal, None),
        };
        check_line("figure", name, faults);
        for (dimension, value) in filters.into_iter().flatten() {
            check_line("filters", dimension, faults);
            check_line("filters", value, faults);
        }
        if filters.is_some_and(|filters| filters.len() > FILTERS_MAX) {
            faults.push(Fault { field: "filters", problem: Problem::TooLong(FILTERS_MAX) });
        }
    }
}

/// One thing that somebody wrote about a figure, or in answer to what another wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation {
    /// What it is about.
    pub figure: Figure,
    /// The annotation that began the thread; `None` for that one.
    pub thread: Option<ObjectId>,
    /// What it does.
    pub entry: Entry,
    /// What it says, in Markdown as it was typed. Only what closes a thread may say nothing.
    pub text: String,
}

/// What an annotation does in its thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Entry {
    /// Says something.
    Remark,
    /// Asks something: the thread waits for an answer.
    Question,
    /// Answers what was asked.
    Answer,
    /// Asks it of somebody.
    Assignment {
        /// Of whom.
        to: Account,
        /// The last day on which it is in time.
        #[serde(with = "as_text::option")]
        due: Option<Date>,
    },
    /// Explains the figure (*duiding*); answers what was asked, too.
    Explanation,
    /// Ends the thread, with or without an answer. A later question opens it again.
    Closed,
}

impl Content for Annotation {
    const KIND: &'static str = "annotation";

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        self.figure.check(&mut faults);
        check_text("text", &self.text, &mut faults);
        if self.text.trim().is_empty() && self.entry != Entry::Closed {
            faults.push(Fault { field: "text", problem: Problem::Empty });
        }
        if self.thread.is_none() && matches!(self.entry, Entry::Answer | Entry::Closed) {
            let problem = Problem::Form("a remark, question, assignment or explanation: it begins a thread");
            faults.push(Fault { field: "entry", problem });
        }
        faults
    }

    fn terms(&self) -> Vec<(&'static str, String)> {
        let mut terms = vec![(FIGURE, self.figure.term())];
        terms.extend(self.thread.map(|thread| (THREAD, thread.to_string())));
        if let Entry::Assignment { to, .. } = &self.entry {
            terms.push((TO, to.to_string()));
        }
        terms
    }
}

const FIGURE: &str = "figure";
const THREAD: &str = "thread";
const TO: &str = "to";

/// What was written about a figure, from one beginning.
#[derive(Debug, Clone, PartialEq)]
pub struct Thread {
    /// The annotation that began it. It is not among the entries when it was withdrawn.
    pub id: ObjectId,
    /// Its annotations in the order in which they were made; at least one.
    pub entries: Vec<Version<Annotation>>,
}

/// What a thread waits for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waiting<'t> {
    /// What asks it: the last question or assignment.
    pub asked: &'t Version<Annotation>,
    /// Who is to answer, when somebody was asked.
    pub assignee: Option<&'t Account>,
    /// The last day on which that is in time.
    pub due: Option<Date>,
}

impl Thread {
    /// What it is about; `None` only when all of it was withdrawn.
    pub fn figure(&self) -> Option<&Figure> {
        self.entries.first().map(|version| &version.content.figure)
    }

    /// What it waits for; `None` when everything was answered, or it was closed.
    pub fn waiting(&self) -> Option<Waiting<'_>> {
        self.entries.iter().fold(None, |waiting, version| match &version.content.entry {
            Entry::Remark => waiting,
            Entry::Question => {
                let (assignee, due) = waiting.map_or((None, None), |waiting| (waiting.assignee, waiting.due));
                Some(Waiting { asked: version, assignee, due })
            }
            Entry::Assignment { to, due } => Some(Waiting { asked: version, assignee: Some(to), due: *due }),
            Entry::Answer | Entry::Explanation | Entry::Closed => None,
        })
    }
}

/// Writes an entry in the thread of an annotation, which may be its first or any other.
///
/// # Errors
/// [`RegisterError::NotFound`] when there is no such annotation, and those of [`Edit::create`].
pub async fn reply(edit: &mut Edit, to: ObjectId, entry: Entry, text: String) -> Result<ObjectId, RegisterError> {
    let found: Version<Annotation> = edit.get(to).await?.ok_or(RegisterError::NotFound(to))?;
    let thread = found.content.thread.unwrap_or(to);
    edit.create(&Annotation { figure: found.content.figure, thread: Some(thread), entry, text }).await
}

/// The threads on a figure as it was shown on its peildatum, in the order in which they were begun.
///
/// # Errors
/// As [`View::find`].
pub async fn threads_on(view: &View<'_>, figure: &Figure) -> Result<Vec<Thread>, RegisterError> {
    let mut found = view.find::<Annotation>(FIGURE, &figure.term()).await?;
    found.retain(|version| version.content.figure.peildatum == figure.peildatum);
    Ok(into_threads(found))
}

/// The threads on a figure, on whichever peildatum it was shown, in the order in which they were begun.
///
/// # Errors
/// As [`View::find`].
pub async fn threads_on_any_peildatum(view: &View<'_>, figure: &Figure) -> Result<Vec<Thread>, RegisterError> {
    Ok(into_threads(view.find(FIGURE, &figure.term()).await?))
}

/// The threads that wait for an answer of somebody, the one that is due first in front and those without a day last.
///
/// # Errors
/// As [`View::find`].
pub async fn threads_waiting_for(view: &View<'_>, account: &Account) -> Result<Vec<Thread>, RegisterError> {
    let assignments = view.find::<Annotation>(TO, account.as_str()).await?;
    let mut ids: Vec<ObjectId> =
        assignments.iter().map(|version| version.content.thread.unwrap_or(version.id)).collect();
    ids.sort();
    ids.dedup();
    let mut threads = Vec::new();
    for id in ids {
        let first: Option<Version<Annotation>> = view.get(id).await?;
        let mut entries: Vec<_> = first.into_iter().filter(|version| !version.withdrawn).collect();
        entries.extend(view.find(THREAD, &id.to_string()).await?);
        threads.push(Thread { id, entries });
    }
    threads.retain(|thread| thread.waiting().is_some_and(|waiting| waiting.assignee == Some(account)));
    threads.sort_by_key(|thread| {
        let due = thread.waiting().and_then(|waiting| waiting.due);
        (due.is_none(), due)
    });
    Ok(threads)
}

/// The threads of a municipality that wait for an answer, whoever is asked, in the order in which they were begun.
///
/// # Errors
/// As [`View::list`].
pub async fn threads_waiting(view: &View<'_>, gemeente: GemeenteCode) -> Result<Vec<Thread>, RegisterError> {
    let mut threads = threads_of(view, gemeente).await?;
    threads.retain(|thread| thread.waiting().is_some());
    Ok(threads)
}

/// All threads of a municipality, in the order in which they were begun.
///
/// # Errors
/// As [`View::list`].
pub async fn threads_of(view: &View<'_>, gemeente: GemeenteCode) -> Result<Vec<Thread>, RegisterError> {
    let mut found = view.list::<Annotation>().await?;
    found.retain(|version| version.content.figure.gemeente == gemeente);
    Ok(into_threads(found))
}

fn into_threads(annotations: Vec<Version<Annotation>>) -> Vec<Thread> {
    let mut threads: BTreeMap<ObjectId, Vec<Version<Annotation>>> = BTreeMap::new();
    for version in annotations {
        threads.entry(version.content.thread.unwrap_or(version.id)).or_default().push(version);
    }
    threads.into_iter().map(|(id, entries)| Thread { id, entries }).collect()
}

/// A period as ISO 8601 writes it: `2024-01-01/2024-12-31`.
mod periode_as_text {
    use grip_types::Periode;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(periode: &Periode, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}/{}", periode.begin, periode.eind))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(reader: D) -> Result<Periode, D::Error> {
        let text = String::deserialize(reader)?;
        let (begin, eind) = text.split_once('/').ok_or_else(|| D::Error::custom("a period has two days"))?;
        let day = |text: &str| text.parse().map_err(D::Error::custom);
        Ok(Periode { begin: day(begin)?, eind: day(eind)? })
    }
}
