import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { pages } from './pages.ts';

describe('generated pages are as the program makes them', () => {
  for (const page of pages)
    it(page.path, async () => {
      assert.ok(readFileSync(page.path, 'utf8') === (await page.make()), `${page.path} is stale; run npm run gen`);
    });
});
