//! Which care is good enough: what clients, professionals and payers say of it.

use grip_register::Fault;
use grip_types::Date;

use crate::{
    Line, Name, Number, Rules, Text, Year,
    kind::{agb, kind, percentage, said},
    value::choice,
};

choice! {
    /// What was measured of care.
    Quality {
        /// What clients think of it.
        Experience = "clientervaring", "cliëntervaring", "client experience";
        /// Whether goals were reached.
        Attainment = "doelrealisatie", "doelrealisatie", "goal attainment";
        /// Who ended early.
        Dropout = "uitval", "uitval", "drop-out";
    }
}

kind! {
    /// A figure about the quality of care in a year.
    CareQuality = "care_quality": "uitkomst van zorg", "uitkomsten van zorg", "outcome of care", "outcomes of care" {
        /// What was asked or measured.
        name: Name = "Wat is gevraagd of gemeten", "What was asked or measured",
        /// Of which sort.
        sort: Quality = "Soort", "Sort",
        /// In which year.
        year: Year = "Jaar", "Year",
        /// The code of the provider; empty for all.
        provider: Line = "Aanbieder (AGB-code)", "Provider (AGB code)"; "Leeg: alle aanbieders.", "Empty: all providers.",
        /// The law: wmo or jw; empty for both.
        wet: Line = "Wet", "Law"; "wmo of jw. Leeg: beide.", "wmo or jw. Empty: both.",
        /// The category of products; empty for all.
        categorie: Line = "Productcategorie", "Product category"; "Leeg: alle.", "Empty: all.",
        /// The outcome, in percent.
        percentage: Number = "Percentage", "Percentage",
        /// Of how many.
        respondents: Option<Number> = "Aantal", "Number"; "Van hoeveel cliënten.", "Of how many clients.",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

/// Whether too few persons are behind a figure for it to be kept or shown.
pub(crate) fn is_few(Number(persons): Number) -> bool {
    persons < f64::from(grip_types::PERSONS_MIN)
}

impl Rules for CareQuality {
    fn broken(&self) -> Vec<Fault> {
        let mut faults = percentage(Some(self.percentage), "percentage");
        let is_no_law = !["", "wmo", "jw"].contains(&self.wet.0.as_str());
        faults.extend(said(is_no_law, "wet", "Vul wmo of jw in.", "Enter wmo or jw."));
        faults.extend(agb(&self.provider, "provider"));
        let is_few = self.respondents.is_some_and(is_few);
        faults.extend(said(
            is_few,
            "respondents",
            "Minder dan tien personen: niet vastleggen.",
            "Fewer than ten persons: do not write it down.",
        ));
        faults
    }
}

choice! {
    /// How well it is known that an intervention works, as the databank of the Nederlands Jeugdinstituut grades it.
    Recognition {
        /// Nobody has looked.
        NotStudied = "niet-onderzocht", "niet onderzocht", "not studied";
        /// It was judged and not recognised.
        NotRecognised = "niet-erkend", "niet erkend", "not recognised";
        /// Likely by theory.
        WellFounded = "goed-onderbouwd", "goed onderbouwd", "well founded";
        /// First indications.
        First = "eerste-aanwijzingen", "effectief volgens eerste aanwijzingen", "effective by first indications";
        /// Good indications.
        Good = "goede-aanwijzingen", "effectief volgens goede aanwijzingen", "effective by good indications";
        /// Strong indications.
        Strong = "sterke-aanwijzingen", "effectief volgens sterke aanwijzingen", "effective by strong indications";
    }
}

kind! {
    /// A way of helping, with how well it is known to work.
    Intervention = "intervention": "interventie", "interventies", "intervention", "interventions" {
        /// What it is called.
        name: Name = "Interventie", "Intervention",
        /// How well it is known to work.
        recognition: Recognition = "Erkenningsniveau", "Level of recognition",
        /// For whom.
        target_group: Line = "Doelgroep", "Target group",
        /// The register that says so.
        database: Line = "Databank", "Databank",
        /// When that was looked up.
        checked: Option<Date> = "Geraadpleegd op", "Looked up on",
        /// Codes of providers that offer it.
        providers: Line = "Aanbieders (AGB-codes)", "Providers (AGB codes)",
        /// What is known of it, in Markdown.
        note: Text = "Toelichting", "Note",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

impl Rules for Intervention {}

kind! {
    /// The answers of a provider to the four questions about learning (report of the review committee, 4.2), in a year.
    ProviderAnswers = "provider_answers": "antwoorden van een aanbieder", "antwoorden van aanbieders", "answers of a provider", "answers of providers" {
        /// Which provider, by the name of the organisation.
        name: Name = "Aanbieder", "Provider",
        /// Its code.
        agb: Line = "AGB-code", "AGB code",
        /// In which year.
        year: Year = "Jaar", "Year",
        /// How it invests in the skill of its people, in Markdown.
        skill: Text = "Hoe investeert u in vakmanschap?", "How do you invest in skill?",
        /// Whether it monitors its results, in Markdown.
        monitoring: Text = "Volgt u uw resultaten?", "Do you monitor your results?",
        /// Whether it holds conversations to improve, in Markdown.
        feedback: Text = "Voert u verbetergesprekken met professionals, jongeren en ouders?", "Do you hold conversations to improve with professionals, youngsters and parents?",
        /// What it learnt and improved, in Markdown.
        lessons: Text = "Wat hebt u geleerd, en wat is daardoor beter?", "What did you learn, and what is better because of it?",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

impl Rules for ProviderAnswers {
    fn broken(&self) -> Vec<Fault> {
        agb(&self.agb, "agb")
    }
}
