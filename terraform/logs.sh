#!/bin/sh
# Shows a log from 15 minutes ago on, and follows it; version 1 of the command line cannot follow.
#
# usage: logs.sh log-group region
set -eu
case $(aws --version 2>&1) in
  aws-cli/1.*)
    start=$(($(date +%s) - 900))
    exec aws logs filter-log-events --region "$2" --log-group-name "$1" --start-time "${start}000" \
      --query 'events[].[message]' --output text
    ;;
  *) exec aws logs tail "$1" --region "$2" --since 15m --follow ;;
esac
