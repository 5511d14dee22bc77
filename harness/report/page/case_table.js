// The table of cases: sorted by its heads, filtered by words, outcome and class.

const FIRST_ROWS = 40;   // rows made at once; the others follow while nobody waits
const MORE_ROWS = 100;
const MANY_ROWS = 30;    // more rows than this scroll in a box, so that the details stay near

function control_share(one) {
  if (one.ratio === null) return [absent()];
  const [estimate, low, high] = one.ratio;
  const at = (value) => `${Math.min(100, Math.max(0, value / 1.25 * 100)).toFixed(2)}%`;
  const track = el('span', {class: `share is-${one.outcome}`, 'aria-hidden': 'true'}, el('i', {class: 'share-bar', style: {width: at(estimate)}}), el('i', {class: 'share-full'}),
    low !== null && high !== null && el('i', {class: 'share-interval', style: {left: at(low), width: `${Math.max(0, (Math.min(high, 1.25) - Math.max(0, low)) / 1.25 * 100).toFixed(2)}%`}}));
  return [track, el('span', {class: 'share-words'}, percent(estimate)), low !== null && high !== null && el('small', {class: 'share-range'}, `${percent(low)} – ${percent(high)}`)];
}

// head, numeric, sort key (null sorts last), cell
const CASE_COLUMNS = [
  {head: 'Outcome', key: (one) => OUTCOME_ORDER.indexOf(one.outcome), cell: (one) => badge(one.outcome)},
  {head: 'Case', key: (one) => one.id, cell: (one) => [el('a', {href: one.href, class: 'case-link'}, breakable(one.id)), one.remarks.map((remark) => el('small', {class: 'remark'}, remark))]},
  {head: 'Class', key: (one) => one.fault_class, cell: (one) => [or_absent(one.fault_class), one.expect && one.expect !== one.fault_class && el('small', {class: 'remark'}, `expected ${one.expect}`)]},
  {head: 'Goodput', numeric: true, key: (one) => one.goodput, cell: (one) => or_absent(bit_rate(one.goodput))},
  {head: 'Control', numeric: true, key: (one) => one.control_goodput, cell: (one) => or_absent(bit_rate(one.control_goodput))},
  {head: 'Of control, 95 % interval', numeric: true, key: (one) => (one.ratio ? one.ratio[0] : null), cell: control_share},
  {head: 'Uplink', numeric: true, key: (one) => one.uplink, cell: (one) => or_absent(bit_rate(one.uplink))},
  {head: 'Refused', numeric: true, key: (one) => one.refused, cell: (one) => or_absent(count(one.refused))},
  {head: 'Amplification', numeric: true, key: (one) => one.amplification, cell: (one) => or_absent(factor(one.amplification))},
];

class CaseTable {
  constructor(report) {
    this.report = report;
    this.order = [...report.cases];
    this.rows = new Map();
    this.sorted = {column: -1, down: false};
    this.filter = {words: [], outcomes: new Set(), fault_class: null};
    this.body = el('tbody');
    // Members of a night or of several runs have no figures of their own: columns that no case fills go away.
    this.columns = report.cases.every((one) => one.is_member) ? CASE_COLUMNS.filter((column) => !column.numeric || report.cases.some((one) => column.key(one) !== null)) : CASE_COLUMNS;
    this.heads = this.columns.map((column, index) => el('th', {scope: 'col', class: column.numeric ? 'numeric' : null},
      el('button', {type: 'button', class: 'sort', click: () => this.sort_by(index)}, column.head)));
    this.told = el('p', {class: 'told', role: 'status'});
    this.none = el('p', {class: 'absent', hidden: true}, 'No case fits the filter.');
    this.next_row = 0;
    this.add_rows(FIRST_ROWS);
    this.add_more();
  }

  section() {
    const many = this.report.cases.length > 1;
    return el('section', {id: 'cases', 'aria-labelledby': 'cases-title', tabindex: '-1'},
      el('h2', {id: 'cases-title'}, 'Cases'), many && this.controls(),
      el('div', {class: `scroll boxed case-box${this.report.cases.length > MANY_ROWS ? ' many' : ''}`, tabindex: '0', role: 'region', 'aria-label': 'Table of cases'},
        el('table', {class: 'cases'}, el('caption', {class: 'unseen'}, 'Cases; the buttons in the heads sort'),
          el('thead', {}, el('tr', {}, this.heads)), this.body)), this.none);
  }

  row_of(one) {
    if (!this.rows.has(one)) {
      const row = el('tr', {class: `is-${one.outcome}`}, this.columns.map((column) => el('td', {class: column.numeric ? 'numeric' : null}, column.cell(one))));
      row.hidden = !this.fits(one);
      this.rows.set(one, row);
    }
    return this.rows.get(one);
  }

  add_rows(amount) {
    const end = Math.min(this.order.length, this.next_row + amount);
    const fragment = document.createDocumentFragment();
    for (; this.next_row < end; this.next_row += 1) fragment.append(this.row_of(this.order[this.next_row]));
    this.body.append(fragment);
  }

  add_more() {
    if (this.next_row >= this.order.length) return;
    const later = window.requestIdleCallback || ((call) => setTimeout(call, 30));
    later(() => { this.add_rows(MORE_ROWS); this.add_more(); }, {timeout: 300});
  }

  sort_by(index) {
    const down = this.sorted.column === index ? !this.sorted.down : this.columns[index].numeric === true;
    this.sorted = {column: index, down};
    const {key} = this.columns[index];
    const compare = (a, b) => {
      const [x, y] = [key(a), key(b)];
      if (x === null || y === null) return (x === null) - (y === null);
      const order = typeof x === 'string' ? x.localeCompare(y, 'en', {numeric: true}) : x - y;
      return down ? -order : order;
    };
    this.order.sort((a, b) => compare(a, b) || a.index - b.index);
    this.heads.forEach((head, place) => {
      if (place === index) head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    this.body.replaceChildren();
    this.next_row = 0;
    this.add_rows(this.order.length);
  }

  fits(one) {
    const {words, outcomes, fault_class} = this.filter;
    return (outcomes.size === 0 || outcomes.has(one.outcome)) && (fault_class === null || one.fault_class === fault_class) && words.every((word) => one.searched().includes(word));
  }

  apply_filter() {
    let fitting = 0;
    for (const one of this.report.cases) {
      const fits = this.fits(one);
      if (fits) fitting += 1;
      const row = this.rows.get(one);
      if (row) row.hidden = !fits;
      for (const cell of one.cells) cell.classList.toggle('dimmed', !fits);
    }
    const all = this.report.cases.length;
    this.told.textContent = fitting === all ? `All ${plural(all, 'case')}` : `${count(fitting)} of ${plural(all, 'case')}`;
    this.none.hidden = fitting > 0;
  }

  controls() {
    const {cases} = this.report;
    this.search = el('input', {type: 'search', id: 'filter', placeholder: 'words, e.g. lro=off storm', autocomplete: 'off', spellcheck: 'false', 'aria-keyshortcuts': '/',
      input: () => { this.filter.words = this.search.value.toLowerCase().split(/\s+/).filter((word) => word); this.apply_filter(); }});
    const outcome_button = (name) => {
      const button = el('button', {type: 'button', class: 'chip', 'aria-pressed': 'false', click: () => {
        const on = !this.filter.outcomes.has(name);
        if (on) this.filter.outcomes.add(name); else this.filter.outcomes.delete(name);
        button.setAttribute('aria-pressed', String(on));
        this.apply_filter();
      }}, shape(name), `${OUTCOMES.get(name).word} ${count(cases.filter((one) => one.outcome === name).length)}`);
      return button;
    };
    const classes = [...new Set(cases.map((one) => one.fault_class))].filter((name) => name !== '').sort((a, b) => a.localeCompare(b));
    const class_select = el('select', {change: () => { this.filter.fault_class = class_select.selectedIndex === 0 ? null : classes[class_select.selectedIndex - 1]; this.apply_filter(); }},
      el('option', {}, 'any'), classes.map((name) => el('option', {}, short_text(name, 60))));
    this.apply_filter();
    return el('div', {class: 'controls', role: 'search'},
      el('label', {for: 'filter'}, 'Filter ', el('kbd', {title: 'the key / comes here'}, '/')), this.search,
      el('div', {class: 'chips', role: 'group', 'aria-label': 'Outcome'}, OUTCOME_ORDER.filter((name) => cases.some((one) => one.outcome === name)).map(outcome_button)),
      classes.length > 1 && el('label', {}, 'Class ', class_select), this.told);
  }

  focus_filter() {
    if (!this.search) return;
    this.search.focus();
    this.search.select();
  }

  clear_words() {
    this.search.value = '';
    this.filter.words = [];
    this.apply_filter();
  }
}
