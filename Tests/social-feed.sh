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

# The commands of `social-feed db`, on a folder of their own.
kept=$folder/kept.kith
drafts=$folder/drafts
mkdir "$drafts"

# db NAME STATUS COMMAND [ARGUMENT …]: checks a command on the folder.
db() {
  local name=$1 expected=$2
  shift 2
  check "$name" "$expected" db "$@" --folder "$kept"
}

# prints LINE …: whether the output is these lines and no others.
prints() { printf '%s\n' "$@" | cmp - "$folder/out"; }

check "help for db" 0 db --help
verdict "lists the commands of db" says "downgrade [TARGET]"
check "help for one command" 0 db upgrade --help
check "help" 0 --help
verdict "mentions db" says "social-feed db COMMAND"

for arguments in "" "nonsense" "upgrade head more" "upgrade --losing-data" "history 0001" "migrate" "migrate -m" \
  "migrate -m ..." "stamp" "import" "upgrade --nonsense" "upgrade --dry-run=yes" "upgrade -x" "upgrade --folder=" "-1"; do
  # shellcheck disable=SC2086
  check "usage db $arguments" 2 db $arguments
  verdict "one line for db $arguments" complains "social-feed: "
done

for arguments in "upgrade" "downgrade" "stamp head" "history" "current" "check" "show" "import $folder/follows.tsv"; do
  # shellcheck disable=SC2086
  db "$arguments without a folder" 1 $arguments
  verdict "says what makes the folder, $arguments" complains "social-feed db init --folder $kept makes it"
done
check "a folder of something else" 1 db upgrade --folder "$drafts"
verdict "leaves the folder of something else" test -z "$(ls -A "$drafts")"

mkdir "$folder/empty" "$folder/stopped"
touch "$folder/stopped/lock"
for name in empty stopped; do
  check "init of the folder $name" 0 db init --folder "$folder/$name"
  check "current of the folder $name" 0 db current --folder "$folder/$name"
done
db "init" 0 init
db "init again" 1 init
verdict "does not make a folder twice" complains "is there already"
db "check of a new folder" 1 check
verdict "lists what is to be done" \
  prints "0001_create is to be done" "0002_handles is to be done" "0003_profiles is to be done"
db "current of a new folder" 0 current
verdict "says that nothing was done" prints "no migration was done"
db "history of a new folder" 0 history
verdict "lists the migrations" prints "[ ] 0001_create" "[ ] 0002_handles (after 0001_create)" \
  "[ ] 0003_profiles (after 0002_handles) (head)"
db "show of what is to be done" 0 show 0001
verdict "says what it would do" prints "0001_create" "follows no other" "is to be done:" "up 0001_create" \
  "  add table users" "  add table posts" "  add association table follows"
db "migrate when behind" 1 migrate -m "too early" --directory "$drafts"
verdict "names what is to be done first" complains "0001_create is to be done"
db "import when behind" 1 import "$folder/follows.tsv"
verdict "refuses to import when behind" complains "0003_profiles is to be done"
db "dry run" 0 upgrade --dry-run
verdict "says that it was one" says "a dry run: nothing was changed"
db "current after the dry run" 0 current
verdict "did nothing" prints "no migration was done"

db "upgrade by one" 0 upgrade +1
verdict "does one migration" bash -c "grep -c '^up ' '$folder/out' | grep -qx 1"
db "upgrade" 0 upgrade
db "check" 0 check
db "upgrade again" 0 upgrade
verdict "has nothing to do" prints "nothing is to be done"
db "history" 0 history
verdict "marks what was done" prints "[x] 0001_create" "[x] 0002_handles (after 0001_create)" \
  "[x] 0003_profiles (after 0002_handles) (head)"
db "current" 0 current
verdict "names the head" prints "0003_profiles (head)"
db "show of what was done" 0 show 0002
verdict "says that it was done" prints "0002_handles" "follows 0001_create" "was done"
db "migrate without a difference" 0 migrate -m "nothing new" --directory "$drafts"
verdict "says that there are no changes" says "no changes: "
verdict "writes no migration" test -z "$(ls -A "$drafts")"

grep -v '^#' Fixtures/karate.tsv >"$folder/karate.tsv"
db "import" 0 import "$folder/karate.tsv"
verdict "counts what it imported" prints "imported 34 users and 78 follows"
cp "$kept"/checkpoint-* "$folder/imported"
db "import again" 0 import "$folder/karate.tsv"
verdict "imports nothing twice" prints "imported 0 users and 0 follows; left out: 78 duplicates"
db "downgrade" 0 downgrade
verdict "carries all names back" says "  add column users.name (text): 34"
db "current after the downgrade" 0 current
verdict "is back by one" prints "0002_handles"
db "downgrade to the first" 0 downgrade 0001
db "check at the first" 1 check
db "show counts the rows" 0 show
verdict "copies every user" says "  copy users to profiles: 34"
db "upgrade from the first" 0 upgrade
verdict "has the same rows, values and links" cmp "$kept"/checkpoint-* "$folder/imported"
db "downgrade by two" 0 downgrade -2
db "downgrade past the first" 1 downgrade -2
verdict "names the fault" complains "no migration is left to be undone"
db "upgrade from there" 0 upgrade head
verdict "has the same again" cmp "$kept"/checkpoint-* "$folder/imported"

for arguments in "upgrade 0009" "upgrade 000" "upgrade -1" "upgrade base" "downgrade head" "downgrade +1" "downgrade 0009" \
  "stamp 0009" "stamp +1" "show 0009" "show 000" "import $folder/none.tsv" "import $folder/bad.tsv"; do
  # shellcheck disable=SC2086
  db "refused db $arguments" 1 $arguments
  verdict "one line for refused db $arguments" complains "social-feed: "
done
db "a target with control characters" 1 upgrade $'\e[31m\n'
verdict "lets no control character of a target through" complains 'there is no migration \u{1B}[31m\n'
verdict "is unchanged by what is refused" cmp "$kept"/checkpoint-* "$folder/imported"

# A pipe keeps an import waiting, with the folder open.
mkfifo "$folder/pipe"
"$SOCIAL_FEED" db import "$folder/pipe" --folder "$kept" >"$folder/waiting" 2>&1 &
waiting=$!
(sleep 60 && : <"$folder/pipe") >/dev/null 2>&1 & # if the import ends before it reads
guard=$!
exec 3>"$folder/pipe"
kill "$guard"
db "downgrade while another process has the folder open" 1 downgrade
verdict "says who has it open" complains "$waiting"
db "current while another process has the folder open" 0 current
db "a dry run while another process has the folder open" 0 downgrade --dry-run
printf '1 99\n' >&3
exec 3>&-
wait "$waiting"
verdict "the other process goes on" grep -qx "imported 1 user and 1 follow" "$folder/waiting"

# With the last migration said not to be needed, the next one is drafted of what is missing.
db "downgrade before the draft" 0 downgrade
db "stamp" 0 stamp head
verdict "says where the folder is now" prints "0003_profiles (head)"
db "check after the stamp" 1 check
verdict "says what is missing" says "add table profiles"
db "a draft that loses data" 1 migrate -m "Lost names" --directory "$drafts"
verdict "refuses it" complains "say losingData: true to allow it"
db "a draft without a place" 1 migrate -m "Lost names" --directory "$folder/none"
verdict "names the place" complains "$folder/none"
db "a draft by consent" 0 migrate -m "Lost names" --directory "$drafts" --losing-data
verdict "says where it is and what to do" \
  prints "$drafts/0004_lost_names.swift" "read it, then add it to the list in $drafts/Migrations.swift"
verdict "is Swift" grep -qF 'static let m0004LostNames = Migration("0004_lost_names") { tables in' \
  "$drafts/0004_lost_names.swift"
db "the same draft again" 1 migrate -m "Lost names" --directory "$drafts" --losing-data
verdict "writes over no draft" complains "is there already"
if swift format --version >/dev/null 2>&1; then
  verdict "is formatted" swift format lint --strict --configuration .swift-format "$drafts/0004_lost_names.swift"
fi
db "stamp back" 0 stamp 0002
db "upgrade after the stamp" 0 upgrade

db "a downgrade by more steps than a number has room for" 1 downgrade -9223372036854775808
verdict "says that none is left" complains "no migration is left to be undone"

# Streams that are closed, or full, or read by nobody.
status() { test "$1" -eq "$2"; }
"$SOCIAL_FEED" db history --folder "$kept" >/dev/full 2>"$folder/err"
verdict "a full output fails" status $? 1
verdict "and says why" grep -q "can't write to standard output: " "$folder/err"
"$SOCIAL_FEED" db history --folder "$kept" >&- 2>"$folder/err"
verdict "a closed output fails" status $? 1
"$SOCIAL_FEED" >/dev/full 2>&1
verdict "a full output fails without db" status $? 1
for stream in "/dev/full" "&-"; do
  eval '"$SOCIAL_FEED" db nope 2>'"$stream"
  verdict "no words on the usage to $stream" status $? 2
  eval '"$SOCIAL_FEED" db history --folder "$folder/none" 2>'"$stream"
  verdict "no words on the folder to $stream" status $? 1
done
"$SOCIAL_FEED" db upgrade 0009 --folder "$kept" <&- >&- 2>&-
verdict "no stream at all" status $? 1
db "the folder is as it was" 0 current
verdict "says where it is after all that" prints "0003_profiles (head)"
"$SOCIAL_FEED" db history --folder "$kept" 2>"$folder/err" | true
verdict "a reader who has gone is no error" status "${PIPESTATUS[0]}" 0

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
