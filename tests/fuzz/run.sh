#!/usr/bin/env bash
# Run every fuzz target of build-fuzz/: first over its corpus as it is, then SECONDS on new inputs made from it. An input
# that breaks a target is left in build-fuzz/crashes/.
#   tests/fuzz/run.sh [SECONDS]      default 5
set -uo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-5}
passed=0
failed=0
mkdir -p build-fuzz/crashes build-fuzz/corpus

run() {
    local target=$1 name log
    name=$(basename "$target")
    log=build-fuzz/crashes/$name.log
    local corpus=tests/fuzz/corpus/${name#fuzz_}
    local grown=build-fuzz/corpus/$name
    mkdir -p "$grown"
    local seeds=()
    if [ -d "$corpus" ]; then seeds=("$corpus"); fi
    # The first folder receives what the fuzzer finds; the checked-in corpus is only read.
    local limits=(-timeout=10 -rss_limit_mb=1500 -artifact_prefix="build-fuzz/crashes/$name-")
    if "$target" "${limits[@]}" -runs=0 "${seeds[@]}" > "$log" 2>&1 &&
        "$target" "${limits[@]}" -max_total_time="$seconds" "$grown" "${seeds[@]}" >> "$log" 2>&1; then
        passed=$((passed + 1))
        echo "ok    $name: $(grep -o 'Done [0-9]* runs' "$log" | tail -1)"
    else
        failed=$((failed + 1))
        echo "FAIL  $name"
        tail -40 "$log"
    fi
}

for target in build-fuzz/tests/fuzz/fuzz_*; do
    if [ -f "$target" ] && [ -x "$target" ]; then run "$target"; fi
done
echo "fuzz: $passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
