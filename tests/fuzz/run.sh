#!/usr/bin/env bash
# Run every fuzz target of build-fuzz/, two at a time: first over its corpus as it is, then SECONDS on new inputs made from it. An
# input that breaks a target is left in build-fuzz/crashes/.
#   tests/fuzz/run.sh [SECONDS]      default 5
set -uo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-5}
mkdir -p build-fuzz/crashes build-fuzz/corpus

# Prints a line that begins with "ok" or "FAIL".
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
        echo "ok    $name: $(grep -o 'Done [0-9]* runs' "$log" | tail -1)"
    else
        printf 'FAIL  %s\n%s\n' "$name" "$(tail -40 "$log")"
    fi
}

all() {
    local n=0
    for target in build-fuzz/tests/fuzz/fuzz_*; do
        if [ ! -f "$target" ] || [ ! -x "$target" ]; then continue; fi
        if [ $((n++)) -ge 2 ]; then wait -n; fi
        run "$target" &
    done
    wait
}

printed=$(all)
echo "$printed"
passed=$(grep -c '^ok  ' <<< "$printed")
failed=$(grep -c '^FAIL  ' <<< "$printed")
echo "fuzz: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
