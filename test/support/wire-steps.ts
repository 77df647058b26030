/** A record or endpoint in the webhook protocol's form. */
export interface WireRecord {
  readonly dnsName: string;
  readonly recordType: string;
  readonly targets: readonly string[];
  readonly setIdentifier?: string;
  readonly [field: string]: unknown;
}

/** The body of `POST /records`. The two sides of an update stand at the same place of their lists: many providers go by the place. */
export interface WireChanges {
  readonly create?: readonly WireRecord[];
  readonly updateOld?: readonly WireRecord[];
  readonly updateNew?: readonly WireRecord[];
  readonly delete?: readonly WireRecord[];
}

/**
 * How a provider behind the webhook protocol goes about a body, call by call of its API. All three are common:
 *
 *   in-place         deletes, then replaces each record in one call, then creates
 *   removals-first   removes what is deleted or updated, then writes what is updated, then creates
 *   creates-first    removes what is updated or deleted, then creates, then writes what is updated
 */
export type WireStyle = 'in-place' | 'removals-first' | 'creates-first';
export const wireStyles: readonly WireStyle[] = ['in-place', 'removals-first', 'creates-first'];

export interface WireStep {
  readonly action: 'create' | 'update' | 'delete';
  /** Goes first; an update may have but one side. */
  readonly remove?: WireRecord | undefined;
  readonly store?: WireRecord | undefined;
}

export function wireSteps(changes: WireChanges, style: WireStyle): readonly WireStep[] {
  const { create = [], updateOld = [], updateNew = [], delete: gone = [] } = changes;
  const deletes = gone.map((remove): WireStep => ({ action: 'delete', remove }));
  const creates = create.map((store): WireStep => ({ action: 'create', store }));
  if (style === 'in-place') return [...deletes, ...updateNew.map((store, i): WireStep => ({ action: 'update', remove: updateOld[i], store })), ...creates];
  const before = updateOld.map((remove): WireStep => ({ action: 'update', remove }));
  const after = updateNew.map((store): WireStep => ({ action: 'update', store }));
  return style === 'removals-first' ? [...deletes, ...before, ...after, ...creates] : [...before, ...deletes, ...creates, ...after];
}

export const wireKey = (r: WireRecord): string => `${r.dnsName.toLowerCase()}|${r.recordType}|${r.setIdentifier ?? ''}`;
