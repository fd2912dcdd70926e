#!/bin/sh
# Prints the section of CHANGELOG.md for a version, and fails if there is none.
#
# usage: release-notes.sh v1.2.3 [CHANGELOG.md]
set -eu
version=${1#v}
changelog=${2:-$(dirname "$0")/../CHANGELOG.md}

notes=$(awk -v heading="## [$version]" '
  /^## / { wanted = index($0, heading) == 1; next }
  /^\[[^]]+\]: / { next }
  wanted
' "$changelog")

test -n "$(printf %s "$notes" | tr -d '[:space:]')" || {
  echo "CHANGELOG.md has no section '## [$version]' with something in it." >&2
  exit 1
}
printf '%s\n' "$notes"
