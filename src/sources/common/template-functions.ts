import { recordTypeOf } from '../../endpoint/build.ts';
import { FunctionError } from '../../template/errors.ts';
import { type Functions, type TemplateFunction, textFunction } from '../../template/functions.ts';
import { boolValue, entriesOf, jsonType, stringMapType, stringType, stringValue, textOf, valueOf } from '../../template/values.ts';
import { sourceNames } from '../index.ts';

const test = (check: (text: string, other: string) => boolean, count: number): TemplateFunction => textFunction(count, (a = '', b = '') => boolValue(check(a, b)));

/** What templates can call beyond what every Go template has; the order of arguments is that of ExternalDNS v0.22. */
const functions: Functions = {
  contains: test((text, part) => text.includes(part), 2),
  trimPrefix: textFunction(2, (text = '', prefix = '') => stringValue(prefix && text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  trimSuffix: textFunction(2, (text = '', suffix = '') => stringValue(suffix && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text)),
  trim: textFunction(1, (text = '') => stringValue(text.trim())),
  toLower: textFunction(1, (text = '') => stringValue(text.toLowerCase())),
  replace: textFunction(3, (before = '', after = '', text = '') => stringValue(replaceAll(text, before, after))),
  isIPv4: test((text) => recordTypeOf(text) === 'A', 1),
  isIPv6: test((text) => recordTypeOf(text) === 'AAAA', 1),
  hasKey: {
    parameters: [stringMapType, stringType],
    call: ([map, key]) => boolValue(map !== undefined && key !== undefined && Object.hasOwn(entriesOf(map), textOf(key))),
  },
  fromJson: textFunction(1, (text = '') => valueOf(jsonType, parseJson(text))),
};

/** The functions for templates of one source, as named in --source. */
export function templateFunctions(sourceName: string): Functions {
  const isSource = textFunction(1, (wanted = '') => {
    const name = wanted.toLowerCase();
    if (!sourceNames.includes(name)) throw new FunctionError(`there is no source ${JSON.stringify(wanted)}; there are ${sourceNames.join(', ')}`);
    return boolValue(name === sourceName.toLowerCase());
  });
  return { ...functions, isSource };
}

/** An empty `before` stands between all characters, and at both ends. */
const replaceAll = (text: string, before: string, after: string): string => (before === '' ? after + [...text].map((c) => c + after).join('') : text.split(before).join(after));

/** Undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
