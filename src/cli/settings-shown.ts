import type { Config } from '../config/config.ts';
import { propertyOf, type FlagDefinition } from '../config/flag.ts';
import { flags } from '../config/flags.ts';
import type { LogFields } from '../log/logger.ts';
import { shownDuration } from './help.ts';

/** The settings that differ from the defaults, by flag, for the log: secrets are masked, also those inside of URLs. */
export function shownSettings(config: Config): LogFields {
  const shown: Record<string, LogFields[string]> = {};
  for (const [name, flag] of flags) {
    const value: unknown = Reflect.get(config, propertyOf(name, flag.type));
    if (!isDefault(flag, value)) shown[name] = show(flag, value);
  }
  return shown;
}

const isDefault = (flag: FlagDefinition, value: unknown): boolean => JSON.stringify(value) === JSON.stringify(flag.type === 'duration' ? flag.defaultMs : flag.default);

function show(flag: FlagDefinition, value: unknown): LogFields[string] {
  if ('secret' in flag) return '******';
  if (typeof value === 'number') return flag.type === 'duration' ? shownDuration(value) : value;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return withoutPassword(value);
  if (Array.isArray(value)) return value.map((item) => withoutPassword(String(item)));
  return Object.entries(value ?? {}).map(([key, text]) => `${key}=${String(text)}`);
}

/** `https://user:password@host` without its password. */
const withoutPassword = (text: string): string => text.replace(/(\/\/[^/@:\s]*):[^/@\s]*@/g, '$1:******@');
