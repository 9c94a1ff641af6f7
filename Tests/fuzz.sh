#!/usr/bin/env bash
# Runs libFuzzer on one target of Tests/Fuzzing, under the address sanitizer:
#   Tests/fuzz.sh TARGET [SECONDS]     TARGET is csv, cursor, edge-list, graph, json-lines, log or programs
# Starts from the inputs in Tests/Fuzzing/Corpus and adds what reaches more to .build/fuzzing/corpus. An input that
# fails stays in .build/fuzzing as TARGET-crash-…; to repeat it: .build/fuzzing/TARGET FILE
set -euo pipefail
cd "$(dirname "$0")/.."

target=${1:?"name a target: $(cd Tests/Fuzzing && ls *.swift | grep -v Fuzzing | sed 's/\.swift//' | tr '\n' ' ')"}
seconds=${2:-60}
out=.build/fuzzing
mkdir -p "$out/corpus/$target"

flags=(-O -wmo -swift-version 6 -package-name kith -parse-as-library -sanitize=fuzzer,address -I "$out" -g
  -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault)

# A module of the project, built again when one of its files is newer. Here all are one package, as in Package.swift.
module() {
  local name=$1
  shift
  if [ ! -f "$out/$name.o" ] || [ -n "$(find "$@" "${built[@]}" -newer "$out/$name.o")" ]; then
    echo "building $name"
    swiftc "${flags[@]}" -emit-module -emit-module-path "$out/$name.swiftmodule" -emit-object -module-name "$name" \
      "$@" -o "$out/$name.o"
  fi
  built+=("$out/$name.o")
}

built=()
module KithFixtures Fixtures/SplitMix64.swift
module KithCore $(find Sources/KithCore -name '*.swift' | sort)
module Kith $(find Sources/Kith -name '*.swift' | sort)
module KithTestSupport $(find Tests/KithTestSupport -name '*.swift' | sort)

echo "building $target"
swiftc "${flags[@]}" -emit-executable -emit-module -emit-module-path "$out/Fuzzing.swiftmodule" -module-name Fuzzing \
  Tests/Fuzzing/Fuzzing.swift "Tests/Fuzzing/$target.swift" \
  Tests/KithTests/Specimen.swift Tests/PropertyTests/SocialModel.swift Tests/PropertyTests/Programs/*.swift \
  "${built[@]}" -o "$out/$target" 2> >(grep -v 'Cannot export local symbol' >&2)

SWIFT_BACKTRACE=enable=no "$out/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
  -artifact_prefix="$out/$target-" -print_final_stats=1 -use_value_profile=1 \
  "$out/corpus/$target" "Tests/Fuzzing/Corpus/$target"
