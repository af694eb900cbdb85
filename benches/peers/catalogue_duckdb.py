"""The queries of Grip's catalogue in DuckDB, over the same Parquet files: one line of JSON per query.

Usage: catalogue_duckdb.py QUESTIONS.json, as `cargo xtask bench catalogue` writes it. Each query makes all its bouwstenen itself, as DuckDB
would be asked by whoever has only the files. Time is the least of three; opening the files is in it, reading the table of the ledger
(which Grip computes, and which is no file) is not. `answer` is the sum of the figures, to compare.
"""

import json
import sys
import time

try:
    import duckdb
except ImportError:
    sys.exit("the peer of the catalogue is missing: python3 -m pip install duckdb")

with open(sys.argv[1], encoding="utf-8") as file:
    asked = json.load(file)

connection = duckdb.connect()
for table, paths in asked["tables"].items():
    if paths:
        files = ", ".join(f"'{path}'" for path in paths)
        source = f"SELECT * FROM read_parquet([{files}]) WHERE _received_at <= DATE '{asked['peildatum']}'"
    else:
        columns = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in asked["columns"][table])
        source = f"SELECT {columns} WHERE FALSE"
    connection.execute(f"CREATE VIEW {table} AS {source}")
for name, sql in asked["views"]:
    connection.execute(f"CREATE VIEW {name} AS {sql}")
texts = "wet", "gemeente", "aanbieder", "client", "product_categorie", "product_code", "maand"
types = ", ".join(f"'{name}': 'VARCHAR'" for name in texts)
connection.execute(f"CREATE TABLE verplichting_maand AS SELECT * FROM read_csv('{asked['ledger']}', types = {{{types}}})")

for question in asked["questions"]:
    seconds, answer = [], 0.0
    for _ in range(3):
        start = time.perf_counter()
        rows = connection.execute(question["sql"], question["values"]).fetchall()
        seconds.append(time.perf_counter() - start)
        answer = sum(float(row[-3] if row[-3] is not None else row[-2] or 0) for row in rows)
    print(json.dumps({"tool": "duckdb", "id": question["id"], "seconds": min(seconds), "answer": answer}), flush=True)
