import { ConfigurationError } from '../../errors.ts';
import { createLogger } from '../../log/create-logger.ts';
import type { Logger } from '../../log/logger.ts';
import { expandFiles } from '../argument-files.ts';
import { type Environment, parseCommandLine } from '../parse.ts';
import { accessOf } from '../rbac/access.ts';
import { grantsOf } from '../rbac/grants.ts';
import { manifestsOf, type ServiceAccountName } from '../rbac/manifests.ts';

const usage = `usage: external-dns rbac [--name=NAME] [--service-account=NAMESPACE/NAME] --source=SOURCE [FLAGS]

Prints the smallest roles with which a process with these flags can work, as YAML for kubectl apply. The flags are those that
the process gets; --provider and --policy do not matter, and may be left out. Nothing is asked of a cluster.

  --name=NAME
        What roles and bindings are called. Default: external-dns.
  --service-account=NAMESPACE/NAME
        Also prints this service account, and what binds the roles to it.

What is read in all namespaces, or has none, goes into a ClusterRole, the rest into a Role for each namespace.
`;

/** Prints the roles that a process with these flags needs. Gives the exit status. Throws ConfigurationError and SettingsError. */
export async function rbac(argv: readonly string[], env: Environment, write: (text: string) => void, setLogger: (log: Logger) => void): Promise<number> {
  const { own, rest } = splitArguments(expandFiles(argv));
  if (rest.includes('--help')) {
    write(usage);
    return 0;
  }
  const name = own.get('--name') ?? 'external-dns';
  if (!objectName.test(name)) throw new ConfigurationError(`--name=${name} is no name of a Kubernetes object: small letters, digits, dashes and dots, as in external-dns`);
  const serviceAccount = parseServiceAccount(own.get('--service-account'));

  const settings = parseCommandLine(rest, env, { withoutRecords: true });
  if ('exit' in settings) {
    write(settings.text);
    return 0;
  }
  const { config, warnings } = settings;
  const log = createLogger(config);
  setLogger(log);
  for (const warning of warnings) log.warning(warning);

  // files are no cluster
  const accesses = config.manifests === '' ? await accessOf(config, serviceAccount?.namespace || (env['POD_NAMESPACE'] ?? '')) : [];
  const manifests = manifestsOf(grantsOf(accesses), name, serviceAccount);
  write(manifests || `# ${config.manifests === '' ? 'these sources read' : 'with --manifests the program reads'} nothing of a cluster: no rights are needed\n`);
  return 0;
}

const ownOptions: readonly string[] = ['--name', '--service-account'];
/** Names of objects are DNS subdomains (RFC 1123). */
const objectName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/** The options of this command apart from the flags of the process. Throws ConfigurationError. */
function splitArguments(argv: readonly string[]): { readonly own: ReadonlyMap<string, string>; readonly rest: readonly string[] } {
  const own = new Map<string, string>();
  const rest: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? '';
    const equals = argument.indexOf('=');
    const option = equals < 0 ? argument : argument.slice(0, equals);
    if (!ownOptions.includes(option)) {
      rest.push(argument);
      continue;
    }
    const value = equals < 0 ? argv[++i] : argument.slice(equals + 1);
    if (!value) throw new ConfigurationError(`${option} needs a value; write ${option}=${option === '--name' ? 'external-dns' : 'NAMESPACE/NAME'}`);
    if (own.has(option)) throw new ConfigurationError(`${option} is given more than once; leave one`);
    own.set(option, value);
  }
  return { own, rest };
}

function parseServiceAccount(text: string | undefined): ServiceAccountName | undefined {
  if (text === undefined) return undefined;
  const [namespace = '', name = '', ...more] = text.split('/');
  if (more.length || !objectName.test(namespace) || !objectName.test(name)) throw new ConfigurationError(`--service-account=${text}: not of the form NAMESPACE/NAME, as external-dns/external-dns`);
  return { namespace, name };
}
