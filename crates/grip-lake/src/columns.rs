//! Which columns a table has on disk beside those this version writes: what was made by an earlier Grip is read on, what was made by a
//! later one is not touched.

use std::collections::{BTreeMap, BTreeSet};

use crate::Table;

/// The columns of each table as they are written down beside the tables: name, type, and `?` when a row need not have it.
pub(crate) type Known = BTreeMap<String, Vec<String>>;

/// How the columns of a table on disk compare with those this version writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// They are the same.
    Same,
    /// Some came later, and no row need have them.
    Earlier,
    /// There are more than this version knows.
    Later,
    /// One has another type, or every row should have one that is not there.
    Other,
    /// They were not written down: nothing was taken in yet.
    Unknown,
}

/// The columns of a table as they are written down.
pub(crate) fn of(table: &Table) -> Vec<String> {
    let schema = (table.schema)();
    let written = schema.fields().iter().map(|field| {
        let optional = if field.is_nullable() { "?" } else { "" };
        format!("{} {}{optional}", field.name(), field.data_type())
    });
    written.collect()
}

pub(crate) fn compare(table: &Table, found: Option<&Vec<String>>) -> Columns {
    let Some(found) = found else { return Columns::Unknown };
    let wanted = of(table);
    let [there, here] = [found, &wanted].map(|columns| columns.iter().map(String::as_str).collect::<BTreeSet<_>>());
    let names: BTreeSet<&str> = here.iter().map(|column| name(column)).collect();
    let has_retyped = there.difference(&here).any(|column| names.contains(name(column)));
    let has_unknown = there.iter().any(|column| !names.contains(name(column)));
    let lacks_required = here.difference(&there).any(|column| !column.ends_with('?'));
    match (has_retyped || lacks_required, has_unknown) {
        (true, _) => Columns::Other,
        (false, true) => Columns::Later,
        (false, false) if there == here => Columns::Same,
        (false, false) => Columns::Earlier,
    }
}

/// A table that was written down and that this version does not know.
pub(crate) fn beyond<'k>(known: &'k Known, tables: &[Table]) -> Option<&'k str> {
    known.keys().map(String::as_str).find(|name| !tables.iter().any(|table| table.name == *name))
}

fn name(column: &str) -> &str {
    column.split(' ').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::{
        array::{Array, ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray},
        datatypes::{DataType, Schema, SchemaRef},
    };

    use super::Columns;
    use crate::{Lake, LakeError, RECEIVED_AT, Table, column};

    /// One table as three versions of Grip in a row write it, and as another would.
    static FIRST: &[Table] = &[Table { name: "feit", comment: "Facts.", schema: || schema(&[]) }];
    static SECOND: &[Table] = &[
        Table { name: "feit", comment: "Facts.", schema: || schema(&[("soort", DataType::Utf8, true)]) },
        Table { name: "later", comment: "More.", schema: || schema(&[]) },
    ];
    static RETYPED: &[Table] = &[Table {
        name: "feit",
        comment: "Facts.",
        schema: || {
            let fields = [("nummer", DataType::Utf8), (RECEIVED_AT, DataType::Date32)];
            let fields = fields.map(|(name, kind)| column(name, kind, false, "Other."));
            Arc::new(Schema::new(fields.to_vec()))
        },
    }];
    static DEMANDING: &[Table] =
        &[Table { name: "feit", comment: "Facts.", schema: || schema(&[("soort", DataType::Utf8, false)]) }];

    fn schema(more: &[(&str, DataType, bool)]) -> SchemaRef {
        let mut fields = vec![column("nummer", DataType::Int64, false, "Number.")];
        // What comes later comes anywhere.
        fields.extend(more.iter().map(|(name, kind, optional)| column(name, kind.clone(), *optional, "Later.")));
        fields.push(column(RECEIVED_AT, DataType::Date32, false, "Day."));
        Arc::new(Schema::new(fields))
    }

    fn take_in(lake: &Lake, table: &'static Table, columns: Vec<ArrayRef>) -> Result<(), LakeError> {
        let mut intake = lake.begin()?;
        let mut file = intake.stage(table.name)?;
        file.write(&RecordBatch::try_new(table.plain_schema(), columns)?)?;
        file.finish()?;
        intake.commit()
    }

    fn numbers(values: &[i64]) -> ArrayRef {
        Arc::new(Int64Array::from(values.to_vec()))
    }

    fn made_by_the_first() -> (tempfile::TempDir, Lake) {
        let folder = tempfile::tempdir().expect("a folder");
        let lake = Lake::open(folder.path(), FIRST).expect("a lake");
        take_in(&lake, &FIRST[0], vec![numbers(&[1, 2]), Arc::new(Date32Array::from(vec![10, 10]))]).expect("taken in");
        (folder, lake)
    }

    fn read(lake: &Lake) -> Vec<(i64, Option<String>)> {
        let batches =
            lake.snapshot(None).and_then(|snapshot| snapshot.query("SELECT nummer, soort FROM feit ORDER BY 1"));
        let mut rows = Vec::new();
        for batch in batches.expect("rows") {
            let nummer = batch.column(0).as_any().downcast_ref::<Int64Array>().expect("numbers");
            let soort = batch.column(1).as_any().downcast_ref::<StringArray>().expect("texts");
            let soort = |row: usize| (!soort.is_null(row)).then(|| soort.value(row).to_owned());
            rows.extend((0..batch.num_rows()).map(|row| (nummer.value(row), soort(row))));
        }
        rows
    }

    #[test]
    fn what_an_earlier_version_wrote_is_read_and_written_on() {
        let (folder, _) = made_by_the_first();
        let lake = Lake::open(folder.path(), SECOND).expect("a lake");
        assert_eq!(lake.examine().expect("readable")[0].columns, Columns::Earlier);
        assert_eq!(read(&lake), [(1, None), (2, None)]);
        let third: [ArrayRef; 3] =
            [numbers(&[3]), Arc::new(StringArray::from(vec!["nieuw"])), Arc::new(Date32Array::from(vec![20]))];
        take_in(&lake, &SECOND[0], third.to_vec()).expect("taken in");
        assert_eq!(read(&lake), [(1, None), (2, None), (3, Some("nieuw".to_owned()))]);
        let state = &lake.examine().expect("readable")[0];
        assert_eq!((state.columns, state.files, state.damaged), (Columns::Same, 2, 0));
        // Engines that read the table without Grip find the column in its log.
        let loaded = lake.runtime.get().block_on(lake.store.load(&SECOND[0])).expect("readable").expect("a table");
        assert!(loaded.snapshot().expect("a state").schema().field("soort").is_some());
        // A second intake has nothing left to bring up to date.
        let versions = lake.freeze().expect("frozen").versions;
        drop(lake.begin().expect("the lock"));
        assert_eq!(lake.freeze().expect("frozen").versions, versions);
    }

    /// Killed after the columns were added to the log and before they were written down.
    #[test]
    fn bringing_up_to_date_goes_on_where_it_was_cut_off() {
        let (folder, first) = made_by_the_first();
        let before = fs_err::read(first.store.columns_file()).expect("written down");
        let lake = Lake::open(folder.path(), SECOND).expect("a lake");
        drop(lake.begin().expect("the lock"));
        fs_err::write(lake.store.columns_file(), before).expect("as it was");
        drop(lake.begin().expect("the lock"));
        assert_eq!(lake.examine().expect("readable")[0].columns, Columns::Same);
        assert_eq!(read(&lake), [(1, None), (2, None)]);
    }

    #[test]
    fn what_a_later_version_wrote_is_neither_read_nor_written() {
        let (folder, _) = made_by_the_first();
        let second = Lake::open(folder.path(), SECOND).expect("a lake");
        drop(second.begin().expect("the lock"));
        let first = Lake::open(folder.path(), FIRST).expect("a lake");
        for error in [first.snapshot(None).err(), first.begin().err(), first.freeze().err()] {
            assert!(matches!(&error, Some(LakeError::Later { .. })), "{error:?}");
        }
        assert_eq!(first.examine().expect("readable")[0].columns, Columns::Later);
        assert_eq!(first.unknown_table().expect("readable").as_deref(), Some("later"));
        assert_eq!(read(&second), [(1, None), (2, None)]);
    }

    #[test]
    fn columns_of_another_type_and_columns_that_rows_lack_are_refused() {
        for tables in [RETYPED, DEMANDING] {
            let (folder, _) = made_by_the_first();
            let lake = Lake::open(folder.path(), tables).expect("a lake");
            for error in [lake.snapshot(None).err(), lake.begin().err()] {
                assert!(matches!(&error, Some(LakeError::OtherColumns { .. })), "{error:?}");
            }
        }
    }
}
