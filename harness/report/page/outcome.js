// Outcomes as a word, a colour and a shape; classes as letters in a large matrix.

const OUTCOMES = new Map([
  ['fail', {word: 'fail', shape: 'M5 0h6l5 5v6l-5 5H5l-5-5V5z', mark: 'M5 5l6 6M11 5l-6 6'}],
  ['error', {word: 'error', shape: 'M8 0l8 15.5H0z', mark: 'M8 6v4M8 12.4v1'}],
  ['inconclusive', {word: 'inconclusive', shape: 'M8 0l8 8-8 8-8-8z', mark: 'M6 6.6a2 2 0 1 1 2.6 1.9q-.6.3-.6 1M8 11.2v.9'}],
  ['warning', {word: 'warning', shape: 'M8 1l8 14H0z', mark: 'M8 6v4M8 12v1'}],
  ['skip', {word: 'skip', shape: 'M1 4h14v8H1z', mark: 'M4.5 8h7'}],
  ['pass', {word: 'pass', shape: 'M8 0a8 8 0 1 1 0 16a8 8 0 0 1 0-16', mark: 'M4.5 8.3l2.4 2.5 4.6-5.3'}],
  ['unknown', {word: 'not recorded', shape: 'M1 1h14v14H1z', mark: 'M4.5 8h7'}],
]);
const OUTCOME_ORDER = [...OUTCOMES.keys()];

const outcome_of = (value) => (OUTCOMES.has(text(value)) ? text(value) : 'unknown');
const finding_outcome = (finding) => (finding.warning === true && outcome_of(finding.outcome) === 'fail' ? 'warning' : outcome_of(finding.outcome));

// The shapes once for the page; each use refers to them.
function shape_definitions() {
  return svg('svg', {class: 'unseen', 'aria-hidden': 'true', width: 0, height: 0}, svg('defs', {},
    [...OUTCOMES].map(([name, {shape, mark}]) => svg('symbol', {id: `shape-${name}`, viewBox: '0 0 16 16'},
      svg('path', {d: shape, class: 'shape'}), svg('path', {d: mark, class: 'mark'})))));
}

const shape = (outcome) => svg('svg', {class: `icon is-${outcome}`, 'aria-hidden': 'true', focusable: 'false'}, svg('use', {href: `#shape-${outcome}`}));
const badge = (outcome, words = OUTCOMES.get(outcome).word) => el('span', {class: `badge is-${outcome}`}, shape(outcome), words);

// class -> letter: those of failing cases first, then the most frequent; what is healthy has none.
function class_letters(cases) {
  const frequency = new Map();
  for (const one of cases) {
    if (one.fault_class === '' || one.fault_class === 'healthy') continue;
    const seen = frequency.get(one.fault_class) || {all: 0, failing: 0};
    frequency.set(one.fault_class, {all: seen.all + 1, failing: seen.failing + (is_failing(one) ? 1 : 0)});
  }
  const names = [...frequency].sort(([a, x], [b, y]) => y.failing - x.failing || y.all - x.all || a.localeCompare(b)).map(([name]) => name);
  return new Map(names.map((name, index) => [name, index < 26 ? String.fromCharCode(65 + index) : String(index + 1)]));
}

// Failing cases of different classes differ in their shade as well as in their letter.
const class_shade = (letters, one) => (is_failing(one) && letters.has(one.fault_class) ? `shade-${[...letters.keys()].indexOf(one.fault_class) % 4}` : '');
