#!/usr/bin/env bash
# Builds a fuzzer as one program with address sanitizer: build.sh journal|guard OUTPUT
# The readers' own sources are compiled in, so that their every branch is instrumented.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
store=$here/../../../Sources/Store
target=${1:?usage: build.sh journal|guard OUTPUT}
output=${2:?usage: build.sh journal|guard OUTPUT}
files=("$store"/Files/{CRC32,SealedText,StoreError,Descriptor}.swift "$store"/Runs/LockHolder.swift)
case $target in
  journal) files+=("$store"/Journal/*.swift "$here/FuzzJournal.swift") ;;
  guard) files+=("$store"/HDF5/GuardedFile.swift "$here/FuzzGuard.swift") ;;
  *) echo "no fuzzer named $target" >&2; exit 2 ;;
esac
swiftc -parse-as-library -O -swift-version 6 -package-name safnet -module-name "Fuzz_$target" \
  -sanitize=fuzzer,address -o "$output" "${files[@]}"
