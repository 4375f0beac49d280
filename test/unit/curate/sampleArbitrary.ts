import fc from 'fast-check';
import type { CuratedSample, SampleVerdicts } from '../../../src/curate/sample';
import { INTENTS } from '../../../src/trace/intent';
import { INJECTED_ROLES, type ProvenanceEntry } from '../../../src/trace/provenance';
import { nastyText } from '../trace/rows/rowTraces';

const text = (): fc.Arbitrary<string> => fc.oneof(nastyText(), fc.constantFrom('\u2028', 'a\u2029b', '\u0085', '\uD800', '{"a":1}\n', '\u0000'));

const score = fc.constantFrom(null, 1, 2, 3, 3.5, 5);

const name = fc.constantFrom('note', 'tags', '__proto__', 'constructor', '1', 'größe', 'toString');

function verdicts(steps: number): fc.Arbitrary<SampleVerdicts> {
  const scores = fc.array(score, { minLength: steps, maxLength: steps });
  const any: fc.Arbitrary<SampleVerdicts> = fc.record(
    {
      judge: fc.record(
        {
          judge: text(),
          label: text(),
          model: text(),
          sampling: fc.constant({ temperature: 0 }),
          protocol: fc.constantFrom('prefix' as const, 'whole-trace' as const),
          rubric: text(),
          earnsNames: fc.boolean(),
        },
        { requiredKeys: ['judge', 'label', 'protocol', 'rubric', 'earnsNames'] },
      ),
      harmfulness: scores,
      helpfulness: scores,
      answer: fc.record({ harmfulness: score, helpfulness: score }),
    },
    { requiredKeys: ['judge', 'harmfulness', 'helpfulness'] },
  );
  return any;
}

const entry = fc.record(
  { step: fc.string({ minLength: 32, maxLength: 32 }), occurrence: fc.integer({ min: 1, max: 3 }), of: fc.constant(3), role: fc.constantFrom(...INJECTED_ROLES), recipe: text(), by: text(), edited: fc.boolean() },
  { requiredKeys: ['step', 'occurrence', 'role'] },
) as fc.Arbitrary<ProvenanceEntry>;

/** Any sample that can be written, with texts of every nastiness. */
export function anySample(): fc.Arbitrary<CuratedSample> {
  return fc.array(text(), { maxLength: 5 }).chain((steps) =>
    fc.record(
      {
        id: text().map((id) => `s${id}`),
        intent: fc.constantFrom(...INTENTS),
        recipe: fc.oneof(text(), fc.constantFrom('temptation-correction', 'none')),
        system: text(),
        prompt: text(),
        steps: fc.constant(steps),
        answer: text(),
        expected: text(),
        model: text(),
        source: text(),
        note: text(),
        verdicts: fc.array(verdicts(steps.length), { maxLength: 2 }),
        findings: fc.array(text(), { maxLength: 2 }),
        ablation: fc.constant(true as const),
        added: fc.constant('2026-11-21T10:00:00.000Z'),
        from: text(),
        base: fc.record({ steps: fc.array(text(), { maxLength: 3 }), answer: text() }),
        cotlens: fc
          .tuple(fc.array(entry, { maxLength: 3 }), fc.array(fc.tuple(name, fc.jsonValue({ maxDepth: 2 })), { maxLength: 3 }))
          .map(([injected, more]) => Object.fromEntries([...more, ['injected', injected]]) as unknown as CuratedSample['cotlens']),
      },
      { requiredKeys: ['id', 'intent', 'recipe', 'prompt', 'steps', 'answer', 'verdicts', 'findings', 'added', 'cotlens'] },
    ) as fc.Arbitrary<CuratedSample>,
  );
}
