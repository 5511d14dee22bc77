// On paper: light, every failing case open, charts of the paper's width.

const MOST_PRINTED = 30;

function start_paper(report, panels) {
  let opened = [];
  const before = () => {
    if (on_paper) return;
    on_paper = true;
    document.documentElement.classList.add('paper');
    const failing = report.cases.filter((one) => is_failing(one));
    opened = failing.slice(0, MOST_PRINTED).filter((one) => !panels.open_panels.has(one));
    panels.open_all(opened);
    report.paper_note.textContent = failing.length > MOST_PRINTED ? `${count(failing.length - MOST_PRINTED)} further failing cases are not printed; the table has them.` : '';
    report.table.add_rows(Infinity);
    apply_theme();
    for (const plot of plots) { plot.make(); if (plot.chart) plot.chart.resize(); }
  };
  const after = () => {
    if (!on_paper) return;
    on_paper = false;
    document.documentElement.classList.remove('paper');
    for (const one of opened) panels.close(one);
    opened = [];
    apply_theme();
    for (const plot of plots) if (plot.chart) plot.chart.resize();
  };
  addEventListener('beforeprint', before);
  addEventListener('afterprint', after);
  matchMedia('print').addEventListener('change', (event) => (event.matches ? before() : after()));
}
