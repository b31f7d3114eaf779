#!/usr/bin/env bash
# Does what `make install` makes run where there is nothing but a bare Debian, and to the same tables?
# Usage, as root: Tests/bare_root.sh FOLDER [SUITE]     needs debootstrap; a build from nothing and a minute
set -euo pipefail
cd "$(dirname "$0")/.."
work=${1:?a folder for the program and the bare system}
suite=${2:-bookworm}
mkdir -p "$work"
work=$(cd "$work" && pwd)
root=$work/root

make install PREFIX="$work/installed"
[ -e "$root/etc/debian_version" ] || debootstrap --variant=minbase "$suite" "$root"
for name in swift libhdf5 libniftiio libsqlite3 libopenblas; do
  found=$(find "$root/usr/lib" "$root/lib" -name "$name*" 2>/dev/null | head -1)
  [ -z "$found" ] || echo "the bare system has $found: it proves less" >&2
done
mkdir -p "$root/opt"
cp -r "$work/installed" "$root/opt/safnet"

cat > "$work/small.json" <<'JSON'
{
  "name": "small",
  "dataset": { "path": "phantom", "phantom": { "cases": 8, "seed": 5, "height": 96, "width": 96 } },
  "preprocessing": { "size": [6, 32, 16] },
  "folds": { "count": 2, "validation": 1 },
  "model": { "kind": "safnet", "width": 16, "stem": [8, 16] },
  "training": { "epochs": 3, "batch": 2 },
  "variants": [
    { "name": "SAFNet" },
    { "name": "Base", "model": { "aspp": false, "attention": false, "multiscale": false } }
  ]
}
JSON
# The same commands there and here.
try() { cd "$1" && "$2" run small.json --jobs 2 --threads 1 && "$2" report small.json --print folds; }
for place in "$root/study" "$work/here"; do rm -rf "$place"; mkdir -p "$place"; cp "$work/small.json" "$place"; done
mount -t proc proc "$root/proc" && trap 'umount "$root/proc"' EXIT
chroot "$root" /bin/bash -c "$(declare -f try); try /study /opt/safnet/bin/safnet" > "$work/there.txt"
(try "$work/here" "$work/installed/bin/safnet") > "$work/here.txt"

# Scores byte for byte, and every table; plans and journals name hosts, places and times.
for run in "$work"/here/Workspace/runs/*/; do
  cmp "$run/evaluation.h5" "$root/study/Workspace/runs/$(basename "$run")/evaluation.h5"
done
for place in here there; do grep -v / "$work/$place.txt" > "$work/$place.tables"; done
diff "$work/here.tables" "$work/there.tables"
cat "$work/there.tables"
echo "the same in a bare $(cat "$root/etc/debian_version") as here: $(ls "$work/here/Workspace/runs" | wc -l) runs"
