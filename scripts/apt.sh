# shellcheck shell=sh
# Functions for Debian's and Ubuntu's packages; other scripts read this file.

# Whether packages can be installed without asking anybody.
can_use_apt() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }
}

# Install the first of the packages that can be had.
apt_install() {
    for package in "$@"; do
        echo "installing $package"
        _apt_get install --yes --no-install-recommends "$package" && return 0
    done
    # the list of packages is old, or was never fetched
    [ -z "${apt_is_fresh:-}" ] || return 1
    apt_is_fresh=yes
    _apt_get update || return 1
    apt_install "$@"
}

_apt_get() {
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root="sudo -n"
    # quiet, unless it fails
    if ! report=$($as_root env DEBIAN_FRONTEND=noninteractive apt-get --quiet \
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 "$@" </dev/null 2>&1); then
        printf '%s\n' "$report" | tail -n 3 >&2
        return 1
    fi
}
