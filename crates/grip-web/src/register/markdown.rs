//! Texts that people typed, as HTML: Markdown, of which nothing can run and nothing is loaded.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

/// The HTML of a text in Markdown. What looks like HTML is shown as it was typed, images are their description, and links lead
/// to other pages only by `http` and `https` or within this site.
pub(crate) fn html(text: &str) -> String {
    let mut open_links: Vec<bool> = Vec::new();
    let events = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let events = events.filter_map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Heading { level, .. }) => {
            Some(Event::Start(Tag::Heading { level: below(level), id: None, classes: Vec::new(), attrs: Vec::new() }))
        }
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(below(level)))),
        Event::Start(Tag::Link { dest_url, .. }) => {
            let is_safe = is_safe(&dest_url);
            open_links.push(is_safe);
            is_safe.then(|| {
                Event::InlineHtml(format!("<a href=\"{}\" rel=\"noopener noreferrer\">", escape(&dest_url)).into())
            })
        }
        Event::End(TagEnd::Link) => open_links.pop().unwrap_or(false).then(|| Event::InlineHtml("</a>".into())),
        other => Some(other),
    });
    let mut html = String::with_capacity(text.len() * 2);
    push_html(&mut html, events);
    html
}

/// The headings of a page come before those of a text on it.
fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

/// Whether a link may be followed: a page elsewhere by `http` or `https`, or a page of this site.
fn is_safe(address: &str) -> bool {
    let has_odd_letters = address.chars().any(|letter| letter.is_control() || letter.is_whitespace() || letter == '\\');
    let scheme =
        address.split(['/', '?', '#']).next().and_then(|start| start.split_once(':')).map(|(scheme, _)| scheme);
    let is_known = scheme.is_none_or(|scheme| ["http", "https"].iter().any(|known| known.eq_ignore_ascii_case(scheme)));
    !has_odd_letters && is_known && !address.starts_with("//")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::html;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(html(text).trim_end(), expected, "{text}");
    }

    #[test]
    fn markdown_is_html() {
        check("Eerste **vet**.\n\nTweede.", "<p>Eerste <strong>vet</strong>.</p>\n<p>Tweede.</p>");
        check("# Kop", "<h3>Kop</h3>");
        check("* a\n* b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>");
        let link = "<p><a href=\"https://voorbeeld.example/a?b=1&amp;c\" rel=\"noopener noreferrer\">hier</a></p>";
        check("[hier](https://voorbeeld.example/a?b=1&c)", link);
        check("[hier](/beleid)", "<p><a href=\"/beleid\" rel=\"noopener noreferrer\">hier</a></p>");
    }

    #[test]
    fn nothing_in_a_text_runs_or_is_loaded() {
        check("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>");
        check("a <img src=x onerror=alert(1)> b", "<p>a &lt;img src=x onerror=alert(1)&gt; b</p>");
        check("![plaatje](https://elders.example/x.png)", "<p>plaatje</p>");
        for address in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "//elders.example",
            "file:///etc/passwd",
            "&#106;avascript:alert(1)",
            "java&#10;script:alert(1)",
            "/\\elders.example",
        ] {
            let html = html(&format!("[klik](<{address}>)"));
            assert!(!html.contains("<a ") && html.contains("klik"), "{address}: {html}");
        }
        for text in
            ["<javascript:alert(1)>", "[a](https://x.example/\"onmouseover=alert(1))", "[a]: javascript:x\n\n[a]"]
        {
            let html = html(text);
            assert!(!html.contains("href=\"java") && !html.contains("\"onmouseover"), "{html}");
        }
        let nested = html("[![x](javascript:a)](javascript:b) <b>\n\n<div onclick=x>\n\n# <style>");
        for forbidden in ["<img", "<a ", "<b>", "<div", "<style"] {
            assert!(!nested.contains(forbidden), "{nested}");
        }
    }
}
