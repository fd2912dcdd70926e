#!/bin/sh
# Has the deployed function look at everything that a launch needs, and shows what it has found. Ends
# with 0 only if nothing stands in a launch's way.
#
# usage: preflight.sh function region
set -eu
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
printf '{"action": "preflight"}' > "$directory/event"

error=$(AWS_MAX_ATTEMPTS=1 aws lambda invoke --region "$2" --function-name "$1" \
  --payload "fileb://$directory/event" --cli-read-timeout 310 \
  --query FunctionError --output text "$directory/reply")
if test "$error" != None; then
  cat "$directory/reply"
  echo
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
