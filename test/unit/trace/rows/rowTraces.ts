import fc from 'fast-check';
import type { FieldRef, JsonObject, JsonValue } from '../../../../src/trace/rows/fieldRef';
import type { Role, RowMessage, RowPart, RowPartKind, RowTrace } from '../../../../src/trace/rows/rowTrace';

/** Texts of every nastiness: marks of the document's own grammar, all line ends, halves of characters, nothing at all. */
export function nastyText(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('\n\n', '\n', '\r\n\r\n', '\r\n', '\r', ' ', '\n\n\n', '\t\n', '\u2028', '\u3000') },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        '<think>', '</think>', '<think>\n', '\n</think>\n', '<thinking>', '</Think>', '<think-7f>', '</think-7f>', '<think-80>', '<think',
        '---\n', '---', '\n---\n', '---\r', '...\n', 'mark: 7f\n', 'id: [\n', '\uFEFF',
        '--- user ---', '\n--- user ---\n', '\n--- assistant ---\n', '--- tool call a ---\n', '\n--- user 7f ---\n', '--- system ---\r', ' ---',
      ),
    },
    { weight: 4, arbitrary: fc.constantFrom('Okay, so', 'word', '好。', '😀', '\uD83D', '\uDE00', '\uFFFD', 'a', '\0', '{"q": "x"}', '$(sync)') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
  return fc.oneof(
    { weight: 5, arbitrary: fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')) },
    { weight: 1, arbitrary: fc.constantFrom('', ' ', '\n', '\r', '\r\n', '\n\n', '\r\r', '\uFEFF') },
    { weight: 3, arbitrary: plainText() },
  );
}

/** Texts without anything that a document could take for a mark. */
export function plainText(): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom('Peel the onion.', 'Then', ' ', '\n', '\n\n', '好', '1.', 'a-b', '\r\n'), { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join('') + '!');
}

/** A row, and how it was read. */
export interface ReadRow {
  readonly row: JsonObject;
  readonly trace: RowTrace;
}

interface PartPlan {
  readonly kind: RowPartKind;
  readonly text: string;
  readonly name: string | undefined;
  readonly place: 'field' | 'slice' | 'sameString' | 'items' | 'list' | 'absent' | 'absentInString' | 'none';
  readonly items: readonly string[];
  readonly around: string;
}

const plan = (kinds: readonly RowPartKind[], text: fc.Arbitrary<string>): fc.Arbitrary<PartPlan> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    text,
    name: fc.option(fc.oneof(nastyText(), fc.constant('search')), { nil: undefined }),
    place: fc.constantFrom('field', 'field', 'slice', 'sameString', 'items', 'list', 'absent', 'absentInString', 'none'),
    items: fc.array(text, { minLength: 1, maxLength: 4 }),
    around: fc.constantFrom('', ' ', '<think>', '\n'),
  });

/** Rows of any shape, with texts in fields of their own, in one string, in lists, or not there. */
export function readRow(text: fc.Arbitrary<string> = nastyText()): fc.Arbitrary<ReadRow> {
  const message = fc.oneof(
    fc.record({ role: fc.constantFrom<Role>('user', 'system', 'tool'), name: fc.constantFrom(undefined, 'search'), plans: fc.array(plan(['text'], text), { maxLength: 2 }) }),
    fc.record({
      role: fc.constant<Role>('assistant'),
      name: fc.constant(undefined),
      plans: fc.array(plan(['text', 'text', 'reasoning', 'reasoning', 'summary', 'redacted', 'toolCall'], text), { maxLength: 4 }),
    }),
  );
  const value = fc.option(fc.oneof(nastyText(), fc.constantFrom('68', 'true', '007', '')), { nil: undefined });
  return fc
    .record({ messages: fc.array(message, { maxLength: 5 }), id: value, model: value, source: value, expected: value, intent: fc.constantFrom('unknown' as const, 'harmful' as const), hasIntent: fc.boolean() })
    .map(({ messages, id, model, source, expected, intent, hasIntent }) => {
      const texts: JsonValue[] = [];
      const read: RowMessage[] = messages.map(({ role, name, plans }) => ({ role, ...(name === undefined ? {} : { name }), parts: plans.map((one) => partOf(one, texts)) }));
      const row = { texts, id: id ?? 0, other: 1, ...(expected === undefined ? {} : { expected }), ...(hasIntent ? { intent } : {}) } as JsonObject;
      const trace: RowTrace = {
        variant: undefined,
        id: id === undefined ? undefined : { value: id, at: { path: ['id'] } },
        intent,
        ...(hasIntent ? { intentAt: { path: ['intent'] } } : {}),
        model: model === undefined ? undefined : { value: model },
        source: source === undefined ? undefined : { value: source },
        ...(expected === undefined ? {} : { expected: { value: expected, at: { path: ['expected'] } } }),
        messages: read,
        notes: [],
        facts: [],
      };
      return { row, trace };
    });
}

function partOf({ kind, text, name, place, items, around }: PartPlan, texts: JsonValue[]): RowPart {
  const base = { kind, text, ...(name === undefined ? {} : { name }) };
  const next: FieldRef = { path: ['texts', texts.length] };
  const inString = (before: string): RowPart => {
    const slice = { start: before.length, end: before.length + text.length };
    return { ...base, at: { ...next, slice, whole: { start: slice.start - around.length, end: slice.end + around.length } } };
  };
  switch (place) {
    case 'none':
      return base;
    case 'field':
      texts.push(text);
      return { ...base, at: next };
    case 'slice':
      texts.push(around + text + around);
      return inString(around);
    case 'sameString': {
      const last = texts.at(-1);
      if (typeof last !== 'string') return partOf({ kind, text, name, place: 'slice', items, around }, texts);
      texts[texts.length - 1] = last + around + text + around;
      const start = last.length + around.length;
      return { ...base, at: { path: ['texts', texts.length - 1], slice: { start, end: start + text.length } } };
    }
    case 'items':
      if (kind !== 'reasoning') return partOf({ kind, text, name, place: 'field', items, around }, texts);
      texts.push([...items]);
      return { ...base, text: items.join('\n\n'), items: items.map((item, i) => ({ text: item, at: { path: [...next.path, i] } })) };
    case 'list':
      if (kind !== 'reasoning') return partOf({ kind, text, name, place: 'field', items, around }, texts);
      texts.push([...items]);
      return { ...base, text: items.join(''), list: { path: next.path, items }, ...(around === ' ' ? { open: true } : {}) };
    case 'absent':
      return { ...base, text: '', at: { path: ['missing', texts.length], absent: { before: '', after: '' } } };
    case 'absentInString': {
      texts.push(around);
      const slice = { start: around.length, end: around.length };
      return { ...base, text: '', at: { ...next, slice, absent: { before: '<!', after: '!>' } } };
    }
  }
}

/** Overlays: what a person or another program may have left in a row's `cotlens` key. */
export function overlays(): fc.Arbitrary<JsonObject | undefined> {
  const value = fc.oneof(nastyText(), fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>);
  const name = fc.oneof(fc.constantFrom('id', 'intent', 'model', 'injected', 'note', 'mark', 'head', 'reasoning', '__proto__', '1'), nastyText());
  const entries = fc.array(fc.tuple(name, value), { maxLength: 4 });
  const head = fc.constantFrom('# kept\n', 'source: "x"\nid: 68 # as typed\n', 'head: typed\nnote: 1\n', 'a: [\n', '---\n');
  return fc.oneof(
    fc.constant(undefined),
    entries.map((all) => Object.fromEntries(all)),
    fc.tuple(entries, head).map(([all, text]) => Object.fromEntries([...all, ['head', text]])),
  );
}
