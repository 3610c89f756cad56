#!/bin/sh
# Installs programs that are not there yet: install-programs.sh [--if-possible] PROGRAM...
# Without --if-possible a program that stays missing is an error in CI, and only told elsewhere:
# the tests that need it are then skipped.
set -eu
. "$(dirname "$0")/apt.sh"

demanded=${CI:-}
if [ "$1" = --if-possible ]; then
    demanded=
    shift
fi

packages_of() {
    case $1 in
        ghdl) echo ghdl-mcode ghdl-llvm ghdl ;;
        *) echo "$1" ;;
    esac
}

failed=
for program in "$@"; do
    command -v "$program" >/dev/null 2>&1 && continue
    packages=$(packages_of "$program")
    # the names of packages are words
    # shellcheck disable=SC2086
    if ! can_use_apt; then
        echo "$program not found, and there is no right to install it; going on without." \
            "To get it: apt install ${packages%% *}" >&2
        failed=yes
    elif ! apt_install $packages; then
        echo "$program could not be installed; going on without. To get it: apt install ${packages%% *}" >&2
        failed=yes
    fi
done
if [ -n "$failed" ] && [ -n "$demanded" ]; then
    echo "in CI every program must be there" >&2
    exit 3
fi
