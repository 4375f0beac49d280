import type { Intent } from '../trace/intent';
import type { JudgeIdentity } from './judge';
import { identityKey, type ScoreRecord } from './scoreRecord';

/** The scores that one judge gave in one document. */
export interface JudgeScores {
  readonly key: string;
  readonly identity: JudgeIdentity;
  /** The verdict on exactly this text in exactly this context; `undefined` where there is none. */
  exact(seen: string, intent: Intent, splitter: string): ScoreRecord | undefined;
  /** The last verdict on a step of this text in whatever context: the stale one to show until it is scored anew. */
  lastOn(textHash: string): ScoreRecord | undefined;
  /** Position of the newest record in the file: later is newer. */
  readonly newest: number;
}

/** The verdicts of one document in memory, by judge. The last record of a key wins. */
export class ScoreShard {
  private readonly judges = new Map<string, MutableScores>();
  private count = 0;

  add(record: ScoreRecord): void {
    const key = identityKey(record.judge);
    let scores = this.judges.get(key);
    if (scores === undefined) {
      scores = new MutableScores(key, record.judge);
      this.judges.set(key, scores);
    }
    scores.add(record, this.count++);
  }

  /** Every judge with a score here, newest first. */
  all(): JudgeScores[] {
    return [...this.judges.values()].sort((a, b) => b.newest - a.newest);
  }

  /** Every record, in no particular order. */
  records(): ScoreRecord[] {
    return [...this.judges.values()].flatMap((scores) => scores.all());
  }

  of(key: string): JudgeScores | undefined {
    return this.judges.get(key);
  }
}

class MutableScores implements JudgeScores {
  /** By intent, splitter and text seen: no key has to be put together for each of thousands of steps at every keystroke. */
  private readonly records = new Map<Intent, Map<string, Map<string, ScoreRecord>>>();
  private readonly texts = new Map<string, ScoreRecord>();
  newest = 0;

  constructor(
    readonly key: string,
    readonly identity: JudgeIdentity,
  ) {}

  add(record: ScoreRecord, position: number): void {
    const ofIntent = this.records.get(record.intent) ?? new Map<string, Map<string, ScoreRecord>>();
    const ofSplitter = ofIntent.get(record.splitter) ?? new Map<string, ScoreRecord>();
    this.records.set(record.intent, ofIntent.set(record.splitter, ofSplitter.set(record.seen, record)));
    this.texts.set(record.text, record);
    this.newest = position;
  }

  all(): ScoreRecord[] {
    return [...this.records.values()].flatMap((ofIntent) => [...ofIntent.values()].flatMap((ofSplitter) => [...ofSplitter.values()]));
  }

  exact(seen: string, intent: Intent, splitter: string): ScoreRecord | undefined {
    return this.records.get(intent)?.get(splitter)?.get(seen);
  }

  lastOn(textHash: string): ScoreRecord | undefined {
    return this.texts.get(textHash);
  }
}
