import { isRepeatable, type FlagDefinition } from '../config/flag.ts';
import { flagGroups } from '../config/flags.ts';
import { commandSummaries } from './commands.ts';

/** The text of `--help`: commands, then flags by group, in 100 columns. */
export function helpText(): string {
  const commands = Object.entries(commandSummaries).map(([name, summary]) => wrapped(`  ${name}`, summary));
  const groups = Object.entries<Readonly<Record<string, FlagDefinition>>>(flagGroups).map(([title, group]) =>
    [`${title}:`, ...Object.entries(group).map(([name, flag]) => wrapped(`  ${shownFlag(name, flag)}`, describeFlag(flag)))].join('\n'),
  );
  return `${[
    'usage: external-dns [COMMAND] --provider=PROVIDER --source=SOURCE --policy=POLICY [FLAGS]',
    'Keeps DNS records in step with what a Kubernetes cluster publishes.',
    ['Commands:', ...commands].join('\n'),
    [
      'Every flag has a variable: --txt-owner-id is EXTERNAL_DNS_TXT_OWNER_ID; flags win over variables.',
      'A variable for a flag that may be repeated holds one value a line. Arguments can be kept in a file,',
      'one a line, that is given as @FILE. A secret can be kept in a file, too: --pdns-api-key-file=PATH,',
      'or --pdns-api-key=file:PATH.',
    ].join('\n'),
    ...groups,
  ].join('\n\n')}\n`;
}

/** `--[no-]once`, `--interval=1m`, `--source=SOURCE ...`. */
export function shownFlag(name: string, flag: FlagDefinition): string {
  if (name === 'version') return '--version';
  if (flag.type === 'bool') return `--[no-]${name}`;
  return `--${name}=${placeholderOf(name, flag)}${isRepeatable(flag) ? ' ...' : ''}`;
}

function placeholderOf(name: string, flag: FlagDefinition): string {
  if (flag.placeholder !== undefined) return flag.placeholder;
  switch (flag.type) {
    case 'int':
      return 'NUMBER';
    case 'duration':
      return 'DURATION';
    case 'regexp':
      return 'REGEXP';
    default:
      return (name.split('-').at(-1) ?? name).toUpperCase();
  }
}

/** The help of a flag with its choices, its default and what is to be known. */
export function describeFlag(flag: FlagDefinition): string {
  const facts = [
    'choices' in flag ? `One of ${flag.choices.join(', ')}.` : '',
    shownDefault(flag) === '' ? '' : `Default: ${shownDefault(flag)}.`,
    flag.required ? 'Required.' : '',
    isRepeatable(flag) ? 'May be repeated.' : '',
    'secret' in flag ? 'Secret: may be given as a file.' : '',
    flag.deprecated === undefined ? '' : `Deprecated: ${flag.deprecated}.`,
  ];
  return [flag.help, ...facts].filter(Boolean).join(' ');
}

/** The default as it would be written; empty where there is none. */
export function shownDefault(flag: FlagDefinition): string {
  switch (flag.type) {
    case 'duration':
      return shownDuration(flag.defaultMs);
    case 'bool':
      return flag.default ? 'true' : '';
    case 'strings':
    case 'enums':
      return flag.default.join(', ');
    case 'map':
      return '';
    default:
      return String(flag.default);
  }
}

/** The shortest writing of a duration in whole units: 90000 is 90s, 180000 is 3m. */
export function shownDuration(ms: number): string {
  for (const [unit, size] of [['h', 3_600_000], ['m', 60_000], ['s', 1000]] as const) if (ms !== 0 && ms % size === 0) return `${ms / size}${unit}`;
  return ms === 0 ? '0s' : `${ms}ms`;
}

function wrapped(head: string, text: string): string {
  const indent = ' '.repeat(8);
  const lines = [head];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length > 99 && line !== indent) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join('\n');
}
