//! A report as HTML: one page that needs nothing beside it, or its parts for a page of ours. There is no script in it.

use std::fmt::Write;

use crate::{
    Language, Width,
    drawing::escape,
    prose::{Prose, Span},
    report::{Block, Figure, Remark, Report, Section},
    svg,
    table::{Cell, ColumnKind, Table, TableRow},
};

const STYLE: &str = include_str!("page.css");

/// Where links of cells may lead.
#[derive(Clone, Copy)]
enum Links {
    /// Anywhere, because the page stands where they are relative to.
    Kept,
    /// To other sites only, because the page stands by itself.
    Outward,
}

/// A page that stands by itself: a title, the way through it, and all sections. Its style is in it and it has no script, so
/// that it can be kept, sent and printed.
pub fn report_html(report: &Report) -> String {
    let language = report.language;
    let words = |nl: &'static str, en: &'static str| if language == Language::Nl { nl } else { en };
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{title} – {gemeente}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"author\" content=\"{gemeente}\">\
         <style>{STYLE}</style></head><body><header><p class=\"gemeente\">{gemeente}</p><h1>{title}</h1>",
        lang = language.code(),
        title = escape(&report.title),
        gemeente = escape(&report.gemeente),
    );
    if !report.subtitle.is_empty() {
        push(&mut out, format_args!("<p class=\"lede\">{}</p>", escape(&report.subtitle)));
    }
    let stand = words("Stand op", "As known on");
    push(&mut out, format_args!("<p>{stand} {}</p></header>", report.peildatum_shown()));
    push(&mut out, format_args!("<nav aria-label=\"{}\">", words("Inhoud", "Contents")));
    push_contents(&mut out, &report.sections, "s");
    out.push_str("</nav><main>");
    push_sections(&mut out, (&report.sections, "s"), 2, (language, Links::Outward));
    if !report.origin.is_empty() {
        let title = words("Herkomst van dit rapport", "Origin of this report");
        push(&mut out, format_args!("<section><h2>{title}</h2><dl class=\"origin\">"));
        for (name, text) in &report.origin {
            push(&mut out, format_args!("<dt>{}</dt><dd>{}</dd>", escape(name), escape(text)));
        }
        out.push_str("</dl></section>");
    }
    out.push_str("</main></body></html>\n");
    out
}

/// The sections alone, from `<h2>` down, for a page that has its own frame, title and style. Classes are those of
/// [`report_html`]; links stay as they are.
pub fn report_html_body(report: &Report) -> String {
    let mut out = String::new();
    push_sections(&mut out, (&report.sections, "s"), 2, (report.language, Links::Kept));
    out
}

fn push(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    out.write_fmt(arguments).expect("writing to a string does not fail");
}

fn push_contents(out: &mut String, sections: &[Section], id: &str) {
    if sections.is_empty() {
        return;
    }
    out.push_str("<ol>");
    for (section, at) in sections.iter().zip(1_usize..) {
        let id = format!("{id}-{at}");
        push(out, format_args!("<li><a href=\"#{id}\">{}</a>", escape(&section.title)));
        push_contents(out, &section.sections, &id);
        out.push_str("</li>");
    }
    out.push_str("</ol>");
}

fn push_sections(out: &mut String, (sections, id): (&[Section], &str), level: usize, how: (Language, Links)) {
    for (section, at) in sections.iter().zip(1_usize..) {
        let id = format!("{id}-{at}");
        let heading = level.min(6);
        push(out, format_args!("<section><h{heading} id=\"{id}\">{}</h{heading}>", escape(&section.title)));
        for block in &section.blocks {
            push_block(out, block, how);
        }
        push_sections(out, (&section.sections, &id), level + 1, how);
        out.push_str("</section>");
    }
}

fn push_block(out: &mut String, block: &Block, (language, links): (Language, Links)) {
    match block {
        Block::Paragraph(text) => push(out, format_args!("<p>{}</p>", escape(text))),
        Block::Remark(remark) => push_remark(out, remark, language),
        Block::Figures(figures) => push_figures(out, figures, language),
        Block::Chart(chart, table) => {
            push(out, format_args!("<figure><figcaption>{}</figcaption>", escape(chart.title())));
            out.push_str(&svg(chart, Width::Paper));
            out.push_str(&svg(chart, Width::Narrow));
            push_table(out, table, (language, links));
            out.push_str("</figure>");
        }
        Block::Table(table) => push_table(out, table, (language, links)),
        Block::Notice(text) => {
            push(out, format_args!("<div class=\"notice\" role=\"note\"><p>{}</p></div>", escape(text)))
        }
        Block::PageBreak => out.push_str("<div class=\"page-break\"></div>"),
    }
}

fn push_remark(out: &mut String, remark: &Remark, language: Language) {
    let credit = escape(&remark.credit(language));
    push(
        out,
        format_args!(
            "<aside class=\"remark\" aria-label=\"{credit}\"><p class=\"credit\">{credit}</p><div lang=\"nl\">"
        ),
    );
    if !remark.title.is_empty() {
        push(out, format_args!("<p><strong>{}</strong></p>", escape(&remark.title)));
    }
    push_prose(out, &remark.prose());
    out.push_str("</div></aside>");
}

fn push_prose(out: &mut String, prose: &[Prose]) {
    for part in prose {
        match part {
            Prose::Paragraph { spans } => {
                out.push_str("<p>");
                push_spans(out, spans);
                out.push_str("</p>");
            }
            Prose::List { is_numbered, items } => {
                let tag = if *is_numbered { "ol" } else { "ul" };
                push(out, format_args!("<{tag}>"));
                for item in items {
                    out.push_str("<li>");
                    push_prose(out, item);
                    out.push_str("</li>");
                }
                push(out, format_args!("</{tag}>"));
            }
        }
    }
}

fn push_spans(out: &mut String, spans: &[Span]) {
    for span in spans {
        match span {
            Span::Text { text } => out.push_str(&escape(text)),
            Span::Strong { spans } => push_inside(out, "<strong>", spans, "</strong>"),
            Span::Emphasis { spans } => push_inside(out, "<em>", spans, "</em>"),
            Span::Link { href, spans } => {
                push_inside(out, &format!("<a href=\"{}\" rel=\"noreferrer\">", escape(href)), spans, "</a>");
            }
            Span::Break => out.push_str("<br>"),
        }
    }
}

fn push_inside(out: &mut String, before: &str, spans: &[Span], behind: &str) {
    out.push_str(before);
    push_spans(out, spans);
    out.push_str(behind);
}

fn push_figures(out: &mut String, figures: &[Figure], language: Language) {
    out.push_str("<dl class=\"figures\">");
    for figure in figures {
        let class = if figure.value.is_adverse() { "number adverse" } else { "number" };
        push(
            out,
            format_args!(
                "<div><dt>{}</dt><dd class=\"{class}\">{}</dd>",
                escape(&figure.name),
                escape(&figure.shown(language))
            ),
        );
        for line in figure.interval_shown(language).iter().chain(Some(&figure.note).filter(|note| !note.is_empty())) {
            push(out, format_args!("<dd>{}</dd>", escape(line)));
        }
        out.push_str("</div>");
    }
    out.push_str("</dl>");
}

fn push_table(out: &mut String, table: &Table, (language, links): (Language, Links)) {
    let title = escape(&table.title);
    if table.rows.is_empty() && table.total.is_none() {
        push(out, format_args!("<p><strong>{title}</strong></p><p>{}</p>", escape(&table.empty)));
        return;
    }
    push(
        out,
        format_args!(
            "<div class=\"scroll\" role=\"group\" aria-label=\"{title}\" tabindex=\"0\"><table><caption><div class=\"pinned\">{title}"
        ),
    );
    if !table.note.is_empty() {
        push(out, format_args!(". <span>{}</span>", escape(&table.note)));
    }
    out.push_str("</div></caption><thead><tr>");
    for column in &table.columns {
        push(out, format_args!("<th scope=\"col\"{}>{}</th>", class(column.kind, false), escape(&column.name)));
    }
    out.push_str("</tr></thead><tbody>");
    for row in &table.rows {
        push_row(out, table, row, (language, links));
    }
    out.push_str("</tbody>");
    if let Some(total) = &table.total {
        out.push_str("<tfoot>");
        push_row(out, table, total, (language, links));
        out.push_str("</tfoot>");
    }
    out.push_str("</table></div>");
}

fn push_row(out: &mut String, table: &Table, row: &TableRow, (language, links): (Language, Links)) {
    let dutch = if row.is_dutch { " lang=\"nl\"" } else { "" };
    push(out, format_args!("<tr><th scope=\"row\"{dutch}>"));
    push_linked(out, &row.head, row.href.as_deref(), links);
    out.push_str("</th>");
    for (at, column) in table.columns.iter().enumerate().skip(1) {
        let cell = row.cells.get(at - 1).unwrap_or(&Cell::Nothing);
        let dutch = if column.kind == ColumnKind::Prose { " lang=\"nl\"" } else { "" };
        push(out, format_args!("<td{}{dutch}>", class(column.kind, cell.is_adverse())));
        push_linked(out, &cell.shown(language), cell.href(), links);
        out.push_str("</td>");
    }
    out.push_str("</tr>");
}

fn class(kind: ColumnKind, is_adverse: bool) -> &'static str {
    match (kind, is_adverse) {
        (ColumnKind::Number, true) => " class=\"n adverse\"",
        (ColumnKind::Number, false) => " class=\"n\"",
        (ColumnKind::Kept, _) => " class=\"keep\"",
        (_, true) => " class=\"adverse\"",
        (_, false) => "",
    }
}

fn push_linked(out: &mut String, text: &str, href: Option<&str>, links: Links) {
    let text = escape(text);
    let leads = |href: &&str| match links {
        Links::Kept => true,
        Links::Outward => href.starts_with("https://") || href.starts_with("http://"),
    };
    match href.filter(leads) {
        Some(href) => push(out, format_args!("<a href=\"{}\">{text}</a>", escape(href))),
        None => out.push_str(&text),
    }
}
