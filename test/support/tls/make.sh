#!/bin/sh
# Makes new certificates for the TLS tests: an issuer, a server and a client of it, and a stranger. For loopback only.
set -eu
cd "$(dirname "$0")"
issue() { # name, subject, extensions
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
  echo "$2" | openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 36500 -extfile - -out "$1.crt"
  rm "$1.csr"
}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj "/CN=restate-connect tests" -keyout ca.key -out ca.crt
issue server "subjectAltName = DNS:localhost, IP:127.0.0.1"
issue client "extendedKeyUsage = clientAuth"
rm ca.key ca.srl
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj "/CN=stranger" -keyout stranger.key -out stranger.crt
