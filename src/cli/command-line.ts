import { version } from '../config/version.ts';
import { messageOf } from '../errors.ts';
import { createLogger, type LogSettings } from '../log/create-logger.ts';
import type { Logger } from '../log/logger.ts';
import { findCommand, type CommandName } from './commands.ts';
import { parseCommandLine, type Environment } from './parse.ts';
import { SettingsError } from './settings-error.ts';
import { shownSettings } from './settings-shown.ts';

interface CommandContext {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly stop: AbortSignal;
  /** Takes the place of the logger that errors are told to, once the settings are known. */
  setLogger(log: Logger): void;
}

/** Gives the exit status. */
type Command = (context: CommandContext) => Promise<number>;

const commands: Readonly<Record<CommandName, Command>> = { run: startRun, status: startStatus, approve: startApprove, rbac: startRbac };

/** Runs a command (`external-dns [run] FLAGS`) to its end, and gives the exit status. A signal ends it softly, a second one at once. */
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
    const command = findCommand(argv);
    return await commands[command.name]({ argv: command.argv, env, stop: stop.signal, setLogger: (known) => (log = known) });
  } catch (error) {
    tell(error, log);
    return 1;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

async function startRun({ argv, env, stop, setLogger }: CommandContext): Promise<number> {
  const settings = parseCommandLine(argv, env);
  if ('exit' in settings) {
    process.stdout.write(settings.text);
    return 0;
  }
  const { config, warnings } = settings;
  const log = createLogger(config);
  setLogger(log);
  log.info('external-dns starts', { version, ...shownSettings(config) });
  for (const warning of warnings) log.warning(warning);
  const { run } = await import('./commands/run.ts');
  return run(config, env, log, stop);
}

async function startStatus({ argv, env, stop }: CommandContext): Promise<number> {
  const { status } = await import('./commands/status.ts');
  return status(argv, env, (text) => process.stdout.write(text), stop);
}

async function startApprove({ argv, env, stop }: CommandContext): Promise<number> {
  const { approve } = await import('./commands/approve.ts');
  return approve(argv, env, (text) => process.stdout.write(text), stop);
}

async function startRbac({ argv, env, setLogger }: CommandContext): Promise<number> {
  const { rbac } = await import('./commands/rbac.ts');
  return rbac(argv, env, (text) => process.stdout.write(text), setLogger);
}

function tell(error: unknown, log: Logger): void {
  if (error instanceof SettingsError) for (const problem of error.problems) log.error(problem);
  else log.error(messageOf(error));
  const foreseen = error instanceof Error && ['ConfigurationError', 'SoftError'].includes(error.name);
  if (!foreseen && error instanceof Error) log.debug('the error came from here', { stack: error.stack ?? '' });
}

/** How errors are told before the settings are known. */
function settingsOfErrors(argv: readonly string[], env: Environment): LogSettings {
  const at = argv.indexOf('--log-format');
  const json = argv.includes('--log-format=json') || (at >= 0 && argv[at + 1] === 'json') || env['EXTERNAL_DNS_LOG_FORMAT'] === 'json';
  return { logFormat: json ? 'json' : 'text', logLevel: 'info' };
}
