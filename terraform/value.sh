#!/bin/sh
# Prints the value of an expression, such as var.function_zip, in this deployment: the last line, after Terraform's
# warnings, such as one of a package that is not built yet.
set -eu
cd "$(dirname "$0")"
printf '%s\n' "$1" | "${TERRAFORM:-terraform}" console | tail -n 1 | sed 's/^"\(.*\)"$/\1/'
