import type { Change } from '../../endpoint/change.ts';
import { ownedRecordLabel } from '../../endpoint/endpoint.ts';

/**
 * Throws where the ownership record of a wildcard is to be written to an API that takes an asterisk as the whole first label only:
 * `a-*.example.org` cannot be there. The API's own words for it say nothing of what to do.
 */
export function checkWildcards(changes: readonly Change[], holder: string): void {
  for (const { after } of changes) {
    const owned = after?.labels[ownedRecordLabel];
    if (after && owned !== undefined && after.dnsName.replace(/^\*\./, '').includes('*'))
      throw new Error(`the ownership record of ${owned} would have the name ${after.dnsName}, which ${holder} does not take: set --txt-wildcard-replacement to a word that stands for the asterisk, as "any"`);
  }
}
