#!/bin/sh
# Follows a log from a quarter of an hour ago on. Version 1 of the command line cannot follow: it
# shows what there is.
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
