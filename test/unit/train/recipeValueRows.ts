/** A value of a recipe as the tables of docs/training.md say it. */
export interface ValueRow {
  /** `lora.rank` */
  readonly name: string;
  /** What it can be: `whole number, 1 or more`. */
  readonly kind: string;
  /** In backticks, or that there is none. */
  readonly preset: string;
  /** Without marks. */
  readonly words: string;
}

/** A JSON schema, as far as recipes have it. */
interface Schema {
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly format?: string;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly description?: string;
}

/** Patterns of texts, in words. */
const PATTERNS: ReadonlyMap<string, string> = new Map([
  ['^[A-Z_][A-Z0-9_]*$', 'A to Z, 0 to 9 and `_`, no digit first'],
  ['^\\/[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]*$', 'path from the root'],
]);
/** Of all other texts, which is said once. */
const ONE_LINE = '^[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]*$';

/** A row for each value of a recipe’s schema but its name; of an object one for itself and one for each of its fields. */
export function recipeValueRows(schema: object): readonly ValueRow[] {
  return rowsOf(schema as Schema, '').filter(({ name }) => name !== 'recipe');
}

function rowsOf({ properties = {}, required = [] }: Schema, of: string): readonly ValueRow[] {
  return Object.entries(properties).flatMap(([field, value]) => {
    const name = of === '' ? field : `${of}.${field}`;
    return [{ name, kind: kindOf(value), preset: presetOf(value, required.includes(field), of), words: plainWords(value.description ?? '') }, ...rowsOf(value, name)];
  });
}

function presetOf({ default: preset }: Schema, isRequired: boolean, of: string): string {
  if (preset === undefined) return isRequired ? `must be set${of === '' ? '' : ` with \`${of}\``}` : 'absent';
  return `\`${typeof preset === 'string' ? preset : numberOrJson(preset)}\``;
}

/** Small numbers as people write them: `1e-4`. */
function numberOrJson(value: unknown): string {
  return typeof value === 'number' && value !== 0 && value < 0.001 ? value.toExponential() : JSON.stringify(value);
}

/** @throws Error where there are no words for it yet */
function kindOf(schema: Schema): string {
  const { anyOf, enum: names, const: only } = schema;
  if (anyOf !== undefined) return anyOf.map(kindOf).join(', or ');
  if (only !== undefined) return `\`${only}\``;
  if (names !== undefined) return names.map((name) => `\`${name}\``).join(', ');
  switch (schema.type) {
    case 'string':
      return textKind(schema);
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
      return numberKind('whole number', withoutLargest(schema));
    case 'number':
      return numberKind('number', schema);
    case 'object':
      return schema.properties === undefined ? mapKind(schema) : 'object';
    default:
      throw new Error(`No words for ${JSON.stringify(schema)}.`);
  }
}

/** The largest whole number that can be said exactly is no bound of ours. */
function withoutLargest({ maximum, ...schema }: Schema): Schema {
  return maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? schema : { ...schema, maximum };
}

function textKind({ format, pattern, maxLength }: Schema): string {
  if (format === 'uri') return 'address';
  if (pattern === ONE_LINE) return maxLength === undefined ? 'text' : `text of at most ${String(maxLength)} characters`;
  const words = PATTERNS.get(pattern ?? '');
  if (words === undefined) throw new Error(`No words for texts like ${pattern ?? 'any'}.`);
  return words;
}

function numberKind(number: string, { minimum, maximum, exclusiveMinimum }: Schema): string {
  if (exclusiveMinimum !== undefined && minimum === undefined && maximum === undefined) return `${number} above ${String(exclusiveMinimum)}`;
  if (minimum !== undefined && exclusiveMinimum === undefined) return `${number}, ${String(minimum)} ${maximum === undefined ? 'or more' : `to ${String(maximum)}`}`;
  throw new Error(`No words for a ${number} with these bounds.`);
}

function mapKind({ additionalProperties: values }: Schema): string {
  const types = typeof values === 'object' ? (values.anyOf ?? [values]).map(({ type }) => type) : [];
  if (types.join() === 'string,number,boolean') return 'texts, numbers, `true`, `false` by name';
  throw new Error(`No words for an object of ${types.join()}.`);
}

/** Words without the marks that a table or an editor may put at them. */
export function plainWords(text: string): string {
  return text.replaceAll(/[`*]/g, '').replaceAll(/[“”]/g, '"').replaceAll('’', "'").trim();
}
