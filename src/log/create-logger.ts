import type { LogFields, Logger, LogLevel } from './logger.ts';

export interface LogSettings {
  /** From panic to debug; with panic and fatal nothing is logged. */
  readonly logLevel: 'panic' | 'fatal' | LogLevel;
  readonly logFormat: 'text' | 'json';
}

/** Takes whole lines, with their line end. */
export type WriteLine = (line: string) => void;

const severities = ['debug', 'info', 'warning', 'error', 'fatal', 'panic'] as const;

/** Writes one line a message to the standard error, in the forms of ExternalDNS v0.22 (logrus); nothing in a message or a field can begin a new line. */
export function createLogger(settings: LogSettings, write: WriteLine = (line) => void process.stderr.write(line), now: () => Date = () => new Date()): Logger {
  const least = severities.indexOf(settings.logLevel);
  const isEnabled = (level: LogLevel): boolean => severities.indexOf(level) >= least;
  const format = settings.logFormat === 'json' ? jsonLine : textLine;
  const logAt =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (isEnabled(level)) write(format(level, message, fields, `${now().toISOString().slice(0, 19)}Z`));
    };
  return {
    level: severities.slice(0, 4).find((level): level is LogLevel => isEnabled(level as LogLevel)) ?? 'error',
    debug: logAt('debug'),
    info: logAt('info'),
    warning: logAt('warning'),
    error: logAt('error'),
    isEnabled,
  };
}

function textLine(level: LogLevel, message: string, fields: LogFields, time: string): string {
  let line = `time="${time}" level=${level} msg=${textValue(cut(message))}`;
  for (const [key, value] of Object.entries(fields)) line += ` ${key}=${textValue(isList(value) ? shortened(value).join(', ') : cut(String(value)))}`;
  return `${line}\n`;
}

const plain = /^[A-Za-z0-9\-._/@^+]*$/;

/** Bare where no quotes are needed, as logrus does it. */
const textValue = (text: string): string => (plain.test(text) ? text : quote(text));

function jsonLine(level: LogLevel, message: string, fields: LogFields, time: string): string {
  const object: Record<string, unknown> = { level, msg: cut(message), time };
  for (const [key, value] of Object.entries(fields)) object[key in object ? `fields.${key}` : key] = isList(value) ? shortened(value) : typeof value === 'string' ? cut(value) : value;
  return `${quote(object)}\n`;
}

/** Of a message or a value: more fits into no terminal, and may be megabytes of somebody's annotation. */
const longest = 8_000;

const cut = (text: string): string => (text.length <= longest ? text : `${text.slice(0, longest)}... (${text.length} characters)`);

/** A list with no more than fits, and how many there are more. */
function shortened(list: readonly string[]): readonly string[] {
  let room = longest;
  const end = list.findIndex((text) => (room -= text.length) < 0);
  if (end < 0) return list;
  const kept = end === 0 ? [cut(list[0] ?? '')] : list.slice(0, end);
  return kept.length === list.length ? kept : [...kept, `... (${list.length - kept.length} more)`];
}

/** DEL, the upper control characters, line separators, and what changes the direction of text on a terminal. */
const unsafe = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

const quote = (value: unknown): string => JSON.stringify(value).replace(unsafe, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

const isList = (value: LogFields[string]): value is readonly string[] => Array.isArray(value);
