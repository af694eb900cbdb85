//! When the items of a programme are done: the chart, its table, and what collides.

use grip_policy::{Bar, ItemStatus, Odd, Overdue, OverdueWhat, Plan, Schedule};
use grip_report::{
    Cell, Chart, Column, Language, Look, Planning, PlanningBar, PlanningRow, PlanningWait, Table, TableRow,
};

use super::{Calendar, called, day_cell};
use crate::{
    address::Scope,
    document::{Block, ChartBlock, Text},
    prognose::drawings::both,
    register::object_link,
    sentences::long_date,
    words::{either, say},
};

/// A plan with what follows from it.
pub(super) struct Planned<'a> {
    pub(super) plan: &'a Plan,
    pub(super) schedule: &'a Schedule,
    pub(super) overdue: &'a [Overdue],
    /// The items that are shown, in order.
    pub(super) shown: &'a [usize],
    pub(super) scope: &'a Scope,
}

impl Planned<'_> {
    /// What an item is called, with its number.
    pub(super) fn name(&self, place: usize) -> String {
        let item = &self.plan.nodes[place].item;
        format!("{} {}", item.number.0, item.name.0).trim().to_owned()
    }

    pub(super) fn link(&self, place: usize) -> String {
        object_link(self.scope, "plan_item", self.plan.nodes[place].id)
    }

    /// An item in another table than that of the items.
    pub(super) fn row(&self, place: usize, cells: Vec<Cell>) -> TableRow {
        let row = TableRow::new(self.name(place), cells).linked(self.link(place));
        TableRow { is_dutch: self.scope.language == Language::En, ..row }
    }

    pub(super) fn item_link(&self, place: usize) -> Cell {
        Cell::Link { text: self.name(place), href: self.link(place) }
    }

    /// How far an item is, in words.
    pub(super) fn state(&self, place: usize) -> String {
        let language = self.scope.language;
        let status = called(self.plan.status(place).choice(), language);
        let is_late = self.overdue.iter().any(|overdue| overdue.item == place);
        if is_late { format!("{status}, {}", either(language, "te laat", "overdue")) } else { status.to_owned() }
    }

    /// The chart with its table; a text when nothing has a day.
    pub(super) fn block(&self) -> Block {
        let language = self.scope.language;
        let bars = self.shown.iter().filter_map(|place| self.schedule.bars[*place]);
        let days = bars.flat_map(|bar| [bar.begin, bar.end, bar.planned.0, bar.planned.1]);
        let Some(calendar) = Calendar::holding(days) else {
            return Block::Text(Text {
                name: say(language, "Planning", "Planning"),
                text: say(
                    language,
                    "Geen onderdeel heeft een begin of einde. Vul bij een onderdeel in wanneer het begint of klaar is.",
                    "No item has a begin or end. Enter at an item when it begins or is done.",
                ),
                is_dutch: false,
            });
        };
        let title = self.title();
        let chart = Chart::Planning(self.chart(calendar, title.clone()));
        Block::Chart(ChartBlock { drawings: both(title, &chart), table: self.table() })
    }

    fn title(&self) -> String {
        let language = self.scope.language;
        let Some(end) = self.schedule.end else { return say(language, "Planning", "Planning") };
        let day = long_date(end, language);
        let late = match (self.overdue.len(), language) {
            (0, _) => String::new(),
            (1, Language::Nl) => "; 1 onderdeel is te laat en niet opgeschoven".to_owned(),
            (1, Language::En) => "; 1 item is overdue and not moved".to_owned(),
            (late, Language::Nl) => format!("; {late} onderdelen zijn te laat en niet opgeschoven"),
            (late, Language::En) => format!("; {late} items are overdue and not moved"),
        };
        let done = match (self.plan.programme.end.is_some_and(|agreed| agreed < end), language) {
            (false, Language::Nl) => format!("Volgens de planning is alles klaar op {day}"),
            (false, Language::En) => format!("By the planning everything is done on {day}"),
            (true, Language::Nl) => {
                format!("Volgens de planning is alles pas klaar op {day}, na het afgesproken einde")
            }
            (true, Language::En) => format!("By the planning everything is done on {day} only, after the agreed end"),
        };
        format!("{done}{late}")
    }

    fn chart(&self, calendar: Calendar, title: String) -> Planning {
        let language = self.scope.language;
        let key = |look, status: ItemStatus| (look, called(status.choice(), language).to_owned());
        let place_in_chart = |place: usize| self.shown.iter().position(|shown| *shown == place);
        let is_broken = |first, then| {
            self.schedule.conflicts.iter().any(|conflict| conflict.after == first && conflict.item == then)
        };
        let waits = self.schedule.waits.iter().filter_map(|(first, then)| {
            let (from, to) = (place_in_chart(*first)?, place_in_chart(*then)?);
            Some(PlanningWait { first: from, then: to, is_broken: is_broken(*first, *then) })
        });
        let known = say(language, "peildatum", "as known on");
        let agreed = say(language, "afgesproken einde", "agreed end");
        let marks = [
            calendar.mark(self.scope.peildatum, format!("{known} {}", self.scope.peildatum)),
            self.plan.programme.end.and_then(|end| calendar.mark(end, format!("{agreed} {end}"))),
        ];
        Planning {
            id: "planning".to_owned(),
            title,
            description: say(
                language,
                "Een balk per onderdeel van begin tot einde, met lijnen van wat eerst moet naar wat daarop wacht. Een \
                 ruit is een dag. De dagen staan in de tabel eronder.",
                "A bar for each item from begin to end, with lines from what is first to what waits for it. A diamond \
                 is one day. The days are in the table below.",
            ),
            language,
            months: calendar.months(language),
            rows: self.shown.iter().map(|place| self.chart_row(calendar, *place)).collect(),
            waits: waits.collect(),
            marks: marks.into_iter().flatten().collect(),
            keys: vec![
                key(Look::Solid, ItemStatus::Done),
                key(Look::Hatched, ItemStatus::Busy),
                key(Look::Outline, ItemStatus::Planned),
                key(Look::Tint, ItemStatus::Deferred),
            ],
            critical_name: say(language, "bepaalt het einde", "determines the end"),
            planned_name: say(language, "zoals gepland", "as planned"),
        }
    }

    fn chart_row(&self, calendar: Calendar, place: usize) -> PlanningRow {
        let node = &self.plan.nodes[place];
        let bar = self.schedule.bars[place].map(|bar| {
            let is_moved = !bar.is_sum && bar.planned != (bar.begin, bar.end);
            PlanningBar {
                from: calendar.place(bar.begin),
                to: calendar.place(bar.end),
                look: if bar.is_sum { None } else { look(node.item.status) },
                planned: is_moved.then(|| (calendar.place(bar.planned.0), calendar.place(bar.planned.1))),
                is_critical: self.schedule.critical.contains(&place),
            }
        });
        let name = self.name(place);
        let state = self.state(place);
        let told = format!("{name}: {state}{}", self.told(place));
        PlanningRow { name, state, depth: node.depth, bar, told, href: Some(self.link(place)) }
    }

    fn told(&self, place: usize) -> String {
        let language = self.scope.language;
        let Some(bar) = self.schedule.bars[place] else {
            return format!("; {}", either(language, "geen dag", "no day"));
        };
        let mut told = format!("; {} – {}", bar.begin, bar.end);
        if !bar.is_sum && bar.planned != (bar.begin, bar.end) {
            told.push_str(&format!(
                "; {} {} – {}",
                either(language, "gepland", "planned"),
                bar.planned.0,
                bar.planned.1
            ));
        }
        if let Some(slack) = bar.slack {
            told.push_str(&match language {
                Language::Nl => format!("; speling {slack} dagen"),
                Language::En => format!("; {slack} days of slack"),
            });
        }
        told
    }

    fn table(&self) -> Table {
        let language = self.scope.language;
        let of = |bar: Option<Bar>, day: fn(Bar) -> grip_types::Date| day_cell(bar.map(day));
        let rows = self.shown.iter().map(|place| {
            let bar = self.schedule.bars[*place];
            let before = self.schedule.waits.iter().filter(|(_, then)| then == place);
            let before: Vec<String> = before.map(|(first, _)| self.name(*first)).collect();
            let cells = vec![
                of(bar, |bar| bar.planned.0),
                of(bar, |bar| bar.planned.1),
                of(bar, |bar| bar.begin),
                of(bar, |bar| bar.end),
                Cell::of(bar.and_then(|bar| bar.slack), Cell::Count),
                if before.is_empty() { Cell::Nothing } else { Cell::Text(before.join("; ")) },
            ];
            self.row(*place, cells)
        });
        Table {
            id: "planning".to_owned(),
            title: say(language, "Planning", "Planning"),
            note: say(
                language,
                "Een onderdeel begint zoals gepland, of de dag nadat klaar is waarop het wacht. Speling: dagen dat het \
                 later kan zonder dat het geheel later klaar is.",
                "An item begins as planned, or the day after what it waits for is done. Slack: days that it can be \
                 later without the whole being later.",
            ),
            empty: String::new(),
            columns: vec![
                Column::text(either(language, "Onderdeel", "Item")),
                Column::kept(either(language, "Gepland begin", "Planned begin")),
                Column::kept(either(language, "Gepland einde", "Planned end")),
                Column::kept(either(language, "Begin volgens planning", "Begin by planning")),
                Column::kept(either(language, "Einde volgens planning", "End by planning")),
                Column::number(either(language, "Speling (dagen)", "Slack (days)")),
                Column::text(either(language, "Wacht op", "Waits for")),
            ],
            rows: rows.collect(),
            total: None,
        }
    }

    /// What should have happened already.
    pub(super) fn overdue_table(&self) -> Table {
        let language = self.scope.language;
        let rows = self.overdue.iter().map(|overdue| {
            let what = match overdue.what {
                OverdueWhat::Begin => either(language, "had moeten beginnen", "should have begun"),
                OverdueWhat::End => either(language, "had klaar moeten zijn", "should have been done"),
            };
            let owner = self.plan.owner(overdue.item).unwrap_or_default();
            self.row(
                overdue.item,
                vec![
                    Cell::text(what),
                    Cell::text(overdue.day.to_string()),
                    Cell::Count(overdue.days),
                    Cell::text(owner),
                ],
            )
        });
        Table {
            id: "te-laat".to_owned(),
            title: say(language, "Te laat", "Overdue"),
            note: format!("{} {}.", either(language, "Op", "On"), long_date(self.scope.peildatum, language)),
            empty: say(language, "Op de peildatum is niets te laat.", "Nothing is overdue on the day shown."),
            columns: vec![
                Column::text(either(language, "Onderdeel", "Item")),
                Column::text(either(language, "Wat", "What")),
                Column::kept(either(language, "Wanneer", "When")),
                Column::number(either(language, "Dagen geleden", "Days ago")),
                Column::text(either(language, "Eigenaar", "Owner")),
            ],
            rows: rows.collect(),
            total: None,
        }
    }

    /// What does not fit together; nothing when everything does.
    pub(super) fn odd_table(&self) -> Option<Table> {
        let language = self.scope.language;
        let conflicts = self.schedule.conflicts.iter().map(|conflict| {
            let what = match language {
                Language::Nl => format!("begint {} dagen te vroeg: dit moet eerst klaar zijn", conflict.days),
                Language::En => format!("begins {} days too early: this must be done first", conflict.days),
            };
            self.row(conflict.item, vec![Cell::Text(what), self.item_link(conflict.after)])
        });
        let circle = either(language, "wacht, langs een omweg, op zichzelf", "waits, by a detour, for itself");
        let circles = self.schedule.circles.iter();
        let circles = circles.map(|(item, after)| self.row(*item, vec![Cell::text(circle), self.item_link(*after)]));
        let odd = self.plan.odd.iter().map(|odd| {
            let (item, nl, en) = match *odd {
                Odd::NoParent(item) => {
                    (item, "hoort bij een onderdeel dat er niet (meer) is", "belongs to an item that is not there")
                }
                Odd::Circle(item) => (item, "hoort, langs een omweg, bij zichzelf", "belongs, by a detour, to itself"),
                Odd::UpsideDown(item) => (
                    item,
                    "is van een hoger niveau dan waar het bij hoort",
                    "is of a higher level than what it belongs to",
                ),
                Odd::NothingToWaitFor(item) => {
                    (item, "wacht op een onderdeel dat er niet (meer) is", "waits for an item that is not there")
                }
            };
            self.row(item, vec![Cell::text(either(language, nl, en)), Cell::Nothing])
        });
        let apart = self.plan.days_apart(self.schedule).into_iter().map(|(item, own, below)| {
            let (own, below) = (format!("{} – {}", own.0, own.1), format!("{} – {}", below.0, below.1));
            let what = match language {
                Language::Nl => format!("zegt zelf {own}, wat eronder hangt {below}"),
                Language::En => format!("says {own} itself, what is below it {below}"),
            };
            self.row(item, vec![Cell::Text(what), Cell::Nothing])
        });
        let rows: Vec<TableRow> = conflicts.chain(circles).chain(odd).chain(apart).collect();
        (!rows.is_empty()).then(|| Table {
            id: "past-niet".to_owned(),
            title: say(language, "Wat niet bij elkaar past", "What does not fit together"),
            note: String::new(),
            empty: String::new(),
            columns: vec![
                Column::text(either(language, "Onderdeel", "Item")),
                Column::text(either(language, "Wat", "What")),
                Column::text(either(language, "Waarmee", "With what")),
            ],
            rows,
            total: None,
        })
    }
}

/// How a bar is filled; the state stands beside it in words.
fn look(status: ItemStatus) -> Option<Look> {
    match status {
        ItemStatus::Done => Some(Look::Solid),
        ItemStatus::Busy => Some(Look::Hatched),
        ItemStatus::Planned => Some(Look::Outline),
        ItemStatus::Deferred => Some(Look::Tint),
        ItemStatus::Stopped => None,
    }
}
