#!/bin/sh
# Makes a virtual environment: create-environment.sh PYTHON FOLDER
set -eu
python=$1
folder=$2
. "$(dirname "$0")/apt.sh"

if ! command -v "$python" >/dev/null 2>&1; then
    echo "$python not found; install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3" >&2
    exit 3
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "$python is $("$python" -V 2>&1); spiker needs 3.11 or newer, name one: make PYTHON=python3.12" >&2
    exit 3
fi
# Debian and Ubuntu ship Python without ensurepip, which an environment needs
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if ! can_use_apt || ! apt_install "$package"; then
        echo "$python cannot make virtual environments; install what is missing: apt install $package" >&2
        exit 3
    fi
fi
# one that was left unfinished is replaced
"$python" -m venv --clear "$folder"
