use base64::{Engine, engine::general_purpose::STANDARD};
use quick_xml::escape::escape;

use crate::{Envelope, EnvelopeKind};

/// Bytes on a line of Base64, which makes 76 characters, as MIME has it and as senders write it.
const LINE_BYTES: usize = 57;

/// Puts a payload in an envelope: the counterpart of [`unwrap`](crate::unwrap), for tests and samples.
///
/// Elements are those of StUF-GGk 2.1 (koppelvlak ggk0210) and of version 3 of the VSP of VECOZO. VECOZO wants its payload
/// to be a ZIP, see [`pack`](crate::pack).
pub fn seal(envelope: &Envelope, payload: &[u8]) -> Vec<u8> {
    match envelope.kind {
        EnvelopeKind::StufDi01 => stuf(envelope, "Di01", "Heenbericht", payload),
        EnvelopeKind::StufDu01 => stuf(envelope, "Du01", "Retourbericht", payload),
        EnvelopeKind::Vecozo => vecozo(envelope, payload),
    }
}

fn stuf(envelope: &Envelope, code: &str, way: &str, payload: &[u8]) -> Vec<u8> {
    let root = format!("ggk:envelop{way}_ggk_{code}");
    let mut xml = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns:ggk="http://www.stufstandaarden.nl/koppelvlak/ggk0210" xmlns:StUF="http://www.egem.nl/StUF/StUF0301">
<ggk:stuurgegevens>
<StUF:berichtcode>{code}</StUF:berichtcode>
"#
    );
    let moment = envelope.tijdstip_bericht.map(|moment| moment.strftime("%Y%m%d%H%M%S").to_string());
    push(&mut xml, "StUF:referentienummer", envelope.referentienummer.as_deref());
    push(&mut xml, "StUF:tijdstipBericht", moment.as_deref());
    push(&mut xml, "StUF:crossRefnummer", envelope.cross_refnummer.as_deref());
    push(&mut xml, "StUF:functie", envelope.functie.as_deref());
    xml.push_str("</ggk:stuurgegevens>\n<ggk:parameters>\n<ggk:bericht>\n<ggk:xmlBestand>");
    push_base64(&mut xml, payload);
    xml.push_str(&format!("</ggk:xmlBestand>\n</ggk:bericht>\n</ggk:parameters>\n</{root}>\n"));
    xml.into_bytes()
}

fn vecozo(envelope: &Envelope, payload: &[u8]) -> Vec<u8> {
    let mut xml = String::from(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:b="http://schemas.vecozo.nl/berichtuitwisseling/v3" xmlns:h="http://schemas.vecozo.nl/berichtuitwisseling/header/v3" xmlns:m="http://schemas.vecozo.nl/berichtuitwisseling/messages/v3">
<soap:Header>
"#,
    );
    if envelope.referentienummer.is_some() {
        xml.push_str("<b:ReferentieHeader>");
        push(&mut xml, "h:ReferentieId", envelope.referentienummer.as_deref());
        xml.push_str("</b:ReferentieHeader>\n");
    }
    if envelope.functie.is_some() {
        xml.push_str("<b:RouteringHeader>");
        push(&mut xml, "h:Berichtsubtype", envelope.functie.as_deref());
        xml.push_str("</b:RouteringHeader>\n");
    }
    xml.push_str("</soap:Header>\n<soap:Body><b:IndienenBericht><b:Request><m:Bericht><m:Data>");
    push_base64(&mut xml, payload);
    xml.push_str("</m:Data></m:Bericht></b:Request></b:IndienenBericht></soap:Body>\n</soap:Envelope>\n");
    xml.into_bytes()
}

fn push(xml: &mut String, element: &str, value: Option<&str>) {
    if let Some(value) = value {
        xml.push_str(&format!("<{element}>{}</{element}>\n", escape(value)));
    }
}

fn push_base64(xml: &mut String, payload: &[u8]) {
    for (line, bytes) in payload.chunks(LINE_BYTES).enumerate() {
        if line > 0 {
            xml.push_str("\r\n");
        }
        STANDARD.encode_string(bytes, xml);
    }
}
