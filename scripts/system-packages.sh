#!/usr/bin/env bash
# Installs the Debian packages that tests use as peers, where they are missing and can be installed. Says nothing when
# all are there.
set -euo pipefail

declare -A package_of=(
  [curl]=curl
  [openssl]=openssl
  [gnutls-cli]=gnutls-bin
  [tinyproxy]=tinyproxy-bin
  [microsocks]=microsocks
  [danted]=dante-server
)
PATH=$PATH:/usr/sbin

missing=()
for command in "${!package_of[@]}"; do
  command -v "$command" >/dev/null || missing+=("${package_of[$command]}")
done
# A library, not a command.
if command -v ldconfig >/dev/null && ! ldconfig -p | grep -q 'libgnutls\.so\.30'; then
  missing+=(libgnutls30)
fi
[[ ${#missing[@]} -eq 0 ]] && exit 0

if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
  echo "missing: ${missing[*]}; on Debian: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >&2
apt-get install -qq --yes --no-install-recommends "${missing[@]}" >&2
