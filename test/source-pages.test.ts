// The pages of sources: each has one, with the RBAC rules that it needs.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { accessOf } from '../src/cli/rbac/access.ts';
import { sourceNames } from '../src/sources/index.ts';
import { configOf } from './support/harness.ts';

/** What the rules of a page are written for, where that is not the source alone. */
const flags: Readonly<Record<string, readonly string[]>> = {
  unstructured: ['--unstructured-resource=configmaps.v1', '--unstructured-resource=virtualmachineinstances.v1.kubevirt.io'],
};

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** `list configmaps`, one for each verb and resource. */
const spelled = (rules: readonly Rule[]): readonly string[] =>
  rules.flatMap(({ apiGroups, resources, verbs }) => apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)))).sort();

describe('the page of a source', () => {
  for (const name of sourceNames)
    it(`of ${name} is there, and has the RBAC rules that the command prints`, async () => {
      const path = `docs/sources/${name}.md`;
      assert.ok(existsSync(path), `${path} is missing`);
      const needed = await accessOf(configOf(`--source=${name}`, '--registry=noop', ...(flags[name] ?? [])), '');
      const own = needed.map(({ group, resource, verbs }) => ({ apiGroups: [group], resources: [resource], verbs }));
      const shared = name.startsWith('gateway-');
      const text = readFileSync(shared ? 'docs/sources/gateway-api.md' : path, 'utf8');
      const block = /## RBAC\n.*?```yaml\n(.*?)```/s.exec(text)?.[1] ?? '[]';
      const written = spelled(parse(block) as readonly Rule[]);
      if (shared) for (const right of spelled(own).filter((r) => /namespaces|gateways/.test(r))) assert.ok(written.includes(right), right);
      else assert.deepEqual(written, spelled(own));
    });
});
