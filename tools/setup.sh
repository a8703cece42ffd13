#!/usr/bin/env bash
# Install what building and testing need and this machine lacks: Debian or Ubuntu packages through apt, Python packages
# into .venv. Does nothing, at once, when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
need_command() { command -v "$1" > /dev/null || missing+=("$2"); }
need_library() { pkg-config --exists "$1" 2> /dev/null || missing+=("$2"); }

run_as_root() {
    if [ "$(id -u)" -ne 0 ]; then set -- sudo "$@"; fi
    echo "+ $*"
    "$@"
}

install_missing() {
    [ ${#missing[@]} -eq 0 ] && return
    if ! command -v apt-get > /dev/null; then
        echo "tools/setup.sh: please install what these Debian packages hold: ${missing[*]}" >&2
        exit 1
    fi
    run_as_root apt-get update -q
    run_as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
    missing=()
}

have_sanitizers() {
    echo 'int main(void) { return 0; }' | clang -fsanitize=address,undefined -x c -o /dev/null - 2> /dev/null
}

have_fuzzer() {
    echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return d && n > 9 ? 0 : 0; }' |
        clang -fsanitize=fuzzer -x c -o /dev/null - 2> /dev/null
}

# The package of clang's runtime libraries bears clang's version.
clang_runtime_package() {
    local version
    version=$(clang -dumpversion)
    version=${version%%.*}
    if apt-cache show "libclang-rt-$version-dev" > /dev/null 2>&1; then
        echo "libclang-rt-$version-dev"
    else
        echo "libclang-common-$version-dev"
    fi
}

install_system_packages() {
    need_command gcc gcc
    need_command gcc libc6-dev
    need_command g++ g++
    need_command clang clang
    need_command meson meson
    need_command ninja ninja-build
    need_command pkg-config pkg-config
    need_command setarch util-linux
    need_library zlib zlib1g-dev
    need_library jansson libjansson-dev
    need_library yaml-0.1 libyaml-dev
    need_library libjpeg libjpeg-dev
    need_library spng libspng-dev
    need_library cmocka libcmocka-dev
    [ -e /usr/include/oneapi/dnnl/dnnl.h ] || missing+=(libdnnl-dev) # which has no .pc file in Debian 12
    [ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates)
    if ! python3 -c 'import venv, ensurepip' 2> /dev/null; then missing+=(python3-venv); fi
    install_missing
    if ! have_sanitizers || ! have_fuzzer; then
        missing+=("$(clang_runtime_package)")
        install_missing
    fi
}

install_python_packages() {
    local stamp=.venv/installed
    local wanted
    wanted=$(cat tests/requirements.txt tests/requirements-no-deps.txt)
    if [ -f $stamp ] && [ "$(cat $stamp)" = "$wanted" ]; then return; fi
    [ -x .venv/bin/python ] || python3 -m venv .venv
    echo "+ .venv/bin/pip install -r tests/requirements.txt"
    .venv/bin/pip install -q --disable-pip-version-check -r tests/requirements.txt
    echo "+ .venv/bin/pip install --no-deps -r tests/requirements-no-deps.txt"
    .venv/bin/pip install -q --disable-pip-version-check --no-deps -r tests/requirements-no-deps.txt
    echo "$wanted" > $stamp
}

install_system_packages
install_python_packages
