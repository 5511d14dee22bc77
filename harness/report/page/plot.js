// What all charts share: made when they come into view, drawn anew in other colours, read by pointer and by arrow keys.

const plots = new Set();
const plot_watch = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) entry.target.plot.make();
}, {rootMargin: '400px'});

const line_at = (chart, x, style, width, dash = []) => {
  const {ctx, chartArea} = chart;
  ctx.save();
  ctx.strokeStyle = style;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(x, chartArea.top);
  ctx.lineTo(x, chartArea.bottom);
  ctx.stroke();
  ctx.restore();
};

// `configure` gives Chart.js' configuration in the colours of now. Steps are what can be read, one after the other:
// `reader` has their number, the step at a pixel, the pixel of a step, and the lines to show for it.
class Plot {
  constructor({label, height, configure, reader}) {
    this.configure = configure;
    this.reader = reader;
    this.step = null;
    this.chart = null;
    this.canvas = el('canvas', {'aria-hidden': 'true'});
    this.box = el('div', {class: 'plot', tabindex: '0', role: 'img', 'aria-label': `${label}. Arrow keys read values.`, style: {height: `${height}px`},
      mousemove: (event) => this.read(this.chart && this.reader.step_at(this.chart, event.clientX - this.canvas.getBoundingClientRect().left)),
      mouseleave: () => this.leave(), blur: () => this.leave(), keydown: (event) => this.key(event)}, this.canvas);
    this.box.plot = this;
    this.friends = [];
    plots.add(this);
    plot_watch.observe(this.box);
  }

  make() {
    plot_watch.unobserve(this.box);
    if (this.chart || !this.box.isConnected) return;
    const configuration = this.configure();
    const cursor = {id: 'cursor', afterDraw: (chart) => { if (this.step !== null) line_at(chart, this.reader.pixel_of(chart, this.step), colour('ink'), 1); }};
    configuration.plugins = [...(configuration.plugins || []), cursor];
    this.chart = new Chart(this.canvas, configuration);
  }

  redraw() {
    if (!this.chart) return;
    this.chart.destroy();
    this.chart = null;
    this.make();
  }

  remove() {
    plot_watch.unobserve(this.box);
    if (this.chart) this.chart.destroy();
    plots.delete(this);
  }

  mark(step) {
    if (this.step === step) return;
    this.step = step;
    if (this.chart) this.chart.draw();
  }

  read(step) {
    if (!this.chart || step === null || this.reader.steps === 0) return;
    for (const plot of [this, ...this.friends]) plot.mark(step);
    const box = this.canvas.getBoundingClientRect();
    show_tip(this.box, this.reader.lines(step), {left: box.left + this.reader.pixel_of(this.chart, step), width: 0, top: box.top + this.chart.chartArea.top, bottom: box.bottom});
  }

  leave() {
    for (const plot of [this, ...this.friends]) plot.mark(null);
    if (tip_owner === this.box) hide_tip();
  }

  key(event) {
    const last = this.reader.steps - 1;
    const now = this.step;
    const step = {ArrowRight: now === null ? 0 : Math.min(last, now + 1), ArrowLeft: now === null ? last : Math.max(0, now - 1), Home: 0, End: last}[event.key];
    if (step === undefined || last < 0) return;
    event.preventDefault();
    this.make();
    this.read(step);
    say(this.reader.lines(step).filter((line) => line).join(', '));
  }
}

// Axes and text as the rest of the page has them.
function axis_style(title, more = {}) {
  const {ticks, grid, ...rest} = more;
  return {
    title: {display: title !== '', text: title, color: colour('muted'), font: {size: 11, family: 'system-ui, sans-serif'}, padding: {top: 2, bottom: 2}},
    ticks: {color: colour('muted'), font: {size: 11, family: 'system-ui, sans-serif'}, maxRotation: 0, ...ticks},
    grid: {color: colour('grid'), borderColor: colour('line'), drawTicks: true, tickLength: 4, ...grid}, ...rest};
}

const plot_options = (scales) => ({animation: false, responsive: true, maintainAspectRatio: false, parsing: false, normalized: true, events: [], layout: {padding: {top: 14, right: 8}},
  plugins: {legend: {display: false}, tooltip: {enabled: false}, title: {display: false}}, scales});

// Where the plots stand beside each other their axes need the same room.
const same_width = (pixels) => ({afterFit: (scale) => { scale.width = pixels; }});

theme_listeners.push(() => { for (const plot of plots) plot.redraw(); });
