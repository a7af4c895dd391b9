#!/bin/sh
# Packs the tool, with the Swift runtime inside, as marbles_VERSION_ARCHITECTURE.deb in
# .build-install. The maintainer is DEBFULLNAME and DEBEMAIL, or else whoever git says works here.
set -eu
cd "$(dirname "$0")/.."
work=$PWD/.build-install/deb
stage=$work/stage
umask 022
rm -rf "$work"
rm -f .build-install/marbles_*.deb
mkdir -p "$stage/DEBIAN" "$work/debian" "$stage/usr/share/doc/marbles"
DESTDIR=$stage PREFIX=/usr ./Tools/install.sh install

version=$("$stage/usr/bin/marbles" --version)
architecture=$(dpkg --print-architecture)
maintainer="${DEBFULLNAME:-$(git config user.name)} <${DEBEMAIL:-$(git config user.email)}>"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

strip --remove-section=.comment --remove-section=.note "$stage/usr/bin/marbles"
gzip -9n "$stage"/usr/share/man/man1/*.1

documents=$stage/usr/share/doc/marbles
cat >"$documents/copyright" <<END
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: marbles

Files: *
Copyright: $(date -d "@$SOURCE_DATE_EPOCH" +%Y) the Marbles authors
License: Apache-2.0
 The full text is in /usr/share/common-licenses/Apache-2.0.

Comment: The program contains the Swift runtime, Foundation (with ICU data, under the Unicode
 license) and swift-argument-parser, all under the Apache License 2.0 with the Swift runtime
 library exception.
END
cat >"$work/changelog" <<END
marbles ($version) unstable; urgency=medium

  * Version $version; CHANGELOG.md in the sources says what changed.

 -- $maintainer  $(date -R -d "@$SOURCE_DATE_EPOCH")
END
gzip -9nc "$work/changelog" >"$documents/changelog.gz"

# The shared libraries it is linked with say which packages it needs.
printf 'Source: marbles\n\nPackage: marbles\nArchitecture: any\n' >"$work/debian/control"
libraries=$(cd "$work" && dpkg-shlibdeps -O "$stage/usr/bin/marbles" | sed 's/^shlibs:Depends=//')

(cd "$stage" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$work/md5sums"
mv "$work/md5sums" "$stage/DEBIAN/md5sums"
size=$(du -sk --exclude=DEBIAN "$stage" | cut -f1)
cat >"$stage/DEBIAN/control" <<END
Package: marbles
Version: $version
Section: science
Priority: optional
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $size
Depends: $libraries, fonts-inter
Description: trainer of image classifiers that shows what the optimizer did
 Marbles trains a network that tells classes of images apart, from folders of
 JPEG and PNG files, on the processor alone. It draws loss curves, compares
 optimizers, races them down test surfaces, and writes checkpoints that
 safetensors readers open.
END
file=.build-install/marbles_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$stage" "$file" >/dev/null
echo "deb: $file, $(($(wc -c <"$file") / 1000)) kB; $((size / 1000)) MB installed"
echo "deb: needs $libraries, fonts-inter"
