import type { Config } from '../config/config.ts';
import { isRepeatable, propertyOf, variableOf, type FlagDefinition } from '../config/flag.ts';
import { flags } from '../config/flags.ts';
import { removedChoices, removedFlags } from '../config/removed-flags.ts';
import { version } from '../config/version.ts';
import { expandFiles } from './argument-files.ts';
import { helpText } from './help.ts';
import { nearest } from './nearest.ts';
import { readSecrets } from './secret-files.ts';
import { SettingsError } from './settings-error.ts';
import { validate } from './validate.ts';
import { parseBoolean, parseFlagValue, type FlagValue } from './values.ts';

export interface Settings {
  readonly config: Config;
  /** Whole sentences for the log. */
  readonly warnings: readonly string[];
}

export type CommandLine = Settings | { readonly exit: 'help' | 'version'; readonly text: string };

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ParseOptions {
  /** A command that changes nothing takes sync for granted where --policy is not given. */
  readonly assumePolicy?: boolean;
  /** A command that has nothing to do with records needs neither --provider nor --policy. */
  readonly withoutRecords?: boolean;
}

/**
 * The settings that a command line and an environment give: flags before variables before defaults.
 * `--help` and `--version` win over all but unknown flags and missing values.
 * @throws SettingsError with everything that is wrong
 */
export function parseCommandLine(argv: readonly string[], env: Environment, options: ParseOptions = {}): CommandLine {
  const line = readArguments(expandFiles(argv));
  if (line.exit === 'version') return { exit: 'version', text: `external-dns v${version}\n` };
  if (line.exit === 'help' && line.problems.length === 0) return { exit: 'help', text: helpText() };

  const problems = [...line.problems];
  const warnings = [...line.warnings, ...unusedVariables(env)];
  const given = new Set<string>();
  const refused = new Set<string>();
  const values: Record<string, FlagValue> = {};
  for (const [name, flag] of flags) {
    const source = sourceOf(name, flag, line.given, env);
    values[propertyOf(name, flag.type)] = flag.type === 'duration' ? flag.defaultMs : flag.default;
    if (source === undefined) {
      if (flag.required && !(options.withoutRecords && name === 'provider')) problems.push(`${option(name)} is missing; give it, or set ${variableOf(name)}${choicesOf(flag)}`);
      continue;
    }
    given.add(name);
    if (flag.deprecated !== undefined) warnings.push(`${source.shown} is deprecated: ${flag.deprecated}`);
    const parsed = source.texts.length > 1 && !isRepeatable(flag) ? repeated(name, flag) : parseFlagValue(flag, source.texts);
    if ('problem' in parsed) {
      problems.push(`${source.shown}: ${removedChoice(name, source.texts) ?? parsed.problem}`);
      refused.add(name);
    } else values[propertyOf(name, flag.type)] = parsed.value;
  }
  problems.push(...readSecrets(values, options.withoutRecords === true));
  // the loop above sets every property of the table, which is what Config is made from
  const config = settle(values as unknown as Config, given);
  const checked = validate(config, { ...options, policyRefused: refused.has('policy') });
  problems.push(...checked.problems);
  if (problems.length > 0) throw new SettingsError(problems);
  return { config: checked.config, warnings: [...warnings, ...checked.warnings] };
}

interface Arguments {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly exit: 'help' | 'version' | undefined;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Splits arguments into flags and their texts, without looking at the texts. */
function readArguments(argv: readonly string[]): Arguments {
  const given = new Map<string, string[]>();
  const problems: string[] = [];
  const warnings: string[] = [];
  let exit: Arguments['exit'];
  let onlyArguments = false;
  let switchBefore = '';
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? '';
    const after = switchBefore;
    switchBefore = '';
    if (argument === '--' && !onlyArguments) {
      onlyArguments = true;
      continue;
    }
    if (onlyArguments || !argument.startsWith('-') || argument === '-') {
      problems.push(unexpected(argument, after));
      continue;
    }
    const [name, text] = split(argument);
    if (name === '--help' || name === '--version') {
      // like v0.22, the version is told if the flag stands before what is wrong
      if (name === '--version' ? problems.length === 0 : exit === undefined) exit = name === '--help' ? 'help' : 'version';
      continue;
    }
    const found = find(name);
    if ('problem' in found) {
      const takesNext = text === undefined && found.removed && !isFlagLike(argv[i + 1]);
      if (takesNext) i++;
      (found.accepted ? warnings : problems).push(found.problem);
      continue;
    }
    const texts = given.get(found.name) ?? [];
    given.set(found.name, texts);
    if (flags.get(found.name)?.type === 'bool') {
      if (found.negative && text !== undefined) problems.push(`${name} takes no value; write --${found.name}=true or --${found.name}=false`);
      texts.push(found.negative ? 'false' : (text ?? 'true'));
      if (text === undefined) switchBefore = name;
    } else if (text !== undefined) {
      texts.push(text);
    } else if (isFlagLike(argv[i + 1])) {
      const negative = /^-[\d.]/.test(argv[i + 1] ?? '') ? argv[++i] : undefined;
      problems.push(`${name} needs a value; write ${name}=${negative ?? 'VALUE'}`);
      given.delete(found.name);
    } else {
      texts.push(argv[++i] ?? '');
    }
  }
  return { given, exit, problems, warnings };
}

function split(argument: string): [string, string | undefined] {
  const at = argument.indexOf('=');
  return at < 0 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)];
}

const isFlagLike = (argument: string | undefined): boolean => argument === undefined || (argument.startsWith('-') && argument !== '-');

function unexpected(argument: string, switchBefore: string): string {
  if (switchBefore !== '' && 'value' in parseBoolean(argument)) return `unexpected argument ${JSON.stringify(argument)}; a switch takes its value after an equals sign: ${switchBefore}=${argument}`;
  return `unexpected argument ${JSON.stringify(argument)}; values belong to flags, as in --source=service`;
}

type Found = { readonly name: string; readonly negative: boolean } | { readonly problem: string; readonly removed: boolean; readonly accepted: boolean };

function find(argument: string): Found {
  const name = argument.replace(/^--/, '');
  if (argument.startsWith('--')) {
    if (flags.has(name)) return { name, negative: false };
    const positive = name.startsWith('no-') ? name.slice(3) : '';
    const flag = flags.get(positive);
    if (flag?.type === 'bool') return { name: positive, negative: true };
    if (flag !== undefined) return { problem: `unknown flag ${argument}: --${positive} is no switch; leave it out, or give it a value`, removed: false, accepted: false };
    const removed = removedFlags.get(name) ?? removedFlags.get(positive);
    if (removed !== undefined) return { problem: `${argument} was removed: ${removed.instead}`, removed: true, accepted: removed.accepted === true };
  }
  return { problem: `unknown flag ${argument}${suggestion(argument)}`, removed: false, accepted: false };
}

function suggestion(argument: string): string {
  if (argument === '-h' || argument === '-help') return '; did you mean --help?';
  if (argument === '-v' || argument === '-version') return '; did you mean --version?';
  const name = argument.replace(/^-+/, '').replaceAll('_', '-');
  const meant = flags.has(name.toLowerCase()) ? name.toLowerCase() : nearest(name, flags.keys());
  return meant === undefined ? '; --help shows all flags' : `; did you mean --${meant}?`;
}

interface Source {
  /** How the user gave it: `--interval`, or the name of the variable. */
  readonly shown: string;
  readonly texts: readonly string[];
}

/** Where a flag's texts come from; undefined where only the default is left. */
function sourceOf(name: string, flag: FlagDefinition, given: Arguments['given'], env: Environment): Source | undefined {
  const texts = given.get(name);
  if (texts !== undefined && texts.length > 0) return { shown: option(name), texts };
  const variable = variableOf(name);
  const text = env[variable];
  if (text === undefined || text === '' || name === 'version') return undefined;
  if (!isRepeatable(flag)) return { shown: variable, texts: [text] };
  const lines = text.split(/\r?\n/).filter((item) => item.trim() !== '');
  return lines.length > 0 ? { shown: variable, texts: lines } : undefined;
}

const option = (name: string): string => `--${name}`;

const repeated = (name: string, flag: FlagDefinition) => ({ problem: `it is given more than once${flag.type === 'bool' ? ` (--${name} and --no-${name} are one flag)` : ''}; leave one` });

const choicesOf = (flag: FlagDefinition): string => ('choices' in flag ? `; known are: ${flag.choices.join(', ')}` : '');

function removedChoice(name: string, texts: readonly string[]): string | undefined {
  for (const text of texts) {
    const instead = removedChoices.get(name)?.get(text);
    if (instead !== undefined) return `${text} was removed: ${instead}`;
  }
  return undefined;
}

/** What some flags mean for others. */
function settle(config: Config, given: ReadonlySet<string>): Config {
  return {
    ...config,
    kubeApiRequestTimeoutMs: given.has('request-timeout') && !given.has('kube-api-request-timeout') ? config.requestTimeoutMs : config.kubeApiRequestTimeoutMs,
    rfc2136Axfr: config.rfc2136Axfr || config.rfc2136TsigAxfr,
    enableLegacyAnnotationPrefix: given.has('enable-legacy-annotation-prefix') ? config.enableLegacyAnnotationPrefix : !given.has('annotation-prefix'),
  };
}

/** Kubernetes itself sets such variables for a Service named external-dns. */
const serviceLink = /_(SERVICE|PORT)(_|$)/;

function unusedVariables(env: Environment): string[] {
  const known = new Map([...flags.keys()].map((name) => [variableOf(name), name]));
  const removed = new Map([...removedFlags].map(([name, flag]) => [variableOf(name), flag]));
  return Object.keys(env)
    .filter((name) => name.startsWith('EXTERNAL_DNS_') && env[name] !== '' && !known.has(name) && !serviceLink.test(name))
    .map((name) => {
      const instead = removed.get(name)?.instead;
      if (instead !== undefined) return `the variable ${name} has no effect: the flag was removed: ${instead}`;
      const meant = nearest(name.slice('EXTERNAL_DNS_'.length).toLowerCase().replaceAll('_', '-'), flags.keys());
      return `the variable ${name} has no effect: there is no such flag${meant === undefined ? '' : `; did you mean ${variableOf(meant)}?`}`;
    });
}
