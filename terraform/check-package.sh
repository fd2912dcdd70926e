#!/bin/sh
# Refuses a package that is not a native build for the architecture, for all of Lambda's processors of that
# architecture, and for Lambda's C library: Lambda would accept it, and every invocation would fail.
#
# usage: check-package.sh function.zip x86_64|arm64
set -eu
zip=$1
architecture=$2

refuse() {
  echo "Not deployed: $zip $1" >&2
  exit 1
}

test -f "$zip" || refuse "does not exist. 'make native' builds it."

# The first twenty bytes of the executable: ELF's magic number, and the architecture.
# https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
header=$(unzip -p "$zip" bootstrap 2>/dev/null | head -c 20 | od -An -v -tx1 | tr -d ' \n')
case $header in
  7f454c46????????????????????????????????) ;;
  *) refuse "holds no native executable called bootstrap. 'make native' builds one." ;;
esac
case $(printf %s "$header" | cut -c 37-40) in
  3e00) built_for=x86_64 ;;
  b700) built_for=arm64 ;;
  *) built_for='another processor' ;;
esac
test "$built_for" = "$architecture" ||
  refuse "is built for $built_for, and the deployment's architecture is $architecture. Build it on $architecture, or change architecture in terraform.tfvars."

# Lambda runs it as another user. The first word is its mode, which begins with a question mark where the zip has
# no file type, as Quarkus's has none.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html
mode=$(unzip -Z "$zip" bootstrap | cut -d ' ' -f 1)
case $mode in
  ???????r-x) ;;
  *) refuse "holds a bootstrap that Lambda may not read and execute ($mode): 'make native' zips it with the mode 0755; zip programs on Windows do not." ;;
esac

# An executable needs the version of glibc that it was linked with, so one that was built on a newer Linux may not
# start on Lambda's. https://docs.aws.amazon.com/linux/al2023/ug/core-glibc.html
lambda_has=34
needs=$(unzip -p "$zip" bootstrap | LC_ALL=C grep -ao 'GLIBC_2\.[0-9]*' | cut -d. -f2 | sort -n | tail -n 1)
test "${needs:-0}" -le "$lambda_has" ||
  refuse "needs glibc 2.$needs, and provided.al2023 has 2.$lambda_has. Build it on an older Linux, or in a container, as 'make native' does if there is no native-image."

# The processor features that an executable of native-image requires at start. Lambda's processors have those of
# x86-64-v2, as Amazon Linux requires: https://docs.aws.amazon.com/linux/al2023/ug/performance-optimizations.html
test "$architecture" = x86_64 || exit 0
features=$(unzip -p "$zip" bootstrap | LC_ALL=C grep -ao 'features that are required by the image: \[[A-Z0-9_, ]*\]' |
  sed 's/.*\[//; s/[],]//g')
test -n "$features" || refuse "does not say which processor features it needs."
for feature in $features; do
  case $feature in
    CX8 | CMOV | FXSR | MMX | SSE | SSE2 | SSE3 | SSSE3 | SSE4_1 | SSE4_2 | POPCNT) ;;
    *) refuse "needs a processor with $feature, which not all of Lambda's have. Build it with quarkus.native.march=x86-64-v2." ;;
  esac
done
