import { normalizeName, unicodeName } from '../endpoint/name.ts';
import type { PlanRules } from './plan.ts';

/**
 * What must never be touched: the NS and SOA records that a zone itself has (who loses them loses the zone), and what --protect-names names.
 * `pattern` is an RE2 expression; '' for none.
 */
export async function createProtection(pattern: string, zoneOf: (name: string) => string | undefined): Promise<NonNullable<PlanRules['protects']>> {
  // some 40 ms to load: only where an expression is given
  const expression = pattern === '' ? undefined : (await import('re2js')).RE2JS.compile(pattern);
  return (name, recordType, stands) => {
    if (zoneTypes.has(recordType)) {
      const zone = zoneOf(name);
      if (zone !== undefined && normalizeName(zone) === name) return `it is the ${recordType} record of the zone itself`;
    }
    return stands && expression?.matcher(unicodeName(name)).find() ? '--protect-names matches its name' : undefined;
  };
}

const zoneTypes: ReadonlySet<string> = new Set(['NS', 'SOA']);
