export type LogLevel = 'debug' | 'info' | 'warning' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Constant messages, data in the fields. An error is logged once, at the top. */
export interface Logger {
  readonly level: LogLevel;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  isEnabled(level: LogLevel): boolean;
}

/** For tests and for what must not log. */
export const silentLogger: Logger = { level: 'error', debug() {}, info() {}, warning() {}, error() {}, isEnabled: () => false };
