#!/bin/sh
# Has the deployed function launch a meeting, and shows the reply. Ends with 0 only if it answered.
#
# usage: smoke.sh function region meeting
set -eu
reply=$(mktemp)
trap 'rm -f "$reply"' EXIT

# The command line gives up after a minute; a launch may take five.
failure=$(aws lambda invoke --region "$2" --function-name "$1" \
  --cli-binary-format raw-in-base64-out --cli-read-timeout 310 \
  --payload "{\"meeting_id\": \"$3\"}" \
  --query FunctionError --output text "$reply")
cat "$reply"
echo
test "$failure" = None
