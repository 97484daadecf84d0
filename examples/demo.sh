#!/usr/bin/env bash
# The main job on real data: a cell of a notebook run twice as a function, and what there is to see afterwards.
set -euo pipefail
cd "$(dirname "$0")/01-digits"
say() { printf '\n$ %s\n' "$*"; "$@"; }

say mlrun-nb run digits.ipynb::train
first=$(mlrun-nb runs train --limit 1 --json | python -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])')
say mlrun-nb run digits.ipynb::train -p features=300 -p learning_rate=0.5
second=$(mlrun-nb runs train --limit 1 --json | python -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])')

say mlrun-nb runs train
say mlrun-nb diff "$first" "$second"
say mlrun-nb artifacts "$second"
say mlrun-nb show "$second"
