#!/usr/bin/env python3
"""Makes single mistakes in the sources, one at a time, and asks whether the tests notice.

    Tests/mutate.py --count 60 --seed 1 --report mutants.tsv

A mistake is drawn by the seed: a comparison turned, an offset of one left out, an "and" made an "or", a result negated, a
call left out. What does not compile is no mistake that could be made, and another is drawn. The work is done in a copy of
the project beside it, so that the project can be worked on meanwhile. A mistake is noticed when a test fails, crashes, or
does not end in time. The report has a line a mistake: noticed or survived, file, line, what was changed.
"""

import argparse
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent

# What is changed into what; a pattern matches on one line of code.
operators = [
    (r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "),
    (r" == ", " != "), (r" != ", " == "), (r" && ", " || "), (r" \|\| ", " && "),
    (r" &?\+ 1\b", ""), (r" &?- 1\b", ""), (r" \+= ", " -= "), (r" -= ", " += "),
    (r"\breturn true\b", "return false"), (r"\breturn false\b", "return true"),
    (r"\bif !", "if "), (r"\.\.<", "..."), (r"\bmin\(", "max("), (r"\bmax\(", "min("),
    (r" &?>> ", " << "),
]
# A statement that is nothing but a call, or an assignment.
statement = re.compile(r"^\s+(unsafe |try |_ = )*[a-z][\w.\[\]$!]*(\(.*\)| = [^{]*[^{,(]| \{ .* \})$")
passed_over = re.compile(
    r"^\s*(//|@|import|public import|package import|let |var |case |return|guard|assert|precondition|self\.\w+ = \w+$)"
    r"|precondition|assert|fatalError|@inlin|where |Failure|#if|throws\(")


def mistakes(path):
    """All mistakes that can be made in a file: the line's number, and what it becomes."""
    in_text = False
    for number, line in enumerate(path.read_text().split("\n")):
        code = line.split("//")[0].rstrip()
        if code.count('"""') % 2:
            in_text = not in_text
        if in_text or not code.strip() or '"' in code or "operator" in code:
            continue
        if not re.match(r"^\s*(///|//|@|import|precondition|assert)", line) and "func " not in code:
            for pattern, replacement in operators:
                for match in re.finditer(pattern, code):
                    yield number, code[: match.start()] + replacement + code[match.end():]
        if statement.match(code) and not passed_over.search(code):
            yield number, None


def run(command, directory, seconds):
    """True if a command succeeds in time."""
    process = subprocess.Popen(
        command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        return process.wait(timeout=seconds) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False


def is_noticed(copy, path):
    """Whether a test fails. The tests of the core are asked first: they are the quickest."""
    test = ["swift", "test", "--skip-build", "--disable-xctest"]
    if "KithCore" in path.parts and not run(test + ["--filter", "KithCoreTests"], copy, 600):
        return True
    return not run(test, copy, 1200)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a part of the path of the files to change")
    parser.add_argument("--report", type=pathlib.Path, default=pathlib.Path("mutants.tsv"))
    options = parser.parse_args()

    copy = root.parent / f"{root.name}-mutants"
    for part in ["Package.swift", "Sources", "Tests", "Fixtures", "README.md"]:
        if (root / part).is_dir():
            shutil.rmtree(copy / part, ignore_errors=True)
            shutil.copytree(root / part, copy / part)
        else:
            copy.mkdir(exist_ok=True)
            shutil.copy2(root / part, copy / part)
    files = [
        path for part in ["KithCore", "Kith"] for path in sorted((copy / "Sources" / part).rglob("*.swift"))
        if options.only in str(path.relative_to(copy))
    ]
    candidates = [(path, number, line) for path in files for number, line in mistakes(path)]
    random.Random(options.seed).shuffle(candidates)
    print(f"{len(candidates)} mistakes can be made in {len(files)} files", file=sys.stderr)

    build = ["swift", "build", "--build-tests"]
    if not run(build, copy, 1800) or not run(["swift", "test", "--skip-build", "--disable-xctest"], copy, 1800):
        sys.exit("the tests fail without any mistake")
    noticed = survived = 0
    with options.report.open("w") as report:
        for path, number, changed in candidates:
            if noticed + survived == options.count:
                break
            original = path.read_text()
            lines = original.split("\n")
            before = lines[number].strip()
            lines[number] = changed if changed is not None else ""
            path.write_text("\n".join(lines))
            try:
                if not run(build, copy, 1800):
                    continue
                found = is_noticed(copy, path.relative_to(copy))
            finally:
                path.write_text(original)
            noticed, survived = noticed + found, survived + (not found)
            after = changed.strip() if changed is not None else "(left out)"
            outcome = "noticed" if found else "survived"
            place = path.relative_to(copy)
            report.write(f"{outcome}\t{place}:{number + 1}\t{before}\t{after}\n")
            report.flush()
            print(f"{noticed + survived}: {outcome} {place}:{number + 1}  {before}  ->  {after}", file=sys.stderr)
    print(f"{noticed} of {noticed + survived} mistakes were noticed")


main()
