import { defineSource } from './source.ts';

/** Gives nothing: with --policy=sync all records of the owner go. */
export const empty = defineSource({
  name: 'empty',
  title: 'No endpoints',
  resources: [],
  resourceLabels: [],
  templates: false,
  annotations: [],
  create: () => ({ walks: [], reads: [] }),
});
