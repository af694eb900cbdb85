//! Texts and reports come as plain elements: here each gets the classes of the component that shows it, as the templates write them
//! for what is theirs.

/// Elements with the classes of their component of NL Design System.
const ELEMENTS: [(&str, &str); 11] = [
    ("a", "nl-link"),
    ("code", "nl-code"),
    ("h2", "nl-heading nl-heading--level-2"),
    ("h3", "nl-heading nl-heading--level-3"),
    ("h4", "nl-heading nl-heading--level-4"),
    ("h5", "nl-heading nl-heading--level-5"),
    ("h6", "nl-heading nl-heading--level-6"),
    ("p", "nl-paragraph"),
    ("pre", "nl-code-block nl-code-block--overflow"),
    ("table", "utrecht-table utrecht-table--html-table"),
    ("ul", "utrecht-unordered-list utrecht-unordered-list--distanced"),
];

/// What a report calls by a class, with those of its component.
const PARTS: [(&str, &str); 2] =
    [("notice", "utrecht-alert utrecht-alert--info"), ("scroll", "utrecht-table-container")];

/// The same with the classes of components on what has one. Text in it is escaped, so that `<` begins a tag.
pub(crate) fn dressed(html: &str) -> String {
    let of = |list: &[(&str, &'static str)], name: &str| {
        list.iter().find(|(listed, _)| *listed == name).map(|(_, classes)| *classes)
    };
    let mut out = String::with_capacity(html.len() * 5 / 4);
    let mut pieces = html.split('<');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        out.push('<');
        let name = piece.split([' ', '>']).next().unwrap_or_default();
        let tag = piece.split('>').next().unwrap_or_default();
        // What has a class is no plain element: a place in a drawing, or a part of a report.
        let (before, classes) = match tag.split_once(" class=\"") {
            None => (name, of(&ELEMENTS, name).map(|classes| format!(" class=\"{classes}\""))),
            Some((before, class)) => {
                let classes = of(&PARTS, class.split('"').next().unwrap_or_default());
                (before, classes.map(|classes| format!(" class=\"{classes} ")))
            }
        };
        let after = piece.get(before.len()..).unwrap_or_default();
        out.push_str(before);
        match classes {
            Some(classes) => {
                out.push_str(&classes);
                out.push_str(after.strip_prefix(" class=\"").unwrap_or(after));
            }
            None => out.push_str(after),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::dressed;

    #[test]
    fn elements_get_the_classes_of_their_component() {
        assert_eq!(
            dressed(
                "a <p>b <a href=\"/c\">d</a></p>\n<p class=\"e\">f</p><pre><code>&lt;p></code></pre><svg><a class=\"stop\">"
            ),
            "a <p class=\"nl-paragraph\">b <a class=\"nl-link\" href=\"/c\">d</a></p>\n<p class=\"e\">f</p>\
             <pre class=\"nl-code-block nl-code-block--overflow\"><code class=\"nl-code\">&lt;p></code></pre><svg><a class=\"stop\">"
        );
        assert_eq!(dressed("<table><tr><td>1"), "<table class=\"utrecht-table utrecht-table--html-table\"><tr><td>1");
        assert_eq!(
            dressed("<div class=\"notice\" role=\"note\"><div class=\"page-break\">"),
            "<div class=\"utrecht-alert utrecht-alert--info notice\" role=\"note\"><div class=\"page-break\">"
        );
        assert_eq!(dressed(""), "");
    }
}
