import type { Change } from '../endpoint/change.ts';
import type { PolicyName } from './plan.ts';

const forbidden: Readonly<Record<PolicyName, readonly Change['action'][]>> = {
  sync: [],
  'upsert-only': ['delete'],
  'create-only': ['delete', 'update'],
};

/** Whether a policy lets records be created, updated or deleted. */
export const allows = (policy: PolicyName, action: Change['action']): boolean => !forbidden[policy].includes(action);
