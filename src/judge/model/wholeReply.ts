import type { ChatReply } from '../../model/chat';
import type { Sample } from '../../trace/verdict';
import type { Target } from '../judge';
import { targetName } from '../judgeFault';
import { numbers, type Asked } from './frame';
import { jsonInText } from './jsonInText';
import { isWrong, listOf, readVerdict, targetOf, type Wrong } from './readVerdict';
import { VerdictStream } from './verdictStream';
import { wrongText } from './wrongText';

/**
 * Reads one reply that is to hold a verdict on each target, as it comes. Each verdict counts by the number it bears, in the order asked
 * for; one on what was not asked for, or on what comes earlier, is one too many and does not count.
 */
export class WholeReply {
  private readonly stream = new VerdictStream();
  private readonly place: ReadonlyMap<Target, number>;
  private readonly taken = new Set<Target>();
  private readonly wrong = new Map<Target, Wrong>();
  private readonly extra: Target[] = [];
  private last = -1;

  /**
   * @param heard called once for each target with a valid verdict
   * @param before targets that have their verdict from an earlier reply: another one is neither taken nor one too many
   */
  constructor(
    private readonly targets: readonly Target[],
    private readonly asked: Asked,
    private readonly heard: (target: Target, sample: Sample) => void,
    private readonly before: ReadonlySet<Target> = new Set(),
  ) {
    this.place = new Map(targets.map((target, i) => [target, i]));
  }

  /** Takes all of the reply so far. */
  push(text: string): void {
    for (const value of this.stream.push(text)) this.take(value);
  }

  /** The reply is complete. @returns what is wrong, by target; empty where every target has its verdict */
  end(reply: Pick<ChatReply, 'text' | 'ending'>): ReadonlyMap<Target, Wrong> {
    this.push(reply.text);
    if (!this.stream.begun) this.takeOther(reply.text);
    const missing = this.targets.filter((target) => !this.taken.has(target) && !this.wrong.has(target));
    const why = missing.length > 0 ? this.whyMissing(reply, missing) : undefined;
    for (const target of missing) if (why !== undefined) this.wrong.set(target, why(target));
    const lastTarget = this.targets.at(-1);
    if (this.extra.length > 0 && lastTarget !== undefined && !this.wrong.has(lastTarget)) {
      this.wrong.set(lastTarget, { code: 'wrong-count', wrong: `It holds more verdicts than were asked for: on ${namesOf(this.extra)}.` });
    }
    return this.wrong;
  }

  private take(value: unknown): void {
    const target = targetOf((value as { step?: unknown } | null | undefined)?.step);
    const place = target === undefined ? undefined : this.place.get(target);
    if (target === undefined || place === undefined || place <= this.last) {
      if (target !== undefined && !this.before.has(target)) this.extra.push(target);
      return;
    }
    this.last = place;
    const read = readVerdict(value, target, this.asked);
    if (isWrong(read)) this.wrong.set(target, read);
    else {
      this.taken.add(target);
      this.heard(target, read);
    }
  }

  /** A reply without the list that was asked for may be a list itself, or a single verdict. */
  private takeOther(text: string): void {
    const value = jsonInText(text);
    if (typeof value !== 'object' || value === null) return;
    for (const one of listOf(value) ?? [value]) this.take(one);
  }

  private whyMissing({ text, ending }: Pick<ChatReply, 'text' | 'ending'>, missing: readonly Target[]): (target: Target) => Wrong {
    if (ending === 'length') return () => ({ code: 'cut-off', wrong: 'It was cut off at its most tokens.' });
    const nothing = this.last === -1;
    if (nothing && jsonInText(text) === undefined) return () => wrongText(text, ending);
    if (this.stream.begun && !this.stream.complete) return () => ({ code: 'not-json', wrong: 'It is broken JSON.' });
    return (target) => ({ code: 'wrong-count', wrong: `It holds no verdict on ${missing.length > 3 ? targetName(target) : namesOf(missing)}.` });
  }
}

/** `steps 1, 3 to 5 and the answer`. */
export function namesOf(targets: readonly Target[]): string {
  const steps = targets.filter((target) => target !== 'answer').sort((a, b) => a - b);
  const parts = steps.length === 0 ? [] : [`${steps.length === 1 ? 'step' : 'steps'} ${numbers(steps)}`];
  if (targets.includes('answer')) parts.push('the answer');
  return parts.join(' and ');
}
