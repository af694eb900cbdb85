"""What a good Python script would do: lxml reads the messages, pyarrow writes the same columns as Grip to Parquet.

Usage: ingest_lxml.py MESSAGES OUT [WORKERS]

The peer of `grip ingest` in `cargo xtask bench`. It does the work that has the same result: pseudonyms by HMAC-SHA256, the
digest of every file, each message once, the day received from the folder's name, columns of
`crates/grip-pipeline/src/table.rs`, Snappy-compressed Parquet. It leaves out what makes it slower without a row to show for
it: no check of any value against the standard, no findings, no commit. Whole trees and not `iterparse`, because most
messages are of a few kilobytes, for which that is faster; memory is bounded by writing in parts.
"""

import hashlib
import hmac
import sys
from datetime import date
from multiprocessing import Pool
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from lxml import etree

KEY = bytes(range(32))
FILES_PER_PART = 5_000
TEXT, NUMBER, DAY, TRUTH = pa.string(), pa.int64(), pa.date32(), pa.bool_()

COLUMNS = {
    "bericht": [
        ("bericht_id", TEXT), ("status", TEXT), ("wet", TEXT), ("berichtsoort", TEXT), ("release", TEXT),
        ("gemeente", TEXT), ("aanbieder", TEXT), ("identificatie", TEXT), ("dagtekening", DAY), ("regels", NUMBER),
        ("bevindingen", NUMBER), ("bytes", NUMBER), ("_source_file", TEXT), ("_received_at", DAY),
    ],
    "toewijzing": [
        ("bericht_id", TEXT), ("regel", NUMBER), ("wet", TEXT), ("gemeente", TEXT), ("aanbieder", TEXT),
        ("client", TEXT), ("toewijzing_nummer", NUMBER), ("referentie_aanbieder", TEXT), ("product_categorie", TEXT),
        ("product_code", TEXT), ("toewijzingsdatum", DAY), ("toewijzingstijd", TEXT), ("ingangsdatum", DAY),
        ("einddatum", DAY), ("reden_wijziging", TEXT), ("omvang_volume", NUMBER), ("omvang_eenheid", TEXT),
        ("omvang_frequentie", TEXT), ("budget_cents", NUMBER), ("_received_at", DAY),
    ],
    "start": [
        ("bericht_id", TEXT), ("regel", NUMBER), ("wet", TEXT), ("gemeente", TEXT), ("aanbieder", TEXT),
        ("client", TEXT), ("toewijzing_nummer", NUMBER), ("product_categorie", TEXT), ("product_code", TEXT),
        ("toewijzing_ingangsdatum", DAY), ("begindatum", DAY), ("status_aanlevering", TEXT), ("_received_at", DAY),
    ],
    "stop": [
        ("bericht_id", TEXT), ("regel", NUMBER), ("wet", TEXT), ("gemeente", TEXT), ("aanbieder", TEXT),
        ("client", TEXT), ("toewijzing_nummer", NUMBER), ("product_categorie", TEXT), ("product_code", TEXT),
        ("toewijzing_ingangsdatum", DAY), ("begindatum", DAY), ("reden_beeindiging", TEXT), ("einddatum", DAY),
        ("status_aanlevering", TEXT), ("_received_at", DAY),
    ],
    "prestatie": [
        ("bericht_id", TEXT), ("regel", NUMBER), ("wet", TEXT), ("gemeente", TEXT), ("aanbieder", TEXT),
        ("client", TEXT), ("declaratie_nummer", TEXT), ("declaratie_begindatum", DAY), ("referentie_nummer", TEXT),
        ("vorig_referentie_nummer", TEXT), ("toewijzing_nummer", NUMBER), ("product_categorie", TEXT),
        ("product_code", TEXT), ("begindatum", DAY), ("einddatum", DAY), ("geleverd_volume", NUMBER),
        ("eenheid", TEXT), ("tarief_cents", NUMBER), ("bedrag_cents", NUMBER), ("_received_at", DAY),
    ],
    "declaratie_antwoord": [
        ("bericht_id", TEXT), ("wet", TEXT), ("gemeente", TEXT), ("aanbieder", TEXT),
        ("declaratie_identificatie", TEXT), ("declaratie_nummer", TEXT), ("ingediend_cents", NUMBER),
        ("toegekend_cents", NUMBER), ("retour_codes", TEXT), ("geheel_afgekeurd", TRUTH), ("_received_at", DAY),
    ],
    "prestatie_afkeuring": [
        ("bericht_id", TEXT), ("regel", NUMBER), ("wet", TEXT), ("gemeente", TEXT), ("aanbieder", TEXT),
        ("client", TEXT), ("declaratie_identificatie", TEXT), ("declaratie_nummer", TEXT),
        ("referentie_nummer", TEXT), ("toewijzing_nummer", NUMBER), ("bedrag_cents", NUMBER),
        ("retour_codes", TEXT), ("_received_at", DAY),
    ],
    "clientkenmerk": [
        ("client", TEXT), ("gemeente", TEXT), ("geboortemaand", TEXT), ("geslacht", TEXT), ("wijk", TEXT),
        ("huishouden", TEXT), ("_received_at", DAY),
    ],
}


def pseudonym(bsn):
    return hmac.digest(KEY, b"client\0" + bsn.encode(), "sha256")[:16].hex()


def day(text):
    return date.fromisoformat(text) if text else None


def number(text):
    return int(text) if text else None


class Message:
    """A parsed message, with its elements reachable by local name."""

    def __init__(self, root):
        namespace = root.tag[1:].partition("}")[0]
        _, family, release, kind, _ = namespace.removeprefix("http://www.istandaarden.nl").split("/")
        self.wet = "wmo" if family == "iwmo" else "jw"
        self.release = release.replace("_", ".")
        self.kind = kind.upper()
        self.own = "{" + namespace + "}"
        self.basis = "{http://www.istandaarden.nl/" + family + "/" + release + "/basisschema/schema}"
        self.root = root

    def part(self, element, name):
        return element.find(self.own + name)

    def parts(self, element, group, name):
        group = None if element is None else self.part(element, group)
        return () if group is None else group.iterfind(self.own + name)

    def text(self, element, name):
        return element.findtext(self.own + name)

    def inner(self, element, name, part):
        found = self.part(element, name)
        return None if found is None else found.findtext(self.basis + part)

    def amount(self, element, name, part="Bedrag"):
        found = self.part(element, name)
        if found is None:
            return None
        cents = int(found.findtext(self.basis + part))
        return -cents if found.findtext(self.basis + "DebetCredit") == "C" else cents

    def codes(self, element):
        return " ".join(code.text for code in self.parts(element, "RetourCodes", "RetourCode"))


def allocation_rows(message, rows, head, received):
    client = message.part(message.root, "Client")
    bsn = message.text(client, "Bsn")
    who = pseudonym(bsn)
    born = message.inner(client, "Geboortedatum", "Datum")
    use = message.inner(client, "Geboortedatum", "DatumGebruik")
    month = None if born is None else "" if use == "3" else born[:4] if use == "2" else born[:7]
    rows["clientkenmerk"].append((who, head[2], month, message.text(client, "Geslacht"), None, None, received))
    line = 0
    for line, product in enumerate(message.parts(client, "ToegewezenProducten", "ToegewezenProduct"), 1):
        rows["toewijzing"].append((
            head[0], line, *head[1:], who,
            number(message.text(product, "ToewijzingNummer")),
            without(message.text(product, "ReferentieAanbieder"), bsn, who),
            message.inner(product, "Product", "Categorie"), message.inner(product, "Product", "Code"),
            day(message.text(product, "Toewijzingsdatum")), message.text(product, "Toewijzingstijd"),
            day(message.text(product, "Ingangsdatum")), day(message.text(product, "Einddatum")),
            message.text(product, "RedenWijziging"), number(message.inner(product, "Omvang", "Volume")),
            message.inner(product, "Omvang", "Eenheid"), message.inner(product, "Omvang", "Frequentie"),
            number(message.text(product, "Budget")), received,
        ))
    return line


def delivery_rows(message, rows, head, received, group, name, table):
    client = message.part(message.root, "Client")
    who = pseudonym(message.text(client, "Bsn"))
    line = 0
    for line, product in enumerate(message.parts(client, group, name), 1):
        row = (
            head[0], line, *head[1:], who,
            number(message.text(product, "ToewijzingNummer")), message.inner(product, "Product", "Categorie"),
            message.inner(product, "Product", "Code"), day(message.text(product, "ToewijzingIngangsdatum")),
            day(message.text(product, "Begindatum")),
        )
        if table == "stop":
            row += (message.text(product, "RedenBeeindiging"), day(message.text(product, "Einddatum")))
        rows[table].append((*row, message.text(product, "StatusAanlevering"), received))
    return line


def without(reference, bsn, who):
    return reference.replace(bsn, who) if reference and bsn in reference else reference


def invoice_rows(message, rows, head, received):
    invoice = message.part(message.root, "Declaratie")
    nummer = message.text(invoice, "DeclaratieNummer")
    begin = day(message.inner(invoice, "DeclaratiePeriode", "Begindatum"))
    line = 0
    for client in message.parts(invoice, "Clienten", "Client"):
        bsn = message.text(client, "Bsn")
        who = pseudonym(bsn)
        for item in message.parts(client, "Prestaties", "Prestatie"):
            line += 1
            rows["prestatie"].append((
                head[0], line, *head[1:], who, nummer, begin,
                without(message.inner(item, "ProductReferentie", "ReferentieNummer"), bsn, who),
                without(message.inner(item, "ProductReferentie", "VorigReferentieNummer"), bsn, who),
                number(message.text(item, "ToewijzingNummer")), message.text(item, "ProductCategorie"),
                message.text(item, "ProductCode"), day(message.inner(item, "ProductPeriode", "Begindatum")),
                day(message.inner(item, "ProductPeriode", "Einddatum")), number(message.text(item, "GeleverdVolume")),
                message.text(item, "Eenheid"), number(message.text(item, "ProductTarief")),
                message.amount(item, "IngediendBedrag"), received,
            ))
    return line


def answer_rows(message, rows, head, received):
    header = message.part(message.root, "Header")
    answered = message.inner(header, "DeclaratieIdentificatie", "Identificatie")
    answer = message.part(message.root, "DeclaratieAntwoord")
    of_header = message.codes(header)
    line = 1
    if answer is None:
        rows["declaratie_antwoord"].append((*head, answered, None, None, None, of_header, True, received))
        return line
    of_answer = message.codes(answer)
    nummer = message.text(answer, "DeclaratieNummer")
    rows["declaratie_antwoord"].append((
        *head, answered, nummer, message.amount(answer, "TotaalIngediendBedrag", "TotaalBedrag"),
        message.amount(answer, "TotaalToegekendBedrag", "TotaalBedrag"), of_header + " " + of_answer,
        any(code not in ("0200", "8001") for code in of_answer.split(" ")), received,
    ))
    for client in message.parts(answer, "Clienten", "Client"):
        bsn = message.text(client, "Bsn")
        who = pseudonym(bsn)
        for item in message.parts(client, "Prestaties", "Prestatie"):
            line += 1
            rows["prestatie_afkeuring"].append((
                head[0], line, *head[1:], who, answered, nummer,
                without(message.inner(item, "ProductReferentie", "ReferentieNummer"), bsn, who),
                number(message.text(item, "ToewijzingNummer")), message.amount(item, "IngediendBedrag"),
                message.codes(item), received,
            ))
    return line


def take(path, base, seen, rows):
    data = path.read_bytes()
    bericht_id = hashlib.sha256(data).hexdigest()[:32]
    if bericht_id in seen:
        return
    seen.add(bericht_id)
    message = Message(etree.fromstring(data))
    header = message.part(message.root, "Header")
    sender, receiver = message.text(header, "Afzender"), message.text(header, "Ontvanger")
    identification = message.inner(header, "BerichtIdentificatie", "Identificatie")
    if (message.kind, sender, identification) in seen:
        return
    seen.add((message.kind, sender, identification))
    gemeente, aanbieder = (sender, receiver) if message.kind[-3:] in ("301", "325") else (receiver, sender)
    head = (bericht_id, message.wet, gemeente, aanbieder)
    received = day(path.parent.name)
    match message.kind[-3:]:
        case "301":
            lines = allocation_rows(message, rows, head, received)
        case "305":
            lines = delivery_rows(message, rows, head, received, "StartProducten", "StartProduct", "start")
        case "307":
            lines = delivery_rows(message, rows, head, received, "StopProducten", "StopProduct", "stop")
        case "323":
            lines = invoice_rows(message, rows, head, received)
        case "325":
            lines = answer_rows(message, rows, head, received)
    rows["bericht"].append((
        bericht_id, "ingelezen", message.wet, message.kind, message.release, gemeente, aanbieder, identification,
        day(message.inner(header, "BerichtIdentificatie", "Dagtekening")), lines, 0, len(data),
        str(path.relative_to(base)), received,
    ))


def take_all(share):
    index, paths, base, out = share
    seen, rows, writers = set(), {table: [] for table in COLUMNS}, {}
    for position, path in enumerate(paths, 1):
        take(path, base, seen, rows)
        if position % FILES_PER_PART == 0 or position == len(paths):
            write(rows, writers, out, index)
    for writer in writers.values():
        writer.close()


def write(rows, writers, out, index):
    for table, columns in COLUMNS.items():
        if rows[table]:
            schema = pa.schema(columns)
            values = zip(*rows[table])
            arrays = [pa.array(column, kind) for column, (_, kind) in zip(values, columns)]
            if table not in writers:
                writers[table] = pq.ParquetWriter(out / f"{table}-{index}.parquet", schema, compression="snappy")
            writers[table].write_table(pa.Table.from_arrays(arrays, schema=schema))
            rows[table].clear()


def main():
    base, out = Path(sys.argv[1]), Path(sys.argv[2])
    workers = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    out.mkdir(parents=True)
    paths = sorted(base.rglob("*.xml"))
    size = -(-len(paths) // workers)
    shares = [(index, paths[index * size : (index + 1) * size], base, out) for index in range(workers)]
    if workers == 1:
        take_all(shares[0])
    else:
        with Pool(workers) as pool:
            pool.map(take_all, shares, chunksize=1)


if __name__ == "__main__":
    main()
