import type { FieldPath, FieldRef, JsonObject, JsonValue } from '../rows/fieldRef';
import { fieldOf, isObject, valueAt } from './jsonShapes';

/** A string of a row, with its place where it can be written. */
export interface Located {
  readonly text: string;
  readonly at: FieldRef | undefined;
}

const ATTACHMENT = 'attachment://';

/** A row while it is read: finds its strings, follows attachments, and gathers what must be said of the reading. */
export class RowReader {
  private readonly said = new Set<string>();
  private readonly toolNames = new Map<string, string>();
  /** Of each attachment, the place that was the first to name it. */
  private readonly attached = new Map<string, string>();

  /** `attachments`: where long strings of the row lie, as Inspect keeps them: by hash. */
  constructor(
    readonly row: JsonObject,
    private readonly attachments?: JsonObject,
  ) {}

  get notes(): readonly string[] {
    return [...this.said];
  }

  /** Adds a sentence to the notes, once. */
  note(sentence: string): void {
    this.said.add(sentence);
  }

  value(path: FieldPath): JsonValue | undefined {
    return valueAt(this.row, path);
  }

  /** The string at a path, attachments followed; `undefined` where there is none. */
  text(path: FieldPath): Located | undefined {
    const value = this.value(path);
    if (typeof value !== 'string') return undefined;
    if (this.attachments === undefined || !value.startsWith(ATTACHMENT)) return { text: value, at: { path } };
    const hash = value.slice(ATTACHMENT.length);
    const text = fieldOf(this.attachments, hash);
    if (typeof text !== 'string') {
      this.note(`The attachment ${hash} is missing from this sample, so its text cannot be shown.`);
      return { text: value, at: undefined };
    }
    const place = JSON.stringify(path);
    const first = this.attached.get(hash);
    if (first !== undefined && first !== place) {
      this.note('A long text stands in several places of this sample (one attachment). It can be edited where it comes first.');
      return { text, at: undefined };
    }
    this.attached.set(hash, place);
    return { text, at: { path: ['attachments', hash] } };
  }

  /** Remembers what tool a call went to, for the result that names the call only. */
  rememberCall(id: JsonValue | undefined, name: string | undefined): void {
    if (typeof id === 'string' && name !== undefined) this.toolNames.set(id, name);
  }

  toolOf(id: JsonValue | undefined): string | undefined {
    return typeof id === 'string' ? this.toolNames.get(id) : undefined;
  }
}

/** Finds the object at a path; `undefined` where there is none. */
export function objectAt(reader: RowReader, path: FieldPath): JsonObject | undefined {
  const value = reader.value(path);
  return isObject(value) ? value : undefined;
}
