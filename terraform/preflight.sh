#!/bin/sh
# Has the deployed function look at everything that a launch needs, and shows what it has found. Ends
# with 0 only if nothing stands in a launch's way.
#
# usage: preflight.sh function region
set -eu
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
if ! "$(dirname "$0")/invoke.sh" "$1" "$2" '{"action": "preflight"}' > "$directory/reply"; then
  cat "$directory/reply"
  exit 1
fi

# Terraform is here in any case, and reads JSON.
cd "$directory"
cat > report << 'END'
join("\n", concat([for check in jsondecode(file("reply")).checks : format("%-8s  %s %s: %s%s", check.result == "passed" ? "ok" : check.result, check.check, check.subject, check.detail, can(check.to_do) ? "\n          ${check.to_do}" : "")], [jsondecode(file("reply")).ready ? "Nothing stands in a launch's way." : "Launches will fail, or not be as they should."]))
END
"${TERRAFORM:-terraform}" console < report > shown
sed '1d;$d' shown
grep -q '^Nothing stands in' shown
