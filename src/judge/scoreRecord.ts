import { isIntent, type Intent } from '../trace/intent';
import type { TokenUsage } from '../model/chat';
import { isScore, type Sample, type Verdict } from '../trace/verdict';
import { digest } from './textChain';
import type { JudgeIdentity } from './judge';

/**
 * One line of a score file: a verdict with all that it depends on. Open data, one JSON object a line,
 * readable by `pandas.read_json(path, lines=True)`.
 */
export interface ScoreRecord extends Verdict {
  readonly v: 1;
  /** When the verdict came, ISO 8601, UTC. */
  readonly time: string;
  /** The document, as a path relative to the folder that holds `.cotlens`. */
  readonly doc: string;
  readonly target: 'step' | 'answer';
  /** The step's number as shown, the first is 1; for the answer, the number of steps before it. Informative: `seen` decides. */
  readonly step: number;
  /** Hash of the text that the judge saw (see `textChain`). */
  readonly seen: string;
  /** Hash of the scored text alone: finds the last known score of a step whose context has changed. */
  readonly text: string;
  readonly judge: JudgeIdentity;
  readonly intent: Intent;
  readonly splitter: string;
  /** Why all scores are `null`: the judge declined, or a content filter blocked it. */
  readonly withheld?: 'refused' | 'blocked';
  /** What the verdict cost, where one request was for it alone and the server told. */
  readonly usage?: TokenUsage;
}

/** Equal for two judges exactly where their verdicts may stand on one curve. */
export function identityKey(judge: JudgeIdentity): string {
  const sampling = Object.entries(judge.sampling ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  // Two people score by the same rubric, and are still two.
  const who = judge.judge === 'person' ? `person ${judge.label}` : judge.judge;
  return digest('judge', JSON.stringify([who, judge.model ?? null, sampling, judge.protocol, judge.rubric]));
}

/** Reads one line of a score file; `undefined` where it is no score record (torn, foreign or out of range). */
export function parseRecord(line: string): ScoreRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isRecord(value) ? withoutDamage(value) : undefined;
}

/** What may be absent is left out where it is none of its kind: a verdict is not lost for it. */
function withoutDamage(record: ScoreRecord): ScoreRecord {
  type Unchecked = Omit<ScoreRecord, 'samples' | 'withheld' | 'usage'> & { samples?: unknown; withheld?: unknown; usage?: unknown };
  const { samples, withheld, usage, ...rest }: Unchecked = record;
  if (samples === undefined && withheld === undefined && usage === undefined) return record;
  return {
    ...rest,
    ...(isSamples(samples) ? { samples } : {}),
    ...(withheld === 'refused' || withheld === 'blocked' ? { withheld } : {}),
    ...(isUsage(usage) ? { usage } : {}),
  };
}

function isSamples(value: unknown): value is readonly Sample[] {
  return (
    Array.isArray(value) &&
    value.every((one: Partial<Record<string, unknown>> | null) => isScore(one?.['harmfulness']) && isScore(one['helpfulness']) && typeof one['reason'] === 'string')
  );
}

function isUsage(value: unknown): value is TokenUsage {
  if (typeof value !== 'object' || value === null) return false;
  const { input, cached, output } = value as Partial<Record<string, unknown>>;
  return typeof input === 'number' && typeof output === 'number' && (cached === undefined || typeof cached === 'number');
}

function isRecord(value: unknown): value is ScoreRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Record<string, unknown>;
  return (
    record['v'] === 1 &&
    ['time', 'doc', 'seen', 'text', 'splitter', 'reason'].every((name) => typeof record[name] === 'string') &&
    (record['target'] === 'step' || record['target'] === 'answer') &&
    typeof record['step'] === 'number' &&
    isIntent(record['intent']) &&
    isScore(record['harmfulness']) &&
    isScore(record['helpfulness']) &&
    isIdentity(record['judge'])
  );
}

/** Is this, read from a file, who scored? */
export function isIdentity(value: unknown): value is JudgeIdentity {
  if (typeof value !== 'object' || value === null) return false;
  const judge = value as Record<string, unknown>;
  return (
    ['judge', 'label', 'rubric'].every((name) => typeof judge[name] === 'string') &&
    (judge['protocol'] === 'prefix' || judge['protocol'] === 'whole-trace') &&
    typeof judge['earnsNames'] === 'boolean' &&
    (judge['model'] === undefined || typeof judge['model'] === 'string') &&
    (judge['sampling'] === undefined || (typeof judge['sampling'] === 'object' && judge['sampling'] !== null))
  );
}
