#!/usr/bin/env bash
# Builds fuzzers and gives each so many inputs: Tests/Fuzz/run.sh COUNT [TARGET...]
# A crash, a sanitizer's report, an input that takes 10 s or 2 GB ends it with an error; the input is kept in .build/fuzz.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
count=${1:?usage: run.sh COUNT [TARGET...]}
shift
[ $# -gt 0 ] || set -- guard journal specification checkpoint nifti
work=$root/.build/fuzz
# Deep stacks of each allocation would be a fifth of the time; those of a crash are whole all the same.
export ASAN_OPTIONS=malloc_context_size=4
for target in "$@"; do
  seeds=$root/Tests/Fuzz
  case $target in
    nifti) seeds=$seeds/NIfTI/seeds length=2048 ;;
    journal) seeds=$seeds/Store/seeds/journal length=4096 ;;
    guard) seeds=$seeds/Store/seeds/guard length=600 ;;
    checkpoint) seeds=$seeds/Store/seeds/checkpoint length=256 ;;
    specification) seeds=$seeds/Experiments/seeds length=4096 ;;
  esac
  mkdir -p "$work/corpus-$target"
  echo "== $target: $count inputs"
  "$root/Tests/Fuzz/build.sh" "$target" "$work/$target"
  "$work/$target" -runs="$count" -max_len=$length -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$work/$target-" \
    -print_final_stats=1 "$work/corpus-$target" "$seeds" 2> "$work/$target.log" ||
    { tail -40 "$work/$target.log" >&2; exit 1; }
  # The last line of its progress has the coverage, in edges and in features.
  grep -E '^#[0-9]+[[:space:]]+DONE|stat::(number_of_executed_units|average_exec|peak_rss_mb|slowest_unit_time_sec)' \
    "$work/$target.log"
done
