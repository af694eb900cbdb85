//! Parts that several messages have: the header and the composite types of the basis schema.

use crate::{class::classes, datatype::*, value::Value};

/// An AGB code of a provider, or the code of a municipality: which of the two depends on the direction of the message.
pub type Bedragwaarde = GeldBedrag<99_999_999>;
/// Nummer: 0 to 999 999 999.
pub type Nummer = Geheel<999_999_999>;
/// Volume: 0 to 99 999 999, in whole units of its Eenheid.
pub type Volume = Geheel<99_999_999>;
/// Naam of a person.
pub type Naam = PersonalText<200>;
/// Commentaar: free text.
pub type Commentaar = PersonalText<{ usize::MAX }>;

classes! {
    /// Header of a message from a Gemeente to an Aanbieder.
    HeaderVanGemeente in Message {
        bericht_code: "BerichtCode" Value<'a, BerichtCode>,
        bericht_versie: "BerichtVersie" Value<'a, BerichtVersie>,
        bericht_subversie: "BerichtSubversie" Value<'a, BerichtSubversie>,
        afzender: "Afzender" Value<'a, PartijCode<4>>,
        ontvanger: "Ontvanger" Value<'a, PartijCode<8>>,
        bericht_identificatie: "BerichtIdentificatie" BerichtIdentificatie<'a>,
        xsd_versie: "XsdVersie" XsdVersie<'a>,
    }

    /// Header of a message from an Aanbieder to a Gemeente.
    HeaderVanAanbieder in Message {
        bericht_code: "BerichtCode" Value<'a, BerichtCode>,
        bericht_versie: "BerichtVersie" Value<'a, BerichtVersie>,
        bericht_subversie: "BerichtSubversie" Value<'a, BerichtSubversie>,
        afzender: "Afzender" Value<'a, PartijCode<8>>,
        ontvanger: "Ontvanger" Value<'a, PartijCode<4>>,
        bericht_identificatie: "BerichtIdentificatie" BerichtIdentificatie<'a>,
        xsd_versie: "XsdVersie" XsdVersie<'a>,
    }

    /// Identification and date of a message.
    BerichtIdentificatie in Basis {
        identificatie: "Identificatie" Value<'a, Text<12>>,
        dagtekening: "Dagtekening" Value<'a, Datum>,
    }

    /// Versions of the schemas a message was made with.
    XsdVersie in Basis {
        basisschema_xsd_versie: "BasisschemaXsdVersie" Value<'a, VersieNummer>,
        bericht_xsd_versie: "BerichtXsdVersie" Value<'a, VersieNummer>,
    }

    /// Birth date, with which parts of it are known.
    Geboortedatum in Basis {
        datum: "Datum" Value<'a, Geboortedag>,
        datum_gebruik: "DatumGebruik" Option<Value<'a, DatumGebruik>>,
    }

    /// Family name with its prefix.
    Achternaam in Basis {
        achternaam: "Achternaam" Value<'a, Naam>,
        voorvoegsel: "Voorvoegsel" Option<Value<'a, PersonalText<10>>>,
    }

    /// Full name, as in a Toewijzing.
    VolledigeNaam in Basis {
        geslachtsnaam: "Geslachtsnaam" Achternaam<'a>,
        partnernaam: "Partnernaam" Option<Achternaam<'a>>,
        voornamen: "Voornamen" Option<Value<'a, Naam>>,
        voorletters: "Voorletters" Option<Value<'a, Voorletters>>,
        naam_gebruik: "NaamGebruik" Value<'a, NaamGebruik>,
    }

    /// Short name, as in a Start or a Stop.
    VerkorteNaam in Basis {
        geslachtsnaam: "Geslachtsnaam" Achternaam<'a>,
        voornamen: "Voornamen" Option<Value<'a, Naam>>,
        voorletters: "Voorletters" Option<Value<'a, Voorletters>>,
    }

    /// How to speak with a client.
    Communicatie in Basis {
        vorm: "Vorm" Value<'a, Communicatievorm>,
        taal: "Taal" Option<Value<'a, PersonalText<25>>>,
    }

    /// Number of a house.
    Huis in Basis {
        huisnummer: "Huisnummer" Value<'a, Cijfers<5>>,
        huisletter: "Huisletter" Option<Value<'a, PersonalText<1>>>,
        huisnummer_toevoeging: "HuisnummerToevoeging" Option<Value<'a, PersonalText<4>>>,
        aanduiding_woonadres: "AanduidingWoonadres" Option<Value<'a, AanduidingWoonadres>>,
    }

    /// Address.
    Adres in Basis {
        huis: "Huis" Option<Huis<'a>>,
        postcode: "Postcode" Option<Value<'a, PersonalText<8>>>,
        straatnaam: "Straatnaam" Option<Value<'a, PersonalText<24>>>,
        plaatsnaam: "Plaatsnaam" Option<Value<'a, PersonalText<80>>>,
        land_code: "LandCode" Option<Value<'a, LandCode>>,
    }

    /// A telephone number.
    Telefoon in Basis {
        telefoonnummer: "Telefoonnummer" Value<'a, Cijfers<15>>,
        landnummer: "Landnummer" Value<'a, PersonalText<4>>,
    }

    /// One or two telephone numbers.
    Telefoonnummers in Basis {
        telefoon01: "Telefoon01" Telefoon<'a>,
        telefoon02: "Telefoon02" Option<Telefoon<'a>>,
    }

    /// A product: its category and, unless the Toewijzing leaves that open, its code.
    Product in Basis {
        categorie: "Categorie" Value<'a, ProductCategorie>,
        code: "Code" Option<Value<'a, Text<5>>>,
    }

    /// Volume, unit and frequency together.
    Omvang in Basis {
        volume: "Volume" Value<'a, Volume>,
        eenheid: "Eenheid" Value<'a, Eenheid>,
        frequentie: "Frequentie" Value<'a, Frequentie>,
    }

    /// Who referred a client: an organisation or a practitioner.
    Verwijzer in Basis {
        type_: "Type" Value<'a, TypeVerwijzer>,
        naam: "Naam" Option<Value<'a, PersonalText<64>>>,
        zorgverlener_code: "ZorgverlenerCode" Option<Value<'a, PartijCode<8>>>,
    }

    /// A period of which both ends may be open.
    OpenPeriode in Basis {
        begindatum: "Begindatum" Option<Value<'a, Datum>>,
        einddatum: "Einddatum" Option<Value<'a, Datum>>,
    }

    /// A period with both ends, which belong to it.
    GeslotenPeriode in Basis {
        begindatum: "Begindatum" Value<'a, Datum>,
        einddatum: "Einddatum" Value<'a, Datum>,
    }

    /// The provider's own number of a line, and for a credit that of the line it credits.
    ProductReferentie in Basis {
        referentie_nummer: "ReferentieNummer" Value<'a, Text<20>>,
        vorig_referentie_nummer: "VorigReferentieNummer" Option<Value<'a, Text<20>>>,
    }

    /// An amount in eurocents with its sign.
    BedragMetDC in Basis {
        bedrag: "Bedrag" Value<'a, Bedragwaarde>,
        debet_credit: "DebetCredit" Value<'a, DebetCredit>,
    }

    /// A total in eurocents with its sign.
    TotaalBedragMetDC in Basis {
        totaal_bedrag: "TotaalBedrag" Value<'a, GeldBedrag<999_999_999_999>>,
        debet_credit: "DebetCredit" Value<'a, DebetCredit>,
    }
}
