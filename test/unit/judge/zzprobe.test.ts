import { it } from 'vitest';
import { scriptedReply } from '../../harness/scriptedJudge';
import { serve } from '../model/chats';
import { openLog, temporaryFolder } from '../session/scoring';
import { judgeAt, score, stateOf, traceOf, DOC } from './judging';
it('whole 5000', async () => {
  for (const size of [400, 8]) {
    const server = await serve({ reply: scriptedReply(), chunks: { size } });
    const log = openLog(await temporaryFolder());
    const state = stateOf(log, traceOf(Array.from({ length: 5000 }, (_, i) => `step number ${String(i)} is about something and goes on for a while =${String(1 + (i % 5))}`)));
    const t = performance.now(); const c = process.cpuUsage();
    const r = await score(log, state, judgeAt(server, { protocol: 'whole-trace' }, {timeoutMs: 500000}));
    console.log(size, r.scored, r.faults.length, r.stopped?.message, Math.round(performance.now() - t), process.cpuUsage(c).user / 1000, log.scores(DOC).records().length);
  }
}, 300000);
it('nonsense 10MB', async () => {
  for (const text of ['word '.repeat(2e6), '{ '.repeat(5e6), `<think>${'hm { '.repeat(2e6)}`]) for (const protocol of ['prefix','whole-trace'] as const) {
    const server = await serve({ reply: () => text, chunks: { size: 1000 } });
    const log = openLog(await temporaryFolder());
    const t = performance.now();
    const r = await score(log, stateOf(log, traceOf(['a'], {answer: null})), judgeAt(server, { protocol }, {timeoutMs: 500000}));
    console.log(protocol, text.slice(0,10), r.scored, r.faults[0]?.message.length, r.stopped?.message, Math.round(performance.now() - t));
  }
}, 300000);
