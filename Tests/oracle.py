"""Runs social-feed on each graph that has an oracle.json, and compares every figure."""

import json
import pathlib
import subprocess
import sys

command, data = sys.argv[1], pathlib.Path(sys.argv[2])
figures = {
    "users": "nodes",
    "follows": "edges",
    "twoHopPaths": "two_hop_paths",
    "distinctTwoHopPairs": "two_hop_distinct_pairs_u_ne_w",
    "mutualPairs": "mutual_pairs",
}
compared = 0
for oracle in sorted(data.glob("*/oracle.json")):
    described = json.loads(oracle.read_text())
    values = described["values"]
    if "who_to_follow" not in values:
        print(f"{oracle.parent.name}: no follow graph, passed over")
        continue
    for expected in values["who_to_follow"]:
        arguments = [command, "--json", "--follows", str(oracle.parent / "edges.tsv")]
        arguments += ["--user", str(expected["source"]), "--limit", "10", "--posts-per-user", "0"]
        if described["file_kind"] == "undirected":
            arguments.append("--undirected")
        found = json.loads(subprocess.run(arguments, check=True, capture_output=True).stdout)
        wanted = {name: values[key] for name, key in figures.items()}
        wanted["following"] = expected["out_degree"]
        wanted["suggestions"] = [{"id": i, "paths": n} for i, n in expected["top10"]]
        for name, value in wanted.items():
            if found[name] != value:
                sys.exit(f"{' '.join(arguments)}: {name} is {found[name]}, expected {value}")
            compared += 1
    print(f"{oracle.parent.name}: {len(values['who_to_follow'])} users agree")
if compared == 0:
    sys.exit(f"oracle: {data} holds no graph to compare with")
print(f"oracle: {compared} figures agree")
