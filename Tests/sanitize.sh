#!/usr/bin/env bash
# The test suite under sanitizers: Tests/sanitize.sh [address|thread] [swift test's arguments, --filter for one]
#
# address: address sanitizer for Swift and C, undefined-behaviour sanitizer for C (Swift traps by itself).
# thread: thread sanitizer for both.
# Each has a build folder of its own. Left out: WriteFaultTests, which preload a library of their own, while a sanitizer's
# runtime must come first in a process; the tests of what memory a process takes, for a sanitizer's shadow is memory too;
# and, under the thread sanitizer, the test that limits the size of files, for its shadow is a file. The verdict is swift
# test's; a report ends the process it is in.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=${1:-both}
[ $# -gt 0 ] && shift

run() {
  local name=$1 flags=$2
  shift 2
  echo "== $name sanitizer"
  # shellcheck disable=SC2086
  swift build -c release --build-tests --scratch-path .build-$name --sanitize=$name $flags
  # shellcheck disable=SC2086
  SWIFT_BACKTRACE=enable=no swift test -c release --skip-build --scratch-path .build-$name --sanitize=$name $flags \
    --skip WriteFaultTests --skip MemoryTests --skip stepsTakeNoMemory "$@"
}

# Leaks: libhdf5, Foundation and processes that end by a signal leave memory to the system on purpose.
export ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 TSAN_OPTIONS=halt_on_error=1
case $wanted in
  address) run address "-Xcc -fsanitize=undefined" "$@" ;;
  thread) run thread "" --skip aFullDiskIsAClearError "$@" ;;
  both) run address "-Xcc -fsanitize=undefined" && run thread "" --skip aFullDiskIsAClearError ;;
  *) echo "usage: sanitize.sh [address|thread] [arguments]" >&2; exit 2 ;;
esac
