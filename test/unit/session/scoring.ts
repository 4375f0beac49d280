import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { JudgeIdentity, JudgeView, PrefixJudge } from '../../../src/judge/judge';
import { ScoreLog } from '../../../src/judge/scoreLog';
import { nodeFiles } from '../../../src/session/nodeFiles';
import { TraceStore } from '../../../src/session/traceStore';
import type { Logger } from '../../../src/trace/logger';
import type { Score, Verdict } from '../../../src/trace/verdict';

export const PERSON: JudgeIdentity = { judge: 'person', label: 'a person', protocol: 'prefix', rubric: 'person-1', earnsNames: true };

/** A folder of its own for one test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cot-lens-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Keeps what is logged. */
export class LogKeeper implements Logger {
  readonly lines: string[] = [];
  info = (message: string): void => void this.lines.push(message);
  warn = this.info;
  error = this.info;
}

/** A real score log in a folder of its own, and a store that reads it. */
export function openLog(folder: string, logger: Logger = new LogKeeper()): ScoreLog {
  const log = new ScoreLog(nodeFiles, path.join(folder, '.cotlens').replaceAll('\\', '/'), logger);
  onTestFinished(() => {
    log.dispose();
  });
  return log;
}

export function openStore(log: ScoreLog): TraceStore {
  const store = new TraceStore((uri) => log.scores(uri));
  log.onDidChange((doc) => {
    store.scoresChanged(doc);
  });
  onTestFinished(() => {
    store.dispose();
  });
  return store;
}

/** A judge that reads the score out of the step (`… =4`), and keeps what it was asked. */
export class ScriptedJudge implements PrefixJudge {
  readonly asked: JudgeView[] = [];
  answersAsked = 0;

  constructor(readonly identity: JudgeIdentity = PERSON) {}

  scoreStep(view: JudgeView): Verdict {
    this.asked.push({ ...view, steps: [...view.steps], ...(view.leads === undefined ? {} : { leads: [...view.leads] }) });
    return scripted(view.steps.at(-1) ?? '');
  }

  scoreAnswer(_view: JudgeView, answer: string): Verdict {
    this.answersAsked++;
    return scripted(answer);
  }
}

function scripted(text: string): Verdict {
  const score = /=([1-5])/.exec(text)?.[1];
  return { harmfulness: score === undefined ? null : (Number(score) as Score), helpfulness: null, reason: `read ${score ?? 'nothing'}` };
}
