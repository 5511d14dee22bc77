// Uplink, goodput and ICMP errors on one time axis: case and control beside each other, with the same scales.

const SMALL_SHARE = 0.08;  // a case whose rates are below this share of the scale is drawn once more, enlarged
const TABLE_STEPS = 300;

const legs_with_series = (one) => list(one.data.legs).map(record).filter((leg) => number(leg.step) > 0 && (list(leg.uplink).length || list(leg.goodput).length || list(leg.errors).length));

// The values of a leg at steps of its bucket width.
function series_of(leg) {
  const step = leg.step;
  const uplink = list(leg.uplink).map(number);
  const errors = list(leg.errors).map(number);
  const goodput = list(leg.goodput).map((piece) => list(piece).map(number)).filter(([start, seconds, rate]) => start !== null && seconds > 0 && number(rate) !== null)
    .map(([start, seconds, rate]) => ({start, end: start + seconds, rate}));
  const seconds = Math.max(step * uplink.length, step * errors.length, ...goodput.map((piece) => piece.end));
  return {name: text(leg.name), step, uplink, errors, goodput, seconds, steps: Math.ceil(seconds / step - 1e-6),
    goodput_at: (time) => { const piece = goodput.find(({start, end}) => time >= start && time < end); return piece ? piece.rate : null; }};
}

const largest = (values) => values.reduce((most, value) => (value !== null && value > most ? value : most), 0);
const peak_rate = (series) => Math.max(largest(series.uplink), largest(series.goodput.map((piece) => piece.rate)));

function bucket_points(values, step, scale) {
  const points = values.map((value, index) => ({x: index * step, y: value === null ? NaN : value / scale}));
  if (points.length) points.push({x: values.length * step, y: points[points.length - 1].y});
  return points;
}

function goodput_points(series, scale) {
  const points = [];
  for (const [index, piece] of series.goodput.entries()) {
    points.push({x: piece.start, y: piece.rate / scale});
    const next = series.goodput[index + 1];
    if (!next || next.start > piece.end + 1e-3) points.push({x: piece.end, y: piece.rate / scale}, {x: piece.end, y: NaN});
  }
  return points;
}

// A round number not below `value`, for the end of an axis.
function round_up(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * power >= value * 1.02) * power;
}

function series_configuration(series, bounds) {
  const [scale, unit] = rate_unit(bounds.rate);
  const common = {type: 'line', stepped: true, pointRadius: 0, spanGaps: false};
  return {
    type: 'line',
    data: {datasets: [
      {...common, label: 'goodput', data: goodput_points(series, scale), borderColor: colour('goodput'), borderWidth: 2.5, yAxisID: 'rate', order: 1},
      {...common, label: 'uplink', data: bucket_points(series.uplink, series.step, scale), borderColor: colour('uplink'), backgroundColor: colour('uplink-area'), borderWidth: 1.25, fill: 'origin', yAxisID: 'rate', order: 2},
      {...common, label: 'errors', data: bucket_points(series.errors, series.step, 1), borderColor: colour('errors'), backgroundColor: colour('errors'), borderWidth: 0, fill: 'origin', yAxisID: 'errors', order: 3},
    ]},
    options: plot_options({
      time: axis_style('time, s', {axis: 'x', type: 'linear', position: 'bottom', min: 0, max: bounds.seconds, ticks: {maxTicksLimit: 8}}),
      errors: axis_style('ICMP', {axis: 'y', type: 'linear', stack: 'lanes', stackWeight: 1, min: 0, max: bounds.errors, offset: false, ticks: {stepSize: bounds.errors / 2, autoSkip: false, callback: (value, index, ticks) => (index === ticks.length - 1 ? '' : count(value))}, ...same_width(58)}),
      rate: axis_style(unit, {axis: 'y', type: 'linear', stack: 'lanes', stackWeight: 3, min: 0, max: bounds.rate / scale, grid: {color: (context) => (context.tick && context.tick.value === 0 ? colour('muted') : colour('grid'))}, ticks: {maxTicksLimit: 6}, ...same_width(58)}),
    }),
  };
}

const mean = (values) => { const known = values.filter((value) => value !== null); return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null; };

function series_words(series) {
  const carried = series.goodput.reduce((sum, piece) => sum + piece.rate * (piece.end - piece.start), 0);
  const time = series.goodput.reduce((sum, piece) => sum + piece.end - piece.start, 0);
  return [`mean uplink ${bit_rate(mean(series.uplink)) || 'not recorded'}`, `mean goodput ${(time > 0 && bit_rate(carried / time)) || 'not recorded'}`,
    series.errors.length ? plural(series.errors.reduce((sum, value) => sum + (value || 0), 0), 'ICMP error') : 'ICMP errors not recorded'];
}

function series_plot(title, series, bounds, height) {
  const plot = new Plot({label: `${title}: ${series_words(series).join(', ')}, in ${duration(series.seconds)}`, height, configure: () => {
    const configuration = series_configuration(series, bounds);
    for (const set of configuration.data.datasets) set.xAxisID = 'time';
    return configuration;
  }, reader: {
    steps: series.steps,
    step_at: (chart, pixel) => Math.min(series.steps - 1, Math.max(0, Math.floor(chart.scales.time.getValueForPixel(pixel) / series.step))),
    pixel_of: (chart, step) => chart.scales.time.getPixelForValue((step + 0.5) * series.step),
    lines: (step) => {
      const known = (value, words) => (value === null || value === undefined ? 'not recorded' : words);
      const goodput = series.goodput_at((step + 0.5) * series.step);
      return [`${series.name}, ${digits(step * series.step)} to ${digits((step + 1) * series.step)} s`, `uplink ${known(series.uplink[step], bit_rate(series.uplink[step]))}`,
        `goodput ${known(goodput, bit_rate(goodput))}`, `ICMP errors ${known(series.errors[step], count(series.errors[step]))}`];
    },
  }});
  return plot;
}

function series_legend(step) {
  const key = (name, words) => el('li', {}, el('i', {class: `key key-${name}`, 'aria-hidden': 'true'}), words);
  return el('ul', {class: 'legend'}, key('uplink', 'uplink: bit/s into the router'), key('goodput', 'goodput: bit/s at the receiver'), key('errors', `ICMP fragmentation needed / packet too big, in each ${digits(step)} s`));
}

function series_table(all) {
  const step = all[0].step;
  const steps = Math.max(...all.map((series) => series.steps));
  const rows = [];
  for (let index = 0; index < Math.min(steps, TABLE_STEPS); index += 1) {
    rows.push([digits(index * step), ...all.flatMap((series) => [bit_rate(series.uplink[index]), bit_rate(series.goodput_at((index + 0.5) * series.step)), count(series.errors[index])])]);
  }
  const head = ['from, s', ...all.flatMap((series) => [`${series.name}: uplink`, 'goodput', 'ICMP errors'])];
  return [data_table('Time series', head, rows, {class: 'numbers'}), steps > TABLE_STEPS && el('p', {class: 'absent'}, `${plural(steps - TABLE_STEPS, 'further bucket')} not shown.`)].filter((part) => part);
}

// Captures that could not be read, and why.
function missing_captures(one) {
  return list(one.data.legs).map(record).flatMap((leg) => list(leg.missing).map(text).filter((words) => words).map((words) => el('p', {class: 'absent'}, `${text(leg.name)}: ${words}`)));
}

function series_part(one, keep) {
  const all = legs_with_series(one).map(series_of);
  const part = el('section', {class: 'part'}, el('h4', {}, 'Traffic over time'));
  if (all.length === 0) {
    part.append(el('p', {}, absent(one.left_out_words)), ...missing_captures(one));
    return part;
  }
  const bounds = {rate: round_up(Math.max(...all.map(peak_rate))), seconds: Math.max(...all.map((series) => series.seconds)), errors: 2 * Math.max(2, Math.ceil(largest(all.map((series) => largest(series.errors))) * 0.6))};
  const made = all.map((series) => series_plot(series.name, series, bounds, 250));
  for (const plot of made) { plot.friends = made.filter((other) => other !== plot); keep(plot); }
  const figure = (plot, title, words) => el('figure', {}, el('figcaption', {}, el('b', {}, title), ` ${words.join(' · ')}`), plot.box);
  part.append(series_legend(all[0].step), el('div', {class: 'beside'}, made.map((plot, index) => figure(plot, all[index].name, series_words(all[index])))));
  const first = all[0];
  if (all.length > 1 && peak_rate(first) > 0 && peak_rate(first) < SMALL_SHARE * bounds.rate) {
    const own = {...bounds, rate: round_up(peak_rate(first))};
    const plot = series_plot(`${first.name}, enlarged`, first, own, 210);
    keep(plot);
    part.append(figure(plot, `${first.name}, enlarged ${digits(bounds.rate / own.rate)} times`, [`the same seconds; the scale ends at ${bit_rate(own.rate)}`]));
  }
  part.append(...missing_captures(one), folded('The series as a table', () => series_table(all)));
  return part;
}
