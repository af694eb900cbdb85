//! What a class of a message is: its elements in the order of the standard, each read and written by its type.

use std::borrow::Cow;

use grip_types::Wet;

use crate::{
    finding::door,
    sample::{self, Sample, Source},
    value::{Datatype, Fault, Value},
    xml::{Child, Refused, Scanner, Writer},
};

/// Which namespace the elements of a class are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ns {
    /// The message's own: classes and the elements directly in them.
    Message,
    /// The basis schema's: parts of composite types.
    Basis,
    /// Any other.
    Other,
}

/// The element at the end of every class of a retour.
pub(crate) const RETOUR_CODES: &str = "RetourCodes";

/// A class or composite type of the standard.
pub(crate) trait Class<'a>: Sized {
    /// Name of the class, which is the name of its element where it stands in a list.
    const NAME: &'static str;
    const NS: Ns;
    /// Whether RetourCodes follow its own elements, as in a retour.
    const JUDGED: bool = false;
    /// Names of its elements under this law, in order, and after them RetourCodes. An element the law does not have is an
    /// empty name.
    fn names_and_retour_codes(wet: Wet) -> &'static [&'static str];
    fn read_elements(scanner: &mut Scanner<'a>, elements: &mut Elements) -> Result<Self, Refused>;
    /// The class with all of its required values absent, to hold its place.
    fn absent() -> Self;
    fn write_elements(&self, writer: &mut Writer);
    fn sample(source: &mut Source) -> Self;

    fn read(scanner: &mut Scanner<'a>, element: Child) -> Result<Self, Refused> {
        scanner.enter(element)?;
        let mut elements = Elements::new(Self::names(scanner.soort().wet), Self::NS, element);
        let class = Self::read_elements(scanner, &mut elements)?;
        elements.finish(scanner)?;
        scanner.leave();
        Ok(class)
    }

    fn names(wet: Wet) -> &'static [&'static str] {
        let all = Self::names_and_retour_codes(wet);
        &all[..all.len() - usize::from(!Self::JUDGED)]
    }
}

/// What can stand in a field of a class: a value, a class, and their optional and repeated forms.
pub(crate) trait Field<'a>: Sized {
    fn read(scanner: &mut Scanner<'a>, elements: &mut Elements) -> Result<Self, Refused>;
    fn absent() -> Self;
    fn write(&self, writer: &mut Writer, name: &'static str, ns: Ns);
    fn sample(source: &mut Source) -> Self;
}

/// The place in a class while it is read: which elements it has and how far reading got.
pub(crate) struct Elements {
    names: &'static [&'static str],
    ns: Ns,
    index: usize,
    pending: Option<(usize, Child)>,
    ended: bool,
}

impl Elements {
    pub(crate) fn new(names: &'static [&'static str], ns: Ns, parent: Child) -> Self {
        Self { names, ns, index: 0, pending: None, ended: parent.is_empty }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.names[self.index]
    }

    /// The next element if it is the one whose turn it is. Elements that have no place here are reported and skipped.
    pub(crate) fn take(&mut self, scanner: &mut Scanner<'_>) -> Result<Option<Child>, Refused> {
        while self.pending.is_none() && !self.ended {
            let expected = self.names.get(self.index).and_then(|name| scanner.expected_child(self.ns, name));
            if expected.is_some() {
                return Ok(expected);
            }
            match scanner.next_child()? {
                None => self.ended = true,
                Some(child) => match self.position(scanner, child) {
                    Some(position) => self.pending = Some((position, child)),
                    None => {
                        scanner.report_unexpected(child);
                        scanner.skip(child)?;
                    }
                },
            }
        }
        match self.pending {
            Some((position, child)) if position == self.index => {
                self.pending = None;
                Ok(Some(child))
            }
            _ => Ok(None),
        }
    }

    fn position(&self, scanner: &Scanner<'_>, child: Child) -> Option<usize> {
        if child.ns != self.ns {
            return None;
        }
        let name = scanner.local_name(child);
        (self.index..self.names.len()).find(|position| self.names[*position] == name)
    }

    pub(crate) fn advance(&mut self) {
        self.index += 1;
    }

    /// Reads to the end of the class; what is left has no place in it.
    pub(crate) fn finish(mut self, scanner: &mut Scanner<'_>) -> Result<(), Refused> {
        while self.take(scanner)?.is_some() {}
        Ok(())
    }
}

fn read_value<'a, T: Datatype>(scanner: &mut Scanner<'a>, child: Child) -> Result<Value<'a, T>, Refused> {
    let text = scanner.text(child)?;
    if let Err(fault) = T::check(&text, scanner.soort()) {
        let shown =
            quotable(&text).filter(|_| !T::PERSONAL).map_or(Cow::Borrowed(""), |text| Cow::Owned(format!(" `{text}`")));
        let (rule, message) = match fault {
            Fault::Invalid(expected) => (door::WAARDE_ONGELDIG, format!("waarde{shown} is niet {expected}")),
            Fault::UnknownCode => (door::CODE_ONBEKEND, format!("code{shown} staat niet in de codelijst")),
        };
        scanner.report_inside(child, rule, message);
    }
    Ok(Value::received(text, child.content_at))
}

/// A faulty value as it may be shown and kept, or nothing when it could be about a person: whoever puts a value in the wrong
/// place may have put a name or a number of a citizen there. What is left are codes, dates, amounts and short numbers.
fn quotable(text: &str) -> Option<String> {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    (letters <= 3 && text.chars().count() <= 20 && !may_hold_a_citizen_number(text)).then(|| shorten(text))
}

fn may_hold_a_citizen_number(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() >= 9
}

/// The first characters of a name or namespace that a person is going to read; digits enough for a citizen number are left
/// out.
pub(crate) fn shorten(text: &str) -> String {
    if may_hold_a_citizen_number(text) {
        return "…".to_owned();
    }
    let mut shown: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}

impl<'a, T: Datatype + Sample> Field<'a> for Value<'a, T> {
    fn read(scanner: &mut Scanner<'a>, elements: &mut Elements) -> Result<Self, Refused> {
        match elements.take(scanner)? {
            Some(child) => read_value(scanner, child),
            None => {
                scanner.report_missing(elements.name());
                Ok(Value::absent())
            }
        }
    }
    fn absent() -> Self {
        Value::absent()
    }
    fn write(&self, writer: &mut Writer, name: &'static str, ns: Ns) {
        if !self.is_absent() {
            writer.value(name, ns, self.text());
        }
    }
    fn sample(source: &mut Source) -> Self {
        sample::value(source)
    }
}

impl<'a, T: Datatype + Sample> Field<'a> for Option<Value<'a, T>> {
    fn read(scanner: &mut Scanner<'a>, elements: &mut Elements) -> Result<Self, Refused> {
        elements.take(scanner)?.map(|child| read_value(scanner, child)).transpose()
    }
    fn absent() -> Self {
        None
    }
    fn write(&self, writer: &mut Writer, name: &'static str, ns: Ns) {
        if let Some(value) = self {
            value.write(writer, name, ns);
        }
    }
    fn sample(source: &mut Source) -> Self {
        source.coin().then(|| sample::value(source))
    }
}

/// A value that is repeated in place, at least once.
impl<'a, T: Datatype + Sample> Field<'a> for Vec<Value<'a, T>> {
    fn read(scanner: &mut Scanner<'a>, elements: &mut Elements) -> Result<Self, Refused> {
        let mut values = Vec::new();
        while let Some(child) = elements.take(scanner)? {
            values.push(read_value(scanner, child)?);
        }
        if values.is_empty() {
            scanner.report_missing(elements.name());
        }
        Ok(values)
    }
    fn absent() -> Self {
        Vec::new()
    }
    fn write(&self, writer: &mut Writer, name: &'static str, ns: Ns) {
        for value in self {
            value.write(writer, name, ns);
        }
    }
    fn sample(source: &mut Source) -> Self {
        (0..source.few()).map(|_| sample::value(source)).collect()
    }
}

fn write_class<'a, C: Class<'a>>(class: &C, writer: &mut Writer, name: &'static str, ns: Ns) {
    writer.open(name, ns);
    class.write_elements(writer);
    writer.close(name, ns);
}

impl<'a, C: Class<'a>> Field<'a> for C {
    fn read(scanner: &mut Scanner<'a>, elements: &mut Elements) -> Result<Self, Refused> {
        match elements.take(scanner)? {
            Some(child) => C::read(scanner, child),
            None => {
                scanner.report_missing(elements.name());
                Ok(C::absent())
            }
        }
    }
    fn absent() -> Self {
        C::absent()
    }
    fn write(&self, writer: &mut Writer, name: &'static str, ns: Ns) {
        write_class(self, writer, name, ns);
    }
    fn sample(source: &mut Source) -> Self {
        C::sample(source)
    }
}

impl<'a, C: Class<'a>> Field<'a> for Option<C> {
    fn read(scanner: &mut Scanner<'a>, elements: &mut Elements) -> Result<Self, Refused> {
        elements.take(scanner)?.map(|child| C::read(scanner, child)).transpose()
    }
    fn absent() -> Self {
        None
    }
    fn write(&self, writer: &mut Writer, name: &'static str, ns: Ns) {
        if let Some(class) = self {
            write_class(class, writer, name, ns);
        }
    }
    fn sample(source: &mut Source) -> Self {
        source.coin().then(|| C::sample(source))
    }
}

/// A list inside its wrapper element.
impl<'a, C: Class<'a>> Field<'a> for Vec<C> {
    fn read(scanner: &mut Scanner<'a>, elements: &mut Elements) -> Result<Self, Refused> {
        let found = Option::<Self>::read(scanner, elements)?;
        if found.is_none() {
            scanner.report_missing(elements.name());
        }
        Ok(found.unwrap_or_default())
    }
    fn absent() -> Self {
        Vec::new()
    }
    fn write(&self, writer: &mut Writer, name: &'static str, ns: Ns) {
        write_items(self, writer, name, ns);
    }
    fn sample(source: &mut Source) -> Self {
        (0..source.few()).map(|_| C::sample(source)).collect()
    }
}

impl<'a, C: Class<'a>> Field<'a> for Option<Vec<C>> {
    fn read(scanner: &mut Scanner<'a>, elements: &mut Elements) -> Result<Self, Refused> {
        elements.take(scanner)?.map(|wrapper| read_items(scanner, wrapper)).transpose()
    }
    fn absent() -> Self {
        None
    }
    fn write(&self, writer: &mut Writer, name: &'static str, ns: Ns) {
        if let Some(items) = self {
            write_items(items, writer, name, ns);
        }
    }
    fn sample(source: &mut Source) -> Self {
        source.coin().then(|| Vec::sample(source))
    }
}

/// The items inside a wrapper such as `Prestaties`, at least one of them.
fn read_items<'a, C: Class<'a>>(scanner: &mut Scanner<'a>, wrapper: Child) -> Result<Vec<C>, Refused> {
    let mut items = Vec::new();
    let mut elements = Elements::new(const { &[C::NAME] }, Ns::Message, wrapper);
    scanner.enter(wrapper)?;
    while let Some(child) = elements.take(scanner)? {
        items.push(C::read(scanner, child)?);
    }
    if items.is_empty() {
        scanner.report_missing(C::NAME);
    }
    scanner.leave();
    Ok(items)
}

fn write_items<'a, C: Class<'a>>(items: &[C], writer: &mut Writer, name: &'static str, ns: Ns) {
    writer.open(name, ns);
    for item in items {
        write_class(item, writer, C::NAME, ns);
    }
    writer.close(name, ns);
}

/// Declares classes of the standard. Field types say how often an element occurs: `T` once, `Option<T>` at most once, and
/// `Vec<Class>` is the list inside its wrapper element, whose items carry the name of the class. An optional element that
/// only one law has says `where` it is. In a retour the classes inside a class are judged too, so a class that has classes is
/// generic over them: `Client<P = Product<'a>>`.
macro_rules! classes {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident $(<$($inner:ident = $unjudged:ty),+>)? in $ns:ident $(as $item:literal)? {
            $($field:ident: $xml:literal $type:ty $(where $wet:ident)?,)*
        }
    )*) => { $(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name<'a $(, $($inner = $unjudged),+)?> {
            $(#[doc = concat!("Element `", $xml, "`.")] pub $field: $type,)*
        }

        impl<'a $(, $($inner: $crate::class::Class<'a>),+)?> $crate::class::Class<'a> for $name<'a $(, $($inner),+)?> {
            const NAME: &'static str = $crate::class::item_name(stringify!($name), &[$($item)?]);
            const NS: $crate::class::Ns = $crate::class::Ns::$ns;

            fn names_and_retour_codes(wet: grip_types::Wet) -> &'static [&'static str] {
                use grip_types::Wet;
                use $crate::class::{RETOUR_CODES, name_under};
                match wet {
                    Wet::Wmo => const { &[$(name_under(Wet::Wmo, $xml, &[$(Wet::$wet)?]),)* RETOUR_CODES] },
                    Wet::Jw => const { &[$(name_under(Wet::Jw, $xml, &[$(Wet::$wet)?]),)* RETOUR_CODES] },
                }
            }

            fn read_elements(
                scanner: &mut $crate::xml::Scanner<'a>,
                elements: &mut $crate::class::Elements,
            ) -> Result<Self, $crate::xml::Refused> {
                $(
                    let $field = <$type as $crate::class::Field<'a>>::read(scanner, elements)?;
                    elements.advance();
                )*
                Ok(Self { $($field),* })
            }

            fn absent() -> Self {
                Self { $($field: <$type as $crate::class::Field<'a>>::absent()),* }
            }

            fn write_elements(&self, writer: &mut $crate::xml::Writer) {
                $( $crate::class::Field::write(&self.$field, writer, $xml, Self::NS); )*
            }

            fn sample(source: &mut $crate::sample::Source) -> Self {
                Self { $(
                    $field: if $crate::class::name_under(source.soort.wet, $xml, &[$(grip_types::Wet::$wet)?]).is_empty() {
                        <$type as $crate::class::Field<'a>>::absent()
                    } else {
                        <$type as $crate::class::Field<'a>>::sample(source)
                    },
                )* }
            }
        }
    )* };
}
pub(crate) use classes;

/// The name a class declares for its items, or else its own.
pub(crate) const fn item_name(own: &'static str, declared: &[&'static str]) -> &'static str {
    if declared.is_empty() { own } else { declared[0] }
}

/// The name of an element under a law, empty when it is declared for the other law only: no element has an empty name.
pub(crate) const fn name_under(wet: Wet, name: &'static str, only: &[Wet]) -> &'static str {
    match (wet, only) {
        (_, []) | (Wet::Wmo, [Wet::Wmo, ..]) | (Wet::Jw, [Wet::Jw, ..]) => name,
        _ => "",
    }
}
