#!/bin/sh
# Installs the package that `make deb` built on a fresh Debian 12 in a folder, and uses it there.
# Needs root and debootstrap; MIRROR chooses where Debian's packages come from.
set -eu
cd "$(dirname "$0")/.."
package=$(find .build-install -maxdepth 1 -name 'marbles_*.deb' | head -n 1)
if [ -z "$package" ]; then
  echo "check-deb: no package; run 'make deb' first" >&2
  exit 66
fi
folder=$(mktemp -d)
chmod 755 "$folder"
cleanup() {
  umount "$folder/proc" 2>/dev/null || true
  rm -rf --one-file-system "$folder"
}
trap cleanup EXIT

mirror=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' |
  head -n 1)}
debootstrap --variant=minbase bookworm "$folder" ${mirror:+"$mirror"} >"$folder.log" 2>&1 || {
  tail "$folder.log" >&2
  exit 1
}
rm -f "$folder.log"
mount -t proc proc "$folder/proc"
cp -L /etc/apt/apt.conf.d/* "$folder/etc/apt/apt.conf.d/"
cp -L /etc/resolv.conf /etc/hosts "$folder/etc/" 2>/dev/null || true
cp "$package" "$folder/tmp/marbles.deb"

# Runs a command line in the folder, with nothing of this environment.
inside() {
  chroot "$folder" /usr/bin/env -i HOME=/root PATH=/usr/bin:/bin:/usr/sbin:/sbin sh -ec "$1"
}

inside 'apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    /tmp/marbles.deb >/tmp/install.log 2>&1 || { cat /tmp/install.log; exit 1; }'
inside '! command -v swift && ! ls /usr/lib/swift 2>/dev/null'
inside 'cd /root
  marbles --version
  marbles data sketch practice --count 120
  marbles train practice --name first --epochs 2 --image-size 32 --quiet
  marbles evaluate runs/first
  marbles predict runs/first practice/cat
  marbles roll bowl --optimizers sgd,adam --out race.png
  ls -l runs/first/plots race.png' >"$folder/tmp/use.log" 2>&1 || {
  cat "$folder/tmp/use.log" >&2
  exit 1
}
tail -n 4 "$folder/tmp/use.log"
inside 'apt-get purge -y -qq marbles >/dev/null 2>&1; ! command -v marbles'
echo "check-deb: installs, trains, predicts, draws, and is removed again on a fresh Debian 12"
