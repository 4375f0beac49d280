import { describe, expect, it } from 'vitest';
import { isWholeTraceJudge, type Protocol } from '../../src/judge/judge';
import { modelJudge } from '../../src/judge/model/modelJudge';
import { builtInRubric } from '../../src/judge/model/rubric';
import { OpenAiChat } from '../../src/model/openAiChat';
import { listModels } from '../../src/model/listModels';
import { scoreTrace, type ScoringResult } from '../../src/session/scoreTrace';
import { systemClock } from '../../src/trace/clock';
import { openLog, openStore, temporaryFolder } from '../unit/session/scoring';

/**
 * A real server with a real model behind it, as random and as small as it is: what it says is nonsense, so nothing here asks for a
 * verdict, only that each reply ends as one or as an error that says what is wrong.
 */
const url = process.env['COT_LENS_TARGET_URL'];
const model = process.env['COT_LENS_TARGET_MODEL'] ?? '';
const needsServer = describe.skipIf(url === undefined);

const DOC = 'real.cot';
const TEXT = '---\nintent: harmful\n---\nQ\n\n<think>\nI was asked this.\n\nPerhaps I could.\n\nNo: that would do harm.\n</think>\n\nI will not help with that.\n';
const LONG = TEXT.replace('I was asked this.', Array.from({ length: 400 }, (_, i) => `Thought ${String(i)} goes on about it.`).join(' '));

async function score(protocol: Protocol, text = TEXT, signal = new AbortController().signal): Promise<ScoringResult> {
  const log = openLog(await temporaryFolder());
  const store = openStore(log);
  const chat = new OpenAiChat({ baseUrl: url ?? '', model, keyOf: () => Promise.resolve(undefined), timeoutMs: 60_000, retries: 0 });
  const judge = modelJudge(chat, builtInRubric(), { judge: 'real', label: 'real', protocol, sampling: { maxTokens: 60, temperature: 0 } });
  expect(isWholeTraceJudge(judge)).toBe(protocol === 'whole-trace');
  return scoreTrace(store.update(DOC, 1, text), { judge, log, doc: DOC, clock: systemClock, signal, progress: () => undefined });
}

/** Every target ended as a verdict, or as a fault that says which step and what to do; or the run was stopped with a reason. */
function endedWell({ scored, faults, stopped }: ScoringResult): void {
  for (const { message } of faults) expect(message).toMatch(/step \d+|answer/i);
  if (stopped === undefined) expect(scored + faults.length).toBe(4);
  else expect(stopped.message.length).toBeGreaterThan(20);
}

needsServer('a real model server', () => {
  it.each(['prefix', 'whole-trace'] as const)('%s: every reply ends in a clear error or a valid verdict', async (protocol) => {
    endedWell(await score(protocol));
  });

  it('ends well on a trace longer than the model can read', async () => {
    endedWell(await score('prefix', LONG));
  });

  it('is left at once when cancelled', async () => {
    const run = new AbortController();
    const scoring = score('prefix', TEXT, run.signal);
    setTimeout(() => { run.abort(); }, 50);
    expect((await scoring).cancelled).toBe(true);
  });

  it('lists its models, or says where no list was to be had', async () => {
    // This server's list of models answers 500 without a network.
    const listed = await listModels(url ?? '', undefined, AbortSignal.timeout(20_000)).catch((error: unknown) => error);
    if (listed instanceof Error) expect(listed.message).toContain(new URL(url ?? '').host);
    else expect(listed).not.toHaveLength(0);
  });
});
