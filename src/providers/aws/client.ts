import { setTimeout as sleep } from 'node:timers/promises';
import { type AwsCall, AwsClient, type AwsClientOptions } from '../../http/aws/client.ts';
import { AwsRefusal } from '../../http/aws/errors.ts';
import { xmlFailure } from '../../http/aws/sts.ts';
import { isCertainlyUndone } from '../../http/client/index.ts';
import { SoftError } from '../../errors.ts';
import { bareZoneId, readName } from './names.ts';
import type { RecordSet, RecordSetChange } from './record-set.ts';
import { type Node, readAnswer, readRecordSet, writeChanges, writeResourceIds } from './xml.ts';

/** A hosted zone as the API lists it. */
export interface HostedZone {
  /** Without `/hostedzone/`. */
  readonly id: string;
  readonly name: string;
  readonly private: boolean;
  /** Record sets in it, at the time of listing. */
  readonly recordCount: number;
}

/** Where to go on in a list of record sets. */
export interface RecordSetPosition {
  readonly name: string;
  readonly type?: string | undefined;
  readonly identifier?: string | undefined;
}

/** The most of one page, whatever is asked for. https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html */
export const recordSetsToAPage = 300;
/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListTagsForResources.html */
const zonesToATagCall = 10;
/** Five calls a second are allowed to an account. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html */
const rateLimit = { perSecond: 5, burst: 10 };

/** Changes were refused after a try of which no answer came: it may be that try which has made them. */
export class LostAnswerError extends SoftError {}

/** The calls of Route 53 (REST with XML, 2013-04-01) with the credentials of one account. */
export class Route53Client {
  readonly #aws: AwsClient;
  readonly #tries: number;
  readonly #firstWaitMs: number;

  constructor(options: Omit<AwsClientOptions, 'service' | 'failureOf'>) {
    this.#aws = new AwsClient({ rateLimit, ...options, service: 'route53', failureOf: xmlFailure });
    this.#tries = Math.max(1, options.tries);
    this.#firstWaitMs = options.firstWaitMs ?? 250;
  }

  /** All hosted zones, all pages. */
  async hostedZones(signal: AbortSignal): Promise<readonly HostedZone[]> {
    const zones: HostedZone[] = [];
    for (let marker: string | undefined; ; ) {
      const page = await this.#read({ action: 'route53:ListHostedZones', object: '', path: '/hostedzone', query: { marker } }, 'ListHostedZonesResponse', signal);
      for (const zone of page.list('HostedZones', 'HostedZone'))
        zones.push({
          id: bareZoneId(zone.text('Id') ?? ''),
          name: readName(zone.text('Name') ?? ''),
          private: zone.child('Config')?.text('PrivateZone') === 'true',
          recordCount: Number(zone.text('ResourceRecordSetCount') ?? 0),
        });
      marker = page.text('NextMarker');
      if (page.text('IsTruncated') !== 'true' || !marker) return zones;
    }
  }

  /** The tags of zones, by their ids. */
  async tagsOfZones(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
    const tags = new Map<string, ReadonlyMap<string, string>>();
    for (let i = 0; i < ids.length; i += zonesToATagCall) {
      const some = ids.slice(i, i + zonesToATagCall);
      const answer = await this.#read({ action: 'route53:ListTagsForResources', object: 'hosted zones', method: 'POST', path: '/tags/hostedzone', body: writeResourceIds(some) }, 'ListTagsForResourcesResponse', signal);
      for (const set of answer.list('ResourceTagSets', 'ResourceTagSet'))
        tags.set(bareZoneId(set.text('ResourceId') ?? ''), new Map(set.list('Tags', 'Tag').map((t) => [t.text('Key') ?? '', t.text('Value') ?? ''])));
    }
    return tags;
  }

  /** One page of the record sets of a zone, in Route 53's order; `next`: where the rest begins. */
  async recordSets(zone: HostedZone, from: RecordSetPosition | undefined, most: number, signal: AbortSignal): Promise<{ readonly sets: readonly RecordSet[]; readonly next: RecordSetPosition | undefined }> {
    const page = await this.#read(
      { action: 'route53:ListResourceRecordSets', object: describeZone(zone), path: `/hostedzone/${zone.id}/rrset`, query: { maxitems: most, name: from?.name, type: from?.type, identifier: from?.identifier } },
      'ListResourceRecordSetsResponse',
      signal,
    );
    const name = page.text('NextRecordName');
    const more = page.text('IsTruncated') === 'true' && name !== undefined;
    return {
      sets: page.list('ResourceRecordSets', 'ResourceRecordSet').map(readRecordSet),
      // name, type and identifier: a page may end between the sets of one name and type
      next: more ? { name, type: page.text('NextRecordType'), identifier: page.text('NextRecordIdentifier') } : undefined,
    };
  }

  /**
   * Makes all changes, or none. Tried again also where it is not known what came of a try; a refusal after that may be due to what the
   * earlier try did, and rejects with LostAnswerError.
   */
  async change(zone: HostedZone, changes: readonly RecordSetChange[], signal: AbortSignal): Promise<void> {
    const call: AwsCall = {
      action: 'route53:ChangeResourceRecordSets',
      object: describeZone(zone),
      method: 'POST',
      path: `${version}/hostedzone/${zone.id}/rrset/`,
      headers: xmlType,
      body: writeChanges(changes),
      idempotent: false,
    };
    let uncertain = false;
    for (let tried = 1; ; tried++) {
      try {
        await this.#aws.call(call, signal);
        return;
      } catch (error) {
        if (uncertain && error instanceof AwsRefusal) throw new LostAnswerError('an earlier try, of which no answer came, may have made these changes already', { cause: error });
        if (!(error instanceof SoftError) || isCertainlyUndone(error) || tried >= this.#tries || signal.aborted) throw error;
        uncertain = true;
        await sleep(this.#firstWaitMs * 2 ** (tried - 1) * (0.5 + Math.random()), undefined, { signal });
      }
    }
  }

  close(): Promise<void> {
    return this.#aws.close();
  }

  async #read(call: Omit<AwsCall, 'method' | 'idempotent'> & { readonly method?: AwsCall['method'] }, answer: string, signal: AbortSignal): Promise<Node> {
    const { method = 'GET', path } = call;
    const response = await this.#aws.call({ ...call, method, path: `${version}${path}`, idempotent: true, ...(call.body !== undefined && { headers: xmlType }) }, signal);
    return readAnswer(response.text(), answer);
  }
}

const version = '/2013-04-01';
const xmlType = { 'content-type': 'text/xml' };
const describeZone = (zone: HostedZone): string => `zone ${zone.name} (${zone.id})`;
