#!/usr/bin/env bash
# Sends what our OpenAPI descriptions allow, and what they do not, to a fresh demo city: no answer may be a server error,
# and each must have the shape that is promised. Needs python3-venv; the tool lies in target/ afterwards.
# TONGBAN_BIN: the program (target/debug/tongban); EXAMPLES: requests for each operation.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

version=4.32.5
venv=$root/target/schemathesis-$version
program=${TONGBAN_BIN:-$root/target/debug/tongban}
examples=${EXAMPLES:-40}
token=a-token-for-schemathesis

if [ ! -x "$venv/bin/schemathesis" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"
fi

data=$(mktemp -d)
demo=
end() {
  [ -n "$demo" ] && kill "$demo" 2>/dev/null && wait "$demo" 2>/dev/null || true
  rm -rf "$data"
}
trap end EXIT

TONGBAN_GOVSTACK__LISTEN=127.0.0.1:0 TONGBAN_GOVSTACK__TOKEN=$token TONGBAN_GOVSTACK__BASIS='Test of the interface' \
  "$program" demo --residents 600 --data "$data" --listen 127.0.0.1:0 >"$data/out" 2>"$data/err" &
demo=$!
for _ in $(seq 240); do
  [ -f "$data/demo.json" ] && break
  kill -0 "$demo" 2>/dev/null || { cat "$data/out" "$data/err" >&2; exit 1; }
  sleep 0.5
done
address() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); print(d["address"] if sys.argv[2]=="site" else "http://"+d["gateway"][sys.argv[2]])' "$data/demo.json" "$1"; }

checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
run() {
  local description=$1 url=$2
  shift 2
  # It keeps notes in the folder where it runs.
  cd "$data"
  "$venv/bin/schemathesis" run "$root/openapi/$description" --url "$url" --max-examples "$examples" --seed 1 \
    --generation-database none --suppress-health-check all --no-color "$@"
}
run openapi.json "$(address site)" --checks "$checks"
# A department that reads what is open, and the one that answers for enterprises and writes.
for client in 11990100010003002G/civil-affairs 11990100010005008H/market; do
  run govstack.json "$(address 'digital registries (GovStack)')" --checks "$checks" \
    -H "Authorization: Bearer $token" -H "Information-Mediator-Client: NP/GOV/$client"
done
# X-Road tells a caller's fault with 500 too, so these requests are right and 500 is never an answer to them.
run gateway.json "$(address 'information systems')" --checks "$checks" --mode positive \
  -H 'X-Road-Client: NP/GOV/11990100010001007H/gov-office' -H 'X-Road-UserId: 11010519491231002X'
echo "schemathesis: no server error"
