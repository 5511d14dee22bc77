// Pairs of a gate: how much the candidate differs in each, the mean with its interval, and the margin.

const percent_change = (value) => `${value > 0 ? '+' : ''}${digits(value)} %`;

function read_pairs(value) {
  const data = record(value);
  const changes = list(data.changes).map(number).filter((change) => change !== null);
  const interval = list(data.interval).map(number);
  return {changes, mean: number(data.mean), margin: number(data.margin), level: number(data.interval_percent), interval: number(interval[0]) === null || number(interval[1]) === null ? null : interval};
}

function pairs_words({changes, mean, margin, level, interval}) {
  return [plural(changes.length, 'pair'), mean === null ? '' : `mean ${percent_change(mean)}`,
    interval ? `${digits(level || 95)} % interval ${percent_change(interval[0])} to ${percent_change(interval[1])}` : 'no interval yet', margin === null ? '' : `margin ${percent_change(margin)}`].filter((words) => words);
}

// Behind the dots: the interval as a band, no change, the mean and the margin as lines.
function pairs_ground({mean, margin, interval}) {
  return {id: 'ground', beforeDatasetsDraw: (chart) => {
    const {ctx, chartArea: {left, right, top, bottom}} = chart;
    const at = (value) => Math.min(bottom, Math.max(top, chart.scales.change.getPixelForValue(value)));
    const across = (value, style, width, dash = []) => {
      if (value === null) return;
      Object.assign(ctx, {strokeStyle: style, lineWidth: width});
      ctx.setLineDash(dash);
      ctx.beginPath();
      ctx.moveTo(left, at(value));
      ctx.lineTo(right, at(value));
      ctx.stroke();
    };
    ctx.save();
    if (interval) {
      ctx.fillStyle = colour('grid');
      ctx.fillRect(left, at(interval[1]), right - left, at(interval[0]) - at(interval[1]));
    }
    across(0, colour('muted'), 1);
    across(mean, colour('goodput'), 1.5);
    across(margin, colour('fail'), 1.5, [5, 3]);
    ctx.restore();
  }};
}

function pairs_configuration(pairs) {
  const {changes, mean, margin, interval} = pairs;
  const shown = [0, ...changes, ...(interval || []), ...[mean, margin].filter((value) => value !== null)];
  const room = Math.max(1, 0.08 * (Math.max(...shown) - Math.min(...shown)));
  return {
    type: 'scatter', plugins: [pairs_ground(pairs)],
    data: {datasets: [{label: 'pairs', data: changes.map((change, index) => ({x: index + 1, y: change})), xAxisID: 'pair', yAxisID: 'change', pointRadius: 5, pointBackgroundColor: colour('goodput'), pointBorderColor: colour('surface'), pointBorderWidth: 1.5}]},
    options: plot_options({
      pair: axis_style('pair', {axis: 'x', type: 'linear', position: 'bottom', min: 0.5, max: changes.length + 0.5, grid: {display: false}, ticks: {stepSize: Math.ceil(changes.length / 16), callback: (value) => (Number.isInteger(value) ? String(value) : '')}}),
      change: axis_style('candidate against baseline, %', {axis: 'y', type: 'linear', min: Math.min(...shown) - room, max: Math.max(...shown) + room, ticks: {maxTicksLimit: 7, callback: (value, index, ticks) => (index === 0 || index === ticks.length - 1 ? '' : percent_change(value))}, ...same_width(74)}),
    }),
  };
}

function pairs_section(report) {
  const pairs = read_pairs(report.data.pairs);
  if (pairs.changes.length === 0) return null;
  const plot = new Plot({label: `Goodput of each pair: ${pairs_words(pairs).join(', ')}`, height: 230, configure: () => pairs_configuration(pairs), reader: {
    steps: pairs.changes.length,
    step_at: (chart, pixel) => Math.min(pairs.changes.length - 1, Math.max(0, Math.round(chart.scales.pair.getValueForPixel(pixel)) - 1)),
    pixel_of: (chart, step) => chart.scales.pair.getPixelForValue(step + 1),
    lines: (step) => [`pair ${step + 1}`, `goodput ${percent_change(pairs.changes[step])}`],
  }});
  const key = (name, words) => el('li', {}, el('i', {class: `key key-${name}`, 'aria-hidden': 'true'}), words);
  return el('section', {'aria-labelledby': 'pairs-title'}, el('h2', {id: 'pairs-title'}, 'Goodput of each pair'),
    el('ul', {class: 'legend'}, key('pair', 'a pair'), key('goodput', 'mean'), pairs.interval && key('interval', 'its interval'), pairs.margin !== null && key('margin', 'margin: below it, the candidate is worse')),
    el('figure', {}, el('figcaption', {}, pairs_words(pairs).join(' · ')), plot.box));
}
