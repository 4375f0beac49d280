import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Files } from '../../trace/files';
import { isObject } from './overlays';
import type { JsonObject } from '../../trace/rows/fieldRef';

/**
 * An object of entries in a JSON file that people may also edit and share; read again whenever the file has changed.
 * What is no valid file is never written over.
 */
export class KeptJson {
  private entries: JsonObject = {};
  private whole: JsonObject = {};
  private read: { readonly size: number; readonly identity: string; readonly modified: number } | undefined;
  private wrong: string | undefined;

  /** @param field under which the entries stand, beside `v: 1` */
  constructor(
    private readonly files: Pick<Files, 'facts' | 'read' | 'replace'>,
    private readonly path: string,
    private readonly field: string,
  ) {}

  /** @throws Error in words where the file cannot be read as what it should be */
  async get(name: string): Promise<JsonObject | undefined> {
    return (await this.all())(name);
  }

  /** Looks up entries as they are now, without looking at the file for each. @throws Error in words, as `get` */
  async all(): Promise<(name: string) => JsonObject | undefined> {
    await this.refresh();
    if (this.wrong !== undefined) throw new Error(this.wrong);
    const { entries } = this;
    return (name) => {
      const entry: unknown = Object.hasOwn(entries, name) ? entries[name] : undefined;
      return isObject(entry) ? entry : undefined;
    };
  }

  /** Puts or takes away entries; all others stay. Callers keep other windows away by a lock. */
  async set(changes: Readonly<Record<string, JsonObject | undefined>>): Promise<void> {
    this.read = undefined;
    await this.refresh();
    if (this.wrong !== undefined) throw new Error(this.wrong);
    const entries = Object.entries({ ...this.entries, ...changes }).filter(([, value]) => value !== undefined);
    await mkdir(dirname(this.path), { recursive: true });
    await this.files.replace(this.path, `${JSON.stringify({ ...this.whole, v: 1, [this.field]: Object.fromEntries(entries) }, undefined, 1)}\n`);
    this.read = undefined;
  }

  private async refresh(): Promise<void> {
    const facts = await this.files.facts(this.path);
    const same = this.read !== undefined && facts?.size === this.read.size && facts.identity === this.read.identity && facts.modified === this.read.modified;
    if (same) return;
    [this.entries, this.whole, this.wrong] = [{}, {}, undefined];
    if (facts !== undefined) this.take(new TextDecoder().decode(await this.files.read(this.path)));
    this.read = facts;
  }

  private take(text: string): void {
    try {
      const whole: unknown = JSON.parse(text);
      const entries: unknown = isObject(whole) ? whole[this.field] : undefined;
      if (!isObject(whole) || !isObject(entries)) throw new Error(`it has no “${this.field}”`);
      [this.whole, this.entries] = [whole, entries];
    } catch (error) {
      this.wrong = `${this.path} is not as it should be: ${error instanceof Error ? error.message : String(error)}. Mend it or remove it.`;
    }
  }
}
