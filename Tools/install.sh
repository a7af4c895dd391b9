#!/bin/sh
# Installs the tool, its manual and its shell completions below PREFIX, or removes them.
# Usage: Tools/install.sh install|uninstall, with PREFIX (default /usr/local) and DESTDIR set or
# not.
set -eu
cd "$(dirname "$0")/.."
root=${DESTDIR:-}${PREFIX:-/usr/local}
built=.build-install/release

bin=$root/bin
manual=$root/share/man/man1
bash_completions=$root/share/bash-completion/completions
zsh_completions=$root/share/zsh/site-functions
fish_completions=$root/share/fish/vendor_completions.d
models=$root/share/marbles/models

uninstall() {
  rm -f "$bin/marbles" "$manual/marbles.1" "$manual"/marbles-*.1 "$bash_completions/marbles" \
    "$zsh_completions/_marbles" "$fish_completions/marbles.fish"
  rm -rf "$root/share/marbles"
  echo "uninstall: marbles is gone from $root"
}

install_all() {
  # Without Swift, as under sudo, what was built before is installed.
  if command -v swift >/dev/null 2>&1; then ./Tools/static.sh >&2; fi
  if [ ! -x "$built/marbles" ]; then
    echo "install: swift is not on the PATH and nothing is built; run 'make static' first" >&2
    exit 1
  fi
  if ! mkdir -p "$bin" "$manual" "$bash_completions" "$zsh_completions" "$fish_completions" \
    "$models" ||
    [ ! -w "$bin" ]; then
    echo "install: $root cannot be written; use sudo, or PREFIX=\$HOME/.local" >&2
    exit 73
  fi
  # What an earlier version left behind goes first.
  rm -f "$manual"/marbles*.1
  install -m 755 -s "$built/marbles" "$bin/marbles"
  "$built/marbles" --experimental-dump-help |
    "$built/manual" "$("$built/marbles" --version)" "$manual"
  "$built/marbles" --generate-completion-script bash >"$bash_completions/marbles"
  "$built/marbles" --generate-completion-script zsh >"$zsh_completions/_marbles"
  "$built/marbles" --generate-completion-script fish >"$fish_completions/marbles.fish"
  chmod 644 "$manual"/marbles*.1 "$bash_completions/marbles" "$zsh_completions/_marbles" \
    "$fish_completions/marbles.fish"
  for file in models/*.safetensors models/*.md; do
    if [ -f "$file" ]; then install -m 644 "$file" "$models"; fi
  done
  echo "install: $bin/marbles, its manual, completions for bash, zsh and fish, and $models"
}

case ${1:-} in
  install) install_all ;;
  uninstall) uninstall ;;
  *)
    echo "usage: Tools/install.sh install|uninstall" >&2
    exit 64
    ;;
esac
