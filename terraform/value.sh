#!/bin/sh
# Prints what an expression of variables, such as var.function_zip, is in this deployment. Before it,
# Terraform warns of what it cannot evaluate, such as the sum of a package that is yet to be built.
set -eu
cd "$(dirname "$0")"
printf '%s\n' "$1" | "${TERRAFORM:-terraform}" console | tail -n 1 | sed 's/^"\(.*\)"$/\1/'
