#!/usr/bin/env bash
# Index seeds/, serve it, ask three questions over HTTP, and stop: what `make demo` runs.
set -euo pipefail
bin=${1:?usage: demo.sh BIN}
index=.demo/index
log=.demo/service.log
mkdir -p .demo

echo "== Indexing seeds/"
"$bin/quoth" index seeds --index-dir "$index"

port=$("$bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
base=http://127.0.0.1:$port
"$bin/quoth" serve --index-dir "$index" --port "$port" 2>"$log" &
service=$!
trap 'kill "$service" 2>/dev/null || true; wait "$service" 2>/dev/null || true' EXIT
echo
echo "== Serving at $base"
for _ in $(seq 300); do
    curl --silent --fail --output /dev/null "$base/readyz" && break
    kill -0 "$service" 2>/dev/null || { echo "the service ended; its log:" >&2; tail -n 5 "$log" >&2; exit 1; }
    sleep 0.2
done
curl --silent --fail --output /dev/null "$base/readyz" || { curl --silent "$base/readyz" >&2; exit 1; }

for question in \
    "who favors a cautious line?" \
    "Who is the longtime dictator of Belarus?" \
    "Who wrote Hamlet?"; do
    echo
    curl --silent --show-error --fail --get --data-urlencode "q=$question" "$base/v1/ask" |
        "$bin/python" -m scripts.show_response
done

cat <<EOF

== Next
  serve   $bin/quoth serve --index-dir $index --port 8000
          then open http://127.0.0.1:8000/ and ask, or
          curl -G http://127.0.0.1:8000/v1/ask --data-urlencode "q=Who is the longtime dictator of Belarus?"
  ask     $bin/quoth ask "Who is the longtime dictator of Belarus?" --index-dir $index
  index   $bin/quoth index path/to/your/articles --index-dir my-index
EOF
