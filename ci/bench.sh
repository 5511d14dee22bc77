#!/usr/bin/env bash
# How fast and how small offlab is, as ratios within one run; docs/benchmarks.md says what each line means.
#   ci/bench.sh [-r ROUNDS] [-p PARTS] [RAW_LAB]
#     -r  rounds of each alternated comparison (default 5)
#     -p  comma list of start,overhead,goodput,capture,analysis (default all)
#     RAW_LAB  a lab of plain QEMU to compare goodput with, also $RAW_LAB; skipped without one
# Needs root (plain QEMU gets a network namespace of its own) and an otherwise idle machine. $OFFLAB names the program.
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD offlab=${OFFLAB:-$PWD/build/release/offlab} rounds=5 parts=start,overhead,goodput,capture,analysis raw_lab=${RAW_LAB:-}
while getopts r:p: option; do case $option in r) rounds=$OPTARG ;; p) parts=$OPTARG ;; *) exit 2 ;; esac; done
shift $((OPTIND - 1)); raw_lab=${1:-$raw_lab}
[ -x "$offlab" ] || { echo "bench: $offlab is not there; build it first" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "bench: must be root" >&2; exit 2; }
demo=$here/topologies/demo.toml namespace=offlab-bench-$$ work=$(mktemp -d)
cache=${OFFLAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/offlab} running=0 lab=

stop_plain() {
  local pid
  for pid in $(ip netns pids "$namespace" 2>/dev/null); do kill -9 "$pid" 2>/dev/null || true; done
  ip netns del "$namespace" 2>/dev/null || true
}
finish() { [ -z "$lab" ] || "$offlab" down "$lab" > /dev/null 2>&1 || true; [ "$running" = 0 ] || kill -9 "$running" 2>/dev/null || true; stop_plain; rm -rf "$work"; }
trap finish EXIT

median() { sort -n | awk '{v[NR]=$1} END {if (NR) printf "%.2f", NR%2 ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2; else printf "none"}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {if (a+0 && b+0) printf "%.2f", a/b; else printf "none"}'; }
since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN {printf "%.3f", b-a}'; }
row() { printf '  %-46s %10s  %s\n' "$@"; }
wants() { case ,$parts, in *",$1,"*) ;; *) return 1 ;; esac; }
doze() { read -rt "${1:-0.02}" <> <(:) || true; }

# The commands that offlab gives a guest of the demonstration.
configuration() { "$offlab" plan --steps "$demo" | awk -v node="    $1:" '/^  case /{done=1} /^    [^ ]/{on=!done&&index($0,node)==1} on&&/^        /{sub(/^ +/,"");print}'; }

# Plain QEMU: from nothing to three guests that answer over SSH and are configured. Prints the seconds.
plain_start() {
  local image begin index=0 node nic nics model tap number pid waiting
  image=$cache/images/debian-12/$(awk -F'"' '/"digest"/{print substr($4,1,16)}' "$(ls -t "$work"/run-*/environment.json | head -1)")
  begin=$EPOCHREALTIME
  ip netns add "$namespace"
  ip netns exec "$namespace" bash -ec 'ip link set lo up; for b in mgmt lan wan; do ip link add $b type bridge mcast_snooping 0; done
    echo 0 > /proc/sys/net/ipv6/conf/mgmt/accept_dad; echo 100 > /proc/sys/net/ipv6/neigh/mgmt/retrans_time_ms; for b in mgmt lan wan; do ip link set $b up; done
    for t in m1:mgmt m2:mgmt m3:mgmt router-lan:lan router-wan:wan client-lan:lan server-wan:wan; do
      ip tuntap add ${t%:*} mode tap vnet_hdr; ip link set ${t%:*} master ${t#*:} up; done'
  for node in router client server; do
    index=$((index + 1)) nics="-netdev tap,id=m,ifname=m$index,script=no,downscript=no,vnet_hdr=on -device virtio-net-pci,netdev=m,mac=52:54:00:4d:00:0$index"
    case $node in router) set -- vmxnet3:router-lan:00 vmxnet3:router-wan:01 ;; client) set -- virtio-net-pci:client-lan:00 ;; *) set -- virtio-net-pci:server-wan:00 ;; esac
    for nic in "$@"; do
      IFS=: read -r model tap number <<< "$nic"
      nics+=" -netdev tap,id=$tap,ifname=$tap,script=no,downscript=no,vnet_hdr=on -device $model,netdev=$tap,mac=52:54:01:00:0$index:$number"
    done
    # shellcheck disable=SC2086
    ip netns exec "$namespace" qemu-system-x86_64 -accel "$accelerator" -cpu max -m 256 -display none -nodefaults -no-reboot -serial "file:$work/$node.log" \
      -kernel "$image/vmlinux" -initrd "$image/initrd" -append "console=ttyS0 quiet panic=-1" \
      -fw_cfg "name=opt/org.offlab/authorized_keys,file=$cache/keys/authorized_keys" -fw_cfg "name=opt/org.offlab/host_key,file=$cache/keys/host_key" $nics > "$work/$node.qemu" 2>&1 &
  done
  index=0 waiting=()
  for node in router client server; do
    index=$((index + 1))
    (limit=$((SECONDS + 90)); until configuration "$node" | ip netns exec "$namespace" ssh -q -i "$cache/keys/user_key" -o BatchMode=yes -o UserKnownHostsFile=/dev/null \
      -o StrictHostKeyChecking=no -o ConnectTimeout=15 "root@fe80::5054:ff:fe4d:$index%mgmt" sh -s > /dev/null 2>&1; do [ $SECONDS -lt $limit ] || exit 1; doze; done) &
    waiting+=($!)
  done
  for pid in "${waiting[@]}"; do wait "$pid" || { echo "bench: a plain guest did not come up" >&2; return 1; }; done
  since "$begin"
  { stop_plain; wait; } 2> /dev/null
}

tree() { local child; echo "$1"; for child in $(pgrep -P "$1"); do tree "$child"; done; }

# offlab: from its start to "ready"; the run is ended there. Prints the seconds; sizes go to $work/rss.
offlab_start() {
  local out=$work/run-$RANDOM begin=$EPOCHREALTIME pid limit=$((SECONDS + 120))
  "$offlab" run "$demo" --case fixed --out "$out" "$@" > "$work/offlab.log" 2>&1 &
  running=$!
  until grep -qs '"stage":"ready"' "$out/events.jsonl"; do
    kill -0 "$running" 2>/dev/null && [ $SECONDS -lt $limit ] || { cat "$work/offlab.log" >&2; return 1; }
    doze
  done
  since "$begin"
  for pid in $(tree "$running"); do
    awk -v run="${1:-warm}" '/^Name:/{name=$2} /^Pss:/{size=$2} END {print run, (name ~ /^qemu/ ? "qemu" : "offlab"), size/1024}' "/proc/$pid/status" "/proc/$pid/smaps_rollup" 2>/dev/null || true
  done >> "$work/rss"
  kill -INT "$running"; wait "$running" || true; running=0
}

bench_start() {
  local round
  offlab_start > /dev/null  # provides the image, libvirt's own cache, the keys and the states
  grep -hs '"accel"' "$work"/run-*/environment.json | grep -q kvm && accelerator=kvm || accelerator=tcg,thread=multi,tb-size=128
  : > "$work/rss"
  for round in $(seq "$rounds"); do
    plain_start >> "$work/plain"; echo >> "$work/plain"
    offlab_start --cold >> "$work/cold"; echo >> "$work/cold"
    offlab_start >> "$work/warm"; echo >> "$work/warm"
  done
  local plain cold warm
  plain=$(median < "$work/plain") cold=$(median < "$work/cold") warm=$(median < "$work/warm")
  row "plain QEMU, three guests ready" "$plain s" ""
  row "offlab --cold, ready" "$cold s" "$(ratio "$cold" "$plain") of plain QEMU (at most 1.3)"
  row "offlab warm, ready" "$warm s" "$(ratio "$warm" "$cold") of cold (at most 0.35)"
  local run
  for run in --cold warm; do
    row "memory of a guest's QEMU, ${run#--}" "$(awk -v r="$run" '$1==r && $2=="qemu"{print $3}' "$work/rss" | sort -n | tail -1) MB" "largest (at most 300)"
  done
  row "memory of offlab's processes" "$(awk -v n=$((2 * rounds)) '$2=="offlab"{s+=$3} END{printf "%.0f", s/n}' "$work/rss") MB" "sum (at most 60)"
}

# Time of a leg beyond its traffic, and where it goes: each line of events.jsonl with the time at which it came.
bench_overhead() {
  local out=$work/overhead watcher
  printf 'extend = "%s"\n[measure]\nearly_stop = false\nrounds = 1\nintegrity_bytes = "0"\n' "$here/topologies/vmxnet3-router.toml" > "$work/overhead.toml"
  "$offlab" verify "$work/overhead.toml" --extend-anywhere --duration 2s --warmup 1s --out "$out" > "$work/offlab.log" 2>&1 &
  running=$!
  while [ ! -e "$out/events.jsonl" ]; do kill -0 "$running" || return 1; doze; done
  tail -n +1 -s 0.02 --pid="$running" -f "$out/events.jsonl" | while IFS= read -r line; do printf '%s %s\n' "$EPOCHREALTIME" "$line"; done > "$work/timed" &
  watcher=$!
  wait "$running" || true; running=0
  wait "$watcher" || true
  awk -v traffic=3 'function word(key) {return match($0, "\"" key "\":\"[^\"]*\"") ? substr($0, RSTART+length(key)+4, RLENGTH-length(key)-5) : ""}
    function close_step() {if (step != "") print "step", $1-step_began, step; if (step == "transfer") moved=$1-step_began}
    function close_leg() {if (last != "") {print "leg", $1-began-traffic; print "rest", $1-began-moved}}
    /"step-started"/ {close_step(); leg=word("case_id") " " word("leg"); if (leg != last) {close_leg(); began=$1; last=leg}
      step=word("step"); sub(/^[a-z0-9-]+: /, "", step); sub(/ [0-9.:a-f]+$/, "", step); if (step ~ /warm-up$/) {step="transfer"}; step_began=$1; next}
    /"case-recorded"/ {close_step(); step=""; close_leg(); last=""}' "$work/timed" > "$work/legs"
  row "a leg beyond its transfer" "$(awk '$1=="rest"{print $2}' "$work/legs" | median) s" "median of $(grep -c ^leg "$work/legs") legs (at most 0.5)"
  row "a leg beyond its traffic" "$(awk '$1=="leg"{print $2}' "$work/legs" | median) s" "with iperf3's own start and report"
  awk '$1=="step"{name=$3; for(i=4;i<=NF;++i) name=name " " $i; sum[name]+=$2; n[name]++} END {for (s in sum) printf "%.2f\t%d\t%s\n", sum[s]/n[s]-(s=="transfer"?3:0), n[s], s}' "$work/legs" |
    sort -rn | head -8 | while IFS=$'\t' read -r mean count name; do row "    ${name:0:42}" "$mean s" "mean of $count"; done
}

bench_goodput() {
  [ -n "$raw_lab" ] || { row "goodput against plain QEMU" skipped "no RAW_LAB was given"; return; }
  local model round
  for round in $(seq "$rounds"); do for model in vmxnet3 virtio; do
    { RAW_LAB_PACKETS=1 "$raw_lab" -n "${model/virtio/virtio-net-pci}" -l off -t 3 2>/dev/null || true; } | awk '/receiver/{for(i=1;i<=NF;++i) if ($i ~ /bits\/sec/) print $(i-1) * ($i ~ /^G/ ? 1000 : $i ~ /^K/ ? 0.001 : 1)}' >> "$work/plain-$model"  # nothing when its guests were late
    "$offlab" run "$demo" --case 'fixed*' --axis "router.model=$model" --duration 3s --out "$work/goodput-$model-$round" > /dev/null 2>&1 || true
    awk -F'[:,]' '/"goodput_bps"/{print $2/1e6; exit}' "$work/goodput-$model-$round/run.json" >> "$work/offlab-$model" || true
  done; done
  for model in vmxnet3 virtio; do
    local plain ours; plain=$(median < "$work/plain-$model") ours=$(median < "$work/offlab-$model")
    row "goodput, $model, plain QEMU, no capture" "$plain Mbit/s" ""
    row "goodput, $model, offlab with capture" "$ours Mbit/s" "$(ratio "$ours" "$plain") of plain QEMU, $(wc -l < "$work/plain-$model") and $(wc -l < "$work/offlab-$model") of $rounds rounds"
  done
}

# One long download of the healthy case in a lab that stays, by the second, with and without somebody who captures on both sides of the
# router. What a second carries differs by a tenth from the next, so it takes many: 48 pairs a round, in the order A B B A.
bench_capture() {
  local pair mode network pid inside modes
  lab=$namespace-c
  "$offlab" up "$demo" --name "$lab" > "$work/up.log" 2>&1 || { cat "$work/up.log" >&2; return 1; }
  "$offlab" exec --lab "$lab" server iperf3 -s -D > /dev/null
  inside=$(awk -F'[:,]' '/"init"/{print $2+0}' "$cache/labs/$lab/lab.json")
  "$offlab" exec --lab "$lab" client "iperf3 -c 198.18.2.2 -R -t $((240 * rounds)) > /dev/null" > /dev/null 2>&1 &
  carried() { echo "$EPOCHREALTIME $(nsenter -t "$inside" -n cat /proc/net/dev | tr : ' ' | awk '$1=="router-lan"{print $2}')"; }
  doze 3
  for pair in $(seq $((48 * rounds))); do
    modes="off on"; [ $((pair % 2)) = 1 ] || modes="on off"
    for mode in $modes; do
      pid=()
      [ $mode = on ] && for network in lan wan; do "$offlab" capture --lab "$lab" router $network > "$work/$network.pcapng" 2>/dev/null & pid+=($!); done
      # Its start is not its cost.
      [ $mode = on ] && until [ -s "$work/lan.pcapng" ] && [ -s "$work/wan.pcapng" ]; do doze; done
      doze 0.2; { carried; doze 1; carried; } | awk '{t[NR]=$1; v[NR]=$2} END {print (v[2]-v[1])*8/1e6/(t[2]-t[1])}' >> "$work/capture-$mode"
      [ ${#pid[@]} = 0 ] || { kill "${pid[@]}"; wait "${pid[@]}" 2>/dev/null || true; rm -f "$work/lan.pcapng" "$work/wan.pcapng"; }
    done
  done
  "$offlab" down "$lab" > /dev/null; lab=
  paste "$work/capture-off" "$work/capture-on" | awk '{a[NR]=$1; b[NR]=$2; x+=$1; y+=$2}
    END {r=y/x; for (i=1;i<=NR;++i) d+=(b[i]-r*a[i])^2; printf "%.0f %.0f %.3f %.3f %d\n", y/NR, x/NR, r, sqrt(d/(NR*(NR-1)))/(x/NR), NR}' > "$work/capture-ratio"
  local with without ratio error pairs; read -r with without ratio error pairs < "$work/capture-ratio"
  row "goodput with a capture on both sides" "$with Mbit/s" "$ratio +- $error (standard error, $pairs pairs) of $without without (at least 0.97)"
}

# A gigabyte of bulk TCP against tshark's statistics and expert analysis of the same file.
bench_analysis() {
  local seed=$here/tests/data/recorded-run/cases/01-control-lro-on/control/router-wan.pcapng file=$work/large.pcapng flows
  editcap -F pcap "$seed" "$work/seed.pcap" && python3 ci/make_capture.py "$work/seed.pcap" 1000 "$file" || { row "analysis" skipped "needs editcap and python3"; return; }
  local ours theirs memory
  ours=$( { TIMEFORMAT=%R; time "$offlab" analyze "$file" > /dev/null; } 2>&1 || true)
  theirs=$( { TIMEFORMAT=%R; time tshark -q -z io,stat,0 -z expert -r "$file" > /dev/null 2>&1; } 2>&1 || true)
  memory=$(python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$offlab" analyze "$file")
  row "analysis of 1 GB" "$ours s" "tshark $theirs s: $(ratio "$theirs" "$ours") times as fast (at least 30), $((memory / 1000)) MB"
  gzip -1 "$file"
  ours=$( { TIMEFORMAT=%R; time "$offlab" analyze "$file.gz" > /dev/null; } 2>&1 || true)
  theirs=$( { TIMEFORMAT=%R; time tshark -q -z io,stat,0 -z expert -r "$file.gz" > /dev/null 2>&1; } 2>&1 || true)
  row "the same as .gz" "$ours s" "tshark $theirs s: $(ratio "$theirs" "$ours") times as fast (at least 30)"
}

# The cost of a frame in one connection and in thousands side by side, in alternated rounds. Each connection brings its
# handshake, so that the files do not have the same number of frames.
bench_flows() {
  local seed=$here/tests/data/recorded-run/cases/01-control-lro-on/control/router-wan.pcapng flows took first= frames each
  editcap -F pcap "$seed" "$work/seed.pcap" || { row "flows" skipped "needs editcap"; return; }
  for flows in 1 100 1000 10000; do
    python3 ci/make_capture.py "$work/seed.pcap" 400 "$work/flows-$flows.pcapng" "$flows"
    "$offlab" analyze "$work/flows-$flows.pcapng" > /dev/null || true  # into the page cache
  done
  for _ in 1 2 3 4 5; do
    for flows in 1 100 1000 10000; do
      { TIMEFORMAT=%R; time "$offlab" analyze "$work/flows-$flows.pcapng" > /dev/null; } 2>> "$work/took-$flows" || true
    done
  done
  for flows in 1 100 1000 10000; do
    took=$(median < "$work/took-$flows")
    frames=$(capinfos -Mc -T -r "$work/flows-$flows.pcapng" | cut -f2)
    each=$(awk "BEGIN{printf \"%.0f\", $took * 1e9 / $frames}")
    [ -n "$first" ] || first=$each
    row "analysis of $flows flows side by side" "$each ns a frame" "$(ratio "$each" "$first") of one flow ($took s)"
    rm "$work/flows-$flows.pcapng"
  done
}

# The time from the command to a host without the lab.
bench_down() {
  local begin
  "$offlab" up "$demo" --name "$namespace" > "$work/offlab.log" 2>&1 || { cat "$work/offlab.log" >&2; return 1; }
  begin=$EPOCHREALTIME
  "$offlab" down "$namespace" > /dev/null
  row "offlab down" "$(since "$begin") s" "(at most 1)"
}

echo "$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | sed 's/^ //'), $(nproc) CPUs, $(awk '/MemTotal/{printf "%.0f GB", $2/1e6}' /proc/meminfo), kernel $(uname -r), load $(cut -d' ' -f1 /proc/loadavg)"
echo "$(qemu-system-x86_64 --version | head -1), $("$offlab" --version), $rounds rounds"
wants start && { bench_start; bench_down; }
wants overhead && bench_overhead
wants goodput && bench_goodput
wants capture && bench_capture
wants analysis && { bench_analysis; bench_flows; }
exit 0
