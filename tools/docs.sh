#!/usr/bin/env bash
# Build the pages of docs/ and the Python package's reference into build/docs/site. What is not right, as a link into
# nowhere, is an error. The tools, of docs/requirements.txt, go into an environment of their own.
#
#   tools/docs.sh [FOLDER]    FOLDER instead of build/docs
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:-build/docs}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

install_tools() {
    cmp -s docs/requirements.txt "$folder/installed" && return
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install -q --disable-pip-version-check -r docs/requirements.txt
    cp docs/requirements.txt "$folder/installed"
}

# README.md becomes the first page, beside those of docs/. Links to other files of the tree become their names: the pages
# are read without the tree.
copy_pages() {
    rm -rf "$folder/pages" "$folder/python"
    cp -r docs "$folder/pages"
    cp -r python "$folder/python"
    cp README.md "$folder/pages/index.md"
    cp README.zh-CN.md "$folder/pages/index.zh-CN.md"
    mv "$folder/pages/mkdocs.yml" "$folder/mkdocs.yml"
    rm "$folder/pages/requirements.txt"
    sed -i -E -e 's,\]\(docs/,](,g' -e 's,\]\(README(\.[A-Za-z-]+)?\.md\),](index\1.md),g' \
        -e 's,\[([^]]+)\]\((\.\./)?(include|examples|src|tests|bench|tools|LICENSE)[^)]*\),\1,g' "$folder"/pages/*.md
}

install_tools
copy_pages
"$folder/venv/bin/mkdocs" build --quiet --strict --clean -f "$folder/mkdocs.yml"
echo "$folder/site/index.html"
