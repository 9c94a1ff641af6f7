"""Checks the symbol graphs of Kith: every public symbol is documented, and the public types are fewer than 30.

A type that is part of another, such as Schema.Table, counts with it. A witness of a protocol's requirement is documented
where the requirement is.
"""

import json
import pathlib
import sys

LIMIT = 30
TYPES = {"swift.struct", "swift.class", "swift.enum", "swift.protocol", "swift.actor"}
# What a protocol of the standard library asks for says there what it is.
WITNESSES = {
    "==(_:_:)", "<(_:_:)", "hash(into:)", "description", "init(from:)", "encode(to:)", "next()",
    "init(integerLiteral:)", "init(stringLiteral:)", "init(unicodeScalarLiteral:)",
    "init(extendedGraphemeClusterLiteral:)",
}

symbols = []
for path in pathlib.Path(sys.argv[1]).glob("Kith*.symbols.json"):
    if not path.name.startswith("KithCore"):
        symbols += json.loads(path.read_text())["symbols"]
own = {s["identifier"]["precise"]: s for s in symbols if "location" in s and "::SYNTHESIZED::" not in s["identifier"]["precise"]}
types = sorted(
    s["pathComponents"][0] for s in own.values() if s["kind"]["identifier"] in TYPES and len(s["pathComponents"]) == 1)
requirements = {
    s["pathComponents"][-1] for s in own.values() if s["pathComponents"][0] in ("ColumnValue", "Traversal", "Row")}
undocumented = sorted(
    ".".join(s["pathComponents"]) for s in own.values()
    if not s.get("docComment", {}).get("lines") and s["pathComponents"][-1] not in WITNESSES | requirements)

if len(types) < 10:
    sys.exit("the symbol graphs were not found, or hold no types")
for name in undocumented:
    print(f"{name} has no documentation")
print(f"{len(own)} public symbols, {len(types)} public types: {', '.join(types)}")
if undocumented or len(types) >= LIMIT:
    sys.exit(1)
