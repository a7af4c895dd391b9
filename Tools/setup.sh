#!/bin/sh
# Installs the system packages Marbles builds on, only those that are missing.
# Runs as root or through sudo; changes nothing when everything is there.
set -eu

packages="pkg-config libjpeg-dev libpng-dev libopenblas-dev libcairo2-dev libpango1.0-dev \
  libssl-dev fonts-inter $*"

if ! command -v dpkg-query >/dev/null 2>&1; then
  echo "setup: not a Debian system; please install the equivalents of: $packages" >&2
  exit 0
fi
if ! command -v swift >/dev/null 2>&1; then
  echo "setup: swift is not on the PATH; install the Swift 6.2+ toolchain from swift.org" >&2
  exit 1
fi

missing=""
for package in $packages; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
if [ -z "$missing" ]; then
  echo "setup: all system packages are installed"
  exit 0
fi

echo "setup: installing$missing"
if [ "$(id -u)" = 0 ]; then
  as_root=""
elif command -v sudo >/dev/null 2>&1; then
  as_root="sudo"
else
  echo "setup: need root or sudo to install:$missing" >&2
  exit 1
fi
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
  --no-install-recommends $missing >/dev/null
echo "setup: done"
