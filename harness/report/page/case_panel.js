// The details of one case, made when it is opened; and the way to it: #case=ID.

function figure_item(name, value, note = '') {
  return el('div', {}, el('dt', {}, name), el('dd', {}, or_absent(value), note && el('small', {}, note)));
}

function key_figures(one) {
  return el('dl', {class: 'figures'},
    figure_item('goodput', bit_rate(one.goodput), one.control_goodput === null ? '' : `control ${bit_rate(one.control_goodput)}`),
    figure_item('of the control', one.ratio === null ? null : percent(one.ratio[0]), one.ratio === null || one.ratio[1] === null || one.ratio[2] === null ? '' : `${percent(one.ratio[1])} – ${percent(one.ratio[2])} (95 %)`),
    figure_item('into the router', bit_rate(one.uplink), 'after the warm-up'),
    figure_item('packets refused', count(one.refused)),
    figure_item('amplification', factor(one.amplification), 'uplink payload per acknowledged byte'),
    figure_item('wasted', percent(one.wasted), "of the uplink's payload"));
}

function case_facts(one) {
  const {data} = one;
  const facts = [['device under test', text(data.device)], ['expected', one.expect], ['forwarding', text(data.forwarding)], ['attempts', number(data.attempts) > 1 ? count(data.attempts) : ''], ['took', number(data.seconds) > 0 ? duration(data.seconds) : ''], ['lab', one.lab]]
    .filter(([, value]) => value);
  const own = relative_href(data.report);
  return [one.reason && el('p', {class: 'reason wrap', lines: true}, one.reason), one.remarks.map((remark) => el('p', {class: 'remark wrap'}, remark)),
    el('p', {class: 'case-facts'}, facts.map(([name, value]) => el('span', {}, el('span', {class: 'soft'}, `${name} `), value)), own && !one.is_member && el('a', {href: own}, 'Its own report')),
    own && one.is_member && el('p', {}, el('a', {href: own}, 'Its own report'), ' has the details.')];
}

class CasePanels {
  constructor(report) {
    this.report = report;
    this.open_panels = new Map();  // case -> {section, plots}
    this.box = el('div', {id: 'opened'});
    this.note = el('p', {class: 'absent', hidden: true});
  }

  section() {
    const failing = this.report.cases.filter((one) => is_failing(one));
    this.close_all = el('button', {type: 'button', class: 'quiet', hidden: true, click: () => { for (const one of [...this.open_panels.keys()]) this.close(one); }}, 'Close all');
    this.hint = el('p', {class: 'soft'}, 'No case is open. A case of the table or of the matrix opens with a click or Enter.');
    const buttons = el('div', {class: 'controls'}, failing.length > 1 && el('button', {type: 'button', class: 'quiet', click: () => this.open_all(failing.slice(0, MOST_PRINTED))},
      failing.length > MOST_PRINTED ? `Open the first ${MOST_PRINTED} failing cases` : `Open all ${failing.length} failing cases`),
    this.close_all);
    return el('section', {id: 'details', 'aria-labelledby': 'details-title'}, el('h2', {id: 'details-title', tabindex: '-1'}, 'Details'), buttons, this.note, this.hint, this.box);
  }

  // Panels stand in the order of the cases.
  open(one) {
    if (this.open_panels.has(one)) return this.open_panels.get(one).section;
    const made = [];
    const section = this.panel(one, (plot) => made.push(plot));
    const after = [...this.open_panels].filter(([other]) => other.index > one.index).sort((a, b) => a[0].index - b[0].index)[0];
    this.box.insertBefore(section, after ? after[1].section : null);
    this.open_panels.set(one, {section, plots: made});
    this.tell_open();
    return section;
  }

  close(one) {
    const panel = this.open_panels.get(one);
    if (!panel) return;
    for (const plot of panel.plots) plot.remove();
    panel.section.remove();
    this.open_panels.delete(one);
    this.tell_open();
  }

  tell_open() {
    this.close_all.hidden = this.open_panels.size === 0;
    this.hint.hidden = this.open_panels.size > 0;
  }

  open_all(cases) {
    for (const one of cases) this.open(one);
  }

  panel(one, keep) {
    const title = `case-${one.index}`;
    const failing = this.report.cases.filter((other) => is_failing(other));
    const next = failing.find((other) => other.index > one.index);
    return el('article', {class: `case is-${one.outcome}`, 'aria-labelledby': title},
      el('header', {}, el('h3', {id: title, tabindex: '-1'}, badge(one.outcome), el('span', {class: 'case-id'}, breakable(one.id)), one.fault_class && el('span', {class: 'case-class'}, one.fault_class)),
        el('div', {class: 'case-buttons'}, next && el('a', {href: next.href}, 'Next failing'), el('a', {href: '#cases'}, 'Table'),
          el('button', {type: 'button', class: 'quiet', 'aria-label': `Close ${one.id}`, click: () => { this.close(one); document.getElementById('details-title').focus(); }}, 'Close'))),
      case_facts(one), !one.is_member && [key_figures(one), diagnosis_part(one), series_part(one, keep), topology_part(one), findings_part(one), sizes_part(one, keep), compared_parts(one), files_part(one)]);
  }

  go_to(one, focus = true) {
    const section = this.open(one);
    const heading = section.querySelector('h3');
    const quick = matchMedia('(prefers-reduced-motion: reduce)').matches || this.report.cases.length > 50;
    if (focus) heading.focus({preventScroll: true});
    section.scrollIntoView({behavior: quick ? 'auto' : 'smooth', block: 'start'});
  }

  // true: the address names a case (whether or not it is there).
  follow_address() {
    const match = /^#case=(.*)$/s.exec(location.hash);
    if (!match) return false;
    let id = match[1];
    try { id = decodeURIComponent(id); } catch { /* as it is */ }
    const one = this.report.cases.find((candidate) => candidate.address === id);
    this.note.hidden = one !== undefined;
    this.note.textContent = one ? '' : `This report has no case ${short_text(id, 200)}.`;
    if (one) this.go_to(one); else document.getElementById('details').scrollIntoView();
    return true;
  }
}
