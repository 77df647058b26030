import { messageOf } from '../errors.ts';
import { version } from '../config/version.ts';
import { createLogger, type LogSettings } from '../log/create-logger.ts';
import { commandSummaries } from './commands.ts';
import { nearest } from './nearest.ts';
import { parseCommandLine, type Environment } from './parse.ts';
import { SettingsError } from './settings-error.ts';
import { shownSettings } from './settings-shown.ts';

/** Runs a command (`external-dns [run] FLAGS`) to its end, and gives the exit status. Signals end it softly; a second one at once. */
export async function commandLine(argv: readonly string[], env: Environment): Promise<number> {
  let log = createLogger(settingsOfErrors(argv, env));
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) process.exit(1);
    log.info('stopping', { signal });
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    const settings = parseCommandLine(argumentsOf(argv), env);
    if ('exit' in settings) {
      process.stdout.write(settings.text);
      return 0;
    }
    const { config, warnings } = settings;
    log = createLogger(config);
    for (const warning of warnings) log.warning(warning);
    log.info(`external-dns v${version} starts`, shownSettings(config));
    const { run } = await import('./commands/run.ts');
    return await run(config, env, log, stop.signal);
  } catch (error) {
    if (error instanceof SettingsError) for (const problem of error.problems) log.error(problem);
    else log.error(messageOf(error));
    if (error instanceof Error && isBug(error)) log.debug('the error came from here', { stack: error.stack ?? '' });
    return 1;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

const isBug = (error: Error): boolean => error.name !== 'ConfigurationError' && error.name !== 'SoftError';

/** The arguments after the command; `run` where none is named. */
function argumentsOf(argv: readonly string[]): readonly string[] {
  const [first = '', ...rest] = argv;
  if (first === '' || first.startsWith('-') || first.startsWith('@')) return argv;
  const names = commandSummaries.map(([name]): string => name);
  if (names.includes(first)) return rest;
  const meant = nearest(first, names);
  throw new SettingsError([`unknown command ${JSON.stringify(first)}; ${meant === undefined ? `known are: ${names.join(', ')}` : `did you mean ${meant}?`}`]);
}

/** How errors are logged before the settings are known. */
function settingsOfErrors(argv: readonly string[], env: Environment): LogSettings {
  const json = argv.includes('--log-format=json') || argv[argv.indexOf('--log-format') + 1] === 'json' || env['EXTERNAL_DNS_LOG_FORMAT'] === 'json';
  return { logFormat: json ? 'json' : 'text', logLevel: 'info' };
}
