use std::path::Path;

use grip_envelope::{Envelope, EnvelopeKind, Limits, TroubleKind, collect, seal};

use crate::{check, di01, vecozo, zip};

#[test]
fn a_plain_message_passes_without_copying() {
    let bytes = b"\xef\xbb\xbf<?xml version='1.0'?>\r\n<a:Bericht/>";
    let (documents, troubles) = collect(&Limits::STANDARD, "a.xml", bytes);
    assert_eq!((documents.len(), troubles.len()), (1, 0));
    let given = grip_envelope::unwrap(&Limits::STANDARD, "a.xml", bytes, |document| {
        assert!(std::ptr::eq(document.bytes.as_ptr(), bytes.as_ptr()));
        assert_eq!((document.name.as_str(), document.envelope), ("a.xml", None));
        Err("taken once")
    });
    assert_eq!(given, Err("taken once"));
}

#[test]
fn what_is_no_container_passes_unchanged() {
    for text in ["", "P", "PK", "a;b\n1;2\n", "<html>", "<Bericht", "{}", "<!DOCTYPE a><a/>", "\u{0}"] {
        check(text.as_bytes(), &[&format!("in={text}")], &[]);
    }
}

#[test]
fn each_envelope_gives_its_message_and_what_it_says() {
    let du01 = Envelope { kind: EnvelopeKind::StufDu01, cross_refnummer: Some("abc-1".to_owned()), ..di01() };
    for envelope in [di01(), du01, vecozo()] {
        let bytes = seal(&envelope, b"<Bericht>\xc3\xa9</Bericht>");
        let (documents, troubles) = collect(&Limits::STANDARD, "in", &bytes);
        assert_eq!(troubles, []);
        assert_eq!(documents[0].envelope.as_ref(), Some(&envelope));
        assert_eq!(documents[0].bytes.as_ref(), b"<Bericht>\xc3\xa9</Bericht>");
        assert_eq!(documents[0].name, format!("in/{}.xml", envelope.functie.unwrap()));
    }
}

#[test]
fn an_archive_in_an_envelope_is_opened_and_keeps_the_envelope() {
    let archive = zip(&[("b/1.xml", b"<Bericht>1</Bericht>"), ("2.xml", b"<Bericht>2</Bericht>")]);
    let outer = zip(&[("e.xml", &seal(&vecozo(), &archive)), ("c.xml", b"<Bericht>3</Bericht>")]);
    let expected = [
        "in/e.xml/JW315/b/1.xml=<Bericht>1</Bericht>",
        "in/e.xml/JW315/2.xml=<Bericht>2</Bericht>",
        "in/c.xml=<Bericht>3</Bericht>",
    ];
    check(&outer, &expected, &[]);
    let (documents, _) = collect(&Limits::STANDARD, "in", &outer);
    let envelopes: Vec<_> = documents.iter().map(|document| document.envelope.is_some()).collect();
    assert_eq!(envelopes, [true, true, false]);
}

#[test]
fn prefixes_soap_versions_and_the_writing_of_base64_are_free() {
    // <Bericht/> is PEJlcmljaHQvPg==
    let bodies = [
        "<xmlBestand>PEJlcmljaHQvPg==</xmlBestand>",
        "<x:xmlBestand xmlns:x='y'>\r\n PEJl\r\n\tcmlj  aHQvPg==\n</x:xmlBestand>",
        "<xmlBestand>PEJl&#13;\ncmljaHQv<!-- -->Pg</xmlBestand>",
        "<xmlBestand><![CDATA[PEJlcmljaHQvPg==]]></xmlBestand>",
        "<StUF:xmlBestand StUF:contentType='text/xml'>PEJlcmljaHQvPg=</StUF:xmlBestand>",
    ];
    let heads = ["http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"];
    for body in bodies {
        let di01 = format!(
            "<g:ggk_Di01><g:stuurgegevens><functie>JW301</functie></g:stuurgegevens><g:parameters>{body}</g:parameters></g:ggk_Di01>"
        );
        check(di01.as_bytes(), &["in/JW301.xml=<Bericht/>"], &[]);
        for head in heads {
            let soap =
                format!("<?xml version='1.0'?><S:Envelope xmlns:S='{head}'><S:Body>{di01}</S:Body></S:Envelope>");
            check(soap.as_bytes(), &["in/JW301.xml=<Bericht/>"], &[]);
        }
    }
}

#[test]
fn the_file_name_in_the_envelope_is_used_and_made_harmless() {
    let di01 = |name: &str| {
        format!("<Di01Bericht><xmlBestand a:bestandsnaam='{name}'>PEJlcmljaHQvPg==</xmlBestand></Di01Bericht>")
    };
    check(di01("toewijzing.xml").as_bytes(), &["in/toewijzing.xml=<Bericht/>"], &[]);
    check(di01("..\\..\\toewijzing").as_bytes(), &["in/toewijzing.xml=<Bericht/>"], &[TroubleKind::OnveiligeNaam]);
}

#[test]
fn several_messages_in_an_envelope_are_each_given() {
    let soap = "<Envelope><Body><Bericht><Data>PEJlcmljaHQvPg==</Data></Bericht><Bericht><Data>PGE+</Data></Bericht>\
                <Bericht><Data>?</Data></Bericht></Body></Envelope>";
    check(soap.as_bytes(), &["in/bericht.xml=<Bericht/>", "in/2-bericht.xml=<a>"], &[TroubleKind::GeenBase64]);
}

#[track_caller]
fn check_fault(xml: &str, text: &str) {
    let (documents, troubles) = collect(&Limits::STANDARD, "in", xml.as_bytes());
    assert_eq!(documents, []);
    let found: Vec<_> = troubles.iter().map(|trouble| (trouble.kind, trouble.text.as_str())).collect();
    assert_eq!(found, [(TroubleKind::Foutbericht, text)]);
}

#[test]
fn a_fault_is_reported_with_its_code_and_text_and_without_numbers_of_persons() {
    check_fault(
        "<S:Fo01Bericht xmlns:S='x'><S:stuurgegevens><S:berichtcode>Fo01</S:berichtcode></S:stuurgegevens><S:body>\
         <S:code>GGK0003</S:code><S:plek>server</S:plek><S:omschrijving>Bericht van 999900018 kan niet</S:omschrijving>\
         <S:details>Jansen</S:details></S:body></S:Fo01Bericht>",
        "foutcode `GGK0003`, plek `server`: Bericht van … kan niet",
    );
    check_fault(
        "<e:Envelope><e:Body><e:Fault><faultcode>e:Client</faultcode><faultstring>Onbekend</faultstring></e:Fault>\
         </e:Body></e:Envelope>",
        "foutcode `e:Client`: Onbekend",
    );
    check_fault(
        "<e:Envelope><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code><e:Reason><e:Text>Fout</e:Text>\
         </e:Reason></e:Fault></e:Body></e:Envelope>",
        "foutcode `e:Sender`: Fout",
    );
    check_fault("<Fo03Bericht/>", "foutcode `onbekend`");
}

#[test]
fn envelopes_without_a_message_are_reported() {
    let stuur = |code: &str| {
        format!("<a:{code}Bericht><stuurgegevens><berichtcode>{code}</berichtcode></stuurgegevens></a:{code}Bericht>")
    };
    check(stuur("Bv03").as_bytes(), &[], &[TroubleKind::Ontvangstbevestiging]);
    check(stuur("Di01").as_bytes(), &[], &[TroubleKind::EnvelopZonderBericht]);
    check(b"<Envelope><Body/></Envelope>", &[], &[TroubleKind::EnvelopZonderBericht]);
    check(b"<Di01><xmlBestand/></Di01>", &[], &[TroubleKind::EnvelopZonderBericht]);
    check(b"<Di01><xmlBestand> \n</xmlBestand></Di01>", &[], &[TroubleKind::EnvelopZonderBericht]);
    check(b"<Di01><xmlBestand><a>PGE+</a></xmlBestand></Di01>", &[], &[TroubleKind::GeenBase64]);
}

#[test]
fn declared_types_and_entities_are_refused() {
    let kinds = [TroubleKind::DocumentType];
    check(b"<!DOCTYPE a><Di01><xmlBestand>PGE+</xmlBestand></Di01>", &[], &kinds);
    let laughs = "<!DOCTYPE a [<!ENTITY l 'PGE+'>]><Di01><xmlBestand>&l;</xmlBestand></Di01>";
    check(laughs.as_bytes(), &[], &kinds);
    check(b"<Di01><a><xmlBestand>PGE+</xmlBestand></a><b>&l;</b></Di01>", &[], &kinds);
}

#[test]
fn a_truncated_envelope_gives_what_was_whole_and_says_so() {
    for envelope in [di01(), vecozo()] {
        let whole = seal(&envelope, b"<Bericht>heel</Bericht>");
        let end = whole.trim_ascii_end().len();
        let mut complete = 0;
        for cut in 0..end {
            let (documents, troubles) = collect(&Limits::STANDARD, "in", &whole[..cut]);
            let given = documents.iter().filter(|document| document.envelope.is_some()).count();
            let is_recognised = !troubles.is_empty();
            assert_eq!(is_recognised, given > 0 || documents.is_empty(), "{cut}");
            assert!(documents.iter().all(|document| {
                document.envelope.is_none() || document.bytes.as_ref() == b"<Bericht>heel</Bericht>"
            }));
            complete += given;
        }
        assert!(complete > 0);
    }
}

#[test]
fn the_real_envelope_of_vecozo_holds_a_message() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/istandaarden/examples-3.0/IndienenBericht.xml");
    let Ok(bytes) = fs_err::read(&path) else {
        eprintln!("skipped: ../shared is not there");
        return;
    };
    let (documents, troubles) = collect(&Limits::STANDARD, "IndienenBericht.xml", &bytes);
    assert_eq!(troubles, []);
    let [document] = &documents[..] else { panic!("one document: {documents:?}") };
    assert!(document.name.starts_with("IndienenBericht.xml/JW315/"), "{}", document.name);
    assert!(document.bytes.starts_with(b"<jw315:Bericht "));
    let envelope = document.envelope.as_ref().unwrap();
    assert_eq!((envelope.kind, envelope.functie.as_deref()), (EnvelopeKind::Vecozo, Some("JW315")));
    assert_eq!(envelope.referentienummer.as_deref(), Some("35999dce-1f8d-4aa7-b075-176dc618afa0"));
}
