#!/usr/bin/env bash
# Starts and stops the brokers of a cluster for the replayer of recorded cases (replay.sh --control). NODE is 1, 2 or 3; node N listens on PORT + N - 1, for other brokers on 1000 more.
#   control.sh start NODE [empty] | stop NODE [term|kill] | pause NODE | resume NODE | up | down
# CLUSTER_DIR: data, logs and pids (must be set)     CLUSTER_PORT: port of node 1 (29092)     HOST_DLL: AkkaStream.Host.dll as built (Release, else Debug)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${CLUSTER_DIR:?the folder of the cluster} port=${CLUSTER_PORT:-29092}
dll=${HOST_DLL:-}
if [ -z "$dll" ]; then for form in Release Debug; do f=$here/../../Broker.Host/bin/$form/net10.0/AkkaStream.Host.dll; [ -z "$dll" ] && [ -e "$f" ] && dll=$f; done; fi
[ -e "$dll" ] || { echo "build Broker.Host first, or set HOST_DLL" >&2; exit 2; }
do=${1:?start, stop, pause, resume, up or down} node=${2:-} how=${3:-}
if [ "$do" = up ]; then for n in 1 2 3; do "$0" start $n; done; exit; fi
if [ "$do" = down ]; then for n in 1 2 3; do "$0" stop $n kill; done; exit; fi
file=$dir/pid${node:?a node}
pid=$(cat "$file" 2>/dev/null || echo 0)
alive() { [ "$pid" != 0 ] && kill -0 "$pid" 2>/dev/null; }
case $do in
start)
  alive && exit 0
  mkdir -p "$dir"; [ "$how" = empty ] && rm -rf "${dir:?}/data$node"
  voters=1@127.0.0.1:$((port + 1000)),2@127.0.0.1:$((port + 1001)),3@127.0.0.1:$((port + 1002))
  settings=(node.id=$node "listeners=PLAINTEXT://127.0.0.1:$((port + node - 1))" "log.dirs=$dir/data$node" "controller.quorum.voters=$voters"
    broker.rack=r$node replica.selector.class=org.apache.kafka.common.replica.RackAwareReplicaSelector group.initial.rebalance.delay.ms=0
    offsets.topic.replication.factor=3 transaction.state.log.replication.factor=3 transaction.state.log.min.isr=2
    "petabridge.cmd.port=$((port + 2000 + node))" log.level=information)
  arguments=(); for s in "${settings[@]}"; do arguments+=(--override "$s"); done
  setsid dotnet "$dll" broker "${arguments[@]}" </dev/null >>"$dir/log$node" 2>&1 &
  echo $! >"$file" ;;
stop)
  alive || exit 0
  kill -CONT "$pid"
  if [ "$how" = kill ]; then kill -KILL "$pid"; else kill -TERM "$pid"; fi
  for _ in $(seq 1 600); do alive || break; sleep 0.05; done
  alive && kill -KILL "$pid"
  rm -f "$file" ;;
pause) kill -STOP "$pid" ;;
resume) kill -CONT "$pid" ;;
*) sed -n '2,4p' "$0" >&2; exit 2 ;;
esac
