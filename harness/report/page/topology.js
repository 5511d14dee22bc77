// A drawing of the path from sender to receiver: guests above, with their NICs; below them the hypervisor with the networks.
// Capture points are numbered, and the layer at fault is hatched and named.

const DRAWN = {node: 150, router: 216, nic: 100, gap: 38, top: 26, box: 84, nic_height: 52, strip_gap: 16, strip: 84, below: 40, hanging: 52};

const layer_words = {hypervisor: 'hypervisor', nic: 'NIC', guest: 'guest', router: 'router', network: 'network'};

// What stands where: nodes of the path from left to right, each with the NICs towards its neighbours.
function topology_layout(topology) {
  const nodes = new Map(list(topology.nodes).map(record).map((node) => [text(node.name), node]));
  const networks = new Map(list(topology.networks).map(record).map((network) => [text(network.name), network]));
  const path = list(topology.path).map(text);
  const nic_on = (node, network) => { const all = list(node.nics).map(record); const index = all.findIndex((nic) => text(nic.network) === network); return index < 0 ? null : {...all[index], place: index}; };
  const drawn = [];
  let x = 44;
  for (let index = 0; index < path.length; index += 2) {
    const node = nodes.get(path[index]) || {name: path[index]};
    const sides = [[index - 1, 'in'], [index + 1, 'out']].filter(([at]) => at >= 0 && at < path.length).map(([at, side]) => ({side, network: path[at], ...(nic_on(node, path[at]) || {})}));
    const same = sides.length === 2 && sides[0].network === sides[1].network;
    const nics = same ? sides.slice(0, 1) : sides;
    const width = nics.length > 1 ? DRAWN.router : DRAWN.node;
    drawn.push({node, name: path[index], x, width, nics: nics.map((nic, place) => ({...nic, x: x + width * (place + 1) / (nics.length + 1) + (nics.length > 1 ? (place === 0 ? -18 : 18) : 0)})),
      first: index === 0, last: index + 2 >= path.length});
    x += width + DRAWN.gap;
  }
  const joints = drawn.slice(1).map((right, index) => {
    const left = drawn[index];
    const name = path[2 * index + 1];
    return {name, network: networks.get(name) || {name}, from: left.nics[left.nics.length - 1].x, to: right.nics[0].x};
  });
  const on_path = new Set(path.filter((_, index) => index % 2 === 0));
  const hanging = [...nodes.values()].filter((node) => !on_path.has(text(node.name)));
  return {drawn, joints, hanging, width: Math.max(360, x - DRAWN.gap + 12)};
}

function svg_text(x, y, words, attributes = {}, width = 0) {
  const limit = width ? Math.floor(width / (attributes.class && attributes.class.includes('strong') ? 7.4 : 6.3)) : 200;
  const whole = visible(words);
  const shown = short_text(words, limit);
  return svg('text', {x, y, 'text-anchor': 'middle', ...attributes}, shown, shown !== whole && svg('title', {}, whole));
}

const DRAWN_Y = (() => {
  const nic = DRAWN.top + DRAWN.box - 10;
  const nic_end = nic + DRAWN.nic_height;
  const strip = nic_end + DRAWN.strip_gap;
  return {nic, nic_end, strip, wire: strip + 46, strip_end: strip + DRAWN.strip};
})();

function draw_node({node, name, x, width, nics, first, last}, fault) {
  const role = first ? 'sender' : last ? 'receiver' : text(node.role);
  const at_fault = fault && (fault.layer === 'guest' || fault.layer === 'router') && fault.node === name;
  const center = x + width / 2;
  return svg('g', {},
    svg('rect', {x, y: DRAWN.top, width, height: DRAWN.box, rx: 4, class: `node${node.under_test === true ? ' tested' : ''}${at_fault ? ' at-fault' : ''}`}),
    at_fault && svg('rect', {x, y: DRAWN.top, width, height: DRAWN.box, rx: 4, class: 'hatched'}),
    svg_text(center, DRAWN.top + 21, name, {class: 'strong'}, width - 12),
    svg_text(center, DRAWN.top + 38, `${role}${node.under_test === true ? ', under test' : ''}`, {}, width - 12),
    svg_text(center, DRAWN.top + 54, text(node.text), {class: 'soft'}, width - 12),
    nics.map((nic) => draw_nic(nic, fault && fault.layer === 'nic' && fault.node === name && fault.network === nic.network)));
}

function draw_nic(nic, at_fault) {
  const box = {x: nic.x - DRAWN.nic / 2, y: DRAWN_Y.nic, width: DRAWN.nic, height: DRAWN.nic_height, rx: 3};
  return svg('g', {}, svg('line', {x1: nic.x, x2: nic.x, y1: DRAWN_Y.nic_end, y2: DRAWN_Y.wire, class: 'wire'}),
    svg('rect', {...box, class: `nic${at_fault ? ' at-fault' : ''}`}), at_fault && svg('rect', {...box, class: 'hatched'}),
    svg_text(nic.x, box.y + 15, text(nic.model) || 'NIC', {class: 'strong-small'}, DRAWN.nic - 8),
    svg_text(nic.x, box.y + 30, number(nic.mtu) === null ? 'MTU not recorded' : `MTU ${nic.mtu}`, {}, DRAWN.nic - 4),
    svg_text(nic.x, box.y + 44, text(nic.addresses), {class: 'soft tiny'}, DRAWN.nic + 6));
}

function draw_joint({name, network, from, to}, fault) {
  const middle = (from + to) / 2;
  const note = number(network.mtu) === null ? text(network.text) : `MTU ${network.mtu}`;
  const half = Math.min(62, (to - from) / 2 - 14);
  const at_fault = fault && fault.layer === 'network' && fault.network === name;
  const arrow = (x) => svg('path', {d: `M${x} ${DRAWN_Y.wire - 4}l8 4-8 4z`, class: 'arrow'});
  const box = {x: middle - half, y: DRAWN_Y.wire - 16, width: 2 * half, height: 32, rx: 16};
  return svg('g', {}, svg('line', {x1: from, x2: to, y1: DRAWN_Y.wire, y2: DRAWN_Y.wire, class: 'wire'}), arrow((from + middle - half) / 2 - 4), arrow((to + middle + half) / 2 - 4),
    svg('rect', {...box, class: `network${at_fault ? ' at-fault' : ''}`}), at_fault && svg('rect', {...box, class: 'hatched'}),
    svg_text(middle, DRAWN_Y.wire + (note ? -3 : 4), name, {class: 'strong-small'}, 2 * half - 12), note && svg_text(middle, DRAWN_Y.wire + 10, note, {class: 'tiny'}, 2 * half - 8));
}

// Where a capture point stands: below the NIC (host), in the guest above it, or on the network (wire).
function point_place(point, layout) {
  const side = text(point.side);
  const node = layout.drawn.find((one) => one.name === text(point.node));
  const nic = node && node.nics.find((one) => one.network === text(point.network));
  if (!nic) return null;
  if (side === 'guest') return {x: nic.x - DRAWN.nic / 2, y: DRAWN_Y.nic};
  if (side !== 'wire') return {x: nic.x, y: DRAWN_Y.strip + 14};
  return {x: nic.x + (nic.side === 'in' ? -18 : 18), y: DRAWN_Y.wire + 14};
}

function draw_points(points, layout) {
  const taken = new Map();
  return points.map((point, index) => {
    const place = point_place(point, layout);
    if (!place) return null;
    const key = `${place.x} ${place.y}`;
    const before = taken.get(key) || 0;
    taken.set(key, before + 1);
    const x = place.x + before * 19;
    return svg('g', {class: 'capture'}, svg('title', {}, `capture point ${text(point.id)}`), svg('circle', {cx: x, cy: place.y, r: 8.5}), svg_text(x, place.y + 4, String(index + 1), {class: 'strong-small'}));
  });
}

// The place that is at fault: hatched, with a flag below the strip (above the box for a guest).
function draw_fault(fault, layout) {
  if (!fault) return null;
  const words = `fault: ${layer_words[fault.layer] || fault.layer}`;
  const node = layout.drawn.find((one) => one.name === fault.node);
  const nic = node && (node.nics.find((one) => one.network === fault.network) || null);
  const joint = layout.joints.find((one) => one.name === fault.network);
  const flag_width = Array.from(visible(words)).length * 7 + 32;
  const flag = (x, y) => {
    const left = Math.min(Math.max(4, x - flag_width / 2), layout.width - flag_width - 4);
    return svg('g', {class: 'flag'}, svg('rect', {x: left, y, width: flag_width, height: 20, rx: 3}), svg('path', {d: `M${left + 9} ${y + 6}l8 8m0-8l-8 8`, class: 'cross'}), svg_text(left + 10 + flag_width / 2, y + 14, words, {class: 'strong-small'}));
  };
  if ((fault.layer === 'guest' || fault.layer === 'router') && node) return flag(node.x + node.width / 2, 3);
  const y = DRAWN_Y.strip_end + 16;
  if (fault.layer === 'network' && joint) return [leader((joint.from + joint.to) / 2, DRAWN_Y.wire + 16, y), flag((joint.from + joint.to) / 2, y)];
  if (!nic) return null;
  if (fault.layer === 'nic') return [leader(nic.x + DRAWN.nic / 2 - 10, DRAWN_Y.nic_end, y), flag(nic.x + DRAWN.nic / 2 - 10, y)];
  return [svg('rect', {x: nic.x - 26, y: DRAWN_Y.strip, width: 52, height: DRAWN.strip, class: 'hatched at-fault'}), leader(nic.x, DRAWN_Y.strip_end, y), flag(nic.x, y)];
}

const leader = (x, from, to) => svg('line', {x1: x, x2: x, y1: from, y2: to, class: 'leader'});

function draw_hanging(layout, y) {
  const shown = layout.hanging.slice(0, 8);
  const used = new Map();
  return shown.map((node) => {
    const nic = record(list(node.nics)[0]);
    const joint = layout.joints.find((one) => one.name === text(nic.network));
    const key = joint ? joint.name : '';
    const place = used.get(key) || 0;
    used.set(key, place + 1);
    const middle = joint ? (joint.from + joint.to) / 2 : 80;
    const x = middle - 62;
    const top = y + place * DRAWN.hanging;
    return svg('g', {}, joint && svg('path', {d: `M${middle - 30} ${DRAWN_Y.wire + 14}V${top - 8}H${middle}V${top}`, class: 'wire thin'}),
      svg('rect', {x, y: top, width: 124, height: DRAWN.hanging - 12, rx: 4, class: 'node'}),
      svg_text(middle, top + 17, text(node.name), {class: 'strong-small'}, 116), svg_text(middle, top + 31, `${text(nic.model) || text(node.role)}${number(nic.mtu) === null ? '' : `, MTU ${nic.mtu}`}`, {class: 'tiny'}, 118));
  });
}

function fault_of(one) {
  const fault = record(one.data.fault);
  const layer = text(fault.layer);
  return layer === '' ? null : {layer, node: text(fault.node), network: text(fault.network), text: text(fault.text)};
}

const fault_words = (fault) => [layer_words[fault.layer] || fault.layer, fault.node, fault.network].filter((word) => word !== '').filter((word, index, all) => all.indexOf(word) === index).join(', ');

function topology_table(topology) {
  const rows = list(topology.nodes).map(record).flatMap((node) => (list(node.nics).length ? list(node.nics) : [{}]).map(record).map((nic, index) =>
    [index === 0 ? `${text(node.name)}${node.under_test === true ? ' (under test)' : ''}` : '', index === 0 ? text(node.role) : '', text(nic.network), text(nic.model), count(number(nic.mtu)), text(nic.addresses), text(nic.device)]));
  const points = list(topology.points).map(record).map((point, index) => [String(index + 1), text(point.id), text(point.node), text(point.network), text(point.side)]);
  return [el('p', {}, `Path: ${list(topology.path).map(text).join(' → ')}`), data_table('Nodes and their NICs', ['node', 'role', 'network', 'NIC', 'MTU', 'addresses', 'device'], rows),
    points.length > 0 && data_table('Capture points', ['no.', 'capture point', 'node', 'network', 'side'], points)].filter((part) => part);
}

function topology_drawing(topology, fault) {
  const layout = topology_layout(topology);
  const points = list(topology.points).map(record);
  const hanging_at = DRAWN_Y.strip_end + (fault ? DRAWN.below + 4 : 16);
  const rows = layout.hanging.length ? Math.max(...[...new Set(layout.hanging.slice(0, 8).map((node) => text(record(list(node.nics)[0]).network)))].map((name) => layout.hanging.slice(0, 8).filter((node) => text(record(list(node.nics)[0]).network) === name).length)) : 0;
  const height = (rows ? hanging_at + rows * DRAWN.hanging : DRAWN_Y.strip_end + (fault ? DRAWN.below : 6));
  const words = `Path from ${list(topology.path).map(text).join(' to ')}${fault ? `; fault: ${fault_words(fault)}` : ''}`;
  return svg('svg', {class: 'topology', viewBox: `0 0 ${layout.width} ${height}`, width: layout.width, height, role: 'img', 'aria-label': words},
    svg('defs', {}, svg('pattern', {id: 'hatch', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)'}, svg('line', {x1: 0, y1: 0, x2: 0, y2: 6, class: 'hatch-line'}))),
    svg('rect', {x: 4, y: DRAWN_Y.strip, width: layout.width - 8, height: DRAWN.strip, rx: 4, class: 'strip'}),
    ['hypervisor', 'networks'].map((word, line) => svg_text(0, 0, word, {class: 'soft', transform: `translate(${19 + 13 * line} ${DRAWN_Y.strip + DRAWN.strip / 2}) rotate(-90)`})),
    fault && fault.layer === 'hypervisor' && draw_fault(fault, layout),
    layout.joints.map((joint) => draw_joint(joint, fault)), layout.drawn.map((node) => draw_node(node, fault)), rows > 0 && draw_hanging(layout, hanging_at),
    draw_points(points, layout), fault && fault.layer !== 'hypervisor' && draw_fault(fault, layout));
}

const POINT_SIDES = new Map([['host', ' behind the NIC, on the host'], ['guest', ' inside of the guest'], ['wire', ' on the wire']]);

function topology_part(one) {
  const part = el('section', {class: 'part'}, el('h4', {}, 'Topology'));
  const {topology} = one;
  if (!topology || list(topology.path).length === 0) {
    part.append(el('p', {}, absent()));
    return part;
  }
  const fault = fault_of(one);
  const points = list(topology.points).map(record);
  part.append(el('div', {class: 'topology-row'},
    el('div', {class: 'scroll drawing', tabindex: '0', role: 'region', 'aria-label': 'Drawing of the topology'}, topology_drawing(topology, fault)),
    el('div', {class: 'topology-words'},
      fault && el('p', {class: 'fault-words'}, shape('fail'), el('span', {}, el('b', {}, 'At fault: '), fault.text || fault_words(fault))),
      points.length > 0 && [el('h5', {}, 'Capture points'), el('ul', {class: 'points'}, points.map((point, index) => el('li', {}, el('span', {class: 'point-number'}, String(index + 1)), ` ${text(point.id)}`,
        el('span', {class: 'soft'}, POINT_SIDES.get(text(point.side)) || ''))))])),
  folded('The topology as tables', () => topology_table(topology)));
  return part;
}
