//! Where somebody asks: every question with the right it takes. Pages, the API, reports and files all ask here.

use std::sync::Arc;

use grip_access::{Detail, Need, Part, Rights};
use grip_prognose::Amendment;
use grip_types::{AgbCode, Bsn, Date, GemeenteCode, Maand, Wet};

use crate::{
    Across, Answer, Assumptions, Call, Catalogue, Change, Departure, Dimension, Foresight, Grain, Grip, GrowthAnswer,
    GrowthQuestion, IndicatorCourse, IndicatorLine, IntakeSummary, Key, Period, Person, PipelineError, Signals,
    YearsAhead,
    answer::{ProviderLine, SourceLine, YearEnd},
    budget::BudgetTable,
    care::{CareDurations, CareFlows, CareMoves, CareReturns, CareStacking, CareSurvival},
    comparison::{Comparison, ComparisonCall, DataReport, Measure},
    disclosure::ShownTables,
    effect::{Board, BoardQuestion, Effect, EffectQuestion, SocialResult},
    quality::{FileFindings, Quality, RuleFindings},
};

/// The answers that somebody may have. Whoever has a desk and no right gets [`PipelineError::NotAllowed`], whatever page asks.
#[derive(Clone)]
pub struct Desk {
    grip: Grip,
    rights: Arc<Rights>,
}

/// What a question that is split or limited by these dimensions needs.
fn closest(dimensions: impl IntoIterator<Item = Dimension>) -> Detail {
    let is_provider = |dimension| dimension == Dimension::Aanbieder;
    if dimensions.into_iter().any(is_provider) { Detail::Providers } else { Detail::Totals }
}

fn detail_of(call: &Call) -> Detail {
    closest(call.by.iter().copied().chain(call.only.iter().map(|(dimension, _)| *dimension)))
}

impl Grip {
    /// The answers as far as somebody may have them.
    pub fn desk(&self, rights: Arc<Rights>) -> Desk {
        Desk { grip: self.clone(), rights }
    }
}

impl Desk {
    /// What whoever asks may.
    pub fn rights(&self) -> &Rights {
        &self.rights
    }

    /// Whether a question about a municipality would be answered.
    pub fn may(&self, need: Need, gemeente: GemeenteCode) -> bool {
        self.rights.may(need, gemeente)
    }

    /// Whether a part may be split or limited by a dimension.
    pub fn may_split(&self, part: Part, dimension: Dimension, gemeente: GemeenteCode) -> bool {
        self.may(Need::read(part, closest([dimension])), gemeente)
    }

    /// The day as known on which somebody gets figures of persons instead of another: that day for whoever may see lines, and else the last end
    /// of a month that is not after it. So nobody follows a group from day to day; answers say of which day they are.
    pub fn known_on(&self, gemeente: GemeenteCode, peildatum: Date) -> Date {
        let month = Maand::of(peildatum);
        if self.may(Need::read(Part::Indicators, Detail::Lines), gemeente) || month.last_day() == peildatum {
            return peildatum;
        }
        month.plus(-1).last_day()
    }

    fn open(&self, part: Part, detail: Detail, gemeente: GemeenteCode) -> Result<&Grip, PipelineError> {
        let need = Need::read(part, detail);
        if self.may(need, gemeente) { Ok(&self.grip) } else { Err(PipelineError::NotAllowed { part, detail }) }
    }

    /// The indicators there are: definitions, without figures.
    pub fn catalogue(&self) -> &Catalogue {
        self.grip.catalogue()
    }

    /// [`Grip::gemeenten`], those of which anything may be seen.
    ///
    /// # Errors
    /// As [`Grip::gemeenten`].
    pub fn gemeenten(&self) -> Result<Vec<GemeenteCode>, PipelineError> {
        let mut all = self.grip.gemeenten()?;
        all.retain(|gemeente| self.rights.covers(*gemeente));
        Ok(all)
    }

    /// [`Grip::knows`]; of what may not be seen nothing is known.
    ///
    /// # Errors
    /// As [`Grip::knows`].
    pub fn knows(&self, gemeente: GemeenteCode) -> Result<bool, PipelineError> {
        Ok(self.rights.covers(gemeente) && self.grip.knows(gemeente)?)
    }

    /// [`Grip::has_care`]; of what may not be seen there is none.
    ///
    /// # Errors
    /// As [`Grip::has_care`].
    pub fn has_care(&self, gemeente: GemeenteCode) -> Result<bool, PipelineError> {
        Ok(self.knows(gemeente)? && self.grip.has_care(gemeente)?)
    }

    /// [`Grip::last_received`]: a day, which is of no municipality.
    ///
    /// # Errors
    /// As [`Grip::last_received`].
    pub fn last_received(&self) -> Result<Option<Date>, PipelineError> {
        self.grip.last_received()
    }

    /// [`Grip::name_of`]: names from contracts, for whoever sees the dimension.
    ///
    /// # Errors
    /// As [`Grip::name_of`].
    pub fn name_of(
        &self,
        gemeente: GemeenteCode,
        dimension: Dimension,
        value: Option<&str>,
    ) -> Result<String, PipelineError> {
        self.open(Part::Indicators, closest([dimension]), gemeente)?.name_of(gemeente, dimension, value)
    }
}

/// Writes the functions that only ask for a right and pass the question on; with a day in brackets, as known on the day of [`Desk::known_on`].
macro_rules! questions {
    ($($part:ident $detail:tt $([$day:ident])? $name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        impl Desk {
            $(
                #[doc = concat!("[`Grip::", stringify!($name), "`], which takes a right to ", stringify!($part), ".")]
                ///
                /// # Errors
                /// As the same of [`Grip`], and [`PipelineError::NotAllowed`].
                #[allow(clippy::too_many_arguments, reason = "as many as the question has")]
                pub fn $name(&self, gemeente: GemeenteCode $(, $argument: $type)*) -> Result<$answer, PipelineError> {
                    let grip = self.open(Part::$part, questions!(@$detail), gemeente)?;
                    $(let $day = self.known_on(gemeente, $day);)?
                    grip.$name(gemeente $(, $argument)*)
                }
            )*
        }
    };
    (@Totals) => { Detail::Totals };
    (@Providers) => { Detail::Providers };
    (@Lines) => { Detail::Lines };
    // By what the question is split or limited.
    (@($detail:expr)) => { $detail };
}

questions! {
    Forecast Totals year_end(jaar: i16, peildatum: Date) -> Arc<YearEnd>;
    Forecast Totals years_ahead(peildatum: Date, assumed: &Assumptions) -> Arc<YearsAhead>;
    Forecast Totals change(jaar: i16, from: Date, to: Date) -> Arc<Change>;
    Forecast Providers [peildatum] providers(jaar: i16, peildatum: Date, wet: Wet, categorie: &str) -> Vec<ProviderLine>;
    Forecast Lines source_lines(
        jaar: i16, peildatum: Date, wet: Wet, categorie: &str, aanbieder: AgbCode, offset: usize, limit: usize
    ) -> (usize, Vec<SourceLine>);
    Money Totals budget(jaar: i16, peildatum: Date) -> Arc<BudgetTable>;
    Money Totals social_results(peildatum: Date) -> Vec<SocialResult>;
    Money Totals foresight(years: (i16, i16), wet: Option<Wet>, categorie: Option<&str>, peildatum: Date) -> Foresight;
    Care (closest([by])) [peildatum] care_flows(peildatum: Date, by: Dimension, periods: &[Period]) -> Arc<CareFlows>;
    Care Totals [peildatum] care_durations(peildatum: Date, jaar: i16) -> Arc<CareDurations>;
    Care Totals [peildatum] care_survival(peildatum: Date, jaar: i16, wet: Option<Wet>, categorie: Option<&str>) -> Arc<CareSurvival>;
    Care Totals [peildatum] care_moves(peildatum: Date, jaar: i16, wet: Option<Wet>) -> Arc<CareMoves>;
    Care Totals [peildatum] care_returns(peildatum: Date, jaar: i16) -> Arc<CareReturns>;
    Care Totals [peildatum] care_stacking(peildatum: Date, jaar: i16) -> Arc<CareStacking>;
    Comparison Totals measures(peildatum: Date) -> Vec<Measure>;
    Comparison Totals [peildatum] comparison(peildatum: Date, call: &ComparisonCall) -> Option<Arc<Comparison>>;
    Comparison Totals data_report(peildatum: Date) -> Arc<DataReport>;
    Comparison Totals [peildatum] across(peildatum: Date, cause: &str, effect: &str, is_more: bool) -> Option<Across>;
    Decisions Totals budget_amendments(peildatum: Date) -> Vec<Amendment>;
    // Most are about a provider.
    Signals Providers signals(peildatum: Date) -> Arc<Signals>;
    Persons Lines person(key: &Key, bsn: Bsn) -> Person;
    Data Lines file_findings(peildatum: Date, bericht_id: &str) -> Option<FileFindings>;
}

impl Desk {
    /// [`Grip::indicator`]; by provider it takes that level of detail.
    ///
    /// # Errors
    /// As [`Grip::indicator`], and [`PipelineError::NotAllowed`].
    pub fn indicator(&self, id: &str, call: &Call) -> Result<Arc<[Answer]>, PipelineError> {
        let grip = self.open(Part::Indicators, detail_of(call), call.gemeente)?;
        let peildatum = self.known_of(id, call.gemeente, call.peildatum)?;
        if peildatum == call.peildatum {
            grip.indicator(id, call)
        } else {
            grip.indicator(id, &Call { peildatum, ..call.clone() })
        }
    }

    /// [`known_on`](Self::known_on), for an indicator that persons are behind.
    fn known_of(&self, id: &str, gemeente: GemeenteCode, peildatum: Date) -> Result<Date, PipelineError> {
        let is_of_persons = self.catalogue().get(id)?.minimum_count > 0;
        Ok(if is_of_persons { self.known_on(gemeente, peildatum) } else { peildatum })
    }

    /// [`Grip::shown_tables`]: everything about persons that may be asked here in a year.
    ///
    /// # Errors
    /// As [`Grip::shown_tables`], and [`PipelineError::NotAllowed`].
    pub fn shown_tables(
        &self,
        gemeente: GemeenteCode,
        jaar: i16,
        peildatum: Date,
        indicators: &[&str],
        progress: impl FnMut(usize, usize),
    ) -> Result<Vec<ShownTables>, PipelineError> {
        let grip = self.open(Part::Indicators, Detail::Totals, gemeente)?;
        let may = |dimension| self.may_split(Part::Indicators, dimension, gemeente);
        grip.shown_tables(gemeente, jaar, self.known_on(gemeente, peildatum), may, indicators, progress)
    }

    /// [`Grip::indicator_course`], in the same way.
    ///
    /// # Errors
    /// As [`Grip::indicator_course`], and [`PipelineError::NotAllowed`].
    pub fn indicator_course(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        id: &str,
        only: &[(Dimension, String)],
        grain: Grain,
    ) -> Result<IndicatorCourse, PipelineError> {
        let detail = closest(only.iter().map(|(dimension, _)| *dimension));
        let grip = self.open(Part::Indicators, detail, gemeente)?;
        grip.indicator_course(gemeente, self.known_of(id, gemeente, peildatum)?, id, only, grain)
    }

    /// [`Grip::departures`], in the same way.
    ///
    /// # Errors
    /// As [`Grip::departures`], and [`PipelineError::NotAllowed`].
    pub fn departures(
        &self,
        id: &str,
        gemeente: GemeenteCode,
        peildatum: Date,
        only: &[(Dimension, String)],
    ) -> Result<Arc<[Departure]>, PipelineError> {
        let detail = closest(only.iter().map(|(dimension, _)| *dimension));
        let grip = self.open(Part::Indicators, detail, gemeente)?;
        grip.departures(id, gemeente, self.known_of(id, gemeente, peildatum)?, only)
    }

    /// [`Grip::indicator_lines`].
    ///
    /// # Errors
    /// As [`Grip::indicator_lines`], and [`PipelineError::NotAllowed`].
    pub fn indicator_lines(
        &self,
        id: &str,
        call: &Call,
        offset: usize,
        limit: usize,
    ) -> Result<(usize, Vec<IndicatorLine>), PipelineError> {
        self.open(Part::Indicators, Detail::Lines, call.gemeente)?.indicator_lines(id, call, offset, limit)
    }

    /// [`Grip::growth`]; by provider it takes that level of detail.
    ///
    /// # Errors
    /// As [`Grip::growth`], and [`PipelineError::NotAllowed`].
    pub fn growth(&self, question: &GrowthQuestion) -> Result<Arc<GrowthAnswer>, PipelineError> {
        self.open(Part::Money, closest([question.by]), question.gemeente)?.growth(question)
    }

    /// [`Grip::effect`]: what a measure saved.
    ///
    /// # Errors
    /// As [`Grip::effect`], and [`PipelineError::NotAllowed`].
    pub fn effect(&self, question: &EffectQuestion) -> Result<Arc<Effect>, PipelineError> {
        self.open(Part::Measures, Detail::Totals, question.gemeente)?.effect(question)
    }

    /// [`Grip::measures_board`].
    ///
    /// # Errors
    /// As [`Grip::measures_board`], and [`PipelineError::NotAllowed`].
    pub fn measures_board(&self, question: &BoardQuestion) -> Result<Arc<Board>, PipelineError> {
        self.open(Part::Measures, Detail::Totals, question.gemeente)?.measures_board(question)
    }

    /// [`Grip::quality`]; without what single providers did for whoever sees no providers.
    ///
    /// # Errors
    /// As [`Grip::quality`], and [`PipelineError::NotAllowed`].
    pub fn quality(&self, gemeente: GemeenteCode, peildatum: Date) -> Result<Arc<Quality>, PipelineError> {
        let found = self.open(Part::Data, Detail::Totals, gemeente)?.quality(gemeente, peildatum)?;
        if self.may(Need::read(Part::Data, Detail::Providers), gemeente) {
            return Ok(found);
        }
        Ok(Arc::new(found.without_providers()))
    }

    /// [`Grip::rule_findings`]: which files, and of whom.
    ///
    /// # Errors
    /// As [`Grip::rule_findings`], and [`PipelineError::NotAllowed`].
    pub fn rule_findings(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        code: &str,
    ) -> Result<Option<RuleFindings>, PipelineError> {
        self.open(Part::Data, Detail::Providers, gemeente)?.rule_findings(gemeente, peildatum, code)
    }

    /// [`Grip::intake_summary`], which is of all municipalities together: for whoever sees the data of each of them.
    ///
    /// # Errors
    /// As [`Grip::intake_summary`], and [`PipelineError::NotAllowed`].
    pub fn intake_summary(&self) -> Result<Arc<IntakeSummary>, PipelineError> {
        let (part, detail) = (Part::Data, Detail::Providers);
        let need = Need::read(part, detail);
        let is_allowed = self.rights.may_everywhere(need)
            || self.rights.may_somewhere(need)
                && self.grip.gemeenten()?.iter().all(|gemeente| self.may(need, *gemeente));
        if is_allowed { self.grip.intake_summary() } else { Err(PipelineError::NotAllowed { part, detail }) }
    }
}
