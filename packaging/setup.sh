#!/bin/sh
# Everything `make` needs before it can run, test or package Alcove, from nothing.
#   setup.sh system [FOR]  the system's libraries (installs them as root, else prints the line);
#                          for "test" also Tesseract, for "package" what packs, for "package-test"
#                          what a bare Debian, a screen and Windows' installer are tried with
#   setup.sh venv [EXTRA]  the virtual environment with Alcove in it, editable
#   setup.sh packaging     another one in build/, for what packs: without a llama.cpp of its own
# Each step is quick when it has nothing to do.
set -eu
cd "$(dirname "$0")/.."
venv=.venv

say() { printf '%s\n' "$*" >&2; }

python() {
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$candidate"
            return
        fi
    done
    say "Alcove needs Python 3.11 or newer. Install it, or name it: make PYTHON=/path/to/python3"
    exit 1
}

# What Qt and the build need on Linux: a shared library, and Debian's package for it.
libraries='libglib-2.0.so.0 libglib2.0-0
libGL.so.1 libgl1
libEGL.so.1 libegl1
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libxkbcommon.so.0 libxkbcommon0
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
libxkbcommon-x11.so.0 libxkbcommon-x11-0'

# What a packed app takes from a desktop: the .deb declares the packages that these are of here.
libraries_package='libX11-xcb.so.1 libx11-xcb1
libbrotlidec.so.1 libbrotli1
libcups.so.2 libcups2
libwayland-client.so.0 libwayland-client0
libwayland-cursor.so.0 libwayland-cursor0
libwayland-egl.so.1 libwayland-egl1
libzstd.so.1 libzstd1'

# Programs, and Debian's packages for each.
tools_test='tesseract tesseract-ocr
'
tools_package='readelf binutils
cmake cmake
'
tools_package_test='debootstrap debootstrap
Xvfb xvfb
xdotool xdotool
strace strace
qemu-x86_64 qemu-user
weston weston
makensis nsis
wine wine wine64
'

missing_packages() {
    known=$(/sbin/ldconfig -p 2>/dev/null || ldconfig -p)
    case "${1:-}" in
    package*) libraries="$libraries
$libraries_package" ;;
    esac
    printf '%s\n' "$libraries" | while read -r library package; do
        case "$known" in *"$library "*) ;; *) printf '%s ' "$package" ;; esac
    done
    command -v c++ >/dev/null 2>&1 || printf 'g++ '
    command -v make >/dev/null 2>&1 || printf 'make '
    "$(python)" -c 'import ensurepip, venv' 2>/dev/null || printf 'python3-venv '
    case "${1:-}" in
    test) tools=$tools_test ;;
    package) tools=$tools_package ;;
    package-test) tools=$tools_package_test ;;
    *) tools= ;;
    esac
    printf '%s' "$tools" | while read -r tool package; do
        command -v "$tool" >/dev/null 2>&1 || [ -x "/usr/sbin/$tool" ] || printf '%s ' "$package"
    done
    # A window without any font shows boxes.
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" \
        \( -name '*.ttf' -o -name '*.otf' -o -name '*.ttc' \) -print 2>/dev/null | head -n 1)" ] ||
        printf 'fonts-dejavu-core '
}

system() {
    case "$(uname -s)" in
    Darwin)
        xcode-select -p >/dev/null 2>&1 || {
            say "The C++ compiler is missing. Type: xcode-select --install"
            exit 1
        }
        return ;;
    Linux) ;;
    *) return ;;
    esac
    missing=$(missing_packages "${1:-}")
    [ -n "$missing" ] || return 0
    line="apt-get install -y --no-install-recommends $missing"
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        say "Installing system libraries: $missing"
        export DEBIAN_FRONTEND=noninteractive
        # shellcheck disable=SC2086 # a list of words
        $line >/dev/null 2>&1 || { apt-get update >/dev/null && $line >/dev/null; }
    elif command -v apt-get >/dev/null 2>&1; then
        say "Some system libraries are missing. Type this line, then run make again:"
        say "    sudo $line"
        exit 1
    else
        say "These libraries are missing; install what your system calls them, then run make again:"
        say "    $missing"
        exit 1
    fi
}

venv() {
    extra=${1:-}
    stamp="$venv/.ready${extra:+-$extra}"
    [ -f "$stamp" ] && [ "$stamp" -nt pyproject.toml ] && return 0
    [ -x "$venv/bin/python" ] || "$(python)" -m venv "$venv"
    if ! "$venv/bin/python" -c 'import importlib.metadata as m; m.version("llama-cpp-python")' \
        2>/dev/null; then
        say "Building llama.cpp for this computer. It takes about ten minutes, once."
    fi
    # SOURCE_DATE_EPOCH would turn every SIMD instruction off in llama.cpp's build.
    unset SOURCE_DATE_EPOCH
    cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
    CMAKE_ARGS="${CMAKE_ARGS:--DLLAVA_BUILD=OFF}" CMAKE_BUILD_PARALLEL_LEVEL="$cores" \
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --editable ".${extra:+[$extra]}"
    touch "$stamp"
}

packaging() {
    venv=build/venv
    stamp="$venv/.ready"
    [ -f "$stamp" ] && [ "$stamp" -nt pyproject.toml ] && return 0
    say "Setting up what packs Alcove, once."
    [ -x "$venv/bin/python" ] || "$(python)" -m venv "$venv"
    # Only the bindings: packaging/llama.py builds the libraries for every processor. Uncached, or
    # pip would take this wheel without libraries for other environments, too.
    bindings=$("$venv/bin/python" -c '
import tomllib
with open("pyproject.toml", "rb") as file:
    needed = tomllib.load(file)["project"]["dependencies"]
print(*[one for one in needed if one.startswith("llama-cpp-python")])')
    CMAKE_ARGS=-DLLAMA_BUILD=OFF "$venv/bin/python" -m pip install --quiet \
        --disable-pip-version-check --no-cache-dir --no-deps --no-binary llama-cpp-python "$bindings"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable ".[package]"
    touch "$stamp"
}

"$@"
