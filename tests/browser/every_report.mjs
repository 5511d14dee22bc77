// What holds for every report, made up or given: it renders, says nothing on the console, asks for nothing, fits a phone, and axe-core finds nothing serious.
import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {dirname, join} from 'node:path';
import test from 'node:test';
import {data_of, every_file, given_files, open, scroll_through, serious_violations} from './browser.mjs';

const quiet = {console: [], errors: [], requests: [], dialogs: []};
const many = (data) => Array.isArray(data.cases) && data.cases.length > 200;

async function open_a_case(page) {
  if (await page.locator('article.case').count() === 0 && await page.locator('a.case-link').count() > 0) await page.locator('a.case-link').first().click();
  for (const summary of await page.locator('article.case summary').all()) await summary.click();
}

// Widths and schemes: all of them where a report differs from others in its kind, two for the rest.
function looked_at(name, file) {
  const some = [[1280, 'light'], [390, 'dark']];
  return name === 'failing' || name === 'hostile' || given_files.includes(file) ? [...some, [1280, 'dark'], [390, 'light']] : some;
}

for (const [name, file] of every_file) {
  test(`${name}: renders without a word on the console, and no request leaves the page`, async () => {
    const {page, seen, close} = await open(file);
    await open_a_case(page);
    await scroll_through(page);
    const data = await data_of(page);
    assert.ok(await page.locator('#verdict .badge').isVisible());
    assert.equal(await page.locator('#verdict .sentence').count(), 1);
    const cases = Array.isArray(data.cases) ? data.cases.length : 0;
    await page.waitForFunction((amount) => document.querySelectorAll('table.cases tbody tr').length === amount, cases);
    assert.equal(await page.locator('a.cell').count(), cases);
    const plots = await page.locator('.plot').count();
    if (plots < 40) assert.equal(await page.evaluate(() => [...document.querySelectorAll('.plot canvas')].filter((canvas) => Chart.getChart(canvas) !== undefined).length), plots, 'every chart is drawn');
    assert.deepEqual(seen, quiet);
    await close();
  });

  for (const [width, scheme] of looked_at(name, file)) {
    test(`${name}: axe-core finds nothing serious, and nothing is wider than the window (${width} pixels, ${scheme})`, async (context) => {
      const {page, close} = await open(file, {width, scheme});
      await open_a_case(page);
      const [whole, window_width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(whole <= window_width, `${whole} > ${window_width}`);
      if (many(await data_of(page)) && (width !== 1280 || scheme !== 'light')) context.diagnostic('axe-core looks at a large report at one width only');
      else assert.deepEqual(await serious_violations(page), []);
      await close();
    });
  }

  test(`${name}: links lead to cases, or below the report's folder`, async () => {
    const {page, url, close} = await open(file);
    await open_a_case(page);
    const links = await page.evaluate(() => [...document.querySelectorAll('a[href]')].map((link) => [link.getAttribute('href'), link.href]));
    for (const [written_as, whole] of links) {
      if (written_as.startsWith('#')) continue;
      assert.ok(whole.startsWith(url.slice(0, url.lastIndexOf('/') + 1)), written_as);
      if (given_files.includes(file)) assert.ok(existsSync(join(dirname(file), ...written_as.split('/').map(decodeURIComponent))), `${written_as} is not there`);
    }
    await close();
  });
}

test('a page that logs, throws, asks the network or opens a dialog would be seen', async () => {
  const {page, seen, close} = await open(every_file[0][1]);
  await page.evaluate(() => { console.warn('w'); setTimeout(() => { throw new Error('thrown'); }); alert('a'); });
  await page.evaluate(() => { location.href = 'http://127.0.0.1:9/'; }).catch(() => {});
  await page.waitForTimeout(200);
  assert.equal(seen.console[0], 'warning: w');
  assert.equal(seen.errors.length, 1);
  assert.deepEqual(seen.dialogs, ['a']);
  assert.deepEqual(seen.requests, ['http://127.0.0.1:9/']);
  await close();
});

test('axe-core would see what is wrong', async () => {
  const {page, close} = await open(every_file[0][1]);
  await page.evaluate(() => { const words = document.createElement('p'); words.textContent = 'pale'; words.style.color = '#ccc'; words.style.background = '#fff'; document.querySelector('main').prepend(words); });
  assert.match((await serious_violations(page)).join('\n'), /color-contrast/);
  await close();
});
