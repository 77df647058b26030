import { SoftError } from '../../errors.ts';
import { asRecord, asText } from '../keep.ts';
import { isExpired } from './api-error.ts';
import type { ApiClient } from './client.ts';

export interface ListPage {
  readonly items: readonly unknown[];
  /** Of its items, which do not say it themselves: that of the list without its `List`. */
  readonly kind: string;
  /** That of the whole list: where a watch goes on. */
  readonly resourceVersion: string;
}

/** 500 is client-go's and kubectl's size of a page; the last resort, all in one, is for lists that take longer than their pages live (5 minutes). */
const pageSizes = [500, 5000, 0] as const;

/**
 * The pages of a whole list. The next page is fetched while one is worked on; no more than two are held.
 * When the pages that are left expire, `restart` is called, and all comes again from the first.
 */
export async function* listPages(client: ApiClient, path: string, restart: () => void, signal: AbortSignal): AsyncGenerator<ListPage> {
  for (const [attempt, size] of pageSizes.entries()) {
    if (attempt > 0) restart();
    try {
      yield* pagesOf(client, path, size, signal);
      return;
    } catch (error) {
      if (!isExpired(error) || size === 0) throw error;
    }
  }
}

async function* pagesOf(client: ApiClient, path: string, size: number, signal: AbortSignal): AsyncGenerator<ListPage> {
  const fetchPage = (token: string): Promise<Readonly<Record<string, unknown>>> => {
    const query = new URLSearchParams({ ...(size > 0 && { limit: String(size) }), ...(token && { continue: token }) }).toString();
    // only the first page counts for the rate limit
    return client.json({ path: query ? `${path}?${query}` : path, priority: token ? undefined : 'list' }, signal);
  };
  let resourceVersion = '';
  for (let next: ReturnType<typeof fetchPage> | undefined = fetchPage(''); next !== undefined;) {
    const page = await next;
    const metadata = asRecord(page['metadata']);
    const token = asText(metadata['continue']) ?? '';
    const items = page['items'] ?? [];
    if (!Array.isArray(items)) throw new SoftError('the list that the API server gave has no items');
    resourceVersion ||= asText(metadata['resourceVersion']) ?? '';
    next = token ? fetchPage(token) : undefined;
    // it is awaited only after this page is worked on, or never
    next?.catch(() => {});
    yield { items, kind: (asText(page['kind']) ?? '').replace(/List$/, ''), resourceVersion };
  }
}
