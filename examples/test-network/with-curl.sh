#!/usr/bin/env bash
# Uses the test network from a shell: bash with-curl.sh MANIFEST
set -euo pipefail
manifest=$1

# The manifest is JSON with one member a line: the origin of a service comes after its name.
origin() { sed -n "/\"name\": \"$1\"/,/\"origin\"/s/.*\"origin\": \"\(.*\)\".*/\1/p" "$manifest"; }
ca=$(sed -n '/"ca": {/,/}/s/.*"file": "\(.*\)".*/\1/p' "$manifest")
jar=$(mktemp)
trap 'rm -f "$jar"' EXIT

fetch() { curl --silent --show-error --output /dev/null --cacert "$ca" --cookie "$jar" --cookie-jar "$jar" "$@"; }

echo "good: $(fetch --write-out '%{http_code}' "$(origin https)/json")"

if reason=$(fetch "$(origin https-expired)/json" 2>&1); then
  echo "an expired certificate was accepted" >&2
  exit 1
fi
# What curl says goes on for lines.
echo "refused: ${reason%%$'\n'*}"

first=$(fetch --write-out '%{http_code}' "$(origin https)/redirect/302?to=/json")
last=$(fetch --location --write-out '%{http_code}' "$(origin https)/redirect/302?to=/json")
echo "redirect: $first, then $last"

fetch "$(origin https)/cookies/set?flavour=oat"
echo "cookie: $(curl --silent --cacert "$ca" --cookie "$jar" "$(origin https)/cookies" | sed -n 's/.*"raw": *"\([^"]*\)".*/\1/p')"
