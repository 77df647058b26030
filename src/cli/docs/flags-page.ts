import { variableOf, type FlagDefinition } from '../../config/flag.ts';
import { flagGroups } from '../../config/flags.ts';
import { removedFlags } from '../../config/removed-flags.ts';
import { describeFlag, shownFlag } from '../help.ts';
import { code, table } from './markdown.ts';

/** docs/flags.md: every flag by group, with its variable, and what became of the flags of older versions. */
export function flagsPage(): string {
  const groups = Object.entries<Readonly<Record<string, FlagDefinition>>>(flagGroups).map(([title, group]) => {
    const rows = Object.entries(group).map(([name, flag]) => [code(shownFlag(name, flag)), code(variableOf(name)), describeFlag(flag)]);
    return `## ${title}\n\n${table(['Flag', 'Variable', 'Meaning'], rows)}`;
  });
  const removed = [...removedFlags].map(([name, flag]) => [code(`--${name}`), `${flag.accepted ? 'Accepted with a warning: ' : ''}${flag.instead}`]);
  return `${[introduction, ...groups, `## Flags of older versions\n\nThey are refused, with a message that says the same.\n\n${table(['Flag', 'What to do'], removed)}`].join('\n\n')}\n`;
}

const introduction = `# Flags

<!-- Made from src/config/flags.ts by npm run gen. -->

- A value follows its flag after an equals sign or as the next argument: \`--interval=5m\`, \`--interval 5m\`.
- A switch is on by \`--once\`, off by \`--no-once\`; \`--once=true\` and \`--once=false\` work, too (and 1, 0, t, f).
- A flag may be given once, but for those that are marked as repeatable: \`--source=service --source=ingress\`. Commas do not divide values.
- Every flag has a variable. Flags win over variables; a variable for a repeatable flag holds one value a line. An empty variable counts as not set.
- A duration is a number with a unit, or several: \`30s\`, \`1h30m\`, \`1.5d\`. The units are ns, us, ms, s, m, h, d and w.
- Regular expressions have the syntax of RE2.
- A secret may be given as a file: \`--pdns-api-key-file=PATH\`, or \`--pdns-api-key=file:PATH\` (and \`EXTERNAL_DNS_PDNS_API_KEY_FILE\`). Blanks and line ends around it do not count. It is read when the
  process starts, and again when it has changed: the new secret is used from the next request on (but for the key of ownership texts, which is not exchanged). A changed file that
  cannot be read, is empty or holds nothing of use is told of once, and what was read before stays in use. The same holds for certificates and keys (\`--tls-*\`, \`ETCD_*_FILE\`)
  and for the files of \`CF_API_TOKEN=file:PATH\`, \`--azure-config-file\` and \`GOOGLE_APPLICATION_CREDENTIALS\`.
- \`@FILE\` stands for the lines of a file, one argument a line; empty lines and those that begin with # are left out.
- \`--help\` shows the flags, \`--version\` the version.`;
