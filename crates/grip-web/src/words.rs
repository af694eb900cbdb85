//! Every fixed text of the pages, in both languages. A text that is missing in one does not compile.

use grip_report::Language;

/// Declares the catalogue: one line per text, Dutch first.
macro_rules! words {
    ($($name:ident: $nl:literal, $en:literal;)*) => {
        /// The fixed texts of the pages in one language.
        pub(crate) struct Words { $(pub(crate) $name: &'static str,)* }
        static NL: Words = Words { $($name: $nl,)* };
        static EN: Words = Words { $($name: $en,)* };
    };
}

pub(crate) fn words(language: Language) -> &'static Words {
    match language {
        Language::Nl => &NL,
        Language::En => &EN,
    }
}

/// One of two texts that a page uses once.
pub(crate) fn either(language: Language, nl: &'static str, en: &'static str) -> &'static str {
    if language == Language::Nl { nl } else { en }
}

/// The same, to be kept.
pub(crate) fn say(language: Language, nl: &str, en: &str) -> String {
    if language == Language::Nl { nl } else { en }.to_owned()
}

words! {
    skip: "Naar de inhoud", "Skip to content";
    goals_and_measures: "Doelen en maatregelen hierbij", "Goals and measures about this";
    main_menu: "Hoofdmenu", "Main menu";
    you_are_here: "U bent hier", "You are here";
    other_language: "English", "Nederlands";
    looks_as: "Kijken als", "Look as";
    all_roles: "alle rollen", "all roles";
    look: "Kijk", "Look";
    reports: "Rapporten", "Reports";
    accounts: "Accounts", "Accounts";
    deeds: "Handelingen", "Deeds";
    sign_out: "Meld af", "Sign out";
    forecast: "Prognose", "Forecast";
    messages: "Berichten", "Messages";
    data: "Gegevens", "Data";
    money: "Geld", "Money";
    care: "Zorg", "Care";
    comparison: "Vergelijking", "Comparison";
    signals: "Signalen", "Signals";
    policy: "Beleid", "Policy";
    measures: "Maatregelen", "Measures";
    programme: "Programma", "Programme";
    decisions: "Besluiten", "Decisions";
    register: "Register", "Register";
    find: "Zoek in alles", "Search everything";
    find_button: "Zoek", "Search";
    required: "verplicht", "required";
    indicators: "Indicatoren", "Indicators";
    download_csv: "Als CSV", "As CSV";
    download_xlsx: "Als Excel", "As Excel";
    filters: "Filters", "Filters";
    all_values: "alle", "all";
    unit: "eenheid", "unit";
    invoice: "declaratie", "invoice";
    reference: "referentie", "reference";
    lower_bound: "van", "from";
    upper_bound: "tot", "to";
    figures_table: "De cijfers als tabel", "The figures as a table";
    gemeente: "Gemeente", "Municipality";
    jaar: "Jaar", "Year";
    peildatum: "Peildatum", "As known on";
    by_month: "U ziet de cijfers zoals bekend aan het eind van een maand: kiest u een andere dag, dan is het de laatste maand die toen voorbij was.",
        "You see figures as known at the end of a month: of another day these are of the last month that was over then.";
    show: "Toon", "Show";
    choose: "Gemeente, jaar en peildatum", "Municipality, year and date";
    footer_source: "Berekend uit iWmo- en iJw-berichten zoals ze op de peildatum bekend waren.",
        "Computed from iWmo and iJw messages as known on the date shown.";
    as_json: "Deze cijfers als JSON", "These figures as JSON";
    version: "Grip, vrije software onder de EUPL-1.2", "Grip, free software under the EUPL-1.2";

    figures: "Hoofdcijfers", "Main figures";
    difference_with_budget: "Verschil met begroting", "Difference with budget";
    chance_of_overspend: "Kans op overschrijding", "Chance of overspend";
    no_history: "niet te schatten: er zijn geen toewijzingen of declaraties",
        "can't be estimated: there are no allocations or invoices";
    no_budget: "geen begroting ingelezen", "no budget has been read";

    declared: "gedeclareerd", "declared";
    ibnr: "nog te declareren", "still to be declared";
    open_commitments: "open verplichtingen", "open commitments";
    inflow: "nieuwe instroom", "new inflow";
    budget: "begroting", "budget";
    per_month: "per maand", "per month";
    noticed: "Wat de prognose heeft gezien", "What the forecast has seen";
    noticed_note: "De prognose houdt hier rekening mee; het bedrag zegt waar het om gaat. Ga na of het klopt: een aanbieder die trager declareert kan ook minder leveren.",
        "The forecast reckons with this; the amount says how much it is about. Find out whether it is so: a provider who declares more slowly may also deliver less.";
    noticed_slower: "declareert veel minder dan gewoonlijk op dit moment", "declares far less than usual by this time";
    noticed_missing: "heeft over een maand niets gedeclareerd", "has declared nothing for a month";
    noticed_backlog: "heeft over drie maanden of meer niets gedeclareerd", "has declared nothing for three months or more";
    noticed_tariff: "de prijzen maken een sprong van meer dan een tiende", "prices jump by more than a tenth";
    noticed_ended: "wat is toegewezen houdt op, of is door iets anders vervangen", "what is allocated ends, or is replaced by something else";
    noticed_ceiling: "toegekende budgetten raken eerder op dan hun looptijd", "allocated budgets run out before their term";
    noticed_pooled: "te klein of te onrustig om alleen te beoordelen; andere segmenten wegen mee in het interval", "too small or too restless to be judged alone; other segments weigh in its interval";
    noticed_first_year: "van een jaar eerder is niets bekend", "nothing is known of a year before";
    noticed_simpler_method: "doortrekken van wat is gedeclareerd was hier eerder beter: dat is gebruikt", "running on with what is declared did better here before: that is used";
    why_changed: "Waarom de prognose veranderde", "Why the forecast changed";
    change_table: "De oorzaken als tabel", "The causes as a table";
    change_note: "Wat is gedeclareerd en nog verwacht wordt, naast wat aan het eind van de vorige maand werd verwacht. Nieuwe toewijzingen staan naast de instroom die toen werd verwacht: boven nul is meer dan verwacht. Verzilvering: hoe dichterbij een maand komt, hoe minder van wat is toegewezen nog kan eindigen; beëindigde levering staat daartegenover.",
        "What is declared and still expected, beside what was expected at the end of the month before. New allocations stand beside the inflow that was expected then: above zero is more than expected. Use of allocations: the nearer a month comes, the less of what is allocated can still end; care that ended stands against it.";
    cause: "oorzaak", "cause";
    change: "verandering", "change";
    forecast_on: "prognose op", "forecast on";
    late_declarations: "declaraties over", "invoices for";
    late_other_months: "declaraties over andere maanden", "invoices for other months";
    passed_months: "levering in", "care in";
    new_allocations: "nieuwe toewijzingen, naast wat verwacht was", "new allocations, beside what was expected";
    changed_allocations: "gewijzigde toewijzingen", "changed allocations";
    stops: "beëindigde levering", "care that ended";
    realisation: "verzilvering van toewijzingen", "use of allocations";
    years_ahead: "Dit jaar en de vier erna", "This year and the four after it";
    price_rise: "prijs sinds het eerste jaar", "price since the first year";
    years_note: "Het volume gaat door zoals het verloop van de afgelopen jaren voorspelt. Prijzen zijn die van de contracten; waar die ophouden stijgen zij als in de laatste drie jaar. Met grip forecast --years-ahead zijn indexatie en demografie op te geven.",
        "Volume goes on as the course of the past years foretells. Prices are those of the contracts; where these end they rise as in the last three years. With grip forecast --years-ahead indexation and demography can be given.";
    run_off: "Hoe laat wordt gedeclareerd", "How late invoices come";
    run_off_table: "De uitloop als tabel", "The run-off as a table";
    run_off_note: "Van maanden die meer dan een jaar geleden zijn: het deel van wat na twaalf maanden was gedeclareerd dat na zoveel maanden bekend was. Boven 100 % kwam daarna meer terug dan erbij.",
        "Of months more than a year ago: the part of what had been declared after twelve months that was known after so many. Above 100% more was taken back afterwards than was added.";
    months_after: "maanden na de maand van levering", "months after the month of care";
    declared_share: "gedeclareerd", "declared";
    lowest: "laagste", "lowest";
    highest: "hoogste", "highest";
    forecast_lower: "prognose", "forecast";
    interval: "80 %-interval", "80% interval";
    interval_between: "80 % kans tussen", "80% chance between";
    difference: "verschil", "difference";
    chance: "kans op over\u{ad}schrijding", "chance of overspend";
    picture: "interval en begroting", "interval and budget";
    month: "maand", "month";
    total: "totaal", "total";
    months_table: "De cijfers van de grafiek als tabel", "The figures of the chart as a table";
    thousands: "Bedragen × € 1.000", "Amounts × €1,000";
    whole_euros: "Bedragen in hele euro’s", "Amounts in whole euros";
    per_segment: "Per wet en productcategorie", "By law and product category";
    segment: "segment", "segment";
    rounding: "Bedragen zijn per regel afgerond; intervallen van segmenten tellen niet op tot dat van het totaal.",
        "Amounts are rounded line by line; intervals of segments do not add up to that of the total.";
    wmo: "Wmo", "Wmo (social support)";
    jw: "Jeugdwet", "Jeugdwet (youth care)";
    fan_reading: "In de laatste kolom staat de begroting voor elke regel op dezelfde plaats: de streep. De stip is de prognose, de balk het 80 %-interval.",
        "In the last column the budget of every row is at the same place: the line. The dot is the forecast, the bar its 80% interval.";

    record: "Hoe goed was deze methode?", "How well did this method do?";
    record_none: "Er is nog te weinig verleden om de methode op te beproeven. Lees het interval daarom met voorbehoud.",
        "There is too little history to try the method on. Read the interval with care.";
    method: "methode", "method";
    mape: "gemiddelde afwijking", "mean error";
    bias: "gemiddeld te hoog of te laag", "mean too high or too low";
    coverage: "uitkomsten binnen het 80 %-interval", "outcomes inside the 80% interval";
    this_method: "deze prognose", "this forecast";
    run_rate: "doortrekken van het tempo", "running on at the same rate";
    chain_ladder: "chain ladder op declaraties, daarna doortrekken", "paid chain ladder, then running on";

    help: "Uitleg van woorden", "What words mean";
    accessibility: "Toegankelijkheid", "Accessibility";
    tour: "Rondleiding", "Tour";
    menu: "Menu", "Menu";
    what_is_that: "wat is dat?", "what is that?";
    menu_figures: "Cijfers", "Figures";
    menu_steering: "Sturen", "Steering";
    menu_management: "Beheer", "Management";
    insight: "Inzage", "Access";

    providers: "Aanbieders", "Providers";
    provider: "aanbieder", "provider";
    clients: "cliënten", "clients";
    clients_hidden: "te weinig", "too few";
    clients_hidden_note: "“te weinig”: het aantal cliënten ligt onder de ondergrens voor tonen.",
        "“too few”: the number of clients is below the least that is shown.";
    allocated: "toegewezen", "allocated";
    refused: "afgekeurd", "refused";
    open: "toegewezen, niet gedeclareerd", "allocated, not declared";
    no_providers: "In dit segment zijn geen aanbieders met toewijzingen of declaraties.",
        "No providers have allocations or invoices in this segment.";

    source_lines: "Declaratieregels", "Invoice lines";
    delivered: "geleverd", "delivered";
    client: "cliënt (pseudoniem)", "client (pseudonym)";
    toewijzing: "toewijzing", "allocation";
    product: "product", "product";
    volume: "volume × eenheid", "volume × unit";
    rate: "tarief", "rate";
    amount: "bedrag", "amount";
    return_codes: "retour\u{ad}codes", "return codes";
    references: "declaratie / regel", "invoice / line";
    received: "ontvangen", "received";
    file: "bestand", "file";
    no_lines: "Er zijn geen declaratieregels.", "There are no invoice lines.";
    pages: "Pagina’s", "Pages";
    previous: "Vorige", "Previous";
    next: "Volgende", "Next";

    empty_title: "Er zijn nog geen berichten ingelezen", "No messages have been read yet";
    empty_text: "Zet de iWmo- en iJw-berichten (en de begroting) in een map en lees ze in met deze opdracht. Daarna staat hier de prognose.",
        "Put the iWmo and iJw messages (and the budget) in a folder and read them with this command. The forecast will then be here.";
    empty_again: "Inlezen kan steeds opnieuw: een bericht telt één keer.",
        "It can be done again and again: a message counts once.";

    error_code: "Code", "Code";
    operation: "Kenmerk", "Operation";
    hint: "Wat u kunt doen", "What you can do";
    to_start: "Naar de prognose", "To the forecast";

    intake_title: "Wat is ingelezen, wat niet, en waarom", "What was taken in, what was not, and why";
    intake_status: "Bestanden naar uitkomst", "Files by outcome";
    files: "bestanden", "files";
    kind: "soort bericht", "kind of message";
    findings: "Bevindingen per regel", "Findings by rule";
    rule: "regel", "rule";
    severity: "ernst", "severity";
    times: "keer", "times";
    why_and_what: "uitleg en advies", "explanation and advice";
    no_findings: "Er zijn geen bevindingen.", "There are no findings.";
    latest_refused: "Bestanden en regels die niet zijn overgenomen, nieuwste eerst", "Files and lines that were not taken, newest first";
    no_refused: "Alles is overgenomen.", "Everything was taken.";
    finding: "bevinding", "finding";

    quality_title: "Hoe goed zijn de gegevens?", "How good is the data?";
    quality_lede: "Wat er binnenkwam, wat eraan mankeerde, wat is afgekeurd en wat ontbreekt, zoals bekend op",
        "What came in, what was wrong with it, what was refused and what is missing, as known on";
    faults_per_1000: "fouten per 1.000 regels", "faults per 1,000 lines";
    last_twelve: "laatste twaalf maanden", "last twelve months";
    refused_share: "afgekeurd deel van de declaratieregels", "refused share of the invoice lines";
    refused_money_share: "afgekeurd deel van het gedeclareerde geld", "refused share of the invoiced money";
    missing_months: "Maanden zonder declaratie", "Months without an invoice";
    missing_months_note: "Aanbieders die zes maanden achter elkaar declareerden en daarna niet, terwijl er nog een toewijzing liep. Er zijn ten minste zestig dagen voorbij. Dat is ook langer dan zij in hun laatste twaalf gedeclareerde maanden ooit nodig hadden. Wat met een andere maand meekwam telt mee: is dat de helft van wat gewoon is, dan ontbreekt de maand niet.",
        "Providers who invoiced six months in a row and then did not, although an allocation still ran and more time has passed than they ever took over their last twelve invoiced months, and at least sixty days. What came with another month counts: when it is half of what is usual, the month is not missing.";
    missing_none: "Er ontbreken geen maanden.", "No months are missing.";
    per_sender: "Per afzender", "By sender";
    per_sender_note: "Fouten tellen bij wie het bericht stuurde; waarschuwingen staan apart. Afgekeurd is het deel van wat deze aanbieder declareerde.",
        "Faults count for whoever sent the message; warnings are apart. Refused is the share of what this provider invoiced.";
    sender: "afzender", "sender";
    own_messages: "de gemeente zelf", "the municipality itself";
    berichten: "berichten", "messages";
    lines: "regels", "lines";
    faults: "fouten", "faults";
    warnings: "waar\u{ad}schuwingen", "warnings";
    per_1000: "fouten per 1.000 regels", "faults per 1,000 lines";
    refused_lines: "afgekeurd, regels", "refused, lines";
    refused_money: "afgekeurd, geld", "refused, money";
    first_received: "eerste", "first";
    last_received: "laatste", "last";
    why_refused: "Waarom declaratieregels zijn afgekeurd", "Why invoice lines were refused";
    why_refused_note: "Uit de declaratie-antwoorden (325 en 304). Een regel met twee retourcodes telt bij beide.",
        "From the answers to invoices (325 and 304). A line with two codes counts for both.";
    none_refused: "Er zijn geen declaratieregels afgekeurd.", "No invoice lines were refused.";
    return_code: "retourcode", "return code";
    law: "wet", "law";
    since: "sinds", "since";
    months: "maanden", "months";
    usual_per_month: "gewoonlijk per maand", "usual per month";
    overdue_since: "te laat sinds", "overdue since";
    deliveries_missing: "Starts en stops die ontbreken", "Starts and stops that are missing";
    deliveries_note: "Zonder start: op de toewijzing is gedeclareerd, maar er is geen startbericht (305). Zonder stop: de toewijzing eindigde meer dan twee weken geleden en er is geen stopbericht (307); de standaard geeft vijf werkdagen (OP288).",
        "Without a start: the allocation was invoiced on, but there is no start message (305). Without a stop: the allocation ended more than two weeks ago and there is no stop message (307); the standard gives five working days (OP288).";
    deliveries_none: "Er ontbreken geen starts of stops.", "No starts or stops are missing.";
    running: "lopend en gede\u{ad}clareerd", "running and invoiced";
    without_start: "zonder start", "without a start";
    ended: "beëindigd", "ended";
    without_stop: "zonder stop", "without a stop";
    unanswered: "Niet op tijd beantwoord", "Not answered in time";
    unanswered_note: "Declaraties zonder antwoord na drie weken en verzoeken zonder toewijzing of antwoord na twee weken. Is een verzoek in onderzoek, dan na acht weken (K011 en K012, met ruimte voor feestdagen).",
        "Invoices without an answer after three weeks and requests without an allocation or answer after two, or after eight when the request is being examined (K011 and K012, with room for holidays).";
    unanswered_none: "Alles is op tijd beantwoord.", "Everything was answered in time.";
    invoices: "declaraties", "invoices";
    requests: "verzoeken", "requests";
    oldest: "oudste", "oldest";
    coverage_title: "Wat er van de cliënten bekend is", "What is known of the clients";
    coverage_note: "Van cliënten voor wie zorg is gedeclareerd; hoeveel dat er zijn staat in de eerste rij.",
        "Of clients for whom care was invoiced; the first row has their number.";
    clients_declared: "cliënten met gedeclareerde zorg", "clients with invoiced care";
    month_of_birth: "geboortemaand bekend", "month of birth known";
    district: "wijk bekend", "district known";
    household: "huishouden bekend", "household known";
    number: "aantal", "number";
    share: "deel", "share";
    known: "gegeven", "item";
    purged_title: "Vernietigd omdat de bewaartermijn om was", "Removed because their term was over";
    purged_note: "Cijfers van voor de eerste dag die bleef zijn niet volledig, ook op een eerdere peildatum.",
        "Figures from before the first day that was kept are not whole, on an earlier date as well.";
    purged_kept_from: "eerste dag die bleef", "first day kept";
    purged_on: "vernietigd op", "removed on";
    sources_title: "Hoe oud elke bron is", "How old each source is";
    sources_note: "Dagen van de laatste ontvangst tot de peildatum. Van een maandelijkse bron is meer dan veertig dagen veel.",
        "Days from the last receipt to the day shown. For a monthly source more than forty days is a lot.";
    source: "bron", "source";
    age_days: "dagen oud", "days old";
    findings_note: "Wat Grip vond in wat is ingelezen. Elke regel heeft een eigen pagina met uitleg, advies en de laatste gevallen.",
        "What Grip found in what was taken in. Each rule has a page of its own with its reason, advice and the latest cases.";
    trend_months: "De laatste vierentwintig maanden van ontvangst", "The last twenty-four months of receipt";
    month_received: "maand van ontvangst", "month of receipt";
    quality_of: "De gegevens van", "The data of";
    kinds_sent: "Wat er is ontvangen", "What was received";
    kinds_note: "Per soort bericht; dagen zijn dagen van ontvangst.", "By kind of message; days are days of receipt.";
    no_messages: "Er is niets ontvangen.", "Nothing was received.";
    what_is_checked: "Wat wordt gecontroleerd, en waarom", "What is checked, and why";
    what_to_do: "Wat te doen", "What to do";
    about_rule: "Over deze regel", "About this rule";
    rule_source: "bron", "source";
    by_standard: "iWmo- en iJw-standaard", "iWmo and iJw standard";
    by_grip: "Grip", "Grip";
    checked_in: "berichten", "messages";
    any_file: "elk bestand", "any file";
    no_answer_code: "geen", "none";
    how_often: "Hoe vaak", "How often";
    never_found: "Deze regel heeft op deze peildatum niets gevonden.", "This rule found nothing as known on this day.";
    per_month_found: "Per maand van ontvangst", "By month of receipt";
    latest_found: "De laatste bevindingen", "The latest findings";
    latest_found_note: "Nieuwste eerst, ten hoogste vijftig. De rij is de plaats in het bericht, van voren af geteld.",
        "Newest first, fifty at most. The row is the position in the message, counted from its begin.";
    place: "plaats", "place";
    row: "rij", "row";
    what_was_found: "wat er stond", "what was found";
    file_title: "Een ingelezen bestand", "A file that was taken in";
    outcome: "uitkomst", "outcome";
    release: "release", "release";
    found_in_file: "Wat erin is gevonden", "What was found in it";
    found_in_file_note: "In de volgorde van het bestand, ten hoogste duizend.", "In the order of the file, a thousand at most.";
    nothing_found: "Er is niets gevonden.", "Nothing was found.";
    whole_file: "hele bestand", "whole file";
}
