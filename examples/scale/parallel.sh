#!/bin/bash
# One batch on several machines by GNU parallel: parallel.sh RECORDINGS OUT PARTS [parallel's own flags, such as -S node1,node2]
# Both folders are seen by every machine, under the same path. A part that fails is tried twice more.
set -eu
recordings="$1" out="$2" parts="$3"
shift 3
greenroom="${GREENROOM:-greenroom}"
status=0
seq "$parts" | parallel --retries 3 "$@" \
    "$greenroom" transcribe "$recordings" --recursive --out "$out" --format json,txt,csv --jobs 1 --shard "{}/$parts" || status=$?
"$greenroom" transcribe --merge "$out"
exit "$status"
