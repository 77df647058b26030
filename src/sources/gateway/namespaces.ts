import type { AllowedNamespaces, LabelSelectorSpec } from '../../kubernetes/resources/gateway-api.ts';
import type { Requirement, Selector } from '../../kubernetes/selector.ts';

/** From which namespaces something may attach: all, its own, none, or those whose labels fit. */
export type NamespaceRule = 'all' | 'same' | 'none' | Selector;

/** The rule of an object, made once. What is not written means `absent`; what cannot be understood lets nothing in. */
export function namespaceRule(allowed: AllowedNamespaces, absent: 'same' | 'none'): NamespaceRule {
  switch (allowed.from) {
    case '':
      return absent;
    case 'All':
      return 'all';
    case 'Same':
      return 'same';
    case 'Selector':
      return (allowed.selector && selectorOf(allowed.selector)) ?? 'none';
    default:
      return 'none';
  }
}

/** The requirements of a label selector; undefined where one of them has an operator or values that the API does not know. */
export function selectorOf({ matchLabels, matchExpressions }: LabelSelectorSpec): Selector | undefined {
  const requirements: Requirement[] = Object.entries(matchLabels).map(([key, value]) => ({ key, operator: 'in', values: [value] }));
  for (const { key, operator, values } of matchExpressions) {
    const requirement = requirementOf(key, operator, values);
    if (requirement === undefined) return undefined;
    requirements.push(requirement);
  }
  return requirements;
}

function requirementOf(key: string, operator: string, values: readonly string[]): Requirement | undefined {
  switch (operator) {
    case 'In':
      return values.length ? { key, operator: 'in', values } : undefined;
    case 'NotIn':
      return values.length ? { key, operator: 'notin', values } : undefined;
    case 'Exists':
      return values.length ? undefined : { key, operator: 'exists' };
    case 'DoesNotExist':
      return values.length ? undefined : { key, operator: 'absent' };
    default:
      return undefined;
  }
}
