use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use jiff::civil::Date;

/// The column every table has: the day the municipality received the row.
pub const RECEIVED_AT: &str = "_received_at";

/// A table the lake should have.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What its rows are.
    pub comment: &'static str,
    /// Its columns, made by [`column`]; one of them is [`RECEIVED_AT`].
    pub schema: fn() -> SchemaRef,
}

/// A column with its explanation, which goes into the table's metadata.
pub fn column(name: &str, data_type: DataType, nullable: bool, comment: &str) -> Field {
    Field::new(name, data_type, nullable).with_metadata([("comment".to_owned(), comment.to_owned())].into())
}

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days since 1970-01-01, as date columns keep them.
pub fn days(day: Date) -> i32 {
    // A civil day always has 24 hours, and all days of the calendar are within three million of the epoch.
    i32::try_from(EPOCH.duration_until(day).as_hours() / 24).unwrap_or_default()
}

/// The day that many days after 1970-01-01.
pub fn date_of(days: i32) -> Date {
    EPOCH.saturating_add(jiff::Span::new().days(i64::from(days)))
}

impl Table {
    pub(crate) fn plain_schema(&self) -> SchemaRef {
        let schema = (self.schema)();
        let fields: Vec<Field> =
            schema.fields().iter().map(|field| field.as_ref().clone().with_metadata([].into())).collect();
        Schema::new(fields).into()
    }
}
