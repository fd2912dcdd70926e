#!/bin/sh
# Sends an event to the deployed function, and prints the reply. Ends with 0 only if the function succeeded.
#
# usage: invoke.sh function region event
set -eu
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
printf '%s' "$3" > "$directory/event"

# By default the command line gives up after a minute and invokes again. No invocation takes longer than 15 minutes.
error=$(AWS_MAX_ATTEMPTS=1 aws lambda invoke --region "$2" --function-name "$1" \
  --payload "fileb://$directory/event" --cli-read-timeout 900 \
  --query FunctionError --output text "$directory/reply")
cat "$directory/reply"
echo
test "$error" = None
