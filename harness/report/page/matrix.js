// The matrix as a heat map: two axes are rows and columns, the others make groups of them. Named cases are tiles.

const FULL_CELLS = 36;     // up to so many cells name their class
const MIDDLE_CELLS = 160;  // up to so many show the goodput

const cell_tip = (one) => () => [
  one.id,
  `${OUTCOMES.get(one.outcome).word}${one.fault_class ? `: ${one.fault_class}` : ''}${one.expect && one.expect !== 'healthy' ? ` (expected: ${one.expect})` : ''}`,
  `goodput ${bit_rate(one.goodput) || 'not recorded'}${one.control_goodput === null ? '' : `, control ${bit_rate(one.control_goodput)}`}`,
  one.ratio === null ? '' : `${ratio_words(one)} of the control`,
  one.refused ? `${plural(one.refused, 'packet')} refused` : '',
  one.reason,
];

function ratio_words(one) {
  const [estimate, low, high] = one.ratio;
  return `${percent(estimate)}${low === null || high === null ? '' : ` (${percent(low)} to ${percent(high)})`}`;
}

function matrix_cell(one, size, letters) {
  const letter = letters.get(one.fault_class) || '';
  const name = short_text(one.fault_class || OUTCOMES.get(one.outcome).word, 28);
  const share = one.ratio === null ? '' : percent(one.ratio[0]);
  const {word} = OUTCOMES.get(one.outcome);
  const label = size === 'small' ? [word, letter, one.fault_class, one.id].filter((words) => words).join(', ') : null;
  const unseen = (words) => size !== 'small' && el('span', {class: 'unseen'}, words);
  const link = el('a', {class: `cell is-${one.outcome} ${class_shade(letters, one)}`, href: one.href, 'aria-label': label},
    shape(one.outcome), unseen(size === 'full' && !one.fault_class ? '' : `${word}, `),
    size === 'full' ? el('span', {class: 'cell-class'}, name) : letter && el('span', {class: 'cell-letter'}, letter),
    size !== 'small' && share && el('span', {class: 'cell-ratio'}, share),
    unseen(`${share ? " of the control's goodput" : ''}, ${size === 'full' ? '' : `${one.fault_class}, `}${one.id}`));
  one.cells.push(link);
  return with_tip(link, cell_tip(one));
}

// Arrow keys, Home and End move between cells; one of them is in the tab order.
function rove(grid) {
  const rows = () => [...grid.querySelectorAll('tbody tr')].map((row) => [...row.querySelectorAll('a.cell')]);
  const cells = [...grid.querySelectorAll('a.cell')];
  cells.forEach((cell, index) => cell.setAttribute('tabindex', index === 0 ? '0' : '-1'));
  grid.addEventListener('focusin', (event) => {
    if (!event.target.matches('a.cell')) return;
    for (const cell of grid.querySelectorAll('a.cell[tabindex="0"]')) cell.setAttribute('tabindex', '-1');
    event.target.setAttribute('tabindex', '0');
  });
  grid.addEventListener('keydown', (event) => {
    const all = rows();
    const row = all.findIndex((line) => line.includes(event.target));
    if (row < 0) return;
    const column = all[row].indexOf(event.target);
    const same_column = (line) => line && (line[column] || line[line.length - 1]);
    const next = {ArrowRight: all[row][column + 1], ArrowLeft: all[row][column - 1], Home: all[row][0], End: all[row][all[row].length - 1],
      ArrowDown: same_column(all.slice(row + 1).find((line) => line.length)), ArrowUp: same_column(all.slice(0, row).reverse().find((line) => line.length))}[event.key];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

function matrix_group(cases, rows, columns, caption, size, letters) {
  const at = new Map();
  for (const one of cases) {
    const place = JSON.stringify([one.setting(rows.key), one.setting(columns.key)]);
    at.set(place, [...(at.get(place) || []), one]);
  }
  const cells = (row, column) => at.get(JSON.stringify([row, column])) || [];
  const grid = el('table', {class: `matrix ${size}`},
    el('caption', {class: caption ? null : 'unseen'}, caption || 'Cases by their settings'),
    el('thead', {},
      size !== 'small' && el('tr', {}, el('td'), el('th', {class: 'axis', scope: 'colgroup', colspan: columns.values.length}, short_text(columns.key, 60))),
      el('tr', {}, rows.key === null ? el('td') : el('th', {class: 'axis', scope: 'col'}, el('span', {class: size === 'small' ? 'unseen' : null}, short_text(rows.key, 40))),
        columns.values.map((value) => el('th', {scope: 'col'}, short_text(value || 'not set', 24))))),
    el('tbody', {}, rows.values.map((row) => el('tr', {}, rows.key === null ? el('td') : el('th', {scope: 'row'}, short_text(row || 'not set', 40)),
      columns.values.map((column) => {
        const found = cells(row, column);
        return el('td', {}, found.length ? found.map((one) => matrix_cell(one, size, letters)) : el('span', {class: 'cell empty', title: 'not run'}, '·'));
      })))));
  rove(grid);
  if (size !== 'small') return grid;
  // The browser lays out what is in view; for the rest it has this estimate.
  return el('div', {class: 'later', style: {'contain-intrinsic-size': `auto ${90 + 36 * columns.values.length}px auto ${46 + 24 * rows.values.length}px`}}, grid);
}

// Every combination of the axes' values that has cases: [{words, cases}].
function groups_of(cases, axes) {
  const groups = new Map();
  for (const one of cases) {
    const values = axes.map((axis) => one.setting(axis.key));
    const key = JSON.stringify(values);
    if (!groups.has(key)) groups.set(key, {values, cases: []});
    groups.get(key).cases.push(one);
  }
  const place = (group) => group.values.map((value, index) => axes[index].values.indexOf(value));
  const before = (a, b) => { const [x, y] = [place(a), place(b)]; const i = x.findIndex((v, k) => v !== y[k]); return i < 0 ? 0 : x[i] - y[i]; };
  return [...groups.values()].sort(before).map((group) => ({
    words: group.values.map((value, index) => `${axes[index].key} = ${value || 'not set'}`).join(' · '), cases: group.cases}));
}

function tiles(cases) {
  const letters = class_letters(cases);
  const size = cases.length > MIDDLE_CELLS ? 'small' : 'full';
  return el('ul', {class: `tiles ${size}`}, cases.map((one) => {
    const link = el('a', {class: `cell tile is-${one.outcome} ${class_shade(letters, one)}`, href: one.href}, shape(one.outcome),
      el('span', {class: 'tile-name'}, short_text(one.id, 80)),
      el('span', {class: 'tile-class'}, short_text(one.fault_class || OUTCOMES.get(one.outcome).word, 40)),
      one.ratio !== null && el('span', {class: 'tile-class'}, `${percent(one.ratio[0])} of the control`));
    one.cells.push(link);
    return el('li', {}, with_tip(link, cell_tip(one)));
  }));
}

function matrix_legend(cases, letters) {
  const amount = (test) => cases.filter(test).length;
  return el('ul', {class: 'legend', 'aria-label': 'Legend'},
    OUTCOME_ORDER.filter((name) => cases.some((one) => one.outcome === name)).map((name) =>
      el('li', {}, shape(name), ` ${OUTCOMES.get(name).word}: ${amount((one) => one.outcome === name)}`)),
    [...letters].map(([name, letter]) => el('li', {}, el('b', {}, letter), ` ${short_text(name, 60)}: ${amount((one) => one.fault_class === name)}`)));
}

function axis_choice(words, axes, chosen, change) {
  return el('label', {}, `${words} `, el('select', {change: (event) => change(axes[event.target.selectedIndex])},
    axes.map((axis) => el('option', {selected: axis === chosen}, short_text(axis.key, 40)))));
}

function matrix_section(report) {
  const {cases, axes} = report;
  if (cases.length === 0) return null;
  if (axes.length === 0) return el('section', {'aria-labelledby': 'matrix-title'}, el('h2', {id: 'matrix-title'}, 'Cases at a glance'), tiles(cases));

  const by_size = [...axes].sort((a, b) => b.values.length - a.values.length || axes.indexOf(b) - axes.indexOf(a));
  let columns = by_size[0];
  let rows = by_size[1] || {key: null, values: ['']};
  const letters = class_letters(cases);
  const size = cases.length <= FULL_CELLS ? 'full' : cases.length <= MIDDLE_CELLS ? 'middle' : 'small';
  const body = el('div', {class: `scroll matrix-box ${size}`, tabindex: '0', role: 'region', 'aria-label': 'Heat map of the cases'});
  const choices = el('div', {class: 'controls'});
  const chosen = el('p', {class: 'paper-only'});
  const draw = () => {
    for (const one of cases) one.cells = [];
    const rest = axes.filter((axis) => axis !== rows && axis !== columns);
    body.replaceChildren(el('div', {class: 'matrices'}, groups_of(cases, rest).map((group) => matrix_group(group.cases, rows, columns, group.words, size, letters))));
    chosen.textContent = rows.key === null ? '' : `Rows: ${short_text(rows.key, 60)}. Columns: ${short_text(columns.key, 60)}.`;
    if (axes.length > 2 || size === 'small') choices.replaceChildren(
      axis_choice('Rows', axes, rows, (axis) => { if (axis === columns) columns = rows; rows = axis; draw(); choices.querySelector('select').focus(); }),
      axis_choice('Columns', axes, columns, (axis) => { if (axis === rows) rows = columns; columns = axis; draw(); choices.querySelectorAll('select')[1].focus(); }));
    report.redrawn();
  };
  draw();
  return el('section', {'aria-labelledby': 'matrix-title'}, el('h2', {id: 'matrix-title'}, 'Matrix'), choices, chosen, body, matrix_legend(cases, size === 'full' ? new Map() : letters));
}
