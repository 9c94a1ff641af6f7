#!/usr/bin/env bash
# Type-checks the snippets of Tests/DoesNotCompile one by one against the module that was built last, those of mistakes
# together with Tests/DoesNotCompile/Model. Each must fail with the message that its first line expects; a control, which
# must compile, says `// expect: success`, or `// expect: no warning in Swift 5`. The folder of the modules is KITH_MODULES
# or that of the debug build.
set -euo pipefail
cd "$(dirname "$0")/.."

modules=${KITH_MODULES:-.build/debug/Modules}
if [ ! -f "$modules/Kith.swiftmodule" ]; then
  swift build --target Kith
fi

failures=0
controls=0
fail() {
  printf '%s: %s\n%s\n' "$1" "$2" "$3"
  failures=$((failures + 1))
}

for snippet in Tests/DoesNotCompile/*.swift; do
  name=$(basename "$snippet")
  first=$(head -n 1 "$snippet")
  expected=${first#// expect: }
  if [ "$expected" = "$first" ] || [ -z "$expected" ]; then
    fail "$name" "the first line is no '// expect: ...'" "$first"
    continue
  fi
  model=()
  case $name in mistake-* | compiles-in-*) model=(Tests/DoesNotCompile/Model/*.swift) ;; esac
  mode=(-swift-version 6)
  if [ "$expected" = 'no warning in Swift 5' ]; then
    mode=(-swift-version 5 -warnings-as-errors)
    expected=success
  fi
  status=0
  output=$(swiftc -typecheck -parse-as-library "${mode[@]}" -I "$modules" "$snippet" "${model[@]}" 2>&1) || status=$?
  if [ "$expected" = success ]; then
    controls=$((controls + 1))
    if [ "$status" -ne 0 ]; then fail "$name" "must compile" "$output"; fi
  elif [ "$status" -eq 0 ]; then
    fail "$name" "compiles, and must not" "expected: $expected"
  elif ! grep -F -- "error: " <<<"$output" | grep -qF -- "$expected"; then
    fail "$name" "does not compile, but for another reason than: $expected" "$output"
  fi
done

if [ "$controls" -eq 0 ]; then fail control "no snippet is expected to compile" ""; fi
if [ "$failures" -ne 0 ]; then exit 1; fi
echo "does-not-compile: all snippets are refused as expected, and the control compiles"
