import { MetricLines, type MetricLine } from '../../train/logs/metricLines';
import { KeptNumbers } from './keptNumbers';

/** What was read of a run's log at one time. */
export interface LogLine {
  /** ISO 8601. */
  readonly at: string;
  /** What was given to the backend, and what is to be given to it the next time. */
  readonly from: number;
  readonly next: number;
  readonly text: string;
  readonly metrics: readonly MetricLine[];
  /** The backend's log began anew, or was cut: what was read before it does not belong to it. */
  readonly anew?: boolean;
}

/** A run's log as far as it was read. It grows while it is kept in memory; who comes back to it later asks for it again. */
export interface RunLog {
  /** All of it in one piece; `since` and `end` are cheaper. */
  readonly text: string;
  /** Characters of `text`. */
  readonly length: number;
  /** Where reading goes on, as the backend counts. */
  readonly next: number;
  /** Of a log with very many the older ones thinned. */
  readonly metrics: readonly (MetricLine & { readonly at: string })[];
  /** The text beyond so many characters. */
  since(length: number): string;
  /** About so many of the last characters, whole parts of what was read. */
  end(characters: number): string;
  /** So many of the first characters of the log that the backend has now. */
  beginning(characters: number): string;
}

/** Characters whose numbers are looked for at a time. */
const PIECE = 1024 * 1024;
const ANEW = '\n[The backend’s log begins anew here, or was cut.]\n';

/** Puts a log together from its lines. */
export class KeptLog implements RunLog {
  private readonly parts: string[] = [];
  /** Where each part begins. */
  private readonly starts: number[] = [];
  /** The part that the backend’s log begins with now. */
  private firstPart = 0;
  private found: KeptNumbers<MetricLine & { readonly at: string }>;
  private lines = new MetricLines();
  private joined: { readonly parts: number; readonly text: string } | undefined;
  private characters = 0;
  private nextOfAll = 0;

  /** @param mostNumbers characters that its numbers may take */
  constructor(private readonly mostNumbers?: number) {
    this.found = new KeptNumbers(mostNumbers);
  }

  get text(): string {
    if (this.joined?.parts !== this.parts.length) this.joined = { parts: this.parts.length, text: this.parts.join('') };
    return this.joined.text;
  }
  get length(): number {
    return this.characters;
  }
  get next(): number {
    return this.nextOfAll;
  }
  get metrics(): readonly (MetricLine & { readonly at: string })[] {
    return this.found.all;
  }
  /** What it takes in memory, in characters. */
  get weight(): number {
    return this.characters + this.found.weight;
  }

  since(length: number): string {
    let first = this.parts.length;
    while (first > 0 && (this.starts[first - 1] ?? 0) >= length) first--;
    const before = first === 0 ? '' : (this.parts[first - 1] ?? '').slice(length - (this.starts[first - 1] ?? 0));
    return before + this.parts.slice(first).join('');
  }

  end(characters: number): string {
    let first = this.parts.length;
    while (first > 0 && this.characters - (this.starts[first] ?? this.characters) < characters) first--;
    return this.parts.slice(first).join('');
  }

  beginning(characters: number): string {
    let text = '';
    for (let part = this.firstPart; part < this.parts.length && text.length < characters; part++) text += this.parts[part] ?? '';
    return text.slice(0, characters);
  }

  /** The numbers that a part would bring, which is not added; thinned as those of a log are. */
  numbersIn({ text, anew }: Pick<LogLine, 'text' | 'anew'>): readonly MetricLine[] {
    const lines = anew === true ? new MetricLines() : this.lines.copy();
    const numbers = new KeptNumbers<MetricLine>(this.mostNumbers);
    for (const some of inPieces(lines, text)) for (const one of some) numbers.add(one);
    return numbers.all;
  }

  add({ at, from, next, text, metrics, anew }: LogLine): void {
    if (anew === true) {
      // Numbers of a log that begins anew are its own: those before were of what is gone.
      this.lines = new MetricLines();
      this.found = new KeptNumbers(this.mostNumbers);
      if (this.characters > 0) this.keep(ANEW);
      this.firstPart = this.parts.length;
    } else if (from < this.nextOfAll) {
      // Two windows read the same for a moment: what both have counts once.
      if (next <= this.nextOfAll || text.length !== next - from) return;
      const rest = text.slice(this.nextOfAll - from);
      this.keep(rest);
      for (const some of inPieces(this.lines, rest)) for (const one of some) this.found.add({ ...one, at });
      this.nextOfAll = next;
      return;
    }
    this.keep(text);
    // Its numbers are known; what it ends with is not, and goes on in the next.
    for (const some of inPieces(this.lines, text)) void some;
    for (const one of metrics) this.found.add({ ...one, at });
    const last = this.found.all.at(-1);
    // The text before may have been cut away: numbers go on from where they were.
    if (last !== undefined) this.lines.resume(last.step);
    this.nextOfAll = next;
  }

  private keep(text: string): void {
    if (text === '') return;
    this.starts.push(this.characters);
    this.parts.push(text);
    this.characters += text.length;
  }
}

/** Not all at once: there may be a number in every few characters. */
function* inPieces(lines: MetricLines, text: string): Generator<readonly MetricLine[]> {
  for (let at = 0; at < text.length; at += PIECE) yield lines.read(text.slice(at, at + PIECE));
}
