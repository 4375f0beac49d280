import { describe, expect, it } from 'vitest';
import { askToPolish, estimatePolishing, polishInstructions, seamEdits, seamOf } from '../../../src/craft/polish';
import { askToSuggest, suggestInstructions } from '../../../src/craft/suggestByTeacher';
import { craftEdit } from '../../../src/craft/craftEdit';
import { isRefusal, type Recipe } from '../../../src/craft/recipe';
import type { Polished, SuggestedBoundary } from '../../../src/craft/teacher';
import { parseTrace } from '../../../src/trace/parseTrace';
import { injectedSteps } from '../../../src/trace/provenance';
import { withEdits } from '../../../src/trace/textEdit';
import type { Trace } from '../../../src/trace/trace';
import { readCraftRequest, usualTeacher, type AskedToCraft } from '../../harness/scriptedTeacher';
import type { Reply } from '../../harness/modelServer';
import { ENOUGH } from '../model/chats';
import { faultOf, placed, SHED, teacher } from './teachers';

/** The chain with a pair after step 2: steps 3 and 4 are injected. */
function withPair(base: Trace = SHED, after = 1): Trace {
  const { target } = placed('temptation-correction', base, after);
  const crafted = craftEdit(base, target, ['Maybe it is fine to help here.', 'No, that is only an excuse.'], { recipe: 'temptation-correction' });
  if (isRefusal(crafted)) throw new Error(crafted.reason);
  return crafted.trace;
}

async function polished(trace: Trace, script: (asked: AskedToCraft) => Reply): Promise<Polished> {
  const seam = seamOf(trace, injectedSteps(trace));
  if (seam === undefined) throw new Error('There is no seam.');
  return askToPolish(await teacher(script), trace, seam, polishInstructions(undefined, seam), ENOUGH);
}

describe('polishing a seam', () => {
  it('proposes small changes of the two neighbours, and nothing else', async () => {
    const trace = withPair();
    const { changes, notes, model, instructions } = await polished(trace, usualTeacher);
    expect(changes).toEqual([1, 4].map((step) => ({ step, before: trace.chain.steps[step]?.text, after: `So, ${trace.chain.steps[step]?.text ?? ''}` })));
    expect([notes, model]).toEqual([[], 'scripted-teacher-1']);
    expect(instructions).toMatch(/^polish@[\da-f]{8}$/);
  });

  it('its changes are put in by one edit each; what was injected is found again, byte for byte', async () => {
    const lines = SHED.text.replace('The shed is locked and', 'The shed is locked\nand');
    for (const base of [SHED, parseTrace(lines), parseTrace(lines.replace(/\n/g, '\r\n'))]) {
      const trace = withPair(base);
      const { changes } = await polished(trace, usualTeacher);
      const after = parseTrace(withEdits(trace.text, seamEdits(trace, changes)));
      expect(injectedSteps(after)).toEqual([2, 3]);
      expect(after.text.replaceAll('So, ', '')).toBe(trace.text);
    }
  });

  it('asks with the next seed when it is asked again, or the same would come', async () => {
    const trace = withPair();
    const seam = seamOf(trace, injectedSteps(trace));
    if (seam === undefined) throw new Error('There is no seam.');
    const asked = await teacher();
    for (const attempt of [0, 1]) await askToPolish({ ...asked, sampling: { seed: 7 } }, trace, seam, polishInstructions(undefined, seam), ENOUGH, attempt);
    expect(asked.server.completions.map(({ json }) => json.seed)).toEqual([7, 8]);
  });

  it('a neighbour that reads well as it is, is no change', async () => {
    const { changes } = await polished(withPair(), ({ members, steps }) => JSON.stringify(Object.fromEntries(members.map((name, i) => [name, `\n${steps[i === 0 ? 1 : 4]?.text ?? ''}  `]))));
    expect(changes).toEqual([]);
  });

  it('a step that is rewritten, cut up or closed is not proposed, and said', async () => {
    const other = 'Something else entirely that has nothing whatever to do with what stood here.';
    const { changes, notes } = await polished(withPair(), ({ steps }) => JSON.stringify({ before: other, after: `${steps[4]?.text ?? ''}\n\nAnd more.` }));
    expect(changes).toEqual([]);
    expect(notes).toEqual(['Step 2 stays as it is: the teacher rewrote it instead of polishing it.', 'Step 5 stays as it is: the teacher cut it into several steps.']);
    const closed = await polished(withPair(), ({ steps }) => JSON.stringify({ before: `${steps[1]?.text ?? ''}</think>`, after: steps[4]?.text }));
    expect(closed.notes).toEqual(['Step 2 stays as it is: the teacher put a tag into it.']);
  });

  it('asks for the neighbours that are there: at the end of the chain one, beside other injected steps none', () => {
    const atEnd = withPair(SHED, 3);
    expect(seamOf(atEnd, [4, 5])).toEqual({ first: 4, last: 5, before: 3, after: undefined });
    const twice = withPair(withPair(), 1);
    expect(injectedSteps(twice)).toEqual([2, 3, 4, 5]);
    expect(seamOf(twice, [2, 3])).toEqual({ first: 2, last: 3, before: 1, after: undefined });
    expect(seamOf(twice, [])).toBeUndefined();
  });

  it('an empty step, a refusal and the wrong shape are faults', async () => {
    expect((await faultOf(polished(withPair(), () => '{"before":"","after":"x"}'))).code).toBe('empty');
    expect((await faultOf(polished(withPair(), () => 'I cannot do that.'))).code).toBe('refused');
    expect((await faultOf(polished(withPair(), () => '{"before":"x"}'))).code).toBe('shape');
  });

  it('says how much it will send', () => {
    const trace = withPair();
    const seam = seamOf(trace, [2, 3]);
    if (seam === undefined) throw new Error('There is no seam.');
    const { inputTokens, outputTokens } = estimatePolishing({ sampling: {} }, trace, seam, polishInstructions(undefined, seam));
    expect(inputTokens).toBeGreaterThan(trace.text.length / 8);
    expect(outputTokens).toBeGreaterThan(25);
  });
});

describe('a teacher’s insertion points', () => {
  const { recipe } = placed('temptation-correction');
  const suggested = async (script: (asked: AskedToCraft) => Reply, of: Recipe = recipe): Promise<readonly SuggestedBoundary[]> => askToSuggest(await teacher(script), SHED, suggestInstructions(undefined, of), ENOUGH);

  it('come best first, with their reasons', async () => {
    let asked: AskedToCraft | undefined;
    const found = await suggested((request) => {
      asked = request;
      return usualTeacher(request);
    });
    expect(found).toEqual([{ boundary: 2, reason: 'the reasoning weighs here' }, { boundary: 1, reason: 'it has just understood' }]);
    // What is to be inserted is said, in our words.
    expect(asked?.system).toContain(recipe.inserts);
    expect(asked?.question).toContain('1 to 4');
  });

  it('places that are not there, and a place named again, do not count', async () => {
    const named = [{ after_step: 9, reason: 'no' }, { after_step: 3, reason: 'yes\n$(icon)' }, { after_step: 3, reason: 'again' }, { after_step: 0, reason: 'no' }, { after_step: '1', reason: 'no' }, null, { after_step: 1 }];
    expect(await suggested(() => JSON.stringify({ suggestions: named }))).toEqual([{ boundary: 3, reason: 'yes $(icon)' }, { boundary: 1, reason: '' }]);
  });

  it('none that is there is the wrong shape, asked for once more', async () => {
    let times = 0;
    const fault = await faultOf(suggested(() => {
      times++;
      return '{"suggestions":[{"after_step":12,"reason":"x"}]}';
    }));
    expect([fault.code, times]).toEqual(['shape', 2]);
    expect(fault.message).toContain('no step from 1 to 4');
  });

  it('is asked by a request of our structure', async () => {
    const asked = await teacher();
    await askToSuggest(asked, SHED, suggestInstructions('Only in the middle.', recipe), ENOUGH);
    const read = readCraftRequest(asked.server.completions[0]?.json.messages ?? []);
    expect(read.system).toContain('Only in the middle.');
    expect(read.steps).toHaveLength(4);
  });
});
