// Hostile text: it is shown as text, makes no element, no link out of the folder, and runs nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import {data_of, open, sample_files, scroll_through} from './browser.mjs';

const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

async function open_everything(page) {
  for (const link of await page.locator('a.case-link').all()) await link.evaluate((node) => { location.hash = node.getAttribute('href'); });
  await page.waitForFunction(() => document.querySelectorAll('article.case').length === document.querySelectorAll('a.case-link').length);
  await page.evaluate(() => { for (const details of document.querySelectorAll('details')) details.open = true; });
  await scroll_through(page);
}

test('hostile text runs nothing and makes no element', async () => {
  const {page, seen, close} = await open(sample_files.hostile);
  await open_everything(page);
  await page.locator('a.cell').first().hover();
  assert.equal(await page.evaluate(() => window.hostile), undefined);
  assert.deepEqual(seen, {console: [], errors: [], requests: [], dialogs: []});
  assert.deepEqual(await page.evaluate(() => ['img', 'iframe', 'object', 'embed', 'base', 'form', 'video', 'audio', 'foreignObject', 'template', 'script'].map((tag) => document.querySelectorAll(tag).length)), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('*')].flatMap((node) => node.getAttributeNames().filter((name) => name.startsWith('on') || name === 'srcdoc'))), []);
  await close();
});

test('hostile text is shown as it is written, with its hidden characters visible', async () => {
  const {page, close} = await open(sample_files.hostile);
  await open_everything(page);
  const data = await data_of(page);
  assert.equal(await page.locator('#verdict .sentence').textContent(), data.sentence);
  const whole = await page.evaluate(() => document.querySelector('#report').textContent + [...document.querySelectorAll('#report *')].flatMap((node) => node.getAttributeNames().map((name) => node.getAttribute(name))).join(' '));
  assert.equal(hidden.exec(whole.replaceAll('\n', '').replaceAll('\t', '')), null);
  for (const words of ['<img src=x onerror="window.hostile=1">', '</script><script>window.hostile=1</script>', '<U+001B>[31mred', '<U+202E>gnp.exe', 'a<U+0000>b', '<U+D800> half', '&lt;b&gt;&amp;', '__proto__', '(5,000 more characters)']) assert.ok(whole.includes(words), words);
  await close();
});

test('only paths below the folder are links', async () => {
  const {page, close} = await open(sample_files.hostile);
  await open_everything(page);
  const links = await page.evaluate(() => [...new Set([...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href')).filter((href) => !href.startsWith('#')))]);
  assert.ok(links.includes('good%20folder/a%23b%3Fc.pcapng'));
  for (const href of links) assert.match(href, /^[^:\\?#]+$/, href);
  for (const href of links) assert.ok(href.split('/').every((name) => !['', '.', '..'].includes(decodeURIComponent(name))), href);
  const texts = await page.locator('.files code').allTextContents();
  for (const path of ['../../etc/passwd', 'a/../../b', '/etc/passwd', '//host/x', 'http://host/x', 'file:///etc/passwd', 'javascript:window.hostile=1']) assert.ok(texts.includes(path), path);
  await close();
});

test('the policy of the page stops a script that somebody brings in', async () => {
  const {page, seen, close} = await open(sample_files.failing);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.hostile = 1';
    document.body.append(script);
    const link = document.createElement('a');
    link.setAttribute('onclick', 'window.hostile = 2');
    document.body.append(link);
    link.click();
    const image = document.createElement('img');
    image.src = 'http://127.0.0.1:9/x.png';
    document.body.append(image);
  });
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => window.hostile), undefined);
  assert.deepEqual(seen.requests, []);
  assert.ok(seen.console.some((words) => /Content Security Policy/.test(words)));
  await close();
});

test('two cases of the same id are two cases', async () => {
  const {samples} = await import('./samples.mjs');
  const {assemble} = await import('./assemble.mjs');
  const {written} = await import('./browser.mjs');
  const document_of = samples.failing();
  document_of.cases[1].id = document_of.cases[0].id;
  const {page, close} = await open(written('twice.html', assemble(document_of)));
  await page.locator('a.case-link').nth(1).click();
  assert.equal(await page.evaluate(() => location.hash), '#case=control-lro-off~2');
  assert.equal(await page.locator('article.case').count(), 2);
  await close();
});
