import { ConfigurationError, SoftError } from '../../errors.ts';
import { isThrottled } from '../../http/aws/errors.ts';
import type { StatementResult, TableClient } from './client.ts';
import { insert, type Item, keyOf, partsOf, readItem, remove, sameLabels, update } from './items.ts';

export interface TableOptions {
  readonly client: Pick<TableClient, 'table' | 'describe' | 'scan' | 'execute'>;
  /** How often a statement that came too soon is executed. */
  readonly tries: number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What is to become of an item. */
export type Step = { readonly item: Item; readonly before: Item | undefined };

/** What became of it: '' where it was done. */
export type StepResult = { readonly done: true } | { readonly done: false; readonly reason: 'taken' | 'trouble'; readonly message: string };

/** The table of ownership, as last read and as changed since. */
export class Table {
  readonly #options: TableOptions;
  /** By normalised key; undefined: to be read. */
  #items: Map<string, Item> | undefined;
  #checked = false;
  /** Something stands otherwise than was thought. */
  #stale = false;

  constructor(options: TableOptions) {
    this.#options = options;
  }

  /** Reads the table where that is due; gives whether it was read. Rejects with ConfigurationError where it cannot be used. */
  async read(signal: AbortSignal): Promise<boolean> {
    if (this.#items) return false;
    if (!this.#checked) await this.#check(signal);
    const items = new Map<string, Item>();
    for await (const attributes of this.#options.client.scan(signal)) {
      const item = readItem(attributes);
      const parts = item && partsOf(item.key);
      if (item && parts) items.set(keyOf({ dnsName: parts.name, ...parts }), item);
    }
    this.#items = items;
    return true;
  }

  /** It is not known any more what stands there. */
  forget(): void {
    this.#items = undefined;
  }

  get(key: string): Item | undefined {
    return this.#items?.get(key);
  }

  all(): Iterable<readonly [key: string, item: Item]> {
    return this.#items ?? [];
  }

  /** Makes and changes items; the results stand in the order of the steps. What is as it shall be needs no statement. */
  async put(steps: readonly Step[], signal: AbortSignal): Promise<readonly StepResult[]> {
    const { table } = this.#options.client;
    const due = steps.filter(({ item, before }) => !before || before.owner !== item.owner || !sameLabels(before.labels, item.labels));
    const results = await this.#execute(due.map(({ item, before }) => (before ? update(table, item, before.owner) : insert(table, item))), signal);
    // an earlier try, of which no answer came, may have made it
    const again = due.filter((step, i) => !step.before && results[i]?.code === 'DuplicateItem');
    const seconds = await this.#execute(again.map(({ item }) => update(table, item, item.owner)), signal);
    const byStep = new Map<Step, StatementResult | undefined>(due.map((step, i) => [step, results[i]]));
    for (const [i, step] of again.entries()) byStep.set(step, seconds[i]);
    return steps.map((step): StepResult => {
      const result = byStep.get(step);
      if (!byStep.has(step) || result?.code === '') {
        this.#items?.set(normalKey(step.item), step.item);
        return { done: true };
      }
      this.#stale = true;
      const reason = result?.code.startsWith('ConditionalCheckFailed') ? 'taken' : 'trouble';
      return { done: false, reason, message: `${result?.code ?? 'no answer'}${result?.message ? `: ${result.message}` : ''}` };
    });
  }

  /** Deletes items of their owner; gives what could not be deleted, in words. */
  async delete(items: readonly Item[], signal: AbortSignal): Promise<readonly string[]> {
    const results = await this.#execute(items.map((item) => remove(this.#options.client.table, item)), signal);
    return items.flatMap((item, i) => {
      const code = results[i]?.code ?? 'no answer';
      if (code === '' || code.startsWith('ConditionalCheckFailed')) this.#items?.delete(normalKey(item));
      return code === '' || code.startsWith('ConditionalCheckFailed') ? [] : [`${item.key}: ${code}: ${results[i]?.message ?? ''}`];
    });
  }

  /** The table is read again before the next plan where something was found to stand otherwise than was thought. */
  settle(): void {
    if (this.#stale) this.forget();
    this.#stale = false;
  }

  async #execute(statements: Parameters<TableClient['execute']>[0], signal: AbortSignal): Promise<readonly StatementResult[]> {
    if (statements.length === 0) return [];
    const { client, tries, sleep } = this.#options;
    const results = [...(await client.execute(statements, signal))];
    for (let tried = 1; tried < tries; tried++) {
      const late = results.flatMap(({ code }, i) => (isPassing(code) ? [i] : []));
      if (late.length === 0) break;
      await sleep(250 * 2 ** tried * (0.5 + Math.random()), signal);
      const once = await client.execute(late.flatMap((i) => statements[i] ?? []), signal);
      for (const [at, i] of late.entries()) results[i] = once[at] ?? { code: 'Unknown', message: 'no answer' };
    }
    return results;
  }

  async #check(signal: AbortSignal): Promise<void> {
    const { client } = this.#options;
    const wrong = (what: string): ConfigurationError => new ConfigurationError(`DynamoDB table ${client.table} ${what}; make one with the single key "k" of type S`);
    let description;
    try {
      description = await client.describe(signal);
    } catch (error) {
      if (error instanceof SoftError || error instanceof ConfigurationError || signal.aborted) throw error;
      throw new ConfigurationError(`DynamoDB table ${client.table} cannot be described; name it with --dynamodb-table, and its region with --dynamodb-region or AWS_REGION`, { cause: error });
    }
    const [hash, ...more] = description.KeySchema;
    if (hash?.AttributeName !== 'k') throw wrong(`has the key "${hash?.AttributeName ?? ''}"`);
    if (more.length > 0) throw wrong('has a range key');
    const type = description.AttributeDefinitions.find((a) => a.AttributeName === 'k')?.AttributeType;
    if (type !== 'S') throw wrong(`has a key of type ${type ?? 'none'}`);
    this.#checked = true;
  }
}

const normalKey = (item: Item): string => {
  const parts = partsOf(item.key);
  return parts ? keyOf({ dnsName: parts.name, ...parts }) : item.key;
};

/** Codes in the results of statements are those of errors without "Exception". */
const isPassing = (code: string): boolean => isThrottled(code) || isThrottled(`${code}Exception`) || code === 'ThrottlingError' || code === 'TransactionConflict' || code === 'InternalServerError' || code === 'RequestLimitExceeded';
