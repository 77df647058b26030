import type { Logger } from '../../log/logger.ts';
import { addressOf, contains, type Net, parseNet, splitNets } from './nets.ts';
import type { Wrapper } from './types.ts';

/**
 * --target-net-filter and --exclude-target-net: targets must be addresses in one of the former (where there are any), and in none of the latter.
 * As in ExternalDNS v0.22 what is no net counts as not given, here with a warning.
 */
export function targetNetFilter(wanted: readonly string[], excluded: readonly string[], log: Logger): Wrapper | undefined {
  const read = (values: readonly string[], flag: string): readonly Net[] =>
    splitNets(values).flatMap((text) => {
      const net = parseNet(text);
      if (!net) log.warning('flag has a value that is no network and is not used', { flag, value: text, example: '192.0.2.0/24' });
      return net ? [net] : [];
    });
  const include = read(wanted, '--target-net-filter');
  const exclude = read(excluded, '--exclude-target-net');
  if (include.length === 0 && exclude.length === 0) return undefined;
  const passes = (target: string): boolean => {
    const address = addressOf(target);
    if (!address) return include.length === 0;
    return (include.length === 0 || include.some((net) => contains(net, address))) && !exclude.some((net) => contains(net, address));
  };
  return (endpoints) =>
    endpoints.flatMap((e) => {
      const targets = e.targets.filter(passes);
      if (targets.length === e.targets.length) return [e];
      return targets.length ? [{ ...e, targets }] : [];
    });
}
