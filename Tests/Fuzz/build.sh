#!/usr/bin/env bash
# Builds one fuzzer with address sanitizer: Tests/Fuzz/build.sh nifti|journal|guard|checkpoint|specification OUTPUT
#
# The sources that are fuzzed are compiled in, so that their every branch is instrumented; the modules below them are
# taken from `swift build -c release`, which must have been run.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
usage="usage: build.sh nifti|journal|guard|checkpoint|specification OUTPUT"
target=${1:?$usage}
output=${2:?$usage}
build=$root/.build/release
sources=$root/Sources
store=$sources/Store
fuzz=$root/Tests/Fuzz
[ -d "$build/Compute.build" ] || { echo "run \`swift build -c release\` first" >&2; exit 2; }

below=()
flags=()
case $target in
  nifti)
    below=(Compute CKernels CNIfTI)
    files=("$sources"/Volumes/{NIfTI,Geometry}/*.swift "$sources"/System/*.swift "$fuzz"/NIfTI/FuzzNIfTI.swift)
    flags=(-lnifti2 -lznz -lz) ;;
  journal)
    files=("$sources"/System/*.swift "$store"/Files/{SealedText,StoreError}.swift "$store"/Runs/LockHolder.swift
      "$store"/Journal/*.swift "$fuzz"/Store/FuzzJournal.swift) ;;
  guard)
    files=("$sources"/System/*.swift "$store"/Files/StoreError.swift "$store"/Runs/LockHolder.swift
      "$store"/HDF5/GuardedFile.swift "$fuzz"/Store/FuzzGuard.swift) ;;
  checkpoint)
    below=(Compute CKernels)
    files=("$store"/HDF5/HDF5*.swift "$store"/Checkpoint/{Checkpoint,CheckpointLayout}.swift
      "$fuzz"/Store/{FuzzCheckpoint,HostileFile}.swift)
    flags=(-I "$sources/CHDF5"); for flag in $(pkg-config --cflags --libs hdf5); do
      case $flag in -I*) flags+=(-Xcc "$flag") ;; *) flags+=("$flag") ;; esac; done ;;
  specification)
    below=(System Compute CKernels Networks Models Volumes CNIfTI Crypto CryptoBoringWrapper CCryptoBoringSSL CCryptoBoringSSLShims
      CXKCP CXKCPShims)
    mapfile -t files < <(find "$sources"/{Experiments,JSON,Text} "$fuzz/Experiments" -name "*.swift")
    flags=(-lnifti2 -lznz -lz -lstdc++) ;;
  *) echo "$usage" >&2; exit 2 ;;
esac

objects=()
for module in "${below[@]}"; do mapfile -O ${#objects[@]} -t objects < <(find "$build/$module.build" -name '*.o'); done
for module in CKernels CNIfTI; do
  flags+=(-Xcc "-fmodule-map-file=$build/$module.build/module.modulemap" -Xcc "-I$sources/$module/include")
done
staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT
# Modules whose files are compiled in are not imported as well.
inside="JSON|Text"
case " ${below[*]} " in *" System "*) ;; *) inside+="|System" ;; esac
for file in "${files[@]}"; do sed -E "/^import ($inside)\$/d" "$file" > "$staged/$(basename "$file")"; done
# The package's name, which lets modules see each other's insides, is its folder's.
swiftc -parse-as-library -O -wmo -swift-version 6 -package-name "$(basename "$root" | tr '[:upper:]' '[:lower:]')" \
  -module-name "Fuzz_$target" -sanitize=fuzzer,address -use-ld=lld -I "$build/Modules" "${flags[@]}" -o "$output" \
  "${objects[@]}" "$staged"/*.swift
