//! The policy theory: how a municipality thinks that what it does leads to what it wants.

use grip_register::Fault;
use grip_types::Maand;

use crate::{
    Filters, IndicatorId, Line, Name, Number, One, Rules, Text, Theme,
    kind::{kind, said},
    value::choice,
};

choice! {
    /// Where in the line from means to effect something stands (*beleidstheorie*).
    Layer {
        /// What is put in: money, people.
        Input = "input", "input (middelen)", "input (means)";
        /// What is done.
        Throughput = "throughput", "throughput (activiteiten)", "throughput (activities)";
        /// What that delivers.
        Output = "output", "output (resultaten)", "output (results)";
        /// What changes directly.
        Outcome = "outcome", "outcome (directe effecten)", "outcome (direct effects)";
        /// What changes in the end.
        Impact = "impact", "impact (indirecte effecten)", "impact (indirect effects)";
    }
}

kind! {
    /// A part of a policy theory.
    TheoryPart = "theory_part": "onderdeel van een beleidstheorie", "onderdelen van een beleidstheorie", "part of a policy theory", "parts of a policy theory" {
        /// What it is.
        name: Name = "Onderdeel", "Part",
        /// Of the theory of which theme.
        theme: One<Theme> = "Thema", "Theme",
        /// Where in the line it stands.
        layer: Layer = "Plaats in de redeneerlijn", "Place in the line of reasoning",
        /// What it means, in Markdown.
        description: Text = "Omschrijving", "Description",
        /// The indicator that shows it.
        indicator: Option<IndicatorId> = "Indicator", "Indicator"; "Noem het onderdeel naar wat stijgt als de indicator stijgt: ‘Jeugdigen in hulp’, niet ‘Minder jeugdigen in hulp’. Anders wordt elk verband verkeerd om getoetst.", "Name the part after what rises when the indicator rises: ‘Young people in care’, not ‘Fewer young people in care’. Otherwise every relation is tested the wrong way round.",
        /// What the indicator is limited to.
        filters: Filters = "Beperkt tot", "Limited to"; "Bijvoorbeeld wet=jw. Leeg: alles.", "For example wet=jw. Empty: everything.",
        /// The public figure that shows it of all municipalities, by its name in the address of the page on comparison.
        figure: Line = "Openbaar cijfer", "Public figure"; "Om met andere gemeenten te vergelijken: wat op de pagina Vergelijking in het adres achter ‘meting=’ staat.", "To compare with other municipalities: what stands behind ‘meting=’ in the address of the page Comparison.",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

impl Rules for TheoryPart {}

choice! {
    /// What more of the one does to the other.
    Sign {
        /// More of it.
        More = "meer", "hoe meer, hoe meer", "the more, the more";
        /// Less of it.
        Less = "minder", "hoe meer, hoe minder", "the more, the less";
    }
}

choice! {
    /// How well an assumption is founded.
    Evidence {
        /// Nothing but the thought.
        Assumed = "aanname", "aanname", "assumption";
        /// Those who do the work see it.
        Experience = "ervaring", "ervaring van professionals of cliënten", "experience of professionals or clients";
        /// It was found elsewhere.
        Elsewhere = "onderzoek-elders", "onderzoek elders", "research elsewhere";
        /// It was found here.
        Here = "eigen-onderzoek", "eigen onderzoek", "own research";
        /// It was found not to hold.
        Refuted = "weersproken", "weersproken", "contradicted";
    }
}

kind! {
    /// A link of a policy theory: that one part leads to another.
    TheoryLink = "theory_link": "veronderstelling", "veronderstellingen", "assumption", "assumptions" {
        /// The assumption in a sentence.
        name: Name = "Veronderstelling", "Assumption"; "Bijvoorbeeld: als de huisarts eerder meekijkt, is minder zware hulp nodig.", "For example: when the GP looks earlier, less heavy care is needed.",
        /// What leads to it.
        from: One<TheoryPart> = "Van", "From",
        /// What it leads to.
        to: One<TheoryPart> = "Naar", "To",
        /// In which direction.
        sign: Sign = "Verband", "Relation",
        /// How well it is founded.
        evidence: Evidence = "Onderbouwing", "Evidence",
        /// After how many months it is expected.
        months: Option<Number> = "Na hoeveel maanden", "After how many months",
        /// The first month in which what leads to it is another than before.
        since: Option<Maand> = "Sinds welke maand is de oorzaak anders", "Since which month is the cause another"; "Dan wordt ook ervóór en erna vergeleken.", "Then before and after are compared too.",
        /// What founds it, in Markdown.
        reason: Text = "Toelichting", "Explanation",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

impl Rules for TheoryLink {
    fn broken(&self) -> Vec<Fault> {
        let mut faults = said(
            self.from == self.to,
            "to",
            "Een onderdeel leidt niet naar zichzelf.",
            "A part does not lead to itself.",
        );
        let is_odd = self.months.is_some_and(|Number(months)| !(0.0..=120.0).contains(&months));
        faults.extend(said(is_odd, "months", "Vul 0 tot 120 maanden in.", "Enter 0 to 120 months."));
        faults
    }
}
