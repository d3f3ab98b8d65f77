#!/usr/bin/env bash
# Installs the Debian packages that tests use as peers, where they are missing and can be installed. Says nothing when
# all are there. None of their services is started: the tests start their own.
set -euo pipefail

declare -A package_of=(
  [curl]=curl
  [openssl]=openssl
  [gnutls-cli]=gnutls-bin
  [tinyproxy]=tinyproxy-bin
  [microsocks]=microsocks
  [danted]=dante-server
  [squid]=squid-openssl
  [apache2]=apache2
  [krb5kdc]=krb5-kdc
  [kadmin.local]=krb5-admin-server
  [kinit]=krb5-user
  [nghttpd]=nghttp2-server
  [h2load]=nghttp2-client
  [sshd]=openssh-server
  [ssh-keygen]=openssh-client
  [nginx]=nginx-light
  [haproxy]=haproxy
  [wrk]=wrk
  [chromium]=chromium
  [python3]=python3
  [redis-server]=redis-server
  [gnome-keyring-daemon]=gnome-keyring
  [secret-tool]=libsecret-tools
  [dbus-run-session]=dbus-daemon
  [ip]=iproute2
  [unshare]=util-linux
  [strace]=strace
  [dig]=bind9-dnsutils
  [coap-client-gnutls]=libcoap3-bin
  [mosquitto]=mosquitto
  [mosquitto_pub]=mosquitto-clients
  [rabbitmq-server]=rabbitmq-server
  [cansend]=can-utils
  [swaks]=swaks
  [lftp]=lftp
  [psql]=postgresql-client
  [faketime]=faketime
)
# Libraries, modules and fonts: what their file is called, wherever the architecture puts it.
declare -A package_of_file=(
  [libgnutls.so.30]=libgnutls30
  [libgssapi_krb5.so.2]=libgssapi-krb5-2
  [gssntlmssp.so]=gss-ntlmssp
  [dist-packages/prometheus_client/parser.py]=python3-prometheus-client
  [dist-packages/oauthlib/__init__.py]=python3-oauthlib
  [dist-packages/requests/__init__.py]=python3-requests
  [dist-packages/proton/__init__.py]=python3-qpid-proton
  [sftp-server]=openssh-sftp-server
  [mod_auth_gssapi.so]=libapache2-mod-auth-gssapi
  [ngx_stream_module.so]=libnginx-mod-stream
  [share/fonts/truetype/dejavu/DejaVuSans.ttf]=fonts-dejavu-core
)
PATH=$PATH:/usr/sbin

missing=()
for command in "${!package_of[@]}"; do
  command -v "$command" >/dev/null || missing+=("${package_of[$command]}")
done
shopt -s nullglob
for file in "${!package_of_file[@]}"; do
  is_there=
  for path in {,/usr}/lib{,64}/"$file" {,/usr}/lib/*/"$file" /usr/lib/*/*/"$file" /usr/"$file"; do
    # What has no pattern stays in the list whether or not it is there.
    [[ ! -e $path ]] || is_there=yes
  done
  [[ -n $is_there ]] || missing+=("${package_of_file[$file]}")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
  echo "missing: ${missing[*]}; on Debian: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
# Debian starts a service that it installs, unless this says no.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >&2
apt-get install -qq --yes --no-install-recommends "${missing[@]}" >&2
