// Size, time, paper, motion, contrast, a browser without script, and a damaged file.
import assert from 'node:assert/strict';
import {readFileSync, statSync} from 'node:fs';
import test from 'node:test';
import {open, sample_files, scroll_through, written} from './browser.mjs';

test('1000 cases are under 5 MB and shown in under a second', async (context) => {
  const bytes = statSync(sample_files.matrix).size;
  context.diagnostic(`${(bytes / 1e6).toFixed(2)} MB`);
  assert.ok(bytes < 5e6, `${bytes} bytes`);
  const times = [];
  const busy = [];
  for (let turn = 0; turn < 5; turn += 1) {
    let session;
    const prepare = async (page) => {
      session = await page.context().newCDPSession(page);
      await session.send('Performance.enable', {timeDomain: 'threadTicks'});
    };
    const {page, close} = await open(sample_files.matrix, {prepare, script: () => {
      // The second frame after rows and cells are there: they have been painted, and the page takes input.
      const look = () => { if (document.querySelector('article.case')) requestAnimationFrame(() => setTimeout(() => { window.shown_after = performance.now(); })); else requestAnimationFrame(look); };
      requestAnimationFrame(look);
    }});
    await page.waitForFunction(() => window.shown_after !== undefined);
    times.push(await page.evaluate(() => Math.round(window.shown_after)));
    const {metrics} = await session.send('Performance.getMetrics');
    busy.push(Math.round(1000 * metrics.find((one) => one.name === 'TaskDuration').value));
    await close();
  }
  context.diagnostic(`from navigation to the first frame with rows, heat map and an open case: ${times.join(', ')} ms`);
  context.diagnostic(`processor time of the page's thread until then, and for the rows that follow: ${busy.join(', ')} ms`);
  // On a machine that is busy with other work the clock tells nothing of the page.
  assert.ok(Math.min(...times) < 1000 || Math.min(...busy) < 1000, `${times} ms`);
});

test('on paper every failing case is open, in light colours, and the page is as before afterwards', async () => {
  const {page, seen, close} = await open(sample_files.failing, {scheme: 'dark'});
  const state = () => page.evaluate(() => [document.querySelectorAll('article.case').length, document.documentElement.dataset.theme]);
  assert.deepEqual(await state(), [1, 'dark']);
  await page.emulateMedia({media: 'print'});
  await page.waitForFunction(() => document.querySelectorAll('article.case').length === 3);
  assert.deepEqual(await state(), [3, 'light']);
  assert.ok(await page.evaluate(() => [...document.querySelectorAll('.plot')].every((plot) => Chart.getChart(plot.querySelector('canvas')) && plot.getBoundingClientRect().right <= 720)));
  assert.equal(await page.locator('.controls').first().isVisible(), false);
  await page.emulateMedia({media: 'screen'});
  await page.waitForFunction(() => document.querySelectorAll('article.case').length === 1);
  assert.deepEqual(await state(), [1, 'dark']);
  const pdf = await page.pdf({format: 'A4'});
  const pages = (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) || []).length;
  assert.ok(pages >= 4 && pages < 30, `${pages} pages`);
  assert.deepEqual(await state(), [1, 'dark']);
  assert.deepEqual(seen.errors, []);
  await close();
});

test('with reduced motion nothing moves by itself', async () => {
  const {page, close} = await open(sample_files.failing, {reducedMotion: 'reduce'});
  await page.click('a.case-link:text-is("larger-upstream-mtu")');
  const top = () => page.evaluate(() => document.querySelectorAll('article.case')[1].getBoundingClientRect().top);
  const first = await top();
  await page.waitForTimeout(300);
  assert.equal(await top(), first);
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  await close();
});

test('the colours of text and charts keep the contrast of WCAG AA in both schemes', async () => {
  for (const scheme of ['light', 'dark']) {
    const {page, close} = await open(sample_files.failing, {scheme});
    const poor = await page.evaluate(() => {
      const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
      const channels = (name) => { context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`); context.fillRect(0, 0, 1, 1); return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3); };
      const luminance = (name) => { const [r, g, b] = channels(name).map((value) => value / 255).map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
      const outcomes = ['pass', 'fail', 'error', 'inconclusive', 'warning', 'skip', 'unknown'];
      const wanted = [];
      for (const ground of ['page', 'surface', 'raised']) for (const name of ['ink', 'muted', 'link', ...outcomes]) wanted.push([name, ground, 4.5]);
      for (const name of outcomes) wanted.push(['ink', `${name}-tint`, 4.5], [name, `${name}-tint`, 3], ['mark', name, 4.5]);
      for (const name of ['fail', 'error', 'shade-1', 'shade-2', 'shade-3']) wanted.push(['cell-ink', name, 4.5]);
      for (const name of ['uplink', 'goodput', 'errors', 'frames']) wanted.push([name, 'surface', 3]);
      wanted.push(['surface', 'ink', 4.5], ['fail', 'fail-tint', 4.5], ['frames', 'fail-tint', 3], ['ink', 'inconclusive-tint', 4.5]);
      return wanted.map(([a, b, least]) => [a, b, Math.round(contrast(a, b) * 100) / 100, least]).filter(([, , ratio, least]) => ratio < least);
    });
    assert.deepEqual(poor, [], scheme);
    await close();
  }
});

test('without script the sentence is there', async () => {
  const {page, close} = await open(sample_files.failing, {javaScriptEnabled: false});
  assert.match(await page.locator('noscript').innerText(), /3 of 5 cases show a fault: lro-orphan-storm \(2\), wrong-gso-size\./);
  await close();
});

test('a damaged file says that it is damaged', async () => {
  const whole = readFileSync(sample_files.failing, 'utf8');
  const {page, seen, close} = await open(written('damaged.html', whole.replace('"schema":', '"schema"')));
  assert.ok(await page.getByText('the file is damaged').isVisible());
  assert.deepEqual(seen.errors, []);
  await close();
});

test('a report without cases, series or anything says what is missing', async () => {
  const {page, seen, close} = await open(sample_files.bare, {hash: '#case=one-arm'});
  await scroll_through(page);
  assert.ok(await page.getByText('not recorded').count() > 10);
  assert.deepEqual([...seen.errors, ...seen.console], []);
  const {assemble} = await import('./assemble.mjs');
  const empty = await open(written('empty.html', assemble({})));
  assert.ok(await empty.page.getByText('This report has no cases.').isVisible());
  assert.deepEqual([...empty.seen.errors, ...empty.seen.console], []);
  await empty.close();
  await close();
});
