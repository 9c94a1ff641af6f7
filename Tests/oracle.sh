#!/usr/bin/env bash
# Compares `social-feed --json` with answers that other engines computed, on every graph of a folder that has them: for
# each graph the sizes, paths and pairs, and for twenty users who to follow. The folder is KITH_DATA or ../shared/data.
set -euo pipefail
cd "$(dirname "$0")/.."

data=${KITH_DATA:-../shared/data}
if [ ! -d "$data" ]; then
  echo "oracle: there is no folder $data; nothing to compare with"
  exit 0
fi
if [ -z "${SOCIAL_FEED:-}" ]; then
  swift build -c release --product social-feed
  SOCIAL_FEED=.build/release/social-feed
fi
python3 Tests/oracle.py "$SOCIAL_FEED" "$data"
