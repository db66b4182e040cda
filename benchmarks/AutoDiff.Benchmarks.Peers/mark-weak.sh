#!/usr/bin/env bash
# Marks the requirement of GLIBCXX_3.4.32 in a copy of libLibTorchSharp.so as weak, so that it loads with an older libstdc++: a symbol of that version that is never called may be missing.
# Needs readelf (binutils). Running it again changes nothing.
# Usage: mark-weak.sh [FILE], after a build; the default is the copy in this project's output.
set -euo pipefail
file=${1:-$(dirname "$0")/bin/Release/net10.0/linux-x64/libLibTorchSharp.so}

# The table of required versions: where it begins in the file, and where in it the entry stands.
read -r table entry flags < <(LC_ALL=C readelf -VW "$file" | awk '
    /^Version/ { needs = /needs section/ }
    needs && /Offset:/ { table = $4 }
    needs && /Name: GLIBCXX_3.4.32 / { sub(":", "", $1); print table, $1, $5 }') || true
case ${flags:-missing} in
    missing) echo "$file does not ask for GLIBCXX_3.4.32"; exit 1 ;;
    WEAK) echo "$file is marked already"; exit ;;
esac

# An entry (Elf64_Vernaux) is a hash of four bytes, then the flags; 2 is VER_FLG_WEAK. The time stays, so that the next build does not copy the original over it.
cp -p "$file" "$file.marked"
printf '\x02' | dd of="$file.marked" bs=1 seek=$((table + entry + 4)) conv=notrunc status=none
touch -r "$file" "$file.marked"
mv "$file.marked" "$file"
echo "$file is marked"
