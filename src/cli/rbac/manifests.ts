import { Document, isSeq, visit } from 'yaml';
import type { Grant, Rule } from './grants.ts';

/** Who gets the rights. */
export interface ServiceAccountName {
  readonly namespace: string;
  readonly name: string;
}

const apiGroup = 'rbac.authorization.k8s.io';

/** Roles of this name as YAML documents; with a service account that account, too, and what binds the roles to it. '' where there is nothing to grant or make. */
export function manifestsOf(grants: readonly Grant[], name: string, serviceAccount?: ServiceAccountName): string {
  const documents = [
    ...(serviceAccount ? [new Document({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: serviceAccount.name, namespace: serviceAccount.namespace } })] : []),
    ...grants.flatMap((grant) => [roleOf(grant, name), ...(serviceAccount ? [bindingOf(grant, name, serviceAccount)] : [])]),
  ];
  return documents.map((document) => document.toString({ lineWidth: 0, flowCollectionPadding: false })).join('---\n');
}

const metadataOf = ({ namespace }: Grant, name: string) => ({ name, ...(namespace && { namespace }) });
const kindOf = ({ namespace }: Grant): string => (namespace ? 'Role' : 'ClusterRole');

function roleOf(grant: Grant, name: string): Document {
  const rules = grant.rules.map(({ apiGroups, resources, verbs }) => ({ apiGroups, resources, verbs }));
  const document = new Document({ apiVersion: `${apiGroup}/v1`, kind: kindOf(grant), metadata: metadataOf(grant, name), rules });
  for (const [i, rule] of grant.rules.entries()) annotate(document.getIn(['rules', i], true), rule);
  visit(document, { Pair: (_, { key, value }) => void (String(key) !== 'rules' && isSeq(value) && (value.flow = true)) });
  return document;
}

/** Says above a rule what it is for. */
function annotate(node: unknown, { neededBy }: Rule): void {
  (node as { commentBefore?: string }).commentBefore = ` ${neededBy.join(', ')}`;
}

function bindingOf(grant: Grant, name: string, serviceAccount: ServiceAccountName): Document {
  return new Document({
    apiVersion: `${apiGroup}/v1`,
    kind: `${kindOf(grant)}Binding`,
    metadata: metadataOf(grant, name),
    roleRef: { apiGroup, kind: kindOf(grant), name },
    subjects: [{ kind: 'ServiceAccount', name: serviceAccount.name, namespace: serviceAccount.namespace }],
  });
}
