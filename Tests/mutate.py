#!/usr/bin/env python3
"""Makes single mistakes in the sources, one at a time, and asks whether the tests notice.

    Tests/mutate.py --count 60 --seed 1 --report mutants.tsv

Mistakes are drawn by the seed: a comparison turned, an offset of one left out, an "and" made an "or", a result negated, a
call left out. All of them are written into one copy of the project beside it, each behind a switch, so that one build has
them all and a run of the tests turns one on: mutant schemata, after Untch, Offutt and Harrold (1993). An operator that is
changed becomes an operator of its own, so that no expression need be taken apart. What does not compile is no mistake
that could be made, and is drawn again. A mistake is noticed when a test fails, crashes, or does not end in time. The report has
a line a mistake: noticed, noticed late (the tests did not end) or survived, file, line, what was changed.
"""

import argparse
import collections
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time

root = pathlib.Path(__file__).resolve().parent.parent
modules = ["KithCore", "Kith"]

comparable = """
func {op} <T: Comparable>(a: T, b: T) -> Bool {{ isMutant({id}) ? a {to} b : a {of} b }}
@_disfavoredOverload ACCESS
func {op} <A: BinaryInteger, B: BinaryInteger>(a: A, b: B) -> Bool {{ isMutant({id}) ? a {to} b : a {of} b }}"""
equatable = comparable.replace("<T: Comparable>", "<T: Equatable>") + """
@_disfavoredOverload ACCESS
func {op} <T>(a: T?, b: _OptionalNilComparisonType) -> Bool {{ isMutant({id}) ? a {to} b : a {of} b }}"""
logical = """
func {op} (a: Bool, b: @autoclosure () throws -> Bool) rethrows -> Bool {{
  isMutant({id}) ? try a {to} b() : try a {of} b()
}}"""
arithmetic = "\nfunc {op} <T: BinaryInteger & FixedWidthInteger>(a: T, b: T) -> T {{ isMutant({id}) ? a : a {of} b }}"
assigning = """
func {op} <T: AdditiveArithmetic>(a: inout T, b: T) {{ if isMutant({id}) {{ a {to} b }} else {{ a {of} b }} }}"""
shifting = """
func {op} <A: FixedWidthInteger, B: BinaryInteger>(a: A, b: B) -> A {{
  isMutant({id}) ? a {to} A(b) : a {of} A(b)
}}"""
ranging = """
func {op} <T: FixedWidthInteger>(a: T, b: T) -> Range<T> {{ isMutant({id}) ? a..<(b + 1) : a..<b }}"""

# An operator, where it is changed, what it becomes, the precedence, and the function that does either.
operators = [
    *[(of, f" {re.escape(of)} ", to, "ComparisonPrecedence", comparable)
      for of, to in [("<", "<="), ("<=", "<"), (">", ">="), (">=", ">")]],
    ("==", " == ", "!=", "ComparisonPrecedence", equatable),
    ("!=", " != ", "==", "ComparisonPrecedence", equatable),
    ("&&", " && ", "||", "LogicalConjunctionPrecedence", logical),
    ("||", r" \|\| ", "&&", "LogicalDisjunctionPrecedence", logical),
    *[(of, rf" {re.escape(of)} (?=1\b)", "(left out)", "AdditionPrecedence", arithmetic) for of in ["+", "-", "&+", "&-"]],
    ("+=", r" \+= ", "-=", "AssignmentPrecedence", assigning),
    ("-=", " -= ", "+=", "AssignmentPrecedence", assigning),
    *[(of, f" {re.escape(of)} ", "<<", "BitwiseShiftPrecedence", shifting) for of in [">>", "&>>"]],
    ("..<", r"\.\.<", "...", "RangeFormationPrecedence", ranging),
]
# A statement that is nothing but a call, or an assignment.
statement = re.compile(r"^\s+(unsafe |try |_ = )*[a-z][\w.\[\]$!]*(\(.*\)| = [^{]*[^{,(]| \{ .* \})$")
passed_over = re.compile(
    r"^\s*(//|@|import|public import|package import|let |var |case |defer |return|guard|assert|precondition|self\.\w+ = \w+$)"
    r"|precondition|assert|fatalError|@inlin|where |Failure|#if|throws\(")

Mistake = collections.namedtuple("Mistake", "path number code shown change")


def operator_name(base, identity):
    """An operator that nobody else has: the one it stands for, and a number in three digits of its own."""
    suffix = ""
    while True:
        identity, digit = divmod(identity, 3)
        suffix += "~^*"[digit]
        if identity == 0:
            return base + suffix


def changes(code):
    """All changes that can be made to a line: what gives the line and the function it needs for a number, and words."""
    if not re.match(r"^\s*(@|import|precondition|assert)", code) and "func " not in code:
        for base, pattern, to, precedence, function in operators:
            for match in re.finditer(pattern, code):
                def turn(identity, base=base, to=to, precedence=precedence, function=function, match=match):
                    name = operator_name(base, identity)
                    replaced = match.group().replace(base, f" {name} " if base == "..<" else name)
                    definition = (f"infix operator {name}: {precedence}\nACCESS"
                                  + function.format(op=name, id=identity, of=base, to=to))
                    return code[: match.start()] + replaced + code[match.end():], definition
                yield turn, f"{base}  ->  {to}"
        for match in re.finditer(r"\bif !(?=[a-z])", code):
            def negate(identity, match=match):
                name = operator_name("!", identity)
                definition = (f"prefix operator {name}\nACCESS\nprefix func {name} (a: Bool) -> Bool "
                              f"{{ isMutant({identity}) ? a : !a }}")
                return code[: match.start()] + f"if {name}" + code[match.end():], definition
            yield negate, "!  ->  (left out)"
        for match in re.finditer(r"\breturn (true|false)\b", code):
            def oppose(identity, match=match):
                return f"{code[: match.start()]}return isMutant({identity}) != {match[1]}{code[match.end():]}", ""
            yield oppose, f"{match[0]}  ->  the opposite"
        for match in re.finditer(r"(?<![.\w])(min|max)\(", code):
            def exchange(identity, match=match):
                other = {"min": "max", "max": "min"}[match[1]]
                definition = (f"ACCESS\nfunc mutant{identity}<T: Comparable>(_ a: T, _ b: T) -> T "
                              f"{{ isMutant({identity}) ? {other}(a, b) : {match[1]}(a, b) }}")
                return code[: match.start()] + f"mutant{identity}(" + code[match.end():], definition
            yield exchange, f"{match[1]}  ->  the other"
    if statement.match(code) and not passed_over.search(code):
        yield (lambda identity: (f"if !isMutant({identity}) {{ {code.strip()} }}", "")), "(left out)"


def mistakes(path):
    """All mistakes that can be made in a file."""
    in_text = False
    for number, line in enumerate(path.read_text().split("\n")):
        code = line.split("//")[0].rstrip()
        if code.count('"""') % 2:
            in_text = not in_text
        if in_text or not code.strip() or '"' in code or "operator" in code:
            continue
        for change, shown in changes(code):
            yield Mistake(path, number, code.strip(), shown, change)


class Copy:
    """A copy of the project that has many mistakes, of which a run of the tests turns one on."""

    def __init__(self, place):
        self.place = place
        for part in ["Package.swift", "Sources", "Tests", "Fixtures", "README.md"]:
            if (root / part).is_dir():
                shutil.rmtree(place / part, ignore_errors=True)
                shutil.copytree(root / part, place / part)
            else:
                place.mkdir(exist_ok=True)
                shutil.copy2(root / part, place / part)
        self.originals = {
            path: path.read_text() for module in modules for path in sorted((place / "Sources" / module).rglob("*.swift"))}

    def write(self, mutants):
        """Writes numbered mistakes into the sources, and the functions that they call beside them."""
        lines = {path: text.split("\n") for path, text in self.originals.items()}
        definitions = {module: [] for module in modules}
        for identity, mistake in mutants.items():
            line, definition = mistake.change(identity)
            lines[mistake.path][mistake.number] = line
            module = mistake.path.relative_to(self.place).parts[1]
            definitions[module].append(definition.replace("ACCESS", "@inlinable package"))
        for path, text in lines.items():
            content = "\n".join(text)
            if path.read_text() != content:
                path.write_text(content)
        for module in modules:
            (self.place / "Sources" / module / "Mutants.swift").write_text(
                "#if canImport(Darwin)\nimport Darwin\n#else\nimport Glibc\n#endif\n\n"
                '@usableFromInline package let mutant = getenv("KITH_MUTANT").flatMap { Int(String(cString: $0)) } ?? -1\n'
                "@inlinable package func isMutant(_ number: Int) -> Bool { mutant == number }\n"
                + "\n".join(definitions[module]))

    def build(self, mutants):
        """Builds the copy, and takes out of the mistakes those that do not compile."""
        while True:
            self.write(mutants)
            process = subprocess.run(
                ["swift", "build", "--build-tests"], cwd=self.place, text=True, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT)
            if process.returncode == 0:
                return
            places = {(pathlib.Path(path), int(line) - 1)
                      for path, line in re.findall(r"^(/\S+\.swift):(\d+):\d+: error:", process.stdout, re.M)}
            wrong = [identity for identity, mistake in mutants.items() if (mistake.path, mistake.number) in places]
            if not wrong:
                files = {path for path, _ in places}
                wrong = [identity for identity, mistake in mutants.items() if mistake.path in files]
            if not wrong:
                sys.exit("the copy does not build:\n" + process.stdout[-4000:])
            for identity in wrong:
                del mutants[identity]
            print(f"{len(wrong)} do not compile", file=sys.stderr)

    def passes(self, selection, mutant, limits):
        """Whether some tests pass; the first that fails ends the run, and so does a silence of them all.

        Notes how long the run and its longest silence took. A run may take three times as long as one without a mistake.
        """
        def limit():
            # A mistake may ask for all the memory there is.
            resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))
            os.setsid()
        process = subprocess.Popen(
            ["swift", "test", "--skip-build", "--disable-xctest", *selection], cwd=self.place, text=True, errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=limit,
            env={**os.environ, "KITH_MUTANT": str(mutant)})
        def stop():
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            # The tests themselves are a group of their own.
            subprocess.run(["pkill", "-9", "-f", f"^{self.place}/.build/"])
        start = last = time.monotonic()
        self.longest = self.silence = 0
        self.late = False
        ended = threading.Event()
        def watch():
            while not ended.wait(1):
                now = time.monotonic()
                if now - start > limits[0] or now - last > limits[1]:
                    self.late = True
                    return stop()
        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            for line in process.stdout:
                now = time.monotonic()
                self.longest, self.silence, last = now - start, max(self.silence, now - last), now
                if line.startswith("✘"):
                    return False
            return process.wait() == 0
        finally:
            ended.set()
            watcher.join()
            stop()
            process.wait()


def selections(module):
    """The tests in the order in which they are asked: first those that are quickest to notice."""
    if module == "KithCore":
        return [["--filter", "KithCoreTests"], ["--skip", "KithCoreTests"]]
    return [["--filter", "KithTests|ScenarioTests"], ["--skip", "KithTests|ScenarioTests|KithCoreTests"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a part of the path of the files to change")
    parser.add_argument("--report", type=pathlib.Path, default=pathlib.Path("mutants.tsv"))
    options = parser.parse_args()

    copy = Copy(root.parent / f"{root.name}-mutants")
    candidates = [
        mistake for path in copy.originals if options.only in str(path.relative_to(copy.place))
        for mistake in mistakes(path)]
    print(f"{len(candidates)} mistakes can be made in {len(copy.originals)} files", file=sys.stderr)
    random.Random(options.seed).shuffle(candidates)
    # One mistake a line, and some more than are asked for, as not all compile.
    drawn = {}
    for mistake in candidates:
        drawn.setdefault((mistake.path, mistake.number), mistake)
    mutants = dict(enumerate(list(drawn.values())[: options.count * 3 // 2]))
    copy.build(mutants)
    mutants = dict(list(mutants.items())[: options.count])

    limits = {}
    for module in modules:
        for selection in selections(module):
            if not copy.passes(selection, -1, (1800, 1800)):
                sys.exit(f"the tests fail without any mistake: {' '.join(selection)}")
            limits[str(selection)] = (30 + 3 * copy.longest, 30 + 3 * copy.silence)
    noticed = 0
    with options.report.open("w") as report:
        for count, (identity, mistake) in enumerate(mutants.items()):
            place = mistake.path.relative_to(copy.place)
            passed = all(copy.passes(each, identity, limits[str(each)]) for each in selections(place.parts[1]))
            noticed += not passed
            outcome = "survived" if passed else "noticed late" if copy.late else "noticed"
            report.write(f"{outcome}\t{place}:{mistake.number + 1}\t{mistake.code}\t{mistake.shown}\n")
            report.flush()
            print(f"{count + 1}: {outcome} {place}:{mistake.number + 1}  {mistake.code}  [{mistake.shown}]", file=sys.stderr)
    print(f"{noticed} of {len(mutants)} mistakes were noticed")


main()
