// The page: the verdict first, then the matrix, the cases, and the details of those that are opened.

const QUESTIONS = {healthy: 'Is forwarding healthy?', 'as-expected': 'Does each case come out as the file expects?'};
const KINDS = {run: 'run', suite: 'several runs', gate: 'gate', night: 'night', bisect: 'bisection'};

const is_failing = (one) => one.outcome === 'fail' || one.outcome === 'error';

const spoken = el('div', {class: 'unseen', role: 'status', 'aria-live': 'polite'});
function say(words) { spoken.textContent = visible(words); }

// A case as the page uses it.
class Case {
  constructor(data, index, report) {
    Object.assign(this, {data, index, report, cells: []});
    this.id = text(data.id) || `case ${index + 1}`;
    this.outcome = outcome_of(data.outcome);
    this.fault_class = text(data.class);
    this.expect = text(data.expect);
    this.reason = text(data.reason);
    this.lab = text(data.lab);
    this.remarks = list(data.remarks).map(text).filter((remark) => remark);
    for (const name of ['goodput', 'control_goodput', 'uplink', 'refused', 'amplification', 'wasted']) this[name] = number(data[name]);
    const ratio = list(data.ratio).map(number);
    this.ratio = number(ratio[0]) === null ? null : [ratio[0], number(ratio[1]), number(ratio[2])];
    this.topology = number(data.topology) === null ? null : record(report.topologies[data.topology]);
    this.is_member = relative_href(data.report) !== null && ['findings', 'legs', 'counters', 'settings', 'files'].every((name) => list(data[name]).length === 0);
    this.left_out_words = report.left_out > 0 ? 'not in this file: left out to keep it small, or not recorded' : 'not recorded';
  }

  setting(key) {
    const axes = record(this.data.axes);
    return key !== null && Object.hasOwn(axes, key) ? text(axes[key]) : '';
  }

  point_number(id) {
    return 1 + list(record(this.topology).points).map(record).findIndex((point) => text(point.id) === id);
  }

  searched() {
    if (this.words === undefined) this.words = [this.id, this.fault_class, this.outcome, this.expect, text(this.data.device), this.reason, ...this.remarks, ...Object.entries(record(this.data.axes)).map(([key, value]) => `${key}=${text(value)}`)].join(' ').toLowerCase();
    return this.words;
  }
}

// Axes with two values or more; values that only cases have come last. Where a case has no value of an axis, the cases
// are named ones, and there is no matrix.
function axes_of(data, cases) {
  const axes = list(data.axes).map(record).map((axis) => ({key: text(axis.key), values: list(axis.values).map(text)}))
    .map((axis) => ({...axis, values: [...new Set([...axis.values, ...cases.map((one) => one.setting(axis.key))])]}))
    .filter((axis) => axis.values.length > 1);
  return axes.some((axis) => axis.values.includes('')) ? [] : axes;
}

function read_report(data) {
  const report = {data, left_out: number(data.left_out) || 0, topologies: list(data.topologies), environment: list(data.environment).map(record), redrawn: () => {}};
  report.cases = list(data.cases).map(record).map((one, index) => new Case(one, index, report));
  const addresses = new Map();
  for (const one of report.cases) {
    const before = addresses.get(one.id) || 0;
    addresses.set(one.id, before + 1);
    one.address = before === 0 ? one.id : `${one.id}~${before + 1}`;
    one.href = `#case=${encodeURIComponent(one.address.toWellFormed ? one.address.toWellFormed() : one.address.replace(/\p{Cs}/gu, '\ufffd'))}`;
  }
  report.axes = axes_of(data, report.cases);
  return report;
}

function counts_list(cases) {
  return el('ul', {class: 'counts', 'aria-label': 'Cases by outcome'}, OUTCOME_ORDER.map((name) => [name, cases.filter((one) => one.outcome === name).length])
    .filter(([, amount]) => amount > 0).map(([name, amount]) => el('li', {}, badge(name, `${count(amount)} ${OUTCOMES.get(name).word}`))));
}

function page_head(report) {
  const {data} = report;
  return el('header', {class: 'top'}, el('span', {class: 'brand'}, 'offlab'), el('span', {class: 'soft'}, KINDS[text(data.kind)] || text(data.kind)), el('span', {class: 'top-title'}, text(data.title)), theme_button());
}

function verdict_section(report) {
  const {data, cases} = report;
  const outcome = outcome_of(data.outcome);
  const facts = [instant(data.started), number(data.seconds) === null ? '' : `took ${duration(data.seconds)}`, text(data.offlab) && `offlab ${text(data.offlab)}`].filter((words) => words);
  return el('section', {class: `verdict is-${outcome}`, 'aria-labelledby': 'verdict'},
    el('h1', {id: 'verdict'}, badge(outcome), el('span', {class: 'sentence'}, text(data.sentence) || absent())),
    el('p', {class: 'question'}, [QUESTIONS[text(data.question)], text(data.summary)].filter((words) => words).map((words) => el('span', {}, words))),
    cases.length > 0 && counts_list(cases), el('p', {class: 'soft facts-line'}, facts.map((words) => el('span', {}, words))),
    report.left_out > 0 && el('p', {class: 'soft'}, `Series and packet sizes of ${plural(report.left_out, 'case')} are not in this file, to keep it small.`));
}

function block_section(block, index) {
  const rows = list(block.rows).map(list).map((row) => row.map(text));
  return el('section', {'aria-labelledby': `block-${index}`}, el('h2', {id: `block-${index}`}, text(block.title) || 'not recorded'), text(block.text) && el('p', {class: 'wrap prose', lines: true}, text(block.text)),
    rows.length > 0 && data_table(text(block.title) || 'Table', list(block.head).map(text), rows));
}

function environment_section(report) {
  return el('section', {'aria-labelledby': 'environment-title'}, el('h2', {id: 'environment-title'}, 'Environment'),
    report.environment.length ? report.environment.map((one) => folded(text(one.title) || 'not recorded', () => facts_list(one.facts), {open: report.environment.length === 1})) : el('p', {}, absent()));
}

function start_keys(report) {
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      if (!tip.hidden) hide_tip();
      else if (report.table && event.target === report.table.search && report.table.search.value) report.table.clear_words();
      else return;
      event.preventDefault();
    } else if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.matches('input, select, textarea')) {
      if (!report.table || !report.table.search) return;
      event.preventDefault();
      report.table.focus_filter();
    }
  });
}

function start_links(panels) {
  addEventListener('hashchange', () => panels.follow_address());
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element && event.target.closest('a[href^="#case="]');
    if (link && link.getAttribute('href') === location.hash && !event.ctrlKey && !event.metaKey) panels.follow_address();
  });
}

function start() {
  let data;
  const root = document.getElementById('report');
  try {
    data = record(JSON.parse(document.getElementById('data').textContent));
  } catch {
    root.append(el('p', {class: 'page'}, 'The data of this report cannot be read: the file is damaged.'));
    return;
  }
  const report = read_report(data);
  const panels = new CasePanels(report);
  const blocks = list(data.blocks).map(record).map(block_section);
  report.paper_note = el('p', {class: 'paper-note'});
  report.table = new CaseTable(report);
  report.redrawn = () => report.table.apply_filter();
  const has_cases = report.cases.length > 0;
  root.append(shape_definitions(), el('a', {class: 'skip', href: has_cases ? '#cases' : '#verdict'}, has_cases ? 'Skip to the cases' : 'Skip to the verdict'),
    el('div', {class: 'page'}, page_head(report), el('main', {}, verdict_section(report), pairs_section(report), blocks, matrix_section(report), has_cases && report.table.section(),
      has_cases ? panels.section() : el('p', {class: 'absent'}, 'This report has no cases.'), report.paper_note, environment_section(report))), spoken);
  start_tips();
  start_keys(report);
  start_links(panels);
  start_paper(report, panels);
  if (has_cases && !panels.follow_address()) {
    const first = report.cases.find(is_failing);
    if (first) panels.open(first);
  }
  performance.mark('offlab-report-shown');
}

start();
