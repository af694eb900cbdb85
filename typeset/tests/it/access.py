"""Looks at a PDF as a screen reader would get it, and lets a checker of PDF/UA-1 judge it. Answers in JSON."""

import json
import sys

import page
import pikepdf

path = sys.argv[1]
judged = page.validate_pdf(path, profile="ua1")
faults = [f"{failure.rule_id}: {failure.message}" for failure in judged.failures]

with pikepdf.open(path) as pdf:
    root = pdf.Root
    roles = {str(name): str(role) for name, role in root.StructTreeRoot.get("/RoleMap", {}).items()}
    found = {"figures": 0, "headings": [], "tables": 0, "row_heads": 0, "column_heads": 0, "tags": {}}

    def attribute(element, name):
        attributes = element.get("/A", [])
        for one in attributes if isinstance(attributes, pikepdf.Array) else [attributes]:
            if isinstance(one, pikepdf.Dictionary) and name in one:
                return str(one[name])
        return None

    def walk(element):
        if isinstance(element, pikepdf.Array):
            for one in element:
                walk(one)
            return
        if not isinstance(element, pikepdf.Dictionary) or "/S" not in element:
            return
        tag = str(element.S)
        found["tags"][tag] = found["tags"].get(tag, 0) + 1
        tag = roles.get(tag, tag)
        if tag == "/Figure":
            found["figures"] += 1
            if not str(element.get("/Alt", "")).strip():
                faults.append("a figure has no alternative text")
        if tag in ("/H1", "/H2", "/H3", "/H4", "/H5", "/H6"):
            found["headings"].append(int(tag[2:]))
        if tag == "/Table":
            found["tables"] += 1
        if tag == "/TH":
            scope = attribute(element, "/Scope")
            if scope == "/Row":
                found["row_heads"] += 1
            elif scope == "/Column":
                found["column_heads"] += 1
            else:
                faults.append(f"a head of a table has the scope {scope}")
        if "/K" in element:
            walk(element.K)

    walk(root.StructTreeRoot.K)

    before = 0
    for level in found["headings"]:
        if level > before + 1:
            faults.append(f"a heading of level {level} follows one of level {before}")
        before = level

    for number, sheet in enumerate(pdf.pages, 1):
        depth = 0
        for operands, operator in pikepdf.parse_content_stream(sheet):
            operator = str(operator)
            if operator in ("BDC", "BMC"):
                depth += 1
            elif operator == "EMC":
                depth -= 1
            elif operator in ("Tj", "TJ", "S", "f", "f*", "B", "Do", "sh") and depth == 0:
                faults.append(f"page {number}: {operator} is neither content nor decoration")
                break
        for name, font in sheet.Resources.get("/Font", {}).items():
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            embedded = [key for key in ("/FontFile", "/FontFile2", "/FontFile3") if key in inner.FontDescriptor]
            if not embedded or "/ToUnicode" not in font:
                faults.append(f"page {number}: the font {name} is not embedded or has no characters")

    with pdf.open_metadata() as metadata:
        found["title"] = metadata.get("dc:title")
        found["part"] = str(metadata.get("pdfuaid:part"))
    found["lang"] = str(root.Lang)
    found["shows_title"] = bool(root.ViewerPreferences.DisplayDocTitle)
    found["bookmarks"] = len(list(root.get("/Outlines", {}).keys())) > 0
    found["pages"] = len(pdf.pages)

print(json.dumps({"checker": "page-validation", "rules": judged.rules.total, "faults": faults, "found": found}))
