// What a reader does with a report: filter, sort, follow cells and links, read charts, by pointer and by keyboard.
import assert from 'node:assert/strict';
import test from 'node:test';
import {data_of, open, sample_files, scroll_through} from './browser.mjs';

const shown_rows = (page) => page.evaluate(() => [...document.querySelectorAll('table.cases tbody tr')].filter((row) => !row.hidden).map((row) => row.querySelector('.case-link').textContent));
const opened = (page) => page.evaluate(() => [...document.querySelectorAll('article.case .case-id')].map((id) => id.textContent));
const focused = (page) => page.evaluate(() => document.activeElement.className || document.activeElement.id || document.activeElement.tagName);
const all_rows = (page, amount) => page.waitForFunction((count) => document.querySelectorAll('table.cases tbody tr').length === count, amount);
const tip = (page) => page.evaluate(() => (document.getElementById('tip').hidden ? null : document.getElementById('tip').innerText));

test('the verdict comes first: a word and a shape beside the colour, and the sentence', async () => {
  const {page, close} = await open(sample_files.failing);
  const data = await data_of(page);
  assert.equal(await page.locator('#verdict .sentence').textContent(), data.sentence);
  assert.equal((await page.locator('#verdict .badge').textContent()).trim(), 'fail');
  assert.equal(await page.locator('#verdict use').getAttribute('href'), '#shape-fail');
  assert.deepEqual(await page.locator('.counts li').allTextContents(), ['3 fail', '2 pass']);
  const box = await page.locator('#verdict').boundingBox();
  assert.ok(box.y < 200);
  await close();
});

test('the first failing case is open, the others are not made', async () => {
  const {page, close} = await open(sample_files.failing);
  assert.deepEqual(await opened(page), ['hypervisor-lro']);
  const passing = await open(sample_files.passing);
  assert.deepEqual(await opened(passing.page), []);
  assert.ok(await passing.page.getByText('No case is open').isVisible());
  await passing.close();
  await close();
});

test('words, outcomes and classes filter the table, and the matrix fades with it', async () => {
  const {page, close} = await open(sample_files.matrix);
  await all_rows(page, 1000);
  const data = await data_of(page);
  await page.fill('#filter', 'MODEL=vmxnet3 hypervisor.lro=merge,');
  const expected = data.cases.filter((one) => one.id.includes('model=vmxnet3') && one.id.includes('hypervisor.lro=merge,')).map((one) => one.id);
  assert.ok(expected.length > 10);
  assert.deepEqual(await shown_rows(page), expected);
  assert.equal(await page.locator('.told').textContent(), `${expected.length} of 1,000 cases`);
  assert.equal(await page.locator('a.cell:not(.dimmed)').count(), expected.length);
  await page.click('.chip:has-text("fail")');
  assert.deepEqual(await shown_rows(page), data.cases.filter((one) => expected.includes(one.id) && one.outcome === 'fail').map((one) => one.id));
  await page.fill('#filter', '');
  await page.selectOption('[role=search] select', {label: 'wrong-gso-size'});
  assert.deepEqual(await shown_rows(page), data.cases.filter((one) => one.class === 'wrong-gso-size').map((one) => one.id));
  await page.fill('#filter', 'no such word');
  assert.deepEqual(await shown_rows(page), []);
  assert.ok(await page.getByText('No case fits the filter.').isVisible());
  await close();
});

test('the heads sort, both ways, and what was not recorded comes last', async () => {
  const {page, close} = await open(sample_files.matrix);
  const data = await data_of(page);
  const goodputs = async () => { const ids = await shown_rows(page); const by_id = new Map(data.cases.map((one) => [one.id, one.goodput])); return ids.map((id) => by_id.get(id)); };
  const known = data.cases.map((one) => one.goodput).filter((value) => value !== null).sort((a, b) => b - a);
  await page.click('.sort:text-is("Goodput")');
  assert.equal(await page.locator('th[aria-sort]').getAttribute('aria-sort'), 'descending');
  assert.deepEqual((await goodputs()).slice(0, known.length), known);
  await page.click('.sort:text-is("Goodput")');
  assert.equal(await page.locator('th[aria-sort]').getAttribute('aria-sort'), 'ascending');
  assert.deepEqual((await goodputs()).slice(0, known.length), [...known].reverse());
  assert.equal((await goodputs()).length, 1000);
  await page.click('.sort:text-is("Outcome")');
  assert.equal(await page.locator('table.cases tbody tr').first().getAttribute('class'), 'is-fail');
  await close();
});

test('a cell of the heat map tells its goodput on hover and on focus, Esc closes that, a click opens the case', async () => {
  const {page, close} = await open(sample_files['small-matrix']);
  const cell = page.locator('a.cell.is-fail').first();
  await cell.hover();
  assert.match(await tip(page), /goodput 2\sMbit\/s, control 357\sMbit\/s/);
  assert.match(await tip(page), /0\.56\s% \(0\.4\s% to 0\.7\s%\) of the control/);
  await page.keyboard.press('Escape');
  assert.equal(await tip(page), null);
  await page.mouse.move(0, 0);
  await cell.focus();
  assert.match(await tip(page), /goodput 2\sMbit\/s/);
  assert.equal(await cell.getAttribute('aria-describedby'), 'tip');
  await page.keyboard.press('Escape');
  assert.equal(await tip(page), null);
  const other = page.locator('a.cell.is-inconclusive').first();
  await other.click();
  const data = await data_of(page);
  const id = data.cases.find((one) => one.outcome === 'inconclusive').id;
  assert.ok((await opened(page)).includes(id));
  assert.equal(await page.evaluate(() => document.activeElement.querySelector('.case-id').textContent), id);
  await close();
});

test('rows and columns of the heat map can be chosen; every case stays in it', async () => {
  const {page, close} = await open(sample_files['small-matrix']);
  assert.equal(await page.locator('table.matrix').count(), 2);
  await page.selectOption('select >> nth=0', {label: 'router.lro'});
  assert.equal(await page.locator('table.matrix').count(), 3);
  assert.equal(await page.locator('a.cell').count(), (await data_of(page)).cases.length);
  assert.equal(await page.locator('.cell.empty').count(), 2);
  await close();
});

test('an address with #case= opens that case alone; an unknown one says so', async () => {
  const {page, close} = await open(sample_files.failing, {hash: `#case=${encodeURIComponent('larger-upstream-mtu')}`});
  assert.deepEqual(await opened(page), ['larger-upstream-mtu']);
  await page.waitForFunction(() => { const top = document.querySelector('article.case').getBoundingClientRect().top; return top > -5 && top < 300; });
  await page.evaluate(() => { location.hash = '#case=control-lro-on'; });
  await page.waitForFunction(() => document.querySelectorAll('article.case').length === 2);
  assert.deepEqual(await opened(page), ['control-lro-on', 'larger-upstream-mtu']);
  await page.evaluate(() => { location.hash = '#case=%E0%A4%A'; });
  await page.getByText('This report has no case').waitFor();
  await page.getByRole('button', {name: 'Close control-lro-on'}).click();
  assert.deepEqual(await opened(page), ['larger-upstream-mtu']);
  await close();
});

test('the button changes the colours, also those of charts, and they stay', async () => {
  const {page, seen, close} = await open(sample_files.failing);
  await scroll_through(page);
  const look = () => page.evaluate(() => [document.documentElement.dataset.theme, getComputedStyle(document.body).backgroundColor, Chart.getChart(document.querySelector('.plot canvas')).data.datasets[0].borderColor]);
  const [light, light_page, light_line] = await look();
  await page.click('#theme');
  const [dark, dark_page, dark_line] = await look();
  assert.deepEqual([light, dark], ['light', 'dark']);
  assert.notEqual(light_page, dark_page);
  assert.notEqual(light_line, dark_line);
  await page.emulateMedia({colorScheme: 'dark'});
  await page.emulateMedia({colorScheme: 'light'});
  await page.click('a.case-link >> nth=0');
  assert.equal((await look())[0], 'dark');
  assert.deepEqual(seen.errors, []);
  await close();
});

test('everything can be reached by keyboard, and what has the focus is seen', async () => {
  const {page, close} = await open(sample_files['small-matrix']);
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'skip');
  assert.ok((await page.locator('.skip').boundingBox()).x >= 0);
  await page.keyboard.press('Enter');
  assert.equal(await focused(page), 'cases');
  await page.keyboard.press('/');
  assert.equal(await focused(page), 'filter');
  await page.keyboard.type('virtio/');
  assert.equal(await page.inputValue('#filter'), 'virtio/');
  await page.keyboard.press('Escape');
  assert.equal(await page.inputValue('#filter'), '');
  assert.equal((await shown_rows(page)).length, 16);
  for (let turn = 0; turn < 60; turn += 1) {
    await page.keyboard.press('Tab');
    const [name, width] = await page.evaluate(() => { const style = getComputedStyle(document.activeElement); return [document.activeElement.outerHTML.slice(0, 80), document.activeElement === document.body ? 9 : style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth)]; });
    assert.ok(width >= 1, name);
  }
  await close();
});

test('arrow keys move in the heat map, Enter opens, arrow keys read a chart', async () => {
  const {page, close} = await open(sample_files['small-matrix']);
  await page.locator('table.matrix a.cell[tabindex="0"]').first().focus();
  const name = () => page.evaluate(() => document.activeElement.textContent);
  const before = await name();
  await page.keyboard.press('ArrowRight');
  const right = await name();
  await page.keyboard.press('ArrowDown');
  const down = await name();
  assert.equal(new Set([before, right, down]).size, 3);
  assert.equal(await page.locator('table.matrix >> nth=0 >> a.cell[tabindex="0"]').count(), 1);
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H3');
  const plot = page.locator('.plot').first();
  await plot.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.match(await tip(page), /^case, 0\.1 to 0\.2 s\nuplink [\d.]+\s.bit\/s\ngoodput [\d.]+\s.bit\/s\nICMP errors \d+$/);
  assert.match(await page.locator('[aria-live]').textContent(), /case, 0\.1 to 0\.2 s, uplink/);
  await page.keyboard.press('Escape');
  assert.equal(await tip(page), null);
  await close();
});

test('case and control have the same scales, errors stand on the same time axis, and a small case is enlarged', async () => {
  const {page, close} = await open(sample_files.failing);
  await scroll_through(page);
  const scales = await page.evaluate(() => [...document.querySelectorAll('.plot canvas')].slice(0, 3).map((canvas) => { const {time, rate, errors} = Chart.getChart(canvas).scales; return [time.max, rate.max, errors.max, rate.bottom <= errors.top + 1, time.left]; }));
  assert.deepEqual(scales[0], scales[1]);
  assert.deepEqual(scales[0].slice(0, 1), scales[2].slice(0, 1));
  assert.ok(scales[2][1] < scales[0][1] / 10);
  assert.ok(scales[0][3]);
  await page.locator('.plot').nth(2).scrollIntoViewIfNeeded();
  await page.waitForTimeout(300);
  await page.locator('.plot').nth(2).hover();
  assert.match(await tip(page), /uplink 1\.\d+\sMbit\/s/);
  await close();
});

test('each chart and the drawing have their figures as a table', async () => {
  const {page, close} = await open(sample_files.failing);
  const data = await data_of(page);
  await page.getByText('The series as a table').click();
  await page.locator('caption:text-is("Time series")').waitFor({state: 'attached'});
  assert.equal(await page.locator('table:has(caption:text-is("Time series")) tbody tr').count(), data.cases[2].legs[0].uplink.length);
  await page.getByText('The sizes as tables').click();
  await page.locator('caption:has-text("Packet sizes")').first().waitFor({state: 'attached'});
  assert.equal(await page.locator('caption:has-text("Packet sizes")').count(), 2);
  await page.getByText('The topology as tables').click();
  await page.locator('caption:text-is("Nodes and their NICs")').waitFor({state: 'attached'});
  assert.equal(await page.locator('table:has(caption:text-is("Nodes and their NICs")) tbody tr').count(), 4);
  await close();
});

test('the layer at fault is hatched and named in the drawing', async () => {
  const {page, close} = await open(sample_files.failing);
  assert.equal(await page.locator('svg.topology .flag').textContent(), 'fault: hypervisor');
  assert.equal(await page.locator('svg.topology rect.hatched').count(), 1);
  assert.match(await page.locator('.fault-words').textContent(), /At fault: merged below the router.s wan NIC/);
  await page.click('a.case-link:text-is("control-lro-on")');
  assert.equal(await page.locator('svg.topology .flag').count(), 1);
  await page.getByRole('button', {name: 'Open all 3 failing cases'}).click();
  assert.deepEqual(await page.locator('svg.topology .flag').allTextContents(), ['fault: hypervisor', 'fault: guest', 'fault: NIC']);
  assert.equal(await page.locator('svg.topology rect.hatched').count(), 3);
  await close();
});

test('violations come first, then warnings; what holds is folded', async () => {
  const {page, close} = await open(sample_files.failing);
  assert.deepEqual(await page.locator('.findings > li .badge').allTextContents(), ['fail', 'fail', 'fail', 'fail', 'warning']);
  await page.getByText('13 invariants held').click();
  await page.locator('.findings > li.is-pass').first().waitFor();
  assert.equal(await page.locator('.findings > li.is-pass').count(), 13);
  assert.match(await page.locator('.frames').first().textContent(), /0\.018689 IP 198\.18\.2\.2\.5201 > 198\.18\.1\.2\.56984/);
  assert.equal(await page.locator('table.compared tr.differs').count(), 7);
  await close();
});

test('a remedy is copied as it is shown', async () => {
  const {page, close} = await open(sample_files.failing, {permissions: ['clipboard-read', 'clipboard-write']});
  await page.getByRole('button', {name: 'Copy: ESXi'}).click();
  await page.getByText('Copied', {exact: true}).first().waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), (await data_of(page)).cases[2].diagnosis.remedies[1].action);
  await close();
});

test('the pairs of a gate are drawn, and read by arrow keys', async () => {
  const {page, close} = await open(sample_files.gate);
  const plot = page.locator('section[aria-labelledby=pairs-title] .plot');
  await plot.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => Chart.getChart(document.querySelector('section[aria-labelledby=pairs-title] canvas')) !== undefined);
  assert.match(await plot.getAttribute('aria-label'), /6 pairs, mean -39 %, 95 % interval -42 % to -35 %, margin -10 %/);
  await plot.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.match(await tip(page), /pair 2[^]*goodput -38.1 %/);
  await close();
  const failing = await open(sample_files.failing);
  assert.equal(await failing.page.locator('#pairs-title').count(), 0);
  await failing.close();
});
