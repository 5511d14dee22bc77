// Packet sizes at each capture point: as the wire would see them, and the frames as captured where those differ.

const bins_of = (value) => list(value).map((bin) => list(bin).map(number)).filter(([edge, packets]) => edge !== null && number(packets) !== null);

function size_points(one) {
  const points = new Map();  // id -> {id, title, limit, legs: Map(name -> {packets, frames})}
  for (const leg of list(one.data.legs).map(record)) {
    for (const seen of list(leg.points).map(record)) {
      const id = text(seen.point);
      if (!points.has(id)) points.set(id, {id, title: text(seen.text) || id, legs: new Map()});
      points.get(id).legs.set(text(leg.name), {limit: number(seen.limit), packets: bins_of(seen.packets), frames: bins_of(seen.frames)});
    }
  }
  return [...points.values()];
}

const packets_in = (bins) => bins.reduce((sum, bin) => sum + bin[1], 0);
const longer_than = (bins, limit) => packets_in(bins.filter(([edge]) => limit !== null && edge > limit));

function size_words(seen) {
  if (!seen) return ['not recorded'];
  const long_packets = longer_than(seen.packets, seen.limit);
  const long_frames = longer_than(seen.frames, seen.limit);
  return [plural(packets_in(seen.packets), 'packet'), seen.limit === null ? 'MTU not recorded' : `${count(long_packets)} longer than the MTU`,
    seen.frames.length ? `${plural(packets_in(seen.frames), 'frame')} captured, ${count(long_frames)} of them longer` : ''].filter((words) => words);
}

// The MTU stands between the bins that fit and those that do not; what is behind it has a shade.
function mtu_mark(edges, limit) {
  return {id: 'mtu', beforeDatasetsDraw: (chart) => {
    if (limit === null) return;
    const {left, right, top, bottom} = chart.chartArea;
    const fitting = edges.filter((edge) => edge <= limit).length;
    const middle = (index) => chart.scales.size.getPixelForValue(index);
    const x = fitting === 0 ? left : fitting === edges.length ? right : (middle(fitting - 1) + middle(fitting)) / 2;
    const {ctx} = chart;
    ctx.save();
    ctx.fillStyle = colour('fail-tint');
    ctx.fillRect(x, top, right - x, bottom - top);
    ctx.restore();
    line_at(chart, x, colour('fail'), 1.5, [5, 3]);
    ctx.save();
    ctx.fillStyle = colour('fail');
    ctx.font = '11px system-ui, sans-serif';
    ctx.textBaseline = 'bottom';
    ctx.textAlign = x > (left + right) / 2 ? 'right' : 'left';
    ctx.fillText(`MTU ${limit}`, ctx.textAlign === 'right' ? Math.min(x, right) : x, top - 2);
    ctx.restore();
  }};
}

function size_configuration(seen, edges, most) {
  const heights = (bins) => { const by_edge = new Map(bins); return edges.map((edge, index) => ({x: index, y: by_edge.get(edge) || NaN})); };
  const bars = {type: 'bar', categoryPercentage: 0.86, barPercentage: 0.92, maxBarThickness: 34, minBarLength: 3, xAxisID: 'size', yAxisID: 'packets'};
  return {
    type: 'bar', plugins: [mtu_mark(edges, seen.limit)],
    data: {labels: edges.map(String), datasets: [
      {...bars, label: 'packets', data: heights(seen.packets), backgroundColor: colour('goodput')},
      ...(seen.frames.length ? [{...bars, label: 'frames', data: heights(seen.frames), backgroundColor: colour('surface'), borderColor: colour('frames'), borderWidth: 2}] : []),
    ]},
    options: plot_options({
      size: axis_style('length up to, bytes', {axis: 'x', type: 'category', position: 'bottom', grid: {display: false}, ticks: {autoSkip: true, autoSkipPadding: 6}}),
      packets: axis_style('packets', {axis: 'y', type: 'logarithmic', position: 'left', min: 0.5, max: most, ...same_width(58),
        ticks: {callback: (value) => (value >= 1 && Number.isInteger(Math.log10(value)) ? Intl.NumberFormat('en', {notation: 'compact'}).format(value) : '')}}),
    }),
  };
}

function size_plot(title, seen, edges, most) {
  const of = (bins, edge) => { const bin = bins.find((candidate) => candidate[0] === edge); return bin ? bin[1] : 0; };
  return new Plot({label: `Packet sizes, ${title}: ${size_words(seen).join(', ')}`, height: 190, configure: () => size_configuration(seen, edges, most), reader: {
    steps: edges.length,
    step_at: (chart, pixel) => Math.min(edges.length - 1, Math.max(0, Math.round(chart.scales.size.getValueForPixel(pixel)))),
    pixel_of: (chart, step) => chart.scales.size.getPixelForValue(step),
    lines: (step) => {
      const edge = edges[step];
      return [`${step > 0 ? `${edges[step - 1] + 1} to ` : 'up to '}${edge} bytes`, plural(of(seen.packets, edge), 'packet'), seen.frames.length ? `${plural(of(seen.frames, edge), 'frame')} as captured` : '',
        seen.limit !== null && edge > seen.limit ? `longer than the MTU (${seen.limit})` : ''];
    },
  }});
}

function sizes_table(points, legs, edges) {
  const cell = (bins, edge) => { const bin = (bins || []).find((candidate) => candidate[0] === edge); return bin ? count(bin[1]) : ''; };
  return points.map((point) => [el('p', {}, el('b', {}, point.title)), data_table(`Packet sizes, ${point.title}`,
    ['up to, bytes', ...legs.flatMap((leg) => [`${leg}: packets`, 'frames'])],
    edges.map((edge) => [String(edge), ...legs.flatMap((leg) => { const seen = point.legs.get(leg); return [cell(seen && seen.packets, edge), cell(seen && seen.frames, edge)]; })]), {class: 'numbers'})]).flat();
}

function sizes_part(one, keep) {
  const points = size_points(one);
  const part = el('section', {class: 'part'}, el('h4', {}, 'Packet sizes on the path'));
  const legs = [...new Set(points.flatMap((point) => [...point.legs.keys()]))];
  const seen_all = points.flatMap((point) => [...point.legs.values()]);
  const edges = [...new Set(seen_all.flatMap((seen) => [...seen.packets, ...seen.frames].map((bin) => bin[0])))].sort((a, b) => a - b);
  if (edges.length === 0) {
    part.append(el('p', {}, absent(one.left_out_words)));
    return part;
  }
  const most = 10 ** Math.ceil(Math.log10(Math.max(10, largest(seen_all.flatMap((seen) => [...seen.packets, ...seen.frames].map((bin) => bin[1]))) * 1.05)));
  const key = (name, words) => el('li', {}, el('i', {class: `key key-${name}`, 'aria-hidden': 'true'}), words);
  part.append(el('ul', {class: 'legend'}, key('packets', 'packets as the wire would see them'), key('frames', 'frames as captured, where coalesced'), key('mtu', 'longer than the MTU')));
  for (const [index, point] of points.entries()) {
    part.append(el('h5', {}, el('span', {class: 'point-number'}, String(one.point_number(point.id) || index + 1)), ` ${point.title}`), el('div', {class: 'beside'}, legs.map((leg) => {
      const seen = point.legs.get(leg);
      const figure = el('figure', {}, el('figcaption', {}, el('b', {}, leg), ` ${size_words(seen).join(' · ')}`));
      if (seen) { const plot = size_plot(`${point.title}, ${leg}`, seen, edges, most); keep(plot); figure.append(plot.box); }
      return figure;
    })));
  }
  part.append(folded('The sizes as tables', () => sizes_table(points, legs, edges)));
  return part;
}
