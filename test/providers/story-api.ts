import type { Provider, ProviderSetup } from '../../src/providers/provider.ts';
import type { FakeAnswer, FakeCall, HttpFake } from '../support/http-fake.ts';
import type { StoredRecord } from './records.ts';

/** An API with the zone example.org, and a way to it. */
export interface StoryApi {
  /** With which the program finds it. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Must stand nowhere in a log. */
  readonly secret: string;
  /** Opens the provider, where that takes more than flags. */
  readonly open?: (setup: ProviderSetup) => Promise<Provider>;
  /** All that is in the zone, but for what the API itself puts there. */
  records(): readonly StoredRecord[];
  /** Puts in records of somebody else, `h0.example.org A 192.0.2.1` and so on. */
  fill(count: number): void;
  /** Refuses every change of this name from now on; undefined: of none. */
  refuse(name: string | undefined): void;
  readonly faults?: StoryFaults;
  /** What was asked of it: all calls, without those for a token, and those that write. */
  counts(): { readonly all: number; readonly writes: number };
  close(): Promise<void>;
}

export interface StoryFaults {
  /** So many calls are answered as coming too soon. */
  throttle(calls: number): void;
  /** The next call that writes is carried out, but the answer is lost. */
  cutAfterWrite(): void;
  /** The credentials are wrong from now on. */
  lockOut(): void;
  mend(): void;
}

export interface HttpShapes {
  readonly throttled: FakeAnswer;
  /** Calls that have nothing to do with the API itself: those for a token. */
  readonly signsIn?: (call: FakeCall) => boolean;
  /** What is answered with wrong credentials; by default to all calls. */
  readonly lockedOut: (call: FakeCall) => FakeAnswer | undefined;
  readonly writes: (call: FakeCall) => boolean;
}

/** The faults and counts of an API over HTTP. */
export function overHttp(server: Pick<HttpFake, 'calls' | 'fault'>, { throttled, lockedOut, writes, signsIn = () => false }: HttpShapes): Pick<StoryApi, 'counts'> & { readonly faults: StoryFaults } {
  const well = server.fault;
  return {
    counts: () => ({ all: server.calls.filter((call) => !signsIn(call)).length, writes: server.calls.filter(writes).length }),
    faults: {
      throttle(calls) {
        let left = calls;
        server.fault = (call) => (!signsIn(call) && left-- > 0 ? throttled : well(call));
      },
      cutAfterWrite() {
        let left = 1;
        server.fault = (call) => (writes(call) && left-- > 0 ? 'cut-after' : well(call));
      },
      lockOut() {
        server.fault = (call) => (signsIn(call) ? well(call) : lockedOut(call));
      },
      mend() {
        server.fault = well;
      },
    },
  };
}
