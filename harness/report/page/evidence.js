// What a case's verdict stands on: findings with frames, diagnosis, counters, settings, environment, files.

const LONG_TABLE = 14;

const seconds_text = (value) => (number(value) === null ? '' : value.toFixed(6));

function frames_list(frames) {
  return el('ol', {class: 'frames'}, frames.map((frame) => el('li', {},
    el('span', {class: 'frame-where'}, [text(frame.point), number(frame.number) === null ? '' : `#${frame.number}`].filter((word) => word).join(' ')),
    el('code', {class: 'frame'}, `${seconds_text(frame.seconds)} ${text(frame.text)}`.trim(), text(frame.comment) && el('span', {class: 'comment'}, `  ${text(frame.comment)}`)))));
}

function finding_item(finding) {
  const outcome = finding_outcome(finding);
  const frames = list(finding.frames).map(record);
  const [value, limit] = [number(finding.value), number(finding.limit)];
  return el('li', {class: `finding is-${outcome}`},
    el('div', {class: 'finding-head'}, badge(outcome), el('code', {class: 'name'}, text(finding.invariant) || 'not recorded'), text(finding.device) && el('span', {class: 'soft'}, text(finding.device)),
      value !== null && el('span', {class: 'soft'}, `value ${digits(value)}${limit === null ? '' : `, limit ${digits(limit)}`}`)),
    text(finding.text) && el('p', {class: 'wrap', lines: true}, text(finding.text)), frames.length > 0 && frames_list(frames));
}

function findings_part(one) {
  const findings = list(one.data.findings).map(record);
  const of = (...outcomes) => outcomes.flatMap((outcome) => findings.filter((finding) => finding_outcome(finding) === outcome));
  const part = el('section', {class: 'part'}, el('h4', {}, 'Findings'));
  if (findings.length === 0) {
    part.append(el('p', {}, absent()));
    return part;
  }
  const loud = of('fail', 'error', 'warning');
  const open = of('inconclusive', 'skip', 'unknown');
  const held = of('pass');
  part.append(loud.length ? el('ul', {class: 'findings'}, loud.map(finding_item)) : el('p', {}, shape('pass'), ' No invariant is violated.'));
  if (open.length) part.append(folded(`${plural(open.length, 'invariant')} not judged: ${open.map((finding) => text(finding.invariant)).join(', ')}`, () => el('ul', {class: 'findings'}, open.map(finding_item)), {open: loud.length === 0}));
  if (held.length) part.append(folded(`${plural(held.length, 'invariant')} held`, () => el('ul', {class: 'findings'}, held.map(finding_item))));
  return part;
}

async function copy_text(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    const area = el('textarea', {class: 'unseen', 'aria-hidden': 'true'});
    area.value = words;
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
}

// What is copied is what is shown: a hidden control character does not reach a terminal.
function copy_button(words, name) {
  const button = el('button', {type: 'button', class: 'quiet copy', 'aria-label': `Copy: ${name}`, click: async () => {
    const copied = await copy_text(words);
    button.textContent = copied ? 'Copied' : 'Not copied';
    say(copied ? 'Copied' : 'The browser did not allow to copy');
    button.focus();
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  }}, 'Copy');
  return button;
}

function diagnosis_part(one) {
  const diagnosis = record(one.data.diagnosis);
  const paragraphs = [['What happened', diagnosis.what], ['What the counters show', diagnosis.counters], ['What it costs', diagnosis.cost]].filter(([, words]) => text(words) !== '');
  const remedies = list(diagnosis.remedies).map(record);
  if (paragraphs.length === 0 && remedies.length === 0) return one.outcome === 'pass' ? null : el('section', {class: 'part'}, el('h4', {}, 'Diagnosis'), el('p', {}, absent()));
  return el('section', {class: 'part diagnosis'}, el('h4', {}, 'Diagnosis'), el('div', {class: 'beside'},
    el('div', {}, paragraphs.map(([title, words]) => [el('h5', {}, title), el('p', {class: 'wrap prose', lines: true}, text(words))])),
    remedies.length > 0 && el('div', {}, el('h5', {}, 'How to fix it'), el('ul', {class: 'remedies'}, remedies.map((remedy) => el('li', {},
      el('div', {class: 'remedy-head'}, el('b', {}, text(remedy.where) || 'not recorded'), copy_button(visible(remedy.action, true), text(remedy.where))), el('code', {class: 'wrap', lines: true}, text(remedy.action))))))));
}

// Case beside control; what differs is marked with a sign as well as by its weight.
function compared_rows(caption, head, rows) {
  const different = (row) => row.values[0] !== null && row.values[1] !== null && row.values[0] !== row.values[1];
  return el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption}, el('table', {class: 'compared'}, el('caption', {class: 'unseen'}, `${caption}; rows marked ≠ differ`),
    el('thead', {}, el('tr', {}, head.map((name, index) => el('th', {scope: 'col', class: index >= head.length - 2 ? 'numeric' : null}, name)), el('th', {scope: 'col'}, el('span', {class: 'unseen'}, 'differs')))),
    el('tbody', {}, rows.map((row) => el('tr', {class: different(row) ? 'differs' : null}, row.names.map((name) => el('td', {class: name instanceof Node ? 'code' : null}, name)), row.values.map((value) => el('td', {class: 'numeric'}, or_absent(value))), el('td', {}, different(row) && el('span', {title: 'differs'}, '≠')))))));
}

// Of a long table only what differs is open.
function compared_table(caption, head, rows) {
  const same = rows.filter((row) => row.values[0] === row.values[1]);
  if (rows.length <= LONG_TABLE || same.length < 2) return compared_rows(caption, head, rows);
  const other = rows.filter((row) => row.values[0] !== row.values[1]);
  return [other.length > 0 && compared_rows(`${caption} that differ`, head, other), folded(`${count(same.length)} are the same in case and control`, () => compared_rows(`${caption} that are the same`, head, same), {open: other.length === 0})];
}

const plain = (value) => (number(value) !== null ? count(value) : text(value) || null);

function compared_parts(one) {
  const counters = list(one.data.counters).map(record);
  const settings = list(one.data.settings).map(record);
  const part = (title, table) => el('section', {class: 'part'}, el('h4', {}, title), table || el('p', {}, absent(one.left_out_words)));
  return el('div', {class: 'beside tables'},
    part('Counters', counters.length > 0 && compared_table('Counters', ['counter', 'case', 'control'], counters.map((row) => ({names: [text(row.name)], values: [plain(row.case), plain(row.control)]})))),
    part('Settings as read back', settings.length > 0 && compared_table('Settings', ['where', 'setting', 'case', 'control'], settings.map((row) => ({names: [text(row.where), el('code', {}, text(row.what))], values: [plain(row.case), plain(row.control)]})))));
}

function facts_list(facts) {
  if (list(facts).length === 0) return el('p', {}, absent());
  return el('dl', {class: 'facts'}, list(facts).map(list).map(([name, value]) => el('div', {}, el('dt', {}, text(name)), el('dd', {}, or_absent(text(value))))));
}

function file_link(path, words) {
  const href = relative_href(path);
  return href === null ? el('code', {class: 'wrap'}, text(path)) : el('a', {href}, words || text(path));
}

function files_part(one) {
  const files = list(one.data.files).map(record);
  const environment = one.report.environment.find((candidate) => one.lab !== '' && text(candidate.title) === one.lab);
  const part = (title, ...content) => el('section', {class: 'part'}, el('h4', {}, title), content);
  return el('div', {class: 'beside tables'},
    part('Captures and files', files.length ? el('ul', {class: 'files'}, files.map((file) => el('li', {}, file_link(file.path, text(file.text) || text(file.path)), text(file.text) && text(file.text) !== text(file.path) && el('code', {class: 'path'}, text(file.path))))) : el('p', {}, absent(one.left_out_words))),
    part('Environment', environment ? folded(text(environment.title), () => facts_list(environment.facts)) : el('p', {}, one.lab ? `${one.lab}: ` : '', absent())));
}
