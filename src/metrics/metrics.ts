/** Handles to the program's metrics; the catalogue is one table in catalogue.ts. */
export interface Metrics {
  /** Adds to a counter (or a gauge that counts). Names without the prefix `external_dns_`. */
  add(name: string, labels?: Readonly<Record<string, string>>, by?: number): void;
  set(name: string, value: number, labels?: Readonly<Record<string, string>>): void;
  observe(name: string, seconds: number, labels?: Readonly<Record<string, string>>): void;
  /** Forgets all label values of a gauge, before they are set anew. */
  reset(name: string): void;
}

export const noMetrics: Metrics = { add() {}, set() {}, observe() {}, reset() {} };
