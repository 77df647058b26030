import { LineCounter, parseDocument } from 'yaml';
import { asList, asRecord, asText, isRecord } from '../keep.ts';
import type { RawObject } from '../object.ts';
import { nestingBound } from './nesting.ts';

/** An object of a file, and the line where its document begins. */
export interface ManifestObject {
  readonly line: number;
  readonly raw: RawObject;
}

/** What a text holds. `errors`: it cannot be understood, so nothing of it is to be believed; `warnings`: parts that are no objects. */
export interface ManifestText {
  readonly objects: readonly ManifestObject[];
  readonly errors: readonly ManifestProblem[];
  readonly warnings: readonly ManifestProblem[];
}

export interface ManifestProblem {
  readonly line: number;
  readonly message: string;
}

/** What documents gave, by their text: where one of many changes, only that one is parsed again. */
export type ParsedDocuments = Map<string, ParsedDocument>;

type ParsedDocument = { readonly value: unknown } | { readonly error: ManifestProblem };

/** Objects of a file: YAML with any number of documents, or JSON; lists of objects are taken apart. `known`: of the last time, not changed. */
export function parseManifests(text: string, known: ParsedDocuments = new Map()): ManifestText & { readonly documents: ParsedDocuments } {
  const objects: ManifestObject[] = [];
  const errors: ManifestProblem[] = [];
  const warnings: ManifestProblem[] = [];
  const documents: ParsedDocuments = new Map();
  for (const { text: document, line } of splitDocuments(text)) {
    const parsed = known.get(document) ?? parse(document);
    documents.set(document, parsed);
    if ('error' in parsed) errors.push({ line: line + parsed.error.line - 1, message: parsed.error.message });
    else collect(parsed.value, line + blankLines(document), objects, warnings);
  }
  return { objects, errors, warnings, documents };
}

function collect(value: unknown, line: number, objects: ManifestObject[], warnings: ManifestProblem[]): void {
  // an empty document, as templates leave them behind
  if (value === null || value === undefined) return;
  const kind = asText(asRecord(value)['kind']);
  const apiVersion = asText(asRecord(value)['apiVersion']);
  if (!isRecord(value) || !kind || !apiVersion) {
    warnings.push({ line, message: 'this is no Kubernetes object (apiVersion and kind are missing)' });
    return;
  }
  if (kind.endsWith('List') && Array.isArray(value['items'])) {
    // items of a ServiceList need not say that they are Services
    const inherited = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
    for (const item of asList(value['items'])) collect(isRecord(item) ? { ...inherited, ...item } : item, line, objects, warnings);
    return;
  }
  if (!asText(asRecord(value['metadata'])['name'])) {
    warnings.push({ line, message: `${kind} without a name (metadata.name)` });
    return;
  }
  objects.push({ line, raw: withTexts(value, line, warnings) });
}

/** Labels and annotations are texts; an API would refuse `ttl: 60` without quotes, which is easily written. */
function withTexts(raw: RawObject, line: number, warnings: ManifestProblem[]): RawObject {
  const metadata = asRecord(raw['metadata']);
  const fixed: Record<string, RawObject> = {};
  for (const field of ['labels', 'annotations']) {
    const map = asRecord(metadata[field]);
    const wrong = Object.keys(map).filter((key) => ['number', 'boolean'].includes(typeof map[key]));
    if (wrong.length === 0) continue;
    fixed[field] = { ...map, ...Object.fromEntries(wrong.map((key) => [key, String(map[key])])) };
    warnings.push({ line, message: `${field} of ${asText(raw['kind']) ?? ''} ${asText(metadata['name']) ?? ''} must be texts; put quotes around the value of ${wrong.join(', ')}` });
  }
  return Object.keys(fixed).length > 0 ? { ...raw, metadata: { ...metadata, ...fixed } } : raw;
}

function parse(text: string): ParsedDocument {
  if (/^\s*[{[]/.test(text)) {
    try {
      return { value: JSON.parse(text) as unknown };
    } catch {
      // YAML in braces, or broken: the other parser knows, and knows the line
    }
  }
  if (nestingBound(text) > deepestNesting) return { error: { line: 1, message: `nested more than ${deepestNesting} levels deep` } };
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { merge: true, lineCounter: lines, prettyErrors: false });
    const [error] = document.errors;
    if (error) return { error: { line: lines.linePos(error.pos[0]).line, message: error.message } };
    return { value: document.toJS({ maxAliasCount }) as unknown };
  } catch (error) {
    // too many aliases
    return { error: { line: 1, message: error instanceof Error ? error.message : String(error) } };
  }
}

/** Documents begin after lines of `---`, wherever they stand in the text. */
function splitDocuments(text: string): { readonly text: string; readonly line: number }[] {
  const documents: { text: string; line: number }[] = [];
  let line = 1;
  for (const [index, part] of text.split(/^---(?=[ \t\r\n]|$)/m).entries()) {
    // what stands behind the dashes belongs to the document (`--- # Source: web.yaml`, `--- {a: 1}`); directives before the first do not
    const directives = index === 0 && /^%/m.test(part);
    if (part.trim() !== '' && !directives) documents.push({ text: part, line });
    line += part.split('\n').length - 1;
  }
  return documents;
}

/** How many lines come before the first that says something. */
const blankLines = (text: string): number => (/^(?:[ \t\r]*(?:#.*)?\n)*/.exec(text)?.[0] ?? '').split('\n').length - 1;

/** A few hundred bytes of nested aliases can stand for gigabytes. */
const maxAliasCount = 1000;
/** Definitions of custom resources go to some 60 levels; the parser has stack for about 800. */
const deepestNesting = 200;
