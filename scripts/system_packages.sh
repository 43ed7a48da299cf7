#!/bin/sh
# Installs the system libraries that Python wheels do not carry, or names the one line to type.
# Usage: system_packages.sh run [test]
set -eu

# Qt needs these even without a screen; the xcb ones are for the window.
packages="python3-venv libglib2.0-0 libegl1 libgl1 libfontconfig1 libxkbcommon-x11-0 libdbus-1-3 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-image0 libxcb-render-util0 libxcb-xinerama0 libxcb-randr0 libcups2 libwayland-cursor0 libwayland-egl1"
[ "${2:-}" = "test" ] && packages="$packages age poppler-utils libimage-exiftool-perl mat2 xvfb xdotool dbus gnome-keyring libreoffice-writer-nogui cups"

command -v dpkg-query >/dev/null 2>&1 || exit 0   # not Debian: the README says what to install

missing=""
for package in $packages; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of words is meant
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Il manque des bibliothèques du système. Tapez cette ligne, puis recommencez :" >&2
    echo "  sudo apt-get install -y --no-install-recommends$missing" >&2
    exit 1
fi
