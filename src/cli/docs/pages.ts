import { flagsPage } from './flags-page.ts';
import { metricsPage } from './metrics-page.ts';
import { sourcesPage } from './sources-page.ts';

export interface Page {
  /** From the root of the project. */
  readonly path: string;
  /** The whole content. */
  make(): string | Promise<string>;
}

/** All pages that are made from tables of the program. `npm run gen` writes them; a test fails where one is stale. */
export const pages: readonly Page[] = [
  { path: 'docs/flags.md', make: flagsPage },
  { path: 'docs/metrics.md', make: metricsPage },
  { path: 'docs/sources/index.md', make: sourcesPage },
];
