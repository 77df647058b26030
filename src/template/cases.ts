/** For the tests: data as Go's encoding/json reads it, and tables of templates with what Go prints for them. */
import { jsonType, valueOf } from './values.ts';

/** A template, and what Go makes of it; in tables of errors, place and reason. */
export type Case = readonly [template: string, expected: string];

export const data = valueOf(jsonType, {
  name: 'shop',
  n: 3,
  big: 12345678,
  f: 1.5,
  yes: true,
  no: false,
  nil: null,
  empty: '',
  list: ['a', 'b', 'c'],
  none: [],
  map: { b: 1, a: 'x', c: null },
  emptyMap: {},
  objs: [{ k: 'v1' }, { k: 'v2' }],
  deep: { er: { est: 'here' } },
  uni: 'häß€',
  html: '<a href=\'x\'>"&"</a>',
  nested: [[1, 2], [3]],
});
