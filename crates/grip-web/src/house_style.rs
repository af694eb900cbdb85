//! The look of a municipality, taken from its design tokens.
//!
//! Municipalities that use [NL Design System] have a theme: a style sheet with thousands of custom properties whose names they
//! share. Of these Grip takes those that decide how its pages look: the few its own properties are made of, and what the components ask
//! for that the pages are made of. Nothing else of the file reaches a page: no rule, no address, no text.
//!
//! [NL Design System]: https://nldesignsystem.nl/handboek/design-tokens/

use std::{collections::BTreeMap, fmt};

use crate::style::{COMPONENTS, TOKENS};

/// What may stand in a custom property of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Colour,
    /// A colour of what nothing is read on by itself: it may be seen through.
    Shade,
    Font,
    Length,
    /// One for each side, or for some at once.
    Lengths,
    FontSize,
    Weight,
    /// The height of a line: a number, or a length.
    Leading,
}

/// The custom properties of the pages that a theme may set: ours, and the names of NL Design System it is taken from, the first that
/// is there. A file may also name ours itself. The colours of charts are not among them: they were chosen together.
const TAKEN: [(&str, Kind, &[&str]); 14] = [
    (
        "font",
        Kind::Font,
        &["utrecht-document-font-family", "utrecht-page-body-font-family", "basis-text-font-family-default"],
    ),
    ("ground", Kind::Colour, &["utrecht-document-background-color", "utrecht-page-body-background-color"]),
    ("surface", Kind::Colour, &["utrecht-surface-background-color"]),
    ("text", Kind::Colour, &["utrecht-document-color", "utrecht-page-body-color", "nl-paragraph-color"]),
    ("text-quiet", Kind::Colour, &["utrecht-form-field-description-color"]),
    ("rule", Kind::Colour, &["utrecht-separator-color", "utrecht-table-border-color"]),
    ("rule-strong", Kind::Colour, &["utrecht-form-control-border-color", "utrecht-textbox-border-color"]),
    ("accent", Kind::Colour, &["utrecht-link-color", "nl-link-color"]),
    ("on-accent", Kind::Colour, &["utrecht-skip-link-color"]),
    ("action", Kind::Colour, &["utrecht-button-primary-action-background-color", "nl-button-primary-background-color"]),
    ("on-action", Kind::Colour, &["utrecht-button-primary-action-color", "nl-button-primary-color"]),
    (
        "radius",
        Kind::Length,
        &["utrecht-button-border-radius", "nl-button-border-radius", "utrecht-form-control-border-radius"],
    ),
    ("adverse", Kind::Colour, &["utrecht-form-field-error-message-color"]),
    ("chart-budget", Kind::Colour, &[]),
];

/// What must be told apart, and how well: WCAG 2.2, 1.4.3 for text and 1.4.11 for what carries meaning otherwise.
const PAIRS: [(&str, &str, f64); 43] = [
    ("text", "ground", 4.5),
    ("text", "surface", 4.5),
    ("text-quiet", "ground", 4.5),
    ("text-quiet", "surface", 4.5),
    ("accent", "ground", 4.5),
    ("on-accent", "accent", 4.5),
    ("on-action", "action", 4.5),
    ("adverse", "ground", 4.5),
    ("chart-budget", "ground", 4.5),
    ("rule-strong", "ground", 3.0),
    ("chart-known", "ground", 3.0),
    ("chart-agreed", "ground", 3.0),
    ("chart-expected", "ground", 3.0),
    ("chart-interval", "ground", 3.0),
    ("chart-known", "chart-agreed", 3.0),
    ("nl-button-primary-color", "nl-button-primary-background-color", 4.5),
    ("nl-button-primary-hover-color", "nl-button-primary-hover-background-color", 4.5),
    ("nl-button-primary-active-color", "nl-button-primary-active-background-color", 4.5),
    ("nl-button-focus-color", "nl-button-focus-background-color", 4.5),
    ("nl-link-color", "ground", 4.5),
    ("nl-link-hover-color", "ground", 4.5),
    ("nl-link-color", "utrecht-alert-info-background-color", 4.5),
    ("nl-link-color", "utrecht-alert-error-background-color", 4.5),
    ("nl-skip-link-color", "nl-skip-link-background-color", 4.5),
    ("nl-heading-level-1-color", "ground", 4.5),
    ("nl-heading-level-2-color", "ground", 4.5),
    ("nl-heading-level-3-color", "ground", 4.5),
    ("nl-paragraph-color", "ground", 4.5),
    ("nl-paragraph-color", "utrecht-alert-info-background-color", 4.5),
    ("nl-paragraph-color", "utrecht-alert-error-background-color", 4.5),
    ("nl-data-badge-color", "nl-data-badge-background-color", 4.5),
    ("utrecht-form-control-color", "utrecht-form-control-background-color", 4.5),
    ("utrecht-textbox-color", "utrecht-textbox-background-color", 4.5),
    ("utrecht-select-color", "utrecht-select-background-color", 4.5),
    ("utrecht-textarea-color", "utrecht-textarea-background-color", 4.5),
    ("utrecht-form-label-color", "ground", 4.5),
    ("utrecht-form-field-description-color", "ground", 4.5),
    ("utrecht-form-field-error-message-color", "ground", 4.5),
    ("utrecht-table-caption-color", "ground", 4.5),
    ("utrecht-table-header-cell-color", "ground", 4.5),
    ("utrecht-table-header-cell-color", "utrecht-table-header-background-color", 4.5),
    ("utrecht-form-control-border-color", "ground", 3.0),
    ("utrecht-focus-outline-color", "ground", 3.0),
];

/// How often one property may stand for another.
const STEPS_MAX: usize = 16;

const PRIMARY: &str = "nl-button-primary-";
const BUTTON: &str = "utrecht-button-";

/// How the tokens of a component began before it was called as it is now: in most themes they still do.
const OLDER: [(&str, &str); 8] = [
    (PRIMARY, "utrecht-button-primary-action-"),
    (PRIMARY, BUTTON),
    ("nl-button-", BUTTON),
    ("nl-heading-level-", "utrecht-heading-"),
    ("nl-link-", "utrecht-link-"),
    ("nl-paragraph-", "utrecht-paragraph-"),
    ("nl-skip-link-", "utrecht-skip-link-"),
    ("nl-code-", "utrecht-code-"),
];

/// The tokens that the components of the pages ask for, with what may stand in them.
fn tokens() -> BTreeMap<&'static str, Kind> {
    let asked = COMPONENTS.split("var(").skip(1).filter_map(|rest| {
        let rest = rest.trim_start().strip_prefix("--")?;
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-')?;
        rest.get(..end)
    });
    asked.filter_map(|name| Some((name, kind_of(name)?))).collect()
}

/// What may stand in a token; nothing when a theme may not set it. Room around things is ours, because a theme says it for pages that are laid
/// out in another way, and so are the measures of tables, for these have a dozen columns of figures and say in their caption what those are.
/// The room beside the arrow of a choice is that of our arrow, and how well it is seen what has the focus is nobody's taste.
fn kind_of(token: &str) -> Option<Kind> {
    let ends = |ends: &[&str]| ends.iter().any(|end| token.ends_with(end));
    let kind = if token.ends_with("-color") {
        if token.contains("-background-") || token.contains("-border-") { Kind::Shade } else { Kind::Colour }
    } else if token.ends_with("-font-family") {
        Kind::Font
    } else if token.ends_with("-font-size") {
        Kind::FontSize
    } else if token.ends_with("-font-weight") {
        Kind::Weight
    } else if token.ends_with("-line-height") {
        Kind::Leading
    } else if token.ends_with("-border-width") {
        Kind::Lengths
    } else if token.contains("-padding-") || ends(&["-radius", "-width", "-size", "-offset", "-thickness", "-gap"]) {
        Kind::Length
    } else {
        return None;
    };
    let is_ours = if token.starts_with("utrecht-table-") {
        token.contains("-caption-font-") || !matches!(kind, Kind::Colour | Kind::Shade | Kind::Font | Kind::Weight)
    } else {
        token.contains("-margin-")
            || ["utrecht-select-padding-inline-end", "utrecht-focus-outline-width", "utrecht-focus-outline-offset"]
                .contains(&token)
    };
    let is_known = ["nl-", "utrecht-"].iter().any(|prefix| token.starts_with(prefix));
    (is_known && !is_ours).then_some(kind)
}

/// The custom properties of a municipality's house style, each checked. They hold in light; in dark, Grip keeps its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseStyle(BTreeMap<&'static str, String>);

/// Why a file is no house style. Codes start with `GW`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HouseStyleError {
    /// None of the properties that Grip knows is in it.
    #[error("GW030 the file sets none of the design tokens that Grip takes, as --utrecht-link-color")]
    Nothing,
    /// A property has a value that can't be used.
    #[error("GW031 `--{property}: {value}` can't be used")]
    Value {
        /// Its name.
        property: String,
        /// What stands there.
        value: String,
    },
}

impl HouseStyleError {
    /// What to do.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Nothing => {
                "take the file with the tokens of the theme, as dist/theme.css of the package, or write :root { --accent: #154273; }"
            }
            Self::Value { .. } => {
                "a colour is as #154273, rgb(21 66 115) or hsl(211 69% 27%) and not transparent, a length as 4px, a font a list of names"
            }
        }
    }
}

/// Two colours that are hard to tell apart.
#[derive(Debug, Clone, PartialEq)]
pub struct LowContrast {
    /// What stands in front.
    pub front: &'static str,
    /// What it stands on.
    pub back: &'static str,
    /// How well they are told apart, from 1 to 21.
    pub found: f64,
    /// How well they have to be.
    pub least: f64,
}

impl fmt::Display for LowContrast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { front, back, found, least } = self;
        write!(f, "--{front} on --{back} has a contrast of {found:.1}; WCAG 2.2 asks for {least}")
    }
}

impl HouseStyle {
    /// Takes from a style sheet what the pages use. What is inside an at-rule, as that of a dark scheme, is left.
    ///
    /// What a component asks for and can't be read is left as well: a theme holds thousands of values, some of which only its own
    /// pages understand.
    ///
    /// # Errors
    /// When there is nothing to take, or what the pages' own properties are taken from can't be used.
    pub fn parse(sheet: &str) -> Result<Self, HouseStyleError> {
        let set = declarations(sheet);
        let mut taken = BTreeMap::new();
        for (own, kind, names) in TAKEN {
            // Themes have tokens without a value.
            let says = |name: &&&str| set.get(**name).is_some_and(|value| **name == own || !value.is_empty());
            let Some(name) = std::iter::once(&own).chain(names).find(says) else { continue };
            let value = resolve(&set, &format!("var(--{name})"), STEPS_MAX);
            let value = value.as_deref().and_then(|value| checked(kind, value));
            let value = value.ok_or_else(|| HouseStyleError::Value {
                property: (*name).to_owned(),
                value: set.get(*name).cloned().unwrap_or_default().chars().take(60).collect(),
            })?;
            taken.insert(own, value);
        }
        for (name, kind) in tokens() {
            let older = OLDER.iter().filter_map(|(now, before)| {
                // The colours of a button are those of its sort; the rest is said of all buttons.
                let is_shared = !matches!(kind, Kind::Colour | Kind::Shade) || *now != PRIMARY || *before != BUTTON;
                is_shared.then_some(format!("{before}{}", name.strip_prefix(now)?))
            });
            let value = std::iter::once(name.to_owned()).chain(older).find_map(|name| {
                let value = resolve(&set, set.get(&name)?, STEPS_MAX)?;
                checked(kind, &value)
            });
            taken.extend(value.map(|value| (name, value)));
        }
        if taken.is_empty() { Err(HouseStyleError::Nothing) } else { Ok(Self(taken)) }
    }

    /// What of it is harder to tell apart than it may be.
    pub fn low_contrasts(&self) -> Vec<LowContrast> {
        let mut set = declarations(TOKENS);
        set.extend(self.0.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let ground = set.get("ground").and_then(|value| rgb(value, [u8::MAX; 3])).unwrap_or([u8::MAX; 3]);
        let colour = |name: &String| {
            let value = resolve(&set, &format!("var(--{name})"), STEPS_MAX)?;
            Some((name.clone(), rgb(&value, ground)?))
        };
        let mut found = low_contrasts(&set.keys().filter_map(colour).collect());
        // Of a token that stands for one of the pages' own properties that is said already.
        let is_token = |name: &str| kind_of(name).is_some();
        let is_set = |name: &str| is_token(name) && self.0.contains_key(name);
        found.retain(|pair| !is_token(pair.front) || is_set(pair.front) || is_set(pair.back));
        found
    }

    /// The properties for the pages.
    pub(crate) fn css(&self) -> String {
        let properties: String = self.0.iter().map(|(name, value)| format!("--{name}:{value};")).collect();
        format!("@media print, not all and (prefers-color-scheme: dark) {{ :root {{ {properties} }} }}\n")
    }
}

/// The custom properties a style sheet sets outside of at-rules, the last of each name.
fn declarations(sheet: &str) -> BTreeMap<String, String> {
    let mut set = BTreeMap::new();
    let mut text = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, comment)) = rest.split_once("/*") {
        text.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let (mut inside_at_rules, mut blocks) = (0_usize, Vec::new());
    for piece in text.split_inclusive(['{', '}', ';']) {
        let said = piece.trim_end_matches(['{', '}', ';']).trim();
        if piece.ends_with('{') {
            let is_at_rule = said.starts_with('@');
            inside_at_rules += usize::from(is_at_rule);
            blocks.push(is_at_rule);
            continue;
        }
        if let Some((name, value)) = said.strip_prefix("--").and_then(|said| said.split_once(':'))
            && inside_at_rules == 0
        {
            set.insert(name.trim().to_owned(), value.trim().to_owned());
        }
        if piece.ends_with('}') && blocks.pop() == Some(true) {
            inside_at_rules -= 1;
        }
    }
    set
}

/// A value with what stands for something else replaced by that; nothing when it stands for nothing.
fn resolve(set: &BTreeMap<String, String>, value: &str, steps: usize) -> Option<String> {
    let Some((before, asked)) = value.split_once("var(") else { return Some(value.trim().to_owned()) };
    let steps = steps.checked_sub(1)?;
    let mut depth = 1_usize;
    let end = asked.char_indices().find_map(|(at, letter)| {
        depth = match letter {
            '(' => depth + 1,
            ')' => depth - 1,
            _ => depth,
        };
        (depth == 0).then_some(at)
    })?;
    let (inner, after) = (asked.get(..end)?, asked.get(end + 1..)?);
    let (name, otherwise) = inner.split_once(',').map_or((inner, None), |(name, other)| (name, Some(other)));
    let found = set.get(name.trim().trim_start_matches("--")).map(String::as_str).or(otherwise)?;
    let found = resolve(set, found, steps)?;
    resolve(set, &format!("{before}{found}{after}"), steps)
}

/// The value in a form that can mean nothing else; nothing when it is none of its kind.
fn checked(kind: Kind, value: &str) -> Option<String> {
    match kind {
        Kind::Colour | Kind::Shade => match csscolorparser::parse(value).ok()?.to_rgba8() {
            [r, g, b, u8::MAX] => Some(format!("#{r:02x}{g:02x}{b:02x}")),
            [r, g, b, a] => (kind == Kind::Shade).then(|| format!("#{r:02x}{g:02x}{b:02x}{a:02x}")),
        },
        Kind::Font => {
            let is_name = |letter: char| letter.is_ascii_alphanumeric() || " ,-_\"'".contains(letter);
            let is_even = value.matches('"').count() % 2 == 0 && value.matches('\'').count() % 2 == 0;
            (!value.is_empty() && value.len() <= 300 && is_even && value.chars().all(is_name)).then(|| value.to_owned())
        }
        Kind::Length => length(value, 0.0, 1000.0),
        Kind::FontSize => length(value, 8.0, 64.0),
        Kind::Lengths => {
            let sides: Option<Vec<String>> = value.split_whitespace().map(|side| length(side, 0.0, 64.0)).collect();
            sides.filter(|sides| (1..=4).contains(&sides.len())).map(|sides| sides.join(" "))
        }
        Kind::Weight => match value {
            "normal" => Some("400".to_owned()),
            "bold" => Some("700".to_owned()),
            _ => value.parse().ok().filter(|weight| (1_u16..=1000).contains(weight)).map(|weight| weight.to_string()),
        },
        Kind::Leading => {
            let number = value.parse().ok().filter(|number: &f64| (0.8..=3.0).contains(number));
            number.map(|number| number.to_string()).or_else(|| length(value, 8.0, 96.0))
        }
    }
}

/// A length between two of so many points of the screen, of which 16 are as high as a letter.
fn length(value: &str, least: f64, most: f64) -> Option<String> {
    let units = [("px", 1.0), ("rem", 16.0), ("em", 16.0), ("ch", 16.0)];
    let (number, points) = units
        .iter()
        .find_map(|(unit, points)| Some((value.strip_suffix(unit)?, *points)))
        .or((value == "0").then_some((value, 1.0)))?;
    let length: f64 = number.parse().ok()?;
    (least..=most).contains(&(length * points)).then(|| value.to_owned())
}

/// Custom properties with a colour in a block of the pages' own.
#[cfg(test)]
pub(crate) fn colours(block: &str) -> BTreeMap<String, [u8; 3]> {
    let block = block.split_once("@media").map_or(block, |(light, _)| light);
    block
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.trim_end_matches(';').split_once(": "))
        .filter_map(|(name, value)| Some((name.to_owned(), rgb(value, [0; 3])?)))
        .collect()
}

/// A colour as it looks in front of another.
fn rgb(value: &str, behind: [u8; 3]) -> Option<[u8; 3]> {
    let [r, g, b, a] = csscolorparser::parse(value).ok()?.to_rgba8();
    let mix = |front: u8, behind: u8| {
        let mixed = u16::from(front) * u16::from(a) + u16::from(behind) * u16::from(u8::MAX - a);
        u8::try_from(mixed / u16::from(u8::MAX)).unwrap_or(u8::MAX)
    };
    Some([mix(r, behind[0]), mix(g, behind[1]), mix(b, behind[2])])
}

/// The pairs of colours that are harder to tell apart than they may be.
pub(crate) fn low_contrasts(colours: &BTreeMap<String, [u8; 3]>) -> Vec<LowContrast> {
    let pairs = PAIRS.iter().filter_map(|(front, back, least)| {
        let found = contrast(*colours.get(*front)?, *colours.get(*back)?);
        Some(LowContrast { front, back, found, least: *least })
    });
    pairs.filter(|pair| pair.found < pair.least).collect()
}

/// Contrast ratio of two colours, from 1 to 21: WCAG 2.2, definitions of relative luminance and of contrast ratio.
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = |[r, g, b]: [u8; 3]| 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::{HouseStyle, HouseStyleError, contrast};

    #[test]
    fn contrast_is_that_of_the_definition() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-12);
        // Grey 118 on white is the darkest-known example just above 4.5.
        assert!((contrast([118; 3], [255; 3]) - 4.542_224_959_605_253).abs() < 1e-9);
    }

    #[test]
    fn a_theme_is_taken_as_it_stands() {
        let sheet = "/* gemaakt */ .voorbeeld-theme { --voorbeeld-color-blue: hsl(211 69% 27%);\n\
            --utrecht-link-color: var(--voorbeeld-color-blue); --utrecht-document-font-family: \"Open Sans\", sans-serif;\n\
            --utrecht-button-primary-action-background-color: var(--niets, var(--utrecht-link-color));\n\
            --utrecht-button-border-radius: 0.25rem; --utrecht-unknown: url(http://elders.example/x) }\n\
            @media (prefers-color-scheme: dark) { .voorbeeld-theme { --utrecht-link-color: #fff } }";
        let style = HouseStyle::parse(sheet).expect("a house style");
        assert_eq!(
            style.css(),
            "@media print, not all and (prefers-color-scheme: dark) { :root { --accent:#154374;--action:#154374;\
             --font:\"Open Sans\", sans-serif;--nl-button-border-radius:0.25rem;\
             --nl-button-primary-background-color:#154374;--nl-link-color:#154374;--radius:0.25rem;\
             --utrecht-document-font-family:\"Open Sans\", sans-serif; } }\n"
        );
        assert!(style.low_contrasts().is_empty());
    }

    #[test]
    fn what_components_ask_for_is_taken() {
        let sheet = ".thema { --nl-button-primary-hover-background-color: #00000080; --nl-button-padding-inline-end: 24px;\n\
            --nl-button-primary-font-weight: bold; --nl-button-primary-line-height: 1.5; --utrecht-textbox-border-width: 0 0 2px;\n\
            --nl-paragraph-margin-block-end: 0px; --nl-link-active-color: #00000080; --nl-paragraph-font-size: 1px;\n\
            --nl-button-disabled-color: #123; --utrecht-select-background-image: url(http://elders.example/x);\n\
            --nl-heading-level-1-font-family: a;b}; --nl-heading-level-2-font-size: clamp(1rem, 2vw, 3rem);\n\
            --utrecht-heading-2-font-size: 30px; --utrecht-table-cell-padding-block-end: 4rem;\n\
            --utrecht-button-color: #999; --utrecht-button-font-size: 20px; --utrecht-focus-outline-width: 0 }";
        let style = HouseStyle::parse(sheet).expect("a house style");
        assert_eq!(
            style.css(),
            "@media print, not all and (prefers-color-scheme: dark) { :root { --nl-button-padding-inline-end:24px;\
             --nl-button-primary-font-size:20px;--nl-button-primary-font-weight:700;--nl-button-primary-hover-background-color:#00000080;\
             --nl-button-primary-line-height:1.5;--nl-heading-level-1-font-family:a;\
             --nl-heading-level-2-font-size:30px;--utrecht-textbox-border-width:0 0 2px; } }\n"
        );
        // White on half-transparent black on white.
        assert_eq!(style.low_contrasts().len(), 1);
    }

    #[test]
    fn what_can_do_harm_or_means_nothing_is_refused() {
        for value in [
            "url(http://elders.example/x.png)",
            "red;} body{display:none",
            "#12",
            "transparent",
            "rgb(1 2 3 / 50%)",
            "var(--accent)",
            "var(--niets)",
            "expression(alert(1))",
            "",
        ] {
            let sheet = format!(":root {{ --accent: {value}; }}");
            let refused = HouseStyle::parse(&sheet).expect_err(value);
            assert!(matches!(&refused, HouseStyleError::Value { property, .. } if property == "accent"), "{value}");
        }
        for sheet in
            ["--font: a</style><script>;", "--font: \"a;", "--radius: 4vw;", "--radius: calc(1px);", "--radius: -3px;"]
        {
            HouseStyle::parse(&format!(":root {{ {sheet} }}")).expect_err(sheet);
        }
        for sheet in [
            "",
            "body { color: red }",
            "{{{{",
            "}}}}",
            "/* --accent: #fff",
            "@media print { :root { --accent: #fff } }",
        ] {
            assert_eq!(HouseStyle::parse(sheet), Err(HouseStyleError::Nothing), "{sheet}");
        }
    }

    #[test]
    fn what_is_hard_to_read_is_said() {
        let style = HouseStyle::parse(":root{--action:#ffe600;--on-action:#fff}").expect("a house style");
        let said: Vec<String> = style.low_contrasts().iter().map(ToString::to_string).collect();
        assert_eq!(said, ["--on-action on --action has a contrast of 1.3; WCAG 2.2 asks for 4.5"]);
        let style = HouseStyle::parse(":root{--nl-link-hover-color:#ffe600;--nl-skip-link-color:#12436d}")
            .expect("a house style");
        let said: Vec<String> = style.low_contrasts().iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "--nl-link-hover-color on --ground has a contrast of 1.3; WCAG 2.2 asks for 4.5",
                "--nl-skip-link-color on --nl-skip-link-background-color has a contrast of 1.0; WCAG 2.2 asks for 4.5"
            ]
        );
    }
}
