import type { JsonObject, JsonValue } from '../trace/rows/fieldRef';
import { isIntent, type Intent } from '../trace/intent';
import { INJECTED_ROLES } from '../trace/provenance';
import type { CuratedSample, SampleVerdicts } from './sample';
import { sampleHash } from './sampleHash';

/** Why a row is no sample, for the researcher. */
export interface NoSample {
  readonly wrong: string;
}

/** A sample's fields in the order that they are written in. */
const FIELDS = [
  'id', 'intent', 'recipe', 'system', 'prompt', 'steps', 'answer', 'expected', 'model', 'source', 'note', 'verdicts', 'findings', 'ablation',
  'added', 'from', 'base', 'cotlens',
] as const satisfies readonly (keyof CuratedSample)[];

/** What a document of the sample may say of it over the line's own fields, as of every row. */
const OVER = ['model', 'source', 'intent', 'expected'] as const;

/**
 * A sample as one line, without a line end. Characters at which some programs end a line are escaped, so that a set has as many lines as
 * samples for all of them.
 * @param row the row that it was read from: what no field of a sample holds stays in it
 */
export function printSample(sample: CuratedSample, row: JsonObject = {}): string {
  return JSON.stringify(sampleRow(sample, row)).replace(/[\u2028\u2029\u0085]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A sample as the row that stands in its set. */
export function sampleRow(sample: CuratedSample, row: JsonObject = {}): JsonObject {
  const own = FIELDS.flatMap((name) => {
    const value = sample[name];
    return value === undefined ? [] : [[name, value as unknown as JsonValue] as const];
  });
  const known: readonly string[] = FIELDS;
  return Object.fromEntries([...own, ...Object.entries(row).filter(([name]) => !known.includes(name))]);
}

/** Reads a set's row as a sample, or says which field is not what it has to be. Verdicts on another text than this one are left out. */
export function readSample(row: JsonObject): CuratedSample | NoSample {
  const fields = new Fields(row);
  const id = fields.text('id');
  const cotlens = cotlensOf(fields);
  const sample: CuratedSample = {
    id,
    intent: intentOf(fields, cotlens),
    recipe: fields.text('recipe'),
    ...fields.maybeText('system'),
    prompt: fields.text('prompt'),
    steps: fields.texts('steps'),
    answer: fields.text('answer'),
    ...over(cotlens, 'expected', fields.maybeTextOrNumber('expected')),
    ...over(cotlens, 'model', fields.maybeText('model')),
    ...over(cotlens, 'source', fields.maybeText('source')),
    ...fields.maybeText('note'),
    verdicts: fields.list('verdicts', verdictsFault) as unknown as readonly SampleVerdicts[],
    findings: fields.texts('findings'),
    ...ablationOf(fields),
    added: fields.text('added'),
    ...fields.maybeText('from'),
    ...baseOf(fields),
    cotlens: without(cotlens, OVER) as CuratedSample['cotlens'],
  };
  if (id === '') fields.fault('id', 'is empty');
  if (fields.wrong !== undefined) return { wrong: fields.wrong };
  const text = sample.verdicts.length === 0 ? '' : sampleHash(sample);
  const fresh = sample.verdicts.filter((one) => isOf(one, text, sample.steps.length));
  return fresh.length === sample.verdicts.length ? sample : { ...sample, verdicts: fresh };
}

export function isNoSample(read: CuratedSample | NoSample): read is NoSample {
  return 'wrong' in read;
}

function isOf({ of, harmfulness, helpfulness }: SampleVerdicts, text: string, steps: number): boolean {
  return (of === undefined || of === text) && harmfulness.length === steps && helpfulness.length === steps;
}

/** Looks at a row's fields one after the other, and keeps what was wrong first. */
class Fields {
  wrong: string | undefined;

  constructor(private readonly row: JsonObject) {}

  has(name: string): boolean {
    return Object.hasOwn(this.row, name);
  }

  value(name: string): JsonValue | undefined {
    return this.has(name) ? this.row[name] : undefined;
  }

  fault(name: string, is: string): void {
    this.wrong ??= `The field “${name}” ${is}.`;
  }

  text(name: string): string {
    const value = this.value(name);
    if (typeof value === 'string') return value;
    this.fault(name, value === undefined ? 'is missing' : `is ${kindOf(value)}, not a text`);
    return '';
  }

  /** A field that need not be there. */
  maybeText<Name extends string>(name: Name): { readonly [name in Name]?: string } {
    if (!this.has(name)) return {};
    return { [name]: this.text(name) } as { [name in Name]: string };
  }

  /** The same of a field in which data sets have a number as well: its text. */
  maybeTextOrNumber<Name extends string>(name: Name): { readonly [name in Name]?: string } {
    const value = this.value(name);
    return typeof value === 'number' ? ({ [name]: String(value) } as { [name in Name]: string }) : this.maybeText(name);
  }

  list(name: string, faultOf: (item: JsonValue, name: string) => readonly [name: string, is: string] | undefined): readonly JsonValue[] {
    const value = this.value(name);
    if (!isList(value)) {
      this.fault(name, value === undefined ? 'is missing' : `is ${kindOf(value)}, not a list`);
      return [];
    }
    for (const [i, item] of value.entries()) {
      const fault = faultOf(item, `${name}[${String(i)}]`);
      if (fault !== undefined) this.fault(...fault);
    }
    return value;
  }

  texts(name: string): readonly string[] {
    return this.list(name, textFault) as readonly string[];
  }
}

function cotlensOf(fields: Fields): JsonObject & { readonly injected: readonly JsonValue[] } {
  const value = fields.value('cotlens');
  // A document of the sample from whose head all was taken has none.
  if (value === undefined) return { injected: [] };
  if (!isObject(value)) {
    fields.fault('cotlens', `is ${kindOf(value)}, not an object`);
    return { injected: [] };
  }
  const injected = Object.hasOwn(value, 'injected') ? value['injected'] : undefined;
  if (injected === undefined) return { ...value, injected: [] };
  if (!isList(injected)) {
    fields.fault('cotlens.injected', `is ${kindOf(injected)}, not a list`);
    return { ...value, injected: [] };
  }
  for (const [i, entry] of injected.entries()) {
    if (!isEntry(entry)) fields.fault(`cotlens.injected[${String(i)}]`, 'names no injected step: it must be an object with “step” and “role”');
  }
  return { ...value, injected };
}

/** What `readEntry` reads, without reading it: a set has tens of thousands. */
function isEntry(entry: JsonValue): boolean {
  if (!isObject(entry)) return false;
  const { step, occurrence = 1, of = 1, role } = entry;
  return typeof step === 'string' && (INJECTED_ROLES as readonly (JsonValue | undefined)[]).includes(role) && isCount(occurrence) && isCount(of);
}

function isCount(value: JsonValue): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}

function intentOf(fields: Fields, cotlens: JsonObject): Intent {
  if (Object.hasOwn(cotlens, 'intent')) return isIntent(cotlens['intent']) ? cotlens['intent'] : 'unknown';
  const intent = fields.value('intent');
  if (!isIntent(intent)) fields.fault('intent', intent === undefined ? 'is missing' : 'is none of harmful, benign, ambiguous and unknown');
  return isIntent(intent) ? intent : 'unknown';
}

function over<Own extends object>(cotlens: JsonObject, name: 'model' | 'source' | 'expected', own: Own): Own | Record<string, string> {
  if (!Object.hasOwn(cotlens, name)) return own;
  const value = cotlens[name];
  return value === undefined || value === null || typeof value === 'object' ? {} : { [name]: String(value) };
}

function ablationOf(fields: Fields): { readonly ablation?: true } {
  const value = fields.value('ablation');
  if (value === undefined || value === false) return {};
  if (value !== true) fields.fault('ablation', `is ${kindOf(value)}, not true`);
  return { ablation: true };
}

function baseOf(fields: Fields): Pick<CuratedSample, 'base'> {
  const value = fields.value('base');
  if (value === undefined) return {};
  if (!isObject(value)) {
    fields.fault('base', `is ${kindOf(value)}, not an object`);
    return {};
  }
  const { steps, answer } = value;
  if (!isList(steps) || steps.some((step) => typeof step !== 'string')) fields.fault('base.steps', 'is no list of texts');
  if (typeof answer !== 'string') fields.fault('base.answer', 'is no text');
  return { base: value as unknown as NonNullable<CuratedSample['base']> };
}

type Fault = readonly [name: string, is: string];

function textFault(item: JsonValue, name: string): Fault | undefined {
  return typeof item === 'string' ? undefined : [name, `is ${kindOf(item)}, not a text`];
}

function verdictsFault(item: JsonValue, name: string): Fault | undefined {
  if (!isObject(item)) return [name, `is ${kindOf(item)}, not an object`];
  const { judge, harmfulness, helpfulness, answer, of } = item;
  if (of !== undefined && typeof of !== 'string') return [`${name}.of`, `is ${kindOf(of)}, not a text`];
  if (!isObject(judge)) return [`${name}.judge`, 'names no judge'];
  for (const key of ['judge', 'label', 'rubric'] as const) if (typeof judge[key] !== 'string') return [`${name}.judge.${key}`, 'is no text'];
  if (judge['protocol'] !== 'prefix' && judge['protocol'] !== 'whole-trace') return [`${name}.judge.protocol`, 'is neither “prefix” nor “whole-trace”'];
  if (typeof judge['earnsNames'] !== 'boolean') return [`${name}.judge.earnsNames`, 'is neither true nor false'];
  if (judge['model'] !== undefined && typeof judge['model'] !== 'string') return [`${name}.judge.model`, 'is no text'];
  if (judge['sampling'] !== undefined && !isObject(judge['sampling'])) return [`${name}.judge.sampling`, 'is no object'];
  for (const [series, scores] of [['harmfulness', harmfulness], ['helpfulness', helpfulness]] as const) {
    if (!isList(scores) || !scores.every(isScore)) return [`${name}.${series}`, 'is no list of scores from 1 to 5, or null where there is none'];
  }
  if (answer === undefined) return undefined;
  const scored = isObject(answer) && [answer['harmfulness'], answer['helpfulness']].every((score) => score !== undefined && isScore(score));
  return scored ? undefined : [`${name}.answer`, 'holds no scores from 1 to 5, or null where there is none'];
}

function isScore(value: JsonValue): boolean {
  return value === null || (typeof value === 'number' && value >= 1 && value <= 5);
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : typeof value === 'string' ? 'a text' : typeof value === 'number' ? 'a number' : String(value);
}

function without(object: JsonObject, names: readonly string[]): JsonObject {
  if (!names.some((name) => Object.hasOwn(object, name))) return object;
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
