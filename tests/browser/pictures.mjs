// Pictures of reports for docs/: in light and dark, 1280 and 390 pixels wide, from the top as far as one can take in.
//   node tests/browser/pictures.mjs OUT NAME=REPORT.html...    writes OUT/report-NAME-WIDTH-SCHEME.png
// pngquant makes them small enough to commit.
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';

const longest = {1280: 2600, 390: 3200};
const [out, ...reports] = process.argv.slice(2);
const browser = await chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic']});
for (const [name, file] of reports.map((word) => word.split('=')))
  for (const width of [1280, 390])
    for (const scheme of ['light', 'dark']) {
      const page = await browser.newPage({viewport: {width, height: 900}, colorScheme: scheme});
      await page.goto(pathToFileURL(resolve(file)).href);
      const height = await page.evaluate(async () => {  // charts are drawn when they come into view
        for (let y = 0; y < document.body.scrollHeight; y += 600) {
          scrollTo(0, y);
          await new Promise((then) => setTimeout(then, 100));
        }
        scrollTo(0, 0);
        return document.body.scrollHeight;
      });
      await page.waitForTimeout(200);
      await page.screenshot({path: join(out, `report-${name}-${width}-${scheme}.png`), fullPage: true, clip: {x: 0, y: 0, width, height: Math.min(height, longest[width])}});
      await page.close();
    }
await browser.close();
