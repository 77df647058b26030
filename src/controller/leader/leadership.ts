/** Whether this process is the one that writes. */
export interface Leadership {
  /** The term under way: aborted when it ends. undefined: another process leads, or none. */
  readonly term: AbortSignal | undefined;
  /** Who holds the lease, as last seen; '' for nobody. */
  readonly holder: string;
  /** By the clock, no other process can lead at this moment. To be asked before each write. */
  mayWrite(): boolean;
  /** Called when a term begins or ends. Returns the way to end it. */
  subscribe(listener: () => void): () => void;
}
