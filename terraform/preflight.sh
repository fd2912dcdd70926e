#!/bin/sh
# Shows every obstacle to a launch: those that the deployed function finds, and those that the checks of Terraform's
# plan find in the account. Ends with 0 only if both have answered and found none.
#
# usage: preflight.sh function region
set -eu
terraform=${TERRAFORM:-terraform}
code=$(dirname "$0")
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
answers=2

"$code/invoke.sh" "$1" "$2" '{"action": "preflight"}' > "$directory/reply" || {
  cat "$directory/reply"
  answers=1
}

# A plan that only reads, without the package and the lock.
{
  "$terraform" -chdir="$code" plan -refresh-only -input=false -lock=false -no-color \
    -out="$directory/plan" > "$directory/log" 2>&1 &&
    "$terraform" -chdir="$code" show -json "$directory/plan" > "$directory/checks"
} || {
  cat "$directory/log"
  answers=$((answers - 1))
}

# Terraform reads the JSON, because it is installed in any case. A plan also calls a check failed if AWS did not
# answer; the message is then AWS's, and does not say that something does not exist.
cd "$directory"
cat > report.tf << 'END'
locals {
  reply = try(jsondecode(file("reply")), {})
  function = [for check in try(local.reply.checks, []) : {
    result = check.result
    lines  = compact(["${check.check} ${check.subject}: ${check.detail}", try(check.to_do, "")])
  }]
  plan = flatten([for check in try(jsondecode(file("checks")).checks, []) : [
    for one in try(check.instances, []) : {
      result = (
        one.status == "pass" ? "passed" :
        one.status != "fail" ? "unknown" :
        can(regex("NoSuch|couldn't find", jsonencode(one))) ? "obstacle" :
        can(regex("api error|operation error|did not respond", jsonencode(one))) ? "unknown" : "obstacle"
      )
      lines  = concat([one.address.to_display], [for problem in try(one.problems, []) : problem.message])
    }
    # That nobody is notified of alarms is no obstacle to a launch.
  ] if check.address.kind == "check" && try(check.address.name, "") != "alarms"])
  found     = concat(local.function, local.plan)
  obstacles = [for check in local.found : check if check.result == "obstacle"]
  report = join("\n", concat(
    [for check in local.found : format("%-8s  %s", check.result == "passed" ? "ok" : check.result, join("\n          ", check.lines))],
    [length(local.obstacles) == 0 ? "No obstacle was found." : "Launches will fail, or not be as they should."],
  ))
}
END
echo 'local.report' | "$terraform" console > shown
sed '1d;$d' shown
test "$answers" = 2 && grep -q '^No obstacle was found' shown
