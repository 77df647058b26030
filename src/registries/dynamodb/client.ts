import { ConfigurationError, SoftError } from '../../errors.ts';
import { AwsClient, type AwsClientOptions } from '../../http/aws/client.ts';
import { jsonFailure } from '../../http/aws/json.ts';

/** A value with its type, as DynamoDB writes it. */
export type AttributeValue = { readonly S: string } | { readonly M: Readonly<Record<string, AttributeValue>> };

export interface Statement {
  readonly Statement: string;
  readonly Parameters: readonly AttributeValue[];
}

/** What became of a statement; '' where it was done, else DynamoDB's name of the reason. */
export interface StatementResult {
  readonly code: string;
  readonly message: string;
}

export interface TableDescription {
  readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html */
const statementsToACall = 25;

/** The calls of DynamoDB (JSON 1.0, 2012-08-10) for one table. */
export class TableClient {
  readonly table: string;
  readonly #aws: AwsClient;

  constructor(table: string, options: Omit<AwsClientOptions, 'service' | 'failureOf'>) {
    this.table = table;
    this.#aws = new AwsClient({ ...options, service: 'dynamodb', failureOf: jsonFailure });
  }

  async describe(signal: AbortSignal): Promise<TableDescription> {
    const { Table: table } = (await this.#call('DescribeTable', { TableName: this.table }, signal)) as { readonly Table?: TableDescription };
    if (!table) throw new SoftError(`DynamoDB table ${this.table} was not described`);
    return table;
  }

  /** All items of the table, all pages. */
  async *scan(signal: AbortSignal): AsyncGenerator<Readonly<Record<string, AttributeValue | undefined>>> {
    for (let start: unknown; ; ) {
      const page = (await this.#call('Scan', { TableName: this.table, ProjectionExpression: 'k,o,l', ConsistentRead: true, ...(start !== undefined && { ExclusiveStartKey: start }) }, signal)) as {
        readonly Items?: readonly Readonly<Record<string, AttributeValue>>[];
        readonly LastEvaluatedKey?: unknown;
      };
      yield* page.Items ?? [];
      start = page.LastEvaluatedKey;
      if (start === undefined) return;
    }
  }

  /** Executes each statement by itself; the results stand in the order of the statements. */
  async execute(statements: readonly Statement[], signal: AbortSignal): Promise<readonly StatementResult[]> {
    const results: StatementResult[] = [];
    for (let i = 0; i < statements.length; i += statementsToACall) {
      const some = statements.slice(i, i + statementsToACall);
      const { Responses: responses = [] } = (await this.#call('BatchExecuteStatement', { Statements: some }, signal)) as { readonly Responses?: readonly { readonly Error?: { readonly Code?: string; readonly Message?: string } }[] };
      for (const [at] of some.entries()) {
        const error = responses[at]?.Error;
        results.push({ code: error ? error.Code || 'Unknown' : '', message: error?.Message ?? '' });
      }
    }
    return results;
  }

  async #call(operation: string, parameters: unknown, signal: AbortSignal): Promise<unknown> {
    try {
      const response = await this.#aws.call(
        {
          action: `dynamodb:${operation}`,
          object: `table ${this.table}`,
          method: 'POST',
          path: '/',
          headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` },
          body: JSON.stringify(parameters),
          // a statement that finds its own work done is told apart by what stands there
          idempotent: true,
        },
        signal,
      );
      return response.json();
    } catch (error) {
      // PartiQL has actions of its own in IAM
      if (error instanceof ConfigurationError && operation === 'BatchExecuteStatement') throw new ConfigurationError(`${error.message} (it stands for dynamodb:PartiQLInsert, dynamodb:PartiQLUpdate and dynamodb:PartiQLDelete)`, { cause: error });
      throw error;
    }
  }
}
