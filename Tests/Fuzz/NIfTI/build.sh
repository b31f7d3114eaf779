#!/usr/bin/env bash
# Builds the NIfTI fuzzer as one program with address sanitizer: build.sh OUTPUT
# The reader's own sources are compiled in, so that its every branch is instrumented.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
sources=$here/../../../Sources
output=${1:?usage: build.sh OUTPUT}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/CNIfTI"
echo "module CNIfTI { umbrella header \"$sources/CNIfTI/include/CNIfTI.h\" export * link \"nifti2\" link \"znz\" link \"z\" }" \
  > "$work/CNIfTI/module.modulemap"
swiftc -parse-as-library -O -package-name safnet -module-name Compute -emit-module -emit-module-path "$work/Compute.swiftmodule" \
  -emit-object -o "$work/Compute.o" -wmo "$sources"/Compute/{Extent3,Grid3}.swift
swiftc -parse-as-library -O -package-name safnet -module-name FuzzNIfTI -sanitize=fuzzer,address \
  -I "$work" -I "$work/CNIfTI" -Xcc -I"$sources/CNIfTI/include" -o "$output" "$work/Compute.o" \
  "$sources"/Volumes/NIfTI/*.swift "$sources"/Volumes/Geometry/*.swift "$here/FuzzNIfTI.swift"
