//! One message of each number that breaks no rule, as text, so that a test can change a word of it.

use grip_messages::Berichtsoort;
use grip_types::Wet;

/// A message with nothing wrong. The message's own namespace is the default one and `b:` is the basis.
pub(crate) fn message(wet: Wet, nummer: u16) -> String {
    let soort = Berichtsoort::v3_2(wet, nummer);
    let (body, from_gemeente) = match nummer {
        301 => (TOEWIJZING, true),
        305 => (START, false),
        307 => (STOP, false),
        315 => (VERZOEK_OM_TOEWIJZING, false),
        317 => (VERZOEK_OM_WIJZIGING, false),
        319 => (ANTWOORD, true),
        323 => (DECLARATIE, false),
        325 => (DECLARATIE_ANTWOORD, true),
        _ => panic!("no message {nummer} here"),
    };
    let (afzender, ontvanger) = if from_gemeente { ("9998", "12345678") } else { ("12345678", "9998") };
    // The categories 45 and 44 of the Jeugdwet stand for 02 and 03 of the Wmo.
    let body = match wet {
        Wet::Jw => body.to_owned(),
        Wet::Wmo => body.replace(">45", ">02").replace(">44", ">03"),
    };
    let answered = if nummer == 325 { ANSWERED } else { "" };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<Bericht xmlns=\"{}\" xmlns:b=\"{}\">
<Header>
<BerichtCode>{}</BerichtCode>
<BerichtVersie>3</BerichtVersie>
<BerichtSubversie>2</BerichtSubversie>
<Afzender>{afzender}</Afzender>
<Ontvanger>{ontvanger}</Ontvanger>
<BerichtIdentificatie><b:Identificatie>B1</b:Identificatie><b:Dagtekening>2025-02-03</b:Dagtekening></BerichtIdentificatie>
<XsdVersie><b:BasisschemaXsdVersie>1.0.0</b:BasisschemaXsdVersie><b:BerichtXsdVersie>1.0.0</b:BerichtXsdVersie></XsdVersie>
{answered}</Header>
{body}</Bericht>
",
        soort.namespace(),
        soort.basis_namespace(),
        soort.bericht_code().expect("a message of the standard"),
    )
}

const ANSWERED: &str = "<DeclaratieIdentificatie><b:Identificatie>D1</b:Identificatie><b:Dagtekening>2025-02-01</b:Dagtekening></DeclaratieIdentificatie>
<XsdVersieDeclaratie><b:BasisschemaXsdVersie>1.0.0</b:BasisschemaXsdVersie><b:BerichtXsdVersie>1.0.0</b:BerichtXsdVersie></XsdVersieDeclaratie>
<RetourCodes><RetourCode>0200</RetourCode></RetourCodes>
";

const TOEWIJZING: &str = "<Client>
<Bsn>999900006</Bsn>
<Geboortedatum><b:Datum>2010-05-01</b:Datum></Geboortedatum>
<Geslacht>1</Geslacht>
<Naam><b:Geslachtsnaam><b:Achternaam>Voorbeeld</b:Achternaam></b:Geslachtsnaam><b:NaamGebruik>1</b:NaamGebruik></Naam>
<Communicatie><b:Vorm>1</b:Vorm><b:Taal>Pools</b:Taal></Communicatie>
<Relaties>
<Relatie>
<Nummer>R1</Nummer>
<Soort>10</Soort>
<Geboortedatum><b:Datum>1980-03-01</b:Datum><b:DatumGebruik>1</b:DatumGebruik></Geboortedatum>
<Naam><b:Geslachtsnaam><b:Achternaam>Ouder</b:Achternaam></b:Geslachtsnaam><b:NaamGebruik>1</b:NaamGebruik></Naam>
<Contact>
<Soort>01</Soort>
<Adres><b:Huis><b:Huisnummer>7</b:Huisnummer></b:Huis><b:Postcode>1234AB</b:Postcode><b:LandCode>NL</b:LandCode></Adres>
<Telefoon><b:Telefoon01><b:Telefoonnummer>0201234567</b:Telefoonnummer><b:Landnummer>0031</b:Landnummer></b:Telefoon01></Telefoon>
</Contact>
</Relatie>
<Relatie>
<Nummer>R2</Nummer>
<Soort>11</Soort>
<Naam><b:Geslachtsnaam><b:Achternaam>Voogd</b:Achternaam></b:Geslachtsnaam><b:NaamGebruik>1</b:NaamGebruik></Naam>
<Contact>
<Soort>02</Soort>
<Adres><b:Huis><b:Huisnummer>9</b:Huisnummer></b:Huis><b:Postcode>B-1000</b:Postcode><b:LandCode>BE</b:LandCode></Adres>
</Contact>
</Relatie>
</Relaties>
<Contactgegevens>
<Contact>
<Soort>03</Soort>
<Adres><b:Huis><b:Huisnummer>7</b:Huisnummer></b:Huis><b:Postcode>1234ab</b:Postcode><b:LandCode>NL</b:LandCode></Adres>
</Contact>
<Contact>
<Soort>04</Soort>
<Telefoon><b:Telefoon01><b:Telefoonnummer>0201234567</b:Telefoonnummer><b:Landnummer>0031</b:Landnummer></b:Telefoon01></Telefoon>
<Periode><b:Begindatum>2025-01-01</b:Begindatum><b:Einddatum>2025-01-01</b:Einddatum></Periode>
</Contact>
</Contactgegevens>
<ToegewezenProducten>
<ToegewezenProduct>
<ToewijzingNummer>1001</ToewijzingNummer>
<Product><b:Categorie>45</b:Categorie><b:Code>45A01</b:Code></Product>
<Toewijzingsdatum>2025-01-20</Toewijzingsdatum>
<Toewijzingstijd>10:00:00</Toewijzingstijd>
<Ingangsdatum>2025-02-01</Ingangsdatum>
<Einddatum>2025-12-31</Einddatum>
<Omvang><b:Volume>120</b:Volume><b:Eenheid>04</b:Eenheid><b:Frequentie>2</b:Frequentie></Omvang>
</ToegewezenProduct>
<ToegewezenProduct>
<ToewijzingNummer>1002</ToewijzingNummer>
<Product><b:Categorie>44</b:Categorie></Product>
<Toewijzingsdatum>2025-01-20</Toewijzingsdatum>
<Toewijzingstijd>10:00:00</Toewijzingstijd>
<Ingangsdatum>2026-01-01</Ingangsdatum>
<Einddatum>2026-12-31</Einddatum>
<RedenWijziging>14</RedenWijziging>
<Budget>500000</Budget>
</ToegewezenProduct>
</ToegewezenProducten>
</Client>
";

const START: &str = "<Client>
<Bsn>999900006</Bsn>
<Geboortedatum><b:Datum>2010-05-01</b:Datum></Geboortedatum>
<Geslacht>1</Geslacht>
<Naam><b:Geslachtsnaam><b:Achternaam>Voorbeeld</b:Achternaam></b:Geslachtsnaam></Naam>
<StartProducten>
<StartProduct>
<ToewijzingNummer>1001</ToewijzingNummer>
<Product><b:Categorie>45</b:Categorie><b:Code>45A01</b:Code></Product>
<Begindatum>2025-02-03</Begindatum>
<StatusAanlevering>1</StatusAanlevering>
</StartProduct>
<StartProduct>
<Product><b:Categorie>44</b:Categorie></Product>
<Begindatum>2025-02-02</Begindatum>
<StatusAanlevering>3</StatusAanlevering>
</StartProduct>
</StartProducten>
</Client>
";

const STOP: &str = "<Client>
<Bsn>999900006</Bsn>
<Geboortedatum><b:Datum>2010-05-01</b:Datum></Geboortedatum>
<Geslacht>1</Geslacht>
<Naam><b:Geslachtsnaam><b:Achternaam>Voorbeeld</b:Achternaam></b:Geslachtsnaam></Naam>
<StopProducten>
<StopProduct>
<ToewijzingNummer>1001</ToewijzingNummer>
<Product><b:Categorie>45</b:Categorie><b:Code>45A01</b:Code></Product>
<Begindatum>2025-02-01</Begindatum>
<RedenBeeindiging>20</RedenBeeindiging>
<Einddatum>2025-02-01</Einddatum>
<StatusAanlevering>1</StatusAanlevering>
</StopProduct>
<StopProduct>
<ToewijzingNummer>1001</ToewijzingNummer>
<Product><b:Categorie>45</b:Categorie><b:Code>45A01</b:Code></Product>
<Begindatum>2025-02-01</Begindatum>
<RedenBeeindiging>31</RedenBeeindiging>
<Einddatum>2025-02-01</Einddatum>
<StatusAanlevering>3</StatusAanlevering>
</StopProduct>
</StopProducten>
</Client>
";

const VERZOEK_OM_TOEWIJZING: &str = "<Client>
<Bsn>999900006</Bsn>
<Geboortedatum><b:Datum>2010-05-01</b:Datum></Geboortedatum>
<Geslacht>1</Geslacht>
<Naam><b:Geslachtsnaam><b:Achternaam>Voorbeeld</b:Achternaam></b:Geslachtsnaam></Naam>
<AangevraagdeProducten>
<AangevraagdProduct>
<ReferentieAanbieder>A1</ReferentieAanbieder>
<BeschikkingNummer>7</BeschikkingNummer>
<Product><b:Categorie>45</b:Categorie><b:Code>45A01</b:Code></Product>
<BeschikkingIngangsdatum>2025-01-01</BeschikkingIngangsdatum>
<ToewijzingIngangsdatum>2025-02-01</ToewijzingIngangsdatum>
<ToewijzingEinddatum>2025-12-31</ToewijzingEinddatum>
<Omvang><b:Volume>120</b:Volume><b:Eenheid>04</b:Eenheid><b:Frequentie>2</b:Frequentie></Omvang>
<Verwijzer><b:Type>02</b:Type><b:ZorgverlenerCode>01234567</b:ZorgverlenerCode></Verwijzer>
</AangevraagdProduct>
<AangevraagdProduct>
<ReferentieAanbieder>A2</ReferentieAanbieder>
<Product><b:Categorie>45</b:Categorie><b:Code>45A01</b:Code></Product>
<ToewijzingIngangsdatum>2026-01-01</ToewijzingIngangsdatum>
<Omvang><b:Volume>8</b:Volume><b:Eenheid>14</b:Eenheid><b:Frequentie>4</b:Frequentie></Omvang>
<Verwijzer><b:Type>01</b:Type><b:Naam>Wijkteam</b:Naam></Verwijzer>
</AangevraagdProduct>
</AangevraagdeProducten>
</Client>
";

const VERZOEK_OM_WIJZIGING: &str = "<Client>
<Bsn>999900006</Bsn>
<Verzoek>
<ReferentieAanbieder>A1</ReferentieAanbieder>
<RedenVerzoek>1</RedenVerzoek>
<OngewijzigdeProducten>
<OngewijzigdProduct>
<ToewijzingNummer>1001</ToewijzingNummer>
</OngewijzigdProduct>
<OngewijzigdProduct>
<ToewijzingNummer>1002</ToewijzingNummer>
</OngewijzigdProduct>
</OngewijzigdeProducten>
<TeWijzigenProducten>
<TeWijzigenProduct>
<ToewijzingNummer>1003</ToewijzingNummer>
<GewensteIngangsdatum>2025-02-01</GewensteIngangsdatum>
<Einddatum>2025-12-31</Einddatum>
<Budget>500000</Budget>
</TeWijzigenProduct>
</TeWijzigenProducten>
<NieuweProducten>
<NieuwProduct>
<Product><b:Categorie>45</b:Categorie><b:Code>45A01</b:Code></Product>
<GewensteIngangsdatum>2025-02-04</GewensteIngangsdatum>
<Einddatum>2025-12-31</Einddatum>
<Omvang><b:Volume>120</b:Volume><b:Eenheid>04</b:Eenheid><b:Frequentie>2</b:Frequentie></Omvang>
</NieuwProduct>
<NieuwProduct>
<Product><b:Categorie>45</b:Categorie><b:Code>45A01</b:Code></Product>
<GewensteIngangsdatum>2026-01-01</GewensteIngangsdatum>
<Omvang><b:Volume>8</b:Volume><b:Eenheid>14</b:Eenheid><b:Frequentie>4</b:Frequentie></Omvang>
</NieuwProduct>
</NieuweProducten>
</Verzoek>
</Client>
";

const ANTWOORD: &str = "<Antwoord>
<ReferentieAanbieder>A1</ReferentieAanbieder>
<VerzoekAntwoord>1</VerzoekAntwoord>
<RedenAfwijzingVerzoek>3</RedenAfwijzingVerzoek>
</Antwoord>
";

const DECLARATIE: &str = "<Declaratie>
<DeclaratieNummer>D1</DeclaratieNummer>
<DeclaratiePeriode><b:Begindatum>2025-01-01</b:Begindatum><b:Einddatum>2025-01-31</b:Einddatum></DeclaratiePeriode>
<DeclaratieDagtekening>2025-02-03</DeclaratieDagtekening>
<TotaalIngediendBedrag><b:TotaalBedrag>62500</b:TotaalBedrag><b:DebetCredit>D</b:DebetCredit></TotaalIngediendBedrag>
<Clienten>
<Client>
<Bsn>999900006</Bsn>
<Prestaties>
<Prestatie>
<ProductReferentie><b:ReferentieNummer>R1</b:ReferentieNummer></ProductReferentie>
<ToewijzingNummer>1001</ToewijzingNummer>
<ProductCategorie>45</ProductCategorie>
<ProductCode>45A01</ProductCode>
<ProductPeriode><b:Begindatum>2025-01-01</b:Begindatum><b:Einddatum>2025-01-31</b:Einddatum></ProductPeriode>
<GeleverdVolume>10</GeleverdVolume>
<Eenheid>04</Eenheid>
<ProductTarief>5000</ProductTarief>
<IngediendBedrag><b:Bedrag>50000</b:Bedrag><b:DebetCredit>D</b:DebetCredit></IngediendBedrag>
</Prestatie>
<Prestatie>
<ProductReferentie><b:ReferentieNummer>R2</b:ReferentieNummer></ProductReferentie>
<ToewijzingNummer>1001</ToewijzingNummer>
<ProductCategorie>45</ProductCategorie>
<ProductCode>45A01</ProductCode>
<ProductPeriode><b:Begindatum>2024-12-01</b:Begindatum><b:Einddatum>2024-12-31</b:Einddatum></ProductPeriode>
<GeleverdVolume>8</GeleverdVolume>
<Eenheid>04</Eenheid>
<ProductTarief>5000</ProductTarief>
<IngediendBedrag><b:Bedrag>40000</b:Bedrag><b:DebetCredit>D</b:DebetCredit></IngediendBedrag>
</Prestatie>
<Prestatie>
<ProductReferentie><b:ReferentieNummer>R3</b:ReferentieNummer><b:VorigReferentieNummer>R0</b:VorigReferentieNummer></ProductReferentie>
<ToewijzingNummer>1001</ToewijzingNummer>
<ProductCategorie>45</ProductCategorie>
<ProductCode>45A01</ProductCode>
<ProductPeriode><b:Begindatum>2025-01-01</b:Begindatum><b:Einddatum>2025-01-31</b:Einddatum></ProductPeriode>
<GeleverdVolume>6</GeleverdVolume>
<Eenheid>04</Eenheid>
<ProductTarief>5000</ProductTarief>
<IngediendBedrag><b:Bedrag>30000</b:Bedrag><b:DebetCredit>C</b:DebetCredit></IngediendBedrag>
</Prestatie>
</Prestaties>
</Client>
<Client>
<Bsn>999900018</Bsn>
<Prestaties>
<Prestatie>
<ProductReferentie><b:ReferentieNummer>R4</b:ReferentieNummer></ProductReferentie>
<ToewijzingNummer>1002</ToewijzingNummer>
<ProductCategorie>44</ProductCategorie>
<ProductCode>44A01</ProductCode>
<ProductPeriode><b:Begindatum>2025-01-01</b:Begindatum><b:Einddatum>2025-01-31</b:Einddatum></ProductPeriode>
<GeleverdVolume>12500</GeleverdVolume>
<Eenheid>83</Eenheid>
<IngediendBedrag><b:Bedrag>12500</b:Bedrag><b:DebetCredit>D</b:DebetCredit></IngediendBedrag>
</Prestatie>
<Prestatie>
<ProductReferentie><b:ReferentieNummer>R5</b:ReferentieNummer><b:VorigReferentieNummer>R00</b:VorigReferentieNummer></ProductReferentie>
<ToewijzingNummer>1002</ToewijzingNummer>
<ProductCategorie>44</ProductCategorie>
<ProductCode>44A01</ProductCode>
<ProductPeriode><b:Begindatum>2025-01-01</b:Begindatum><b:Einddatum>2025-01-31</b:Einddatum></ProductPeriode>
<GeleverdVolume>10000</GeleverdVolume>
<Eenheid>83</Eenheid>
<IngediendBedrag><b:Bedrag>10000</b:Bedrag><b:DebetCredit>C</b:DebetCredit></IngediendBedrag>
</Prestatie>
</Prestaties>
</Client>
</Clienten>
</Declaratie>
";

const DECLARATIE_ANTWOORD: &str = "<DeclaratieAntwoord>
<DeclaratieNummer>D1</DeclaratieNummer>
<TotaalIngediendBedrag><b:TotaalBedrag>62500</b:TotaalBedrag><b:DebetCredit>D</b:DebetCredit></TotaalIngediendBedrag>
<TotaalToegekendBedrag><b:TotaalBedrag>42500</b:TotaalBedrag><b:DebetCredit>D</b:DebetCredit></TotaalToegekendBedrag>
<Clienten>
<Client>
<Bsn>999900006</Bsn>
<Prestaties>
<Prestatie>
<ProductReferentie><b:ReferentieNummer>R1</b:ReferentieNummer></ProductReferentie>
<ToewijzingNummer>1001</ToewijzingNummer>
<ProductCategorie>45</ProductCategorie>
<ProductCode>45A01</ProductCode>
<ProductPeriode><b:Begindatum>2025-01-01</b:Begindatum><b:Einddatum>2025-01-31</b:Einddatum></ProductPeriode>
<GeleverdVolume>10</GeleverdVolume>
<Eenheid>04</Eenheid>
<ProductTarief>5000</ProductTarief>
<IngediendBedrag><b:Bedrag>50000</b:Bedrag><b:DebetCredit>D</b:DebetCredit></IngediendBedrag>
<RetourCodes><RetourCode>9321</RetourCode></RetourCodes>
</Prestatie>
<Prestatie>
<ProductReferentie><b:ReferentieNummer>R3</b:ReferentieNummer><b:VorigReferentieNummer>R0</b:VorigReferentieNummer></ProductReferentie>
<ToewijzingNummer>1001</ToewijzingNummer>
<ProductCategorie>45</ProductCategorie>
<ProductCode>45A01</ProductCode>
<ProductPeriode><b:Begindatum>2025-01-01</b:Begindatum><b:Einddatum>2025-01-31</b:Einddatum></ProductPeriode>
<GeleverdVolume>6</GeleverdVolume>
<Eenheid>04</Eenheid>
<ProductTarief>5000</ProductTarief>
<IngediendBedrag><b:Bedrag>30000</b:Bedrag><b:DebetCredit>C</b:DebetCredit></IngediendBedrag>
<RetourCodes><RetourCode>8017</RetourCode></RetourCodes>
</Prestatie>
</Prestaties>
<RetourCodes><RetourCode>0200</RetourCode></RetourCodes>
</Client>
</Clienten>
<RetourCodes><RetourCode>0200</RetourCode></RetourCodes>
</DeclaratieAntwoord>
";
