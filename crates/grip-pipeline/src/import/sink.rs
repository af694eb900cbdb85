//! Rows on their way to staged files: a batch at a time, so that memory does not grow with the file.

use std::collections::{BTreeMap, BTreeSet};

use grip_lake::{Intake, StagedFile};
use grip_types::Pseudoniem;

use crate::{
    PipelineError, processing,
    table::{
        AfkeuringRows, AntwoordRows, BegrotingRows, BerichtRows, BevindingRows, ClientkenmerkRows, ContractRows,
        ErvaringRows, GrootboekRows, GrootboekrekeningRows, Iv3Rows, KerncijferRows, OpenDataRows, PrestatieRows,
        SubsidieRows, ToewijzingRows, UitkomstRows,
    },
};

/// Rows that are gathered before they are written.
const BATCH_ROWS: usize = 8192;

macro_rules! import_tables {
    ($($field:ident: $rows:ident,)*) => {
        /// Rows of every table that imports fill.
        #[derive(Debug, Default)]
        pub(crate) struct Rows { $(pub(crate) $field: $rows,)* }

        impl Sink<'_> {
            fn flush(&mut self, least: usize) -> Result<(), PipelineError> {
                $(if self.rows.$field.count >= least {
                    let batch = self.rows.$field.finish();
                    self.write($rows::TABLE, &batch)?;
                })*
                Ok(())
            }
        }
    };
}

import_tables! {
    bericht: BerichtRows,
    bevinding: BevindingRows,
    begroting: BegrotingRows,
    contract: ContractRows,
    clientkenmerk: ClientkenmerkRows,
    subsidie: SubsidieRows,
    toewijzing: ToewijzingRows,
    prestatie: PrestatieRows,
    afkeuring: AfkeuringRows,
    antwoord: AntwoordRows,
    grootboek: GrootboekRows,
    grootboekrekening: GrootboekrekeningRows,
    ervaring: ErvaringRows,
    uitkomst: UitkomstRows,
    kerncijfer: KerncijferRows,
    open_data: OpenDataRows,
    iv3: Iv3Rows,
}

/// Where rows go.
pub(crate) struct Sink<'i> {
    intake: &'i Intake<'i>,
    files: BTreeMap<&'static str, StagedFile<'i>>,
    clients: BTreeSet<Pseudoniem>,
    pub(crate) rows: Rows,
}

impl<'i> Sink<'i> {
    pub(crate) fn new(intake: &'i Intake<'i>) -> Self {
        Self { intake, files: BTreeMap::new(), clients: BTreeSet::new(), rows: Rows::default() }
    }

    /// Number of the commit these rows come in with.
    pub(crate) fn sequence(&self) -> i64 {
        self.intake.sequence()
    }

    /// Writes the batches that are full.
    pub(crate) fn flush_full(&mut self) -> Result<(), PipelineError> {
        self.flush(BATCH_ROWS)
    }

    /// Writes what is left and closes the files, so that the next commit takes them along. Gives the clients they are about.
    pub(crate) fn finish(mut self) -> Result<BTreeSet<Pseudoniem>, PipelineError> {
        self.flush(1)?;
        for file in self.files.into_values() {
            file.finish()?;
        }
        Ok(self.clients)
    }

    fn write(&mut self, table: &'static str, batch: &arrow::array::RecordBatch) -> Result<(), PipelineError> {
        let file = match self.files.entry(table) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => entry.insert(self.intake.stage(table)?),
        };
        processing::note_clients(batch, &mut self.clients);
        Ok(file.write(batch)?)
    }
}
