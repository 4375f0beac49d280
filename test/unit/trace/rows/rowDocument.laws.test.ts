import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldEdit, FieldRef, JsonObject } from '../../../../src/trace/rows/fieldRef';
import { valueAt } from '../../../../src/trace/rows/fieldValue';
import { INTENTS } from '../../../../src/trace/intent';
import { parseTrace } from '../../../../src/trace/parseTrace';
import { printTrace } from '../../../../src/trace/printTrace';
import { composeRow, rowEdits } from '../../../../src/trace/rows/rowDocument';
import { rowSlots } from '../../../../src/trace/rows/rowSlots';
import { nastyText, overlays, plainText, readRow } from './rowTraces';
import { typedInto } from './typedInto';

const RUNS = { numRuns: 600 };
const newlines = (text: string): string => text.replace(/\r\n?/g, '\n');
const kinds = (text: string): string => [...new Set(text.match(/\r\n?|\n/g) ?? [])].sort().join();

const headOf = (text: string): string => /^---\n[^]*?\n---\n/.exec(text)?.[0] ?? '';

/** The text in a field once `text` stands there. */
function put(row: JsonObject, { path, slice }: FieldRef, text: string): string {
  const old = valueAt(row, path);
  return slice === undefined || typeof old !== 'string' ? text : old.slice(0, slice.start) + text + old.slice(slice.end);
}

describe('a row’s document: laws', { timeout: 60_000 }, () => {
  it('unchanged, it changes nothing', () => {
    fc.assert(
      fc.property(readRow(), overlays(), ({ row, trace }, overlay) => {
        const result = rowEdits(trace, overlay, row, composeRow(trace, overlay));
        expect(result.edits).toEqual([]);
        expect(result.overlay).toBe(overlay);
      }),
      RUNS,
    );
  });

  it('opened and saved by an editor, it changes nothing', () => {
    fc.assert(
      fc.property(readRow(), overlays(), fc.constantFrom('\n', '\r\n'), ({ row, trace }, overlay, eol) => {
        const saved = newlines(composeRow(trace, overlay)).replaceAll('\n', eol).toWellFormed();
        const result = rowEdits(trace, overlay, row, saved);
        expect(result.edits).toEqual([]);
        expect(result.overlay).toBe(overlay);
      }),
      RUNS,
    );
  });

  it('one text changed is one edit, and nothing else of the row is touched', () => {
    let tried = 0;
    fc.assert(
      fc.property(readRow(), overlays(), fc.nat(), fc.oneof(nastyText(), plainText()), ({ row, trace }, overlay, pick, typed) => {
        const place = typedInto(trace, overlay, pick, typed);
        if (place === undefined || place.mistaken) return;
        tried++;
        const { at, index } = place;
        const result = rowEdits(trace, overlay, row, place.text);
        expect(result.overlay).toBe(overlay);
        // What the editor does to a whole text is no change: one kind of line end, no halves of characters.
        const before = composeRow(trace, overlay);
        const remade = !kinds(place.text).includes(',') && kinds(place.text) !== kinds(before);
        const mended = place.text.isWellFormed() && !before.isWellFormed();
        const plain = (text: string): string => (mended ? (remade ? newlines(text) : text).toWellFormed() : remade ? newlines(text) : text);
        const wanted: FieldEdit[] = plain(place.old) === plain(typed) ? [] : [{ path: at.path, value: plain(put(row, at, typed)) }];
        expect(result.edits.map(({ path, value }) => ({ path, value: plain(value as string) }))).toEqual(wanted);
        expect(index).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1200 },
    );
    expect(tried).toBeGreaterThan(300);
  });

  it('a plain text is never mistaken, whatever stands around it', () => {
    fc.assert(
      fc.property(readRow(), overlays(), fc.nat(), plainText(), ({ trace }, overlay, pick, typed) => {
        expect(typedInto(trace, overlay, pick, typed)?.mistaken ?? false).toBe(false);
      }),
      RUNS,
    );
  });

  it('an intent that is set is the row’s own where it has one, and else the overlay’s; either way it reads back as it was set', () => {
    let [own, over] = [0, 0];
    fc.assert(
      fc.property(readRow(), fc.constantFrom(...INTENTS), ({ row, trace: { id, ...read } }, intent) => {
        // Heads of nasty words may have to be kept word for word, which other laws speak of.
        const trace = { ...read, id: id === undefined ? undefined : { value: 'b-7', at: { path: ['id'] } }, model: undefined, source: undefined, expected: undefined };
        const text = composeRow(trace, undefined);
        const now = text.includes('\r') ? undefined : /^intent: .*$/m.test(headOf(text)) ? text.replace(/^intent: .*$/m, `intent: ${intent}`) : text.startsWith('---\n') ? text.replace('---\n', `---\nintent: ${intent}\n`) : undefined;
        if (now === undefined || now === text) return;
        const result = rowEdits(trace, undefined, row, now);
        if (trace.intentAt === undefined) over++;
        else own++;
        expect(result).toEqual(trace.intentAt === undefined ? { edits: [], overlay: { intent } } : { edits: [{ path: ['intent'], value: intent }], overlay: undefined });
        const again = composeRow(trace.intentAt === undefined ? trace : { ...trace, intent }, result.overlay);
        // A first prompt of `---` needs a mark only where no other head stands before it.
        const needless = /^---\nmark: .*\n---\n---\n/.test(text) && !headOf(again).includes('mark:');
        if (needless) expect(headOf(again)).toBe(`---\nintent: ${intent}\n---\n`);
        else expect(again).toBe(now);
      }),
      RUNS,
    );
    expect(Math.min(own, over)).toBeGreaterThan(50);
  });

  it('any text at all is read or refused in words, and what is read changes only the row’s own texts', () => {
    const cut = fc.tuple(fc.nat(), fc.nat({ max: 40 }), nastyText());
    fc.assert(
      fc.property(readRow(), overlays(), fc.array(cut, { minLength: 1, maxLength: 3 }), ({ row, trace }, overlay, cuts) => {
        let text = composeRow(trace, overlay);
        for (const [where, length, typed] of cuts) {
          const at = where % (text.length + 1);
          text = text.slice(0, at) + typed + text.slice(at + length);
        }
        try {
          for (const { path } of rowEdits(trace, overlay, row, text).edits) expect(['texts', 'missing', 'id', 'expected', 'intent']).toContain(path[0]);
        } catch (error) {
          expect(error).toMatchObject({ name: 'RowNotWritable', message: expect.stringMatching(/[.]$/) as string });
        }
      }),
      RUNS,
    );
  });

  it('read as a trace, its reasoning are the blocks, and the first prompt stands in the prompt', () => {
    fc.assert(
      fc.property(readRow(), ({ trace }) => {
        const text = composeRow(trace, undefined);
        const parsed = parseTrace(text);
        expect(printTrace(parsed)).toBe(text);
        const shown = rowSlots(trace).filter((slot) => slot.shown);
        const reasoning = shown.filter(({ kind }) => kind === 'reasoning');
        const { blocks, prompt, ending } = parsed.chain;
        expect(ending).not.toBe(shown.length > 0 ? 'unmarked' : '');
        if (shown.length === 0) return;
        expect(blocks.map(({ start, end }) => text.slice(start, end).replace(/^<think[-\da-f]*>\r?\n|\r?\n<\/think[-\da-f]*>$/g, ''))).toEqual(
          reasoning.map(({ part }, i) => (reasoning[i]?.unclosed === true ? expect.stringContaining(part.text) : part.text) as string),
        );
        const first = shown.find(({ kind }) => kind !== 'system');
        if (first?.kind === 'user' && !/^[\s\uFEFF]*$/.test(first.part.text)) {
          // Marks that are the document's own are left out of what judges read.
          expect(text.slice(prompt?.start, prompt?.end)).toContain(first.part.text.replace(/^[^\S\uFEFF]+|[^\S\uFEFF]+$/g, ''));
        }
      }),
      RUNS,
    );
  });

  it('typed in an editor, a word lands where it was typed and all around it keeps its line ends and characters', () => {
    let tried = 0;
    fc.assert(
      fc.property(readRow(), overlays(), fc.nat(), fc.nat(), fc.constantFrom('\n', '\r\n'), ({ row, trace }, overlay, pick, where, eol) => {
        const here = typedInto(trace, overlay, pick, '');
        if (here === undefined || here.old === '') return;
        // Not within a line end or a character, where no cursor can stand.
        const cut = where % (here.old.length + 1);
        if (/\r$/.test(here.old.slice(0, cut)) || /^[\uDC00-\uDFFF]/.test(here.old.slice(cut))) return;
        const typed = `${here.old.slice(0, cut)}Onion${here.old.slice(cut)}`;
        const place = typedInto(trace, overlay, pick, typed);
        if (place === undefined || place.mistaken) return;
        tried++;
        const saved = newlines(place.text).replaceAll('\n', eol).toWellFormed();
        const result = rowEdits(trace, overlay, row, saved);
        expect(result.overlay).toBe(overlay);
        expect(result.edits).toEqual([{ path: here.at.path, value: put(row, here.at, typed) }]);
      }),
      { numRuns: 1200 },
    );
    expect(tried).toBeGreaterThan(200);
  });
});
