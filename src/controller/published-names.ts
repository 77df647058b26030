import type { Config } from '../config/config.ts';
import { type Endpoint, resourceLabel } from '../endpoint/endpoint.ts';
import { compareText, sameTargets } from '../endpoint/targets.ts';
import { isOurs } from '../plan/plan-name.ts';
import type { PlanRules } from '../plan/plan.ts';
import { splitNames } from '../sources/common/annotations.ts';
import { type Computed, namesOf, endpointsOf } from '../sources/engine/computed.ts';
import type { SourceRunner } from '../sources/engine/source-runner.ts';
import type { Walk } from '../sources/source.ts';
import type { Current } from './current.ts';
import type { AnnotationWrite } from './status-writer.ts';

/** Whether a process with these options notes at objects which of their names are published. */
export const annotates = ({ statusAnnotation, once, dryRun }: Pick<Config, 'statusAnnotation' | 'once' | 'dryRun'>): boolean => statusAnnotation && !once && !dryRun;

interface PublishedNamesParts {
  readonly runners: readonly SourceRunner[];
  readonly current: Pick<Current, 'labelled'>;
  readonly rules: PlanRules;
  /** The annotation. */
  readonly annotation: string;
  readonly now: () => number;
}

interface Place {
  readonly runner: SourceRunner;
  readonly walk: Walk;
  readonly key: string;
}

/** What was done at an object. */
interface Note {
  /** Names in its annotation that are, or were, put there by us. */
  readonly ours: string;
  /** What was written last, and when; the watch shows it within a moment. */
  readonly sent: string;
  readonly sentMs: number;
}

/**
 * Finds the objects whose annotation does not say which of their names are published: those at which a record of ours stands that is (also)
 * theirs. Several processes with one annotation (as for a public and a private zone) share it: each takes off only what it put there.
 */
export class PublishedNames {
  readonly #parts: PublishedNamesParts;
  readonly #names = new Set<string>();
  readonly #objects = new Map<string, Place>();
  readonly #notes = new Map<string, Note>();
  #allAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: PublishedNamesParts) {
    this.#parts = parts;
    for (const runner of parts.runners) runner.follow((walk, key) => this.#add({ runner, walk, key }));
  }

  /** What stands at a name, or is wanted of it, may be something else. */
  changed(name: string): void {
    this.#names.add(name);
  }

  /** Others may have written meanwhile: what stands there is judged anew. */
  forget(): void {
    this.#notes.clear();
    this.#allAtMs = Number.NEGATIVE_INFINITY;
  }

  /** Annotations to be written now. */
  due(): readonly AnnotationWrite[] {
    const { runners, now } = this.#parts;
    for (const name of this.#names) for (const runner of runners) for (const { walk, key } of runner.contributors(name)) if (walk.annotated) this.#add({ runner, walk, key });
    this.#names.clear();
    const all = now() - this.#allAtMs >= allEveryMs;
    if (all) {
      this.#allAtMs = now();
      for (const runner of runners) for (const [walk, key] of runner.keys((w) => w.annotated ?? false)) this.#add({ runner, walk, key });
    }
    const writes = [...this.#objects].flatMap(([id, place]) => this.#writeOf(id, place) ?? []);
    this.#objects.clear();
    return writes;
  }

  #add(place: Place): void {
    this.#objects.set(`${place.walk.resource.plural}/${place.key}`, place);
  }

  #writeOf(id: string, { runner, walk, key }: Place): AnnotationWrite | undefined {
    const { annotation, now } = this.#parts;
    const given = runner.given(walk, key);
    if (!given) return void this.#notes.delete(id);
    const { object, computed } = given;
    // what it wants is not known
    if (computed.unknown) return undefined;
    const standing = object.metadata.annotations[annotation];
    const published = [...namesOf(computed)].filter((name) => this.#isPublished(name, computed));
    if (published.length === 0 && !standing) return void this.#notes.delete(id);

    const note = this.#notes.get(id);
    const listed = splitNames(standing ?? '');
    const ours = new Set(note ? splitNames(note.ours) : listed.filter((name) => this.#couldBeOurs(name)));
    const value = textOf([...listed.filter((name) => !ours.has(name)), ...published]);
    const left = textOf([...listed.filter((name) => ours.has(name)), ...published]);
    const isSent = note?.sent === value && now() - note.sentMs < seenWithinMs;
    const isDue = value !== (standing ?? '') && !isSent;
    this.#notes.set(id, { ours: left, sent: isDue ? value : (note?.sent ?? ''), sentMs: isDue ? now() : (note?.sentMs ?? Number.NEGATIVE_INFINITY) });
    const { namespace, name } = object.metadata;
    return isDue ? { resource: walk.resource, namespace, name, annotations: { [annotation]: value === '' ? null : value } } : undefined;
  }

  /** A record of ours stands at the name; where several objects want it, one that holds a target of this object or says that it is its. */
  #isPublished(name: string, computed: Computed): boolean {
    const records = this.#ours(name);
    if (records.length === 0) return false;
    const others = this.#parts.runners.some((runner) => runner.contributors(name).some((c) => c !== computed));
    if (!others) return true;
    const given = [...endpointsOf(computed, name), ...computed.last.flatMap((last) => (last.name === name ? last.endpoints : []))];
    return records.some((record) => given.some((e) => isPartOf(e, record)));
  }

  #ours(name: string): readonly Endpoint[] {
    const { current, rules } = this.#parts;
    return current.labelled(name).filter((e) => rules.manages(e.recordType) && isOurs(e, rules));
  }

  /** A name that was listed before this process looked: one of another zone, or of another owner, is not ours to judge. */
  #couldBeOurs(name: string): boolean {
    const { current, rules } = this.#parts;
    return rules.matches(name) && current.labelled(name).every((e) => isOurs(e, rules));
  }
}

function isPartOf(wish: Endpoint, record: Endpoint): boolean {
  if (wish.setIdentifier !== record.setIdentifier) return false;
  const resource = wish.labels[resourceLabel];
  if (resource !== undefined && resource === record.labels[resourceLabel]) return true;
  return wish.targets.some((a) => record.targets.some((b) => sameTargets(record.recordType, [a], [b])));
}

/** Names in order, each once; as many as an annotation may hold beside others. */
function textOf(names: readonly string[]): string {
  const sorted = [...new Set(names)].sort(compareText);
  let length = 0;
  const fitting = sorted.findIndex((name) => (length += name.length + 1) > longestText);
  return (fitting < 0 ? sorted : sorted.slice(0, fitting)).join(',');
}

/** All annotations of an object may have 256 KiB. */
const longestText = 64 * 1024;
const seenWithinMs = 30_000;
/** What was missed (a write that failed) is made up for. */
const allEveryMs = 5 * 60_000;
