#!/usr/bin/env bash
# Build one of the four ways into its own folder.
#   tools/build.sh release    build/        gcc, optimized: what is installed
#   tools/build.sh debug      build-debug/  gcc, asserts and the graph verifier on: for tests through Python
#   tools/build.sh asan       build-asan/   gcc, AddressSanitizer and UndefinedBehaviorSanitizer
#   tools/build.sh fuzz       build-fuzz/   clang, the same sanitizers and libFuzzer
set -euo pipefail
cd "$(dirname "$0")/.."

sanitizers=(-Db_sanitize=address,undefined -Db_lundef=false --buildtype=debugoptimized -Doptimization=1)

configure() {
    local folder=$1 compiler=$2
    shift 2
    [ -f "$folder/build.ninja" ] || CC=$compiler meson setup "$folder" "$@"
}

case "${1:-release}" in
    release) folder=build && configure $folder gcc --buildtype=release -Dtests=false ;;
    debug) folder=build-debug && configure $folder gcc --buildtype=debugoptimized -Dtests=false ;;
    asan) folder=build-asan && configure $folder gcc "${sanitizers[@]}" ;;
    fuzz) folder=build-fuzz && configure $folder clang "${sanitizers[@]}" -Dfuzz=true ;;
    *)
        echo "usage: tools/build.sh [release|debug|asan|fuzz]" >&2
        exit 1
        ;;
esac
ninja -C "$folder" --quiet
