#!/bin/sh
# Prints the value that a variable has in this deployment.
set -eu
cd "$(dirname "$0")"
printf 'var.%s\n' "$1" | "${TERRAFORM:-terraform}" console | sed 's/^"\(.*\)"$/\1/'
