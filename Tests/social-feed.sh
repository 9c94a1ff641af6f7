#!/usr/bin/env bash
# Checks what `social-feed` prints, and its exit statuses. SOCIAL_FEED names the binary; without it, it is built.
set -uo pipefail
cd "$(dirname "$0")/.."

if [ -z "${SOCIAL_FEED:-}" ]; then
  swift build -c release --product social-feed || exit 1
  SOCIAL_FEED=.build/release/social-feed
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
passed=0
failed=0

# check NAME STATUS [ARGUMENT …]: runs the command, keeps its output, and compares its exit status.
check() {
  local name=$1 expected=$2
  shift 2
  "$SOCIAL_FEED" "$@" >"$folder/out" 2>"$folder/err" </dev/null
  local status=$?
  verdict "$name: exit status $status, expected $expected" test "$status" -eq "$expected"
}

# verdict NAME COMMAND …: counts whether a command succeeds.
verdict() {
  local name=$1
  shift
  if "$@" >"$folder/why" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'failed: %s\n' "$name"
    head -5 "$folder/why" "$folder/err"
  fi
}

says() { grep -qF -- "$1" "$folder/out"; }
complains() { grep -qF -- "$1" "$folder/err" && [ "$(wc -l <"$folder/err")" -eq 1 ] && [ ! -s "$folder/out" ]; }
has() { python3 -c "import json,sys; o = json.load(open('$folder/out')); assert ($1), o"; }

check "no arguments" 0
verdict "shows the karate club" says "34 users, 156 follows"
verdict "shows who to follow" says "user 3            followed by 6 of those you follow"
verdict "shows the feed" says "2026-01-01T00:01:41Z  post 101"
verdict "is silent on standard error" test ! -s "$folder/err"
check "help" 0 --help
verdict "lists its options" says "--posts-per-user N"

for arguments in "--nonsense" "karate.tsv" "--limit" "--limit 0" "--limit -1" "--limit x" "--limit=1.5" \
  "--limit 99999999999999999999" "--posts-per-user -1" "--user" "--user ada" "--user 99" "--json=yes" "--follows"; do
  # shellcheck disable=SC2086
  check "usage $arguments" 2 $arguments
  verdict "one line for $arguments" complains "social-feed: "
done

check "a missing file" 1 --follows "$folder/none.tsv"
verdict "names the missing file" complains "none.tsv"
check "a folder" 1 --follows "$folder"
verdict "one line for a folder" complains "social-feed: "
printf '1\t2\n2\tx\x1b[31m\n' >"$folder/bad.tsv"
check "a bad line" 1 --follows "$folder/bad.tsv"
verdict "names file, line and column" complains "bad.tsv:2:3: "
verdict "lets no control character through" bash -c "! grep -q $'\x1b' '$folder/err'"

: >"$folder/empty.tsv"
check "an empty file" 0 --follows "$folder/empty.tsv"
verdict "says that nobody is here" says "Nobody is here yet."
check "an empty file as JSON" 0 --follows "$folder/empty.tsv" --json
verdict "counts nobody" has "o['users'] == 0 and o['user'] is None and o['feed'] == []"

# 20 → 7, 7 → 5, 20 → 9, 9 → 5, twice 9 → 5, once 5 → 5; users in order: 5, 7, 9, 20.
printf '# follows\r\n20\t7\r\n7 5\r\n20\t9\r\n\r\n9\t5\r\n9\t5\r\n5\t5' >"$folder/follows.tsv"
check "a small network" 0 --follows "$folder/follows.tsv" --json --user 20 --posts-per-user 2
verdict "counts users and follows" has "(o['users'], o['follows']) == (4, 4)"
verdict "counts what it left out" has "(o['duplicates'], o['selfLinks']) == (1, 1)"
verdict "counts paths and pairs" has \
  "(o['twoHopPaths'], o['distinctTwoHopPairs'], o['mutualPairs']) == (2, 1, 0)"
verdict "counts links of the user" has "(o['user'], o['following'], o['followers']) == (20, 2, 0)"
verdict "suggests" has "o['suggestions'] == [{'id': 5, 'paths': 2}]"
# Post k of user i has id 4k + i + 1: users 7 and 9 are 1 and 2, so 2, 3, 6 and 7.
verdict "pages the feed" has "o['feed'] == [{'id': i, 'author': a, 'createdAt': '2026-01-01T00:00:0%dZ' % i}
  for i, a in ((7, 9), (6, 7), (3, 9), (2, 7))]"
verdict "has no other keys" has "sorted(o) == sorted('''users follows duplicates selfLinks twoHopPaths
  distinctTwoHopPairs mutualPairs user following followers suggestions feed milliseconds'''.split())"
verdict "says what it took" has "sorted(o['milliseconds']) == ['feed', 'join', 'load', 'suggest']"
cp "$folder/out" "$folder/first"
check "the same again" 0 --follows "$folder/follows.tsv" --json --user=20 --posts-per-user=2
verdict "gives the same answers" has "{**o, 'milliseconds': 0} == {**json.load(open('$folder/first')), 'milliseconds': 0}"
check "undirected" 0 --follows "$folder/follows.tsv" --undirected --whole-graph
verdict "doubles the follows" says "4 users, 8 follows"
verdict "shows figures over the whole graph" says "4 follow each other"
check "one of each" 0 --limit 1 --posts-per-user 0
verdict "says that there are no posts" says "no posts"

"$SOCIAL_FEED" --json 2>"$folder/err" | head -1 >"$folder/out"
verdict "a reader that goes early is no error" test ! -s "$folder/err"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
