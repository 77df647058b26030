import type { Config } from '../../config/config.ts';
import { resourceName } from '../../kubernetes/object.ts';
import { loadSources, sourceNames } from '../../sources/index.ts';
import type { Read, SourceDefinition } from '../../sources/source.ts';
import { parseCommandLine } from '../parse.ts';
import { type Access, accessOfSource, sourcesOf } from '../rbac/access.ts';
import { grantsOf } from '../rbac/grants.ts';
import { code, table } from './markdown.ts';

/** Flags with which sources read more than without. */
const wideningFlags = ['--gateway-listener-sets', '--traefik-enable-legacy'];

/** docs/sources/index.md: every source, what it reads with which rights, and what it honours. */
export async function sourcesPage(): Promise<string> {
  const definitions = await loadSources(sourceNames);
  const sources = definitions.map((definition) => [linkTo(definition), definition.title, definition.templates ? 'yes' : 'no', definition.annotations.map(code).join(', ')]);
  return `${[
    introduction,
    table(['Source', 'Objects', 'Templates', 'Annotations'], sources),
    annotationsNote,
    '## What they read',
    readsNote,
    table(['Source', 'Walked', 'Second-hand', 'RBAC rules'], await Promise.all(definitions.map(readRow))),
    rightsNote,
  ].join('\n\n')}\n`;
}

const linkTo = ({ name }: SourceDefinition): string => `[${code(name)}](${name}.md)`;

async function readRow(definition: SourceDefinition): Promise<readonly string[]> {
  const usual = await readsOf(definition, '');
  const seen = new Set(usual.map(({ read }) => resourceName(read.resource)));
  const more = (await Promise.all(wideningFlags.map((flag) => readsOf(definition, flag)))).flat().filter(({ read }) => !seen.has(resourceName(read.resource)));
  const all = [...usual, ...more];
  const walked = all.filter((known) => known.walked);
  if (definition.name === 'unstructured') return [linkTo(definition), 'those of `--unstructured-resource`', '', 'one for each of these'];
  return [linkTo(definition), cell(walked.map(described)), cell(all.filter((known) => !known.walked).map(described)), cell([...rulesOf(usual), ...rulesOf(more)])];
}

interface KnownRead {
  readonly read: Read;
  readonly walked: boolean;
  /** With which it is read; '' for always. */
  readonly flag: string;
  readonly access: readonly Access[];
}

async function readsOf({ name }: SourceDefinition, flag: string): Promise<readonly KnownRead[]> {
  const [named] = await sourcesOf(optionsOf(name, flag === '' ? [] : [flag]));
  if (!named) return [];
  const { walks, reads } = named.source;
  return [
    ...walks.map((read) => ({ read, walked: true, flag, access: accessOfSource({ name, source: { walks: [read], reads: [] } }) })),
    ...reads.map((read) => ({ read, walked: false, flag, access: accessOfSource({ name, source: { walks: [], reads: [read] } }) })),
  ];
}

/** `HTTPRoute: v1, v1beta1 of gateway.networking.k8s.io` */
function described({ read: { resource, lazy }, flag }: KnownRead): string {
  const notes = [flag && `with ${code(flag)}`, lazy && 'when an object needs it'].filter(Boolean);
  return `${resource.kind}: ${resource.versions.join(', ')}${resource.group && ` of ${code(resource.group)}`}${notes.length ? ` (${notes.join(', ')})` : ''}`;
}

/** Rules of a role of the cluster. */
function rulesOf(known: readonly KnownRead[]): readonly string[] {
  const accesses = known.flatMap(({ access }) => access).map((access) => ({ ...access, namespace: '' }));
  const flags = [...new Set(known.map(({ flag }) => flag).filter(Boolean))];
  const rules = grantsOf(accesses).flatMap((grant) => grant.rules);
  return rules.map(({ apiGroups: [group], resources, verbs }) => `${code(`{apiGroups: [${group || '""'}], resources: [${resources.join(', ')}], verbs: [${verbs.join(', ')}]}`)}${flags.map((flag) => ` (with ${code(flag)})`).join('')}`);
}

const cell = (lines: readonly string[]): string => lines.join('<br>');

function optionsOf(source: string, flags: readonly string[]): Config {
  const settings = parseCommandLine([`--source=${source}`, ...flags], {}, { withoutRecords: true });
  if ('exit' in settings) throw new Error('the flags ask for help');
  return settings.config;
}

const introduction = `# Sources

<!-- Made from the definitions in src/sources by npm run gen. -->

\`--source=NAME\` says where names come from; several may be given. Each has a page of its own.`;

const annotationsNote = `- Annotations have the prefix \`external-dns.kubernetes.io/\`; the older one, \`external-dns.alpha.kubernetes.io/\`, is read, too, where \`--annotation-prefix\` is not given. Where
  \`set-identifier\` is honoured, so are the annotations of providers (\`aws-weight\`, \`cloudflare-proxied\`, \`webhook-...\`).
- Templates: whether \`--fqdn-template\`, \`--target-template\` and \`--fqdn-target-template\` apply; see [templates](../templates.md).`;

const readsNote = `*Walked* objects give names. What is read *second-hand*, such as the Gateway of a route, only adds to what these give: when it changes, exactly the objects that read
it are computed again. Of several versions the first that the cluster serves is read.

What is not installed is waited for, with a warning, and read when it comes; so is what may not be read. Until then the records of the objects that need it stay as they are.`;

const rightsNote = `## Rights

The rules above are all that a source may read. \`external-dns rbac\` prints the smallest roles for a set of flags:

    external-dns rbac --source=service --source=ingress --service-account=external-dns/external-dns | kubectl apply -f -

With \`--namespace\` that is a Role in this namespace, and a ClusterRole only for what has no namespace. \`external-dns rbac --help\` says more.`;
