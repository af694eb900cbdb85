//! `/toegankelijkheid`: how usable the pages are for everybody, what is known to be wrong, and where to tell of more.

use axum::{http::Uri, response::Response};

use crate::{
    App,
    address::Asked,
    document::{Block, Document, Text, WithTables},
    problem::Problem,
    words::{either, say},
};

/// Headings with their texts, Dutch and English.
const TEXTS: [[(&str, &str); 2]; 5] = [
    [
        ("Wat wij willen", "What is aimed at"),
        (
            "Iedereen kan met Grip werken. De pagina's volgen WCAG 2.2, niveau A en AA. Rapporten in PDF volgen PDF/UA-1.",
            "Everybody can work with Grip. Pages follow WCAG 2.2, levels A and AA. Reports in PDF follow PDF/UA-1.",
        ),
    ],
    [
        ("Wat is getest", "What is tested"),
        (
            "Bij elke wijziging kijkt een programma (axe) in een echte browser naar elke pagina: in elke rol, licht en donker, breed en smal. \
             Dezelfde test kijkt of de pagina past bij 320 punten breed en bij 200 % zoom. De test kijkt ook of de tekst meer ruimte kan krijgen, en of alles met het toetsenbord kan. Een programma vindt niet alles. Er is nog geen onderzoek door mensen gedaan, en nog niet met een schermlezer.",
            "At every change a program (axe) looks at every page in a real browser: in every role, light and dark, wide and narrow. The same \
             test looks whether a page fits at 320 points wide and at 200% zoom, whether text can have more room, and whether everything \
             can be done by keyboard. A program does not find everything. No research by people was done yet, and none with a screen reader.",
        ),
    ],
    [
        ("Wat nog niet goed is", "What is not right yet"),
        (
            "Brede tabellen schuiven opzij binnen de pagina. Namen en teksten die mensen schreven staan in hun eigen taal. Het schema van de \
             beleidstheorie is op een smal scherm klein; dezelfde verbanden staan in de tabel eronder.",
            "Wide tables scroll sideways within the page. Names and texts that people wrote are in their own language. The diagram of the theory \
             of policy is small on a narrow screen; the same links are in the table below it.",
        ),
    ],
    [
        ("Werkt iets niet?", "Does something not work?"),
        (
            "Meld het bij wie Grip in uw gemeente beheert. Zeg erbij welke pagina het is en wat u gebruikt. Uw gemeente antwoordt, en noemt wat u \
             kunt doen als u het daarmee niet eens bent.",
            "Tell whoever keeps Grip in your municipality, with the page and what you use. Your municipality answers, and says what you can do if \
             you do not agree.",
        ),
    ],
    [
        ("De verklaring van uw gemeente", "The statement of your municipality"),
        (
            "Deze pagina zegt wat het programma kan. De verklaring met een status maakt de gemeente zelf, in het register van toegankelijkheidsverklaringen. \
             Een voorbeeld daarvoor komt mee met Grip.",
            "This page says what the program can. The statement with a status is made by the municipality, in the Dutch register of statements. An \
             example of it comes with Grip.",
        ),
    ],
];

/// `/toegankelijkheid`
pub(crate) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let asked = Asked::of(&uri)?;
    let language = asked.language();
    let title = say(language, "Toegankelijkheid", "Accessibility");
    let lede = say(
        language,
        "Grip is er voor iedereen die ermee werkt. Hier staat wat wij daarvoor doen, en wat nog niet goed is.",
        "Grip is for everybody who works with it. Here is what is done for that, and what is not right yet.",
    );
    let mut document = Document::about_grip(&app, &uri, &asked, title, lede);
    let text = |[(nl, en), (nl_text, en_text)]: [(&'static str, &'static str); 2]| {
        Block::Text(Text {
            name: say(language, nl, en),
            text: either(language, nl_text, en_text).to_owned(),
            is_dutch: false,
        })
    };
    document.blocks = TEXTS.into_iter().map(text).collect();
    document.respond(&asked)
}
