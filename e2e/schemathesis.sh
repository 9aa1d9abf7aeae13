#!/usr/bin/env bash
# Sends what our OpenAPI descriptions allow, and what they do not, to a fresh demo city: no answer may be a server error,
# and each must have the shape that is promised. Needs python3-venv; the tool lies in target/ afterwards.
# TONGBAN_BIN: the program (target/debug/tongban); EXAMPLES: requests for each operation; ONLY: one description's name;
# TONGBAN_GOVSTACK_SPECS: a folder with GovStack's own descriptions of the information mediator, sent too when it is given.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

version=4.32.5
venv=$root/target/schemathesis-$version
program=${TONGBAN_BIN:-$root/target/debug/tongban}
examples=${EXAMPLES:-40}
only=${ONLY:-}
specs=${TONGBAN_GOVSTACK_SPECS:-}
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

TONGBAN_GOVSTACK__TOKEN=$token TONGBAN_GOVSTACK__BASIS='Test of the interface' \
  "$program" demo --residents 600 --data "$data" --listen 127.0.0.1:0 >"$data/out" 2>"$data/err" &
demo=$!
for _ in $(seq 240); do
  [ -f "$data/demo.json" ] && break
  kill -0 "$demo" 2>/dev/null || { cat "$data/out" "$data/err" >&2; exit 1; }
  sleep 0.5
done
of() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$data/demo.json" "$1"; }
door() { echo "http://$(of "d['gateway']['$1']")"; }
keeper=$(of "d['govstack']['configuration']")

# It keeps notes in the folder where it runs.
cd "$data"
send() {
  local description=$1 url=$2
  shift 2
  if [ -n "$only" ] && [[ $description != *"$only"* ]]; then return; fi
  echo "== $description at $url"
  "$venv/bin/schemathesis" run "$description" --url "$url" --max-examples "$examples" --seed 1 \
    --generation-database none --suppress-health-check all --no-color "$@"
}
checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
run() {
  local description=$1 url=$2
  shift 2
  send "$root/openapi/$description" "$url" --checks "$checks" "$@"
}

run openapi.json "$(of "d['address']")"

python3 "$root/e2e/event-tokens.py" "$data/demo.json" >"$data/tokens"
for events in $(cat "$data/tokens"); do
  run events.json "$(of "d['address']")" -H "Authorization: Bearer $events"
done

# A department that reads what is open, and the one that answers for enterprises and writes.
registries=$(door 'digital registries (GovStack)')
for client in 11990100010003002G/civil-affairs 11990100010005008H/market; do
  run govstack.json "$registries" -H "Authorization: Bearer $token" -H "Information-Mediator-Client: NP/GOV/$client"
done

# X-Road tells a caller's fault with 500 too, so these requests are right and 500 is never an answer to them.
run gateway.json "$(door 'information systems')" --mode positive \
  -H 'X-Road-Client: NP/GOV/11990100010001007H/gov-office' -H 'X-Road-UserId: 11010519491231002X'

mediator=$(door 'information mediator (GovStack)')
# A configuration that is replaced takes all members away, so that comes last.
replacing=replaceIMconf
run mediator.json "$mediator" -H "Authorization: Bearer $keeper" --exclude-operation-id $replacing

# GovStack's own descriptions: no server error, whatever they allow. Their references to `DatabaseInfo` and
# `DatabasesSchema` mean the schemas with a small letter.
theirs() { send "$1" "$2" --checks not_a_server_error "${@:3}"; }
for name in Data Database; do
  sed -e 's,schemas/DatabaseInfo,schemas/databaseInfo,; s,schemas/DatabasesSchema,schemas/databasesSchema,' \
    "$root/tests/conformance/govstack/digital-registries-$name.yaml" >"$data/$name.yaml"
  theirs "$data/$name.yaml" "$registries" -H "Authorization: Bearer $token" \
    -H 'Information-Mediator-Client: NP/GOV/11990100010005008H/market'
done
if [ -n "$specs" ]; then
  for description in "$specs"/im-GovStack_IM_*.yaml; do
    theirs "$description" "$mediator" -H "Authorization: Bearer $keeper" \
      -H 'X-GovStack-Client: NP/GOV/1199010001000200XW/public-security' --exclude-operation-id $replacing
  done
fi
run mediator.json "$mediator" -H "Authorization: Bearer $keeper" --include-operation-id $replacing
echo "schemathesis: no server error"
