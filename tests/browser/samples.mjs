// Made-up documents of the report's schema, to test the page alone: figures that could be, of no real run.
//   node samples.mjs FOLDER    writes NAME.html for each
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {assemble} from './assemble.mjs';

// The same numbers each time.
function noise(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const round = (value) => Math.round(value);

function leg(name, seed, {uplink, goodput, errors, storm, seconds = 3, step = 0.1, ingress = 1500, egress = 1500}) {
  const random = noise(seed);
  const steps = round(seconds / step);
  const wave = (rate, index) => round(rate * (index === 0 ? 0.6 : 0.92 + 0.16 * random()));
  const packets = round(uplink * seconds / 8 / 1500);
  return {
    name, step, uplink: Array.from({length: steps}, (_, index) => wave(uplink, index)),
    goodput: Array.from({length: round(seconds * 2)}, (_, index) => [index * 0.5, 0.5, round(goodput * (0.95 + 0.08 * random()))]),
    errors: Array.from({length: steps}, (_, index) => (errors && index < 25 && (index % 3 === 0 || random() < 0.5) ? 1 + round(random() * errors / 8) : 0)),
    points: [
      {point: 'router-wan', text: 'into the router (wan)', limit: ingress, packets: [[128, 6], [576, errors], [1024, 9], [1280, 14], [1500, packets]].filter((bin) => bin[1]), frames: storm ? [[128, 6], [576, errors], [1500, round(packets / 9)], [4096, round(packets / 6)], [9000, round(packets / 8)], [65535, 3]] : []},
      {point: 'router-lan', text: 'out of the router (lan)', limit: egress, packets: [[128, 6], [1024, 9], [1280, 14], [Math.min(egress, 1500), round(packets * goodput / uplink)]], frames: []},
    ],
  };
}

const topology = (model, {lan = 1500, wan = 1500} = {}) => ({
  path: ['server', 'wan', 'router', 'lan', 'client'],
  nodes: [
    {name: 'router', role: 'router', under_test: true, text: 'debian-12, Linux 6.1.0-50', nics: [{network: 'lan', model, mtu: lan, addresses: '198.18.1.1/24', device: 'lan'}, {network: 'wan', model, mtu: wan, addresses: '198.18.2.1/24', device: 'wan'}]},
    {name: 'client', role: 'client', under_test: false, text: 'debian-12', nics: [{network: 'lan', model: 'virtio', mtu: lan, addresses: '198.18.1.2/24', device: 'lan'}]},
    {name: 'server', role: 'server', under_test: false, text: 'debian-12', nics: [{network: 'wan', model: 'virtio', mtu: 1500, addresses: '198.18.2.2/24', device: 'wan'}]},
  ],
  networks: [{name: 'wan', mtu: 1500, text: '198.18.2.0/24'}, {name: 'lan', mtu: lan, text: '198.18.1.0/24'}],
  points: [{id: 'router-wan', node: 'router', network: 'wan', side: 'host'}, {id: 'router-lan', node: 'router', network: 'lan', side: 'host'}],
});

const frame = (number, seconds, text, comment = '') => ({point: 'router-wan', number, seconds, text, comment});
const refused_frames = [
  frame(11, 0.018689, 'IP 198.18.2.2.5201 > 198.18.1.2.56984: Flags [P.], seq 1:7241, length 7240  [gso_size 1448: 5 packets of 1500 B]'),
  frame(12, 0.021354, 'IP 198.18.2.2.5201 > 198.18.1.2.56984: Flags [P.], seq 7241:14481, length 7240  [gso_size 1448: 5 packets of 1500 B]'),
  frame(13, 0.023932, 'IP 198.18.2.1 > 198.18.2.2: ICMP 198.18.1.2 unreachable - need to frag (mtu 1500), length 556', "advertises 1500, the sender's packets are 1500"),
  frame(14, 0.025547, 'IP 198.18.2.1 > 198.18.2.2: ICMP 198.18.1.2 unreachable - need to frag (mtu 1500), length 556'),
  frame(18, 0.037409, 'IP 198.18.2.2.5201 > 198.18.1.2.56984: Flags [P.], seq 1449:4345, length 2896  [gso_size 1448: 2 packets of 1500 B]'),
  frame(19, 0.037735, 'IP 198.18.2.1 > 198.18.2.2: ICMP 198.18.1.2 unreachable - need to frag (mtu 1500), length 556'),
];

const held = ['egress-size', 'mss-respected', 'segment-boundaries', 'coverage', 'pmtud-convergence', 'integrity', 'df-preserved', 'header-transparency', 'duplicates', 'reordering', 'state-held', 'kernel-log', 'stimulus-present'];
const finding = (invariant, outcome, text, more = {}) => ({invariant, outcome, warning: false, device: '', text, value: null, limit: null, frames: [], ...more});

function findings(fails, refused) {
  const rest = held.map((name) => finding(name, 'pass', 'holds', {value: 0, limit: 0}));
  if (!fails) return [finding('bogus-frag-needed', 'pass', 'no ICMP fragmentation needed about packets that fit', {value: 0, limit: 0}), ...rest];
  return [
    ...rest.slice(0, 5),
    finding('bogus-frag-needed', 'fail', `${refused} ICMP errors ask for fragmentation of data whose latest transmission already fitted the MTU of 1500`, {value: refused, limit: 0, frames: refused_frames}),
    finding('amplification', 'fail', '1.40 payload bytes came in for each one that was acknowledged', {value: 1.4, limit: 1.1, frames: refused_frames.slice(0, 2)}),
    finding('retransmits', 'fail', 'the sender sent 28 % of the segments again', {value: 0.28, limit: 0.005}),
    finding('throughput-floor', 'fail', 'goodput is 0.26 % of the control', {value: 0.0026, limit: 0.5}),
    finding('icmp-accounting', 'fail', 'one error more was sent than seen on the wire', {warning: true, value: 1, limit: 0}),
    finding('liveness', 'inconclusive', 'the receiver dropped segments for want of memory'),
    ...rest.slice(5),
  ];
}

const storm_diagnosis = {
  what: "The server's segments fit the MTU, but they reach the router merged: several in one frame, with DF set. The frame carries its segment size (gso_size) beside the packet, not in it, and the router's vmxnet3 NIC has no place for it, because the guest did not ask for merged frames (its LRO is off). To the router it is one packet far longer than the MTU of its client side: it must refuse it, so it drops it and answers \"fragmentation needed\".",
  counters: 'FragFails grows with each merged frame; the sender counts as many ICMP errors, and retransmits what it had sent in the right size.',
  cost: '28 % of what the uplink carried was sent for nothing.',
  remedies: [
    {where: 'KVM', action: 'ethtool -K TAP tso off gso off   # or: <driver name="vhost"><host tso4="off" tso6="off"/></driver>'},
    {where: 'ESXi', action: 'esxcli system settings advanced set -o /Net/Vmxnet3HwLRO -i 0\nesxcli system settings advanced set -o /Net/Vmxnet3SwLRO -i 0'},
    {where: 'guest', action: 'ethtool -K wan lro on   # the router then learns the segment size'},
  ],
};

const settings = (lro, hypervisor) => ['lan', 'wan'].flatMap((nic) => [
  {where: `router ${nic}`, what: 'large-receive-offload', case: lro, control: 'off'}, {where: `router ${nic}`, what: 'generic-receive-offload', case: 'on', control: 'on'},
  {where: `router ${nic}`, what: 'tcp-segmentation-offload', case: 'on', control: 'on'}, {where: `tap of router ${nic}`, what: 'tso4', case: hypervisor === 'off' ? 'off' : 'on', control: 'off'}]);

function one_case(id, {fails = false, fault_class = 'healthy', lro = 'off', hypervisor = 'off', goodput = 349e6, ratio = [0.98, 0.94, 1.02], uplink, refused = 0, topology: place = 0, fault = null, seed = 1, expect = '', mtu = 1500, ...more}) {
  const up = uplink ?? goodput * 1.055;
  const control = 357e6;
  return {
    id, axes: {}, outcome: fails ? 'fail' : 'pass', forwarding: fails ? 'fail' : 'pass', class: fault_class, expect, device: 'router', reason: '', attempts: 1, seconds: 9.1, lab: 'lab-1', remarks: [], report: null,
    goodput, control_goodput: control, ratio, uplink: up, refused, amplification: fails ? 1.4 : 1, wasted: fails ? 0.28 : 0, topology: place, fault,
    findings: findings(fails, refused), diagnosis: fails ? storm_diagnosis : null,
    counters: [
      {name: 'ICMP fragmentation needed, sent by the router', case: refused, control: 0}, {name: 'ICMP fragmentation needed, seen on the wire', case: refused, control: 0}, {name: 'ICMP fragmentation needed, received by the server', case: refused, control: 0},
      {name: 'IpExt InPkts of the router', case: round(up / 3000), control: 31250}, {name: 'segments retransmitted by the server', case: fails ? 412 : 0, control: 0}],
    settings: settings(lro, hypervisor),
    files: ['router-wan', 'router-lan'].flatMap((point) => ['case', 'control'].map((name) => ({path: `cases/01-${id}/${name}/${point}.pcapng`, text: `capture, ${name}, ${point.replace('-', ' ')}`}))),
    legs: [leg('case', seed, {uplink: up, goodput, errors: refused, storm: hypervisor !== 'off' || lro === 'on', egress: mtu}), leg('control', seed + 100, {uplink: control * 1.055, goodput: control, errors: 0, storm: false, egress: mtu})],
    ...more,
  };
}

const environment = [{title: 'lab-1', facts: [['accelerator', 'tcg'], ['kernel of the host', '6.1.0-50-amd64'], ['QEMU', '7.2.22'], ['libvirt', '9.0.0'], ['image', 'debian-12, sha256:4f1d…'], ['router, kernel', '6.1.0-50-amd64'], ['iperf3', '3.12']]}];
const document_of = (more) => ({schema: 'offlab.report/1', kind: 'run', title: 'vmxnet3-router', summary: 'A vmxnet3 router between a client and an upstream server', question: 'healthy', started: '2026-11-30T16:00:00Z', seconds: 71.4, offlab: '0.1.0+246293f', left_out: 0, blocks: [], axes: [], environment, ...more});

const below_wan = {layer: 'hypervisor', node: 'router', network: 'wan', text: "merged below the router's wan NIC, which has no place for the segment size"};

export function failing() {
  return document_of({
    outcome: 'fail', sentence: '3 of 5 cases show a fault: lro-orphan-storm (2), wrong-gso-size.',
    topologies: [topology('vmxnet3'), topology('vmxnet3', {lan: 1400}), topology('vmxnet3', {wan: 9000})],
    cases: [
      one_case('control-lro-off', {seed: 11}), one_case('control-lro-on', {seed: 12, lro: 'on', goodput: 361e6, ratio: [1.011, 0.97, 1.05]}),
      one_case('hypervisor-lro', {seed: 13, fails: true, fault_class: 'lro-orphan-storm', hypervisor: 'passthrough', goodput: 945e3, uplink: 1.75e6, ratio: [0.0026, 0.0021, 0.0031], refused: 17, fault: below_wan, expect: 'lro-orphan-storm'}),
      one_case('smaller-client-mtu', {seed: 14, fails: true, fault_class: 'wrong-gso-size', lro: 'on', goodput: 71e6, uplink: 290e6, ratio: [0.199, 0.18, 0.22], refused: 2154, topology: 1, mtu: 1400, fault: {layer: 'guest', node: 'router', network: 'wan', text: "vmxnet3's driver guesses the segment size from the MTU of the NIC that received the frame"}}),
      one_case('larger-upstream-mtu', {seed: 15, fails: true, fault_class: 'lro-orphan-storm', lro: 'on', goodput: 2.2e6, uplink: 4.1e6, ratio: [0.0062, 0.005, 0.0074], refused: 31, topology: 2, fault: {layer: 'nic', node: 'router', network: 'wan', text: 'coalesced frames up to the MTU of 9000 get no segment size'}}),
    ],
  });
}

export function passing() {
  return document_of({
    title: 'virtio-router', summary: 'A virtio router between a client and an upstream server', outcome: 'pass', sentence: 'All 4 cases forward cleanly.', topologies: [topology('virtio')],
    cases: [one_case('control-lro-off', {seed: 21}), one_case('control-lro-on', {seed: 22, lro: 'on'}), one_case('hypervisor-lro', {seed: 23, hypervisor: 'passthrough', goodput: 402e6, ratio: [1.126, 1.07, 1.18]}), one_case('smaller-client-mtu', {seed: 24, fault_class: 'legit-pmtud', goodput: 331e6, ratio: [0.927, 0.88, 0.97], refused: 1})],
  });
}

// 5 x 5 x 5 x 8 combinations; series and findings of the few that a report of that size has room for.
export function matrix(detailed = 24) {
  const random = noise(7);
  const axes = [
    {key: 'router.model', values: ['vmxnet3', 'virtio', 'e1000e', 'e1000', 'rtl8139']}, {key: 'router.lro', values: ['off', 'on', 'lan only', 'wan only', 'flipped']},
    {key: 'hypervisor.lro', values: ['off', 'passthrough', 'merge', 'merge, 1 ms', 'merge, 5 ms']}, {key: 'lan.mtu', values: ['1280', '1400', '1480', '1492', '1500', '2000', '4000', '9000']}];
  const cases = [];
  for (const model of axes[0].values) for (const lro of axes[1].values) for (const hypervisor of axes[2].values) for (const mtu of axes[3].values) {
    const settings_of = {'router.model': model, 'router.lro': lro, 'hypervisor.lro': hypervisor, 'lan.mtu': mtu};
    const id = Object.entries(settings_of).map(([key, value]) => `${key}=${value}`).join(',');
    const fault_class = model === 'vmxnet3' && lro === 'off' && hypervisor !== 'off' ? 'lro-orphan-storm' : model === 'vmxnet3' && lro === 'on' && Number(mtu) < 1500 ? 'wrong-gso-size' : model === 'rtl8139' && hypervisor === 'merge' && random() < 0.4 ? 'packet-loss' : Number(mtu) < 1500 && random() < 0.5 ? 'legit-pmtud' : 'healthy';
    const fails = !['healthy', 'legit-pmtud'].includes(fault_class);
    const rate = fails ? 1e6 + 9e6 * random() : 330e6 + 50e6 * random();
    const ratio = rate / 357e6;
    const made = one_case(id, {axes: settings_of, fails, fault_class, lro: lro === 'off' ? 'off' : 'on', hypervisor, goodput: rate, uplink: fails ? rate * 1.8 : undefined, ratio: [ratio, ratio * 0.95, ratio * 1.05], refused: fails ? round(10 + 3000 * random()) : 0, seed: cases.length, lab: `lab-${1 + cases.length % 10}`, fault: fails ? below_wan : null});
    const what = random();
    if (!fails && what < 0.02) Object.assign(made, {outcome: 'inconclusive', forwarding: 'inconclusive', reason: 'half of the data came in wire-sized packets: the stimulus was not there'});
    else if (!fails && what < 0.03) Object.assign(made, {outcome: 'error', class: '', reason: "starting domain 'router': guest did not answer on SSH within 120 s", goodput: null, control_goodput: null, ratio: null, uplink: null, refused: null, amplification: null, wasted: null, findings: [], counters: [], settings: []});
    else if (!fails && what < 0.04) Object.assign(made, {outcome: 'skip', class: '', reason: 'excluded by the file', goodput: null, ratio: null, uplink: null, refused: null, amplification: null});
    if (cases.length >= detailed && !(fails && cases.length % 20 === 0)) { made.legs = []; made.findings = made.findings.map((one) => ({...one, frames: one.frames.slice(0, 2)})); }
    cases.push(made);
  }
  return document_of({title: 'offload-matrix', summary: 'Every NIC model, LRO in guest and hypervisor, eight MTUs', seconds: 9120, outcome: 'fail', sentence: `${cases.filter((one) => one.outcome === 'fail').length} of 1000 cases show a fault: lro-orphan-storm, wrong-gso-size, packet-loss.`, axes, cases, topologies: [topology('vmxnet3')], left_out: cases.filter((one) => one.legs.length === 0).length,
    environment: Array.from({length: 10}, (_, index) => ({...environment[0], title: `lab-${index + 1}`}))});
}

// Few cases of a matrix with three axes, some not run.
export function small_matrix() {
  const axes = [{key: 'flow', values: ['download']}, {key: 'router.model', values: ['vmxnet3', 'virtio', 'e1000e']}, {key: 'hypervisor.lro', values: ['off', 'passthrough', 'merge']}, {key: 'router.lro', values: ['off', 'on']}];
  const cases = [];
  for (const model of axes[1].values) for (const hypervisor of axes[2].values) for (const lro of axes[3].values) {
    if (model === 'e1000e' && hypervisor === 'merge') continue;
    const fails = model === 'vmxnet3' && lro === 'off' && hypervisor !== 'off';
    cases.push(one_case(`router.model=${model},hypervisor.lro=${hypervisor},router.lro=${lro}`, {axes: {flow: 'download', 'router.model': model, 'hypervisor.lro': hypervisor, 'router.lro': lro}, fails, fault_class: fails ? 'lro-orphan-storm' : 'healthy', lro, hypervisor, seed: cases.length, ...(fails ? {goodput: 2e6, uplink: 340e6, ratio: [0.0056, 0.004, 0.007], refused: 9120, fault: {layer: 'network', node: 'router', network: 'wan', text: 'a virtual switch merges'}} : {})}));
  }
  Object.assign(cases[4], {outcome: 'inconclusive', reason: 'half of the data came in wire-sized packets'});
  return document_of({title: 'three-axes', outcome: 'fail', question: 'as-expected', sentence: '2 of 16 cases show a fault: lro-orphan-storm.', axes, cases, topologies: [topology('vmxnet3')]});
}

const markup = [
  '<img src=x onerror="window.hostile=1">', '</script><script>window.hostile=1</script>', '"><svg onload=window.hostile=1>', "';window.hostile=1;//", '<!--<script>', '&lt;b&gt;&amp;', '\u001b[31mred\u001b]0;title\u0007', '\u202egnp.exe\u2066x\u2069', 'a\u0000b\u0007c\r\nd\u0085e\u200bf', 'x'.repeat(9000), '\ud800 half', 'z\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309 piled', 'javascript:window.hostile=1', '@DATA@ $& $1 ${window.hostile=1} {{constructor.constructor("window.hostile=1")()}}', '__proto__'];

// Every text of a document, replaced; numbers of the wrong kind as well.
export function hostile() {
  const document = failing();
  let turn = 0;
  const next = () => { turn += 1; return markup[turn % markup.length]; };
  const kept = new Set(['schema', 'kind', 'outcome', 'forwarding', 'question', 'layer', 'side', 'name_of_leg']);
  const spoil = (value, key) => {
    if (typeof value === 'string') return kept.has(key) ? value : next();
    if (Array.isArray(value)) return value.map((item) => spoil(item, key));
    if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, spoil(item, name)]));
    return value;
  };
  const spoiled = spoil(document, '');
  spoiled.cases.forEach((one, index) => {
    one.id = `${index} ${markup[index % markup.length]}`;
    one.remarks = markup.slice();
    one.report = markup[index % markup.length];
    one.files = [...markup, '../../etc/passwd', 'a/../../b', '/etc/passwd', '//host/x', 'http://host/x', 'data:text/html,<script>window.hostile=1</script>', 'file:///etc/passwd', 'a\\..\\b', 'good folder/a#b?c.pcapng'].map((path) => ({path, text: markup[1]}));
    one.axes = JSON.parse('{"__proto__": "<b>", "constructor": "x"}');
  });
  // The drawing and the paths still fit together, with hostile names.
  spoiled.topologies = document.topologies.map((one) => JSON.parse(JSON.stringify(one).replaceAll('"router"', JSON.stringify(markup[0])).replaceAll('"wan"', JSON.stringify(markup[7])).replaceAll('"server"', JSON.stringify('s'.repeat(3000)))));
  spoiled.cases[2].fault = {layer: 'hypervisor', node: markup[0], network: markup[7], text: markup[1]};
  spoiled.cases[3].fault = {layer: markup[0], node: markup[0], network: markup[7], text: markup[1]};
  Object.assign(spoiled.cases[1], {goodput: 'many', ratio: ['<b>', null], refused: {}, legs: [null, 5, {name: markup[0], step: -1, uplink: ['x']}], findings: 'none', counters: [null, 7], settings: {}, topology: 99, class: {}});
  spoiled.axes = [{key: '__proto__', values: ['<b>', '<i>']}];
  spoiled.blocks = [{title: markup[0], text: markup.join('\n'), head: markup, rows: [markup, [null, 5, {}], 'row']}];
  return spoiled;
}

const member = (id, outcome, fault_class, report, more = {}) => ({id, axes: {}, outcome, forwarding: outcome, class: fault_class, report, remarks: [], ...more});

export function gate() {
  return document_of({kind: 'gate', title: 'gate: router.lro=on', summary: 'vmxnet3-router, case control-lro-off', outcome: 'fail', sentence: 'The change is worse: goodput falls to 61 % (58 % to 65 %) of the baseline, and the class becomes wrong-gso-size.', seconds: 214,
    pairs: {changes: [-41.2, -38.1, -36.4, -40.2, -38.8, -39.5], mean: -39, interval: [-42, -35], interval_percent: 95, margin: -10},
    blocks: [
      {title: 'What was compared', text: 'Baseline: control-lro-off as the file has it. Candidate: the same with router.lro = on.', head: ['', 'baseline', 'candidate'], rows: [['class', 'healthy', 'wrong-gso-size'], ['goodput', '357 Mbit/s', '218 Mbit/s'], ['pairs', '6', '6']]},
      {title: 'Pairs', text: 'Each pair was measured one after the other, in an order drawn by chance.', head: ['pair', 'baseline', 'candidate', 'ratio'], rows: [1, 2, 3, 4, 5, 6].map((pair) => [String(pair), `${340 + 5 * pair} Mbit/s`, `${210 + 3 * pair} Mbit/s`, (0.6 + pair / 200).toFixed(3)])}],
    topologies: [topology('vmxnet3', {lan: 1400})],
    cases: [one_case('baseline', {seed: 31}), one_case('candidate', {seed: 32, fails: true, fault_class: 'wrong-gso-size', lro: 'on', goodput: 218e6, uplink: 351e6, ratio: [0.61, 0.58, 0.65], refused: 944, mtu: 1400, fault: {layer: 'router', node: 'router', network: 'wan', text: 'the guessed segment size does not fit the client side'}})]});
}

export function night() {
  return document_of({kind: 'night', title: 'nightly of 30 November', summary: '12 topology files', outcome: 'fail', question: 'as-expected', sentence: '1 of 12 parts is new since the last night: many-clients loses packets.', seconds: 20520,
    blocks: [{title: 'New since the last night', text: '', head: ['case', 'was', 'is', 'cause'], rows: [['many-clients / many', 'healthy', 'packet-loss', 'kernel 6.1.0-49 → 6.1.0-50']]}, {title: 'Slower than before', text: 'No level has changed.', head: [], rows: []}],
    environment: [], topologies: [],
    cases: [...Array.from({length: 11}, (_, index) => member(`part ${index + 1}: ${['router-chain', 'merging-switch', 'two-kernels', 'vmxnet3-router', 'virtio-router'][index % 5]}`, 'pass', 'healthy', `member-${index + 1}/report.html`, {goodput: 300e6 + index * 1e6})), member('part 12: many-clients', 'fail', 'packet-loss', 'member-12/report.html', {remarks: ['new since the last night'], goodput: 12e6, expect: 'healthy'})]});
}

// Several routers, a switch that merges, a node beside the path, and points of all three sides.
export function chain() {
  const document = failing();
  const nic = (network, model, mtu = 1500) => ({network, model, mtu, addresses: '2001:2:0:1::1/64', device: network});
  document.title = 'router-chain';
  document.topologies = [{
    path: ['server', 'wan', 'edge-router', 'middle', 'switch', 'inner', 'core-router', 'lan', 'client'],
    nodes: [{name: 'server', role: 'server', under_test: false, text: '10 000 addresses', nics: [nic('wan', 'virtio')]}, {name: 'edge-router', role: 'router', under_test: true, text: 'freebsd-14', nics: [nic('wan', 'vmxnet3'), nic('middle', 'vmxnet3')]}, {name: 'switch', role: 'bridge', under_test: false, text: '', nics: [nic('middle', 'e1000e'), nic('inner', 'e1000e')]},
      {name: 'core-router', role: 'router', under_test: true, text: 'a name far longer than the box has room for', nics: [nic('inner', 'vmxnet3'), nic('lan', 'vmxnet3', 1400)]}, {name: 'client', role: 'client', under_test: false, text: '', nics: [nic('lan', 'virtio', 1400)]},
      {name: 'other-client', role: 'client', under_test: false, text: '', nics: [nic('lan', 'virtio', 1400)]}, {name: 'monitor', role: 'client', under_test: false, text: '', nics: [nic('wan', 'virtio')]}],
    networks: [{name: 'wan', mtu: 1500, text: ''}, {name: 'middle', mtu: null, text: '2001:2:0:2::/64'}, {name: 'inner', mtu: 1500, text: ''}, {name: 'lan', mtu: 1400, text: ''}],
    points: [{id: 'edge-router-wan', node: 'edge-router', network: 'wan', side: 'host'}, {id: 'edge-router-wire', node: 'edge-router', network: 'wan', side: 'wire'}, {id: 'edge-router-middle', node: 'edge-router', network: 'middle', side: 'guest'}, {id: 'core-router-inner', node: 'core-router', network: 'inner', side: 'host'}, {id: 'core-router-lan', node: 'core-router', network: 'lan', side: 'host'}]}];
  document.cases = document.cases.slice(1, 3).map((one) => ({...one, topology: 0}));
  document.cases[1].fault = {layer: 'nic', node: 'core-router', network: 'inner', text: 'the NIC merges'};
  document.sentence = '1 of 2 cases shows a fault: lro-orphan-storm at core-router.';
  return document;
}

// One router on a single network, and nearly nothing recorded.
export function bare() {
  return {schema: 'offlab.report/1', kind: 'run', title: 'one-arm', outcome: 'inconclusive', sentence: 'Not enough was recorded to tell.', topologies: [{path: ['server', 'lan', 'router', 'lan', 'client'], nodes: [{name: 'router', role: 'router', under_test: true, nics: [{network: 'lan', model: 'virtio'}]}]}], cases: [{id: 'one-arm', outcome: 'inconclusive', topology: 0, fault: {layer: 'hypervisor', node: 'router', network: 'lan'}}, {id: 'nothing'}]};
}

export const samples = {failing, passing, matrix, 'small-matrix': small_matrix, hostile, gate, night, chain, bare};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  if (!folder) {
    console.error('usage: node samples.mjs FOLDER');
    process.exit(2);
  }
  mkdirSync(folder, {recursive: true});
  for (const [name, make] of Object.entries(samples)) writeFileSync(join(folder, `${name}.html`), assemble(make()));
}
