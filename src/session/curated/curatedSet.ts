import type { BrokenLine, CuratedSample } from '../../curate/sample';
import type { SampleVerdicts } from '../../curate/sample';
import type { Disposable } from '../../trace/event';

/** What a list shows of a sample; no text beyond the beginning of its prompt, so that tens of thousands fit into memory. */
export interface SampleCard {
  readonly id: string;
  /** Place among the samples of the set, 0-based: the order of the lines. */
  readonly place: number;
  /** 1-based line of the file. */
  readonly line: number;
  readonly recipe: string;
  readonly intent: CuratedSample['intent'];
  /** The first words of the prompt, on one line. */
  readonly title: string;
  readonly note: string | undefined;
  /** Codes of what the sample's own checks found when it was added. */
  readonly findings: readonly string[];
  /** Is its curve the one that its recipe asks for, and who says so? `undefined`: nobody who may has scored it. */
  readonly earned: { readonly shape: string; readonly judge: string } | undefined;
  readonly ablation: boolean;
  /** Names what it says (`sampleHash`): it is another once the text of the sample is. */
  readonly text: string;
  /** Who wrote what was injected: `person` or teachers, and what the guard said, in words. */
  readonly by: string;
}

/** What was taken out of a set, to be put back exactly where it was as long as the lines around are there. */
export interface Removed {
  readonly set: string;
  readonly lines: readonly RemovedLine[];
}

export interface RemovedLine {
  /** Among the samples of the set, 0-based. */
  readonly place: number;
  /** The line as it stood there, its line end included if it had one. */
  readonly bytes: string;
  /** Which line of the file it was, 0-based, and hashes of the lines before and after it; absent where there was none. */
  readonly line: number;
  readonly previous?: string;
  readonly next?: string;
  /** Another line of the set had its id. */
  readonly twin?: true;
}

/** A file `*.curated.jsonl` as it stands on disk. All changes are made under a lock that other windows heed, and only to the lines concerned. */
export interface CuratedSet extends Disposable {
  readonly path: string;
  /** The file's name without `.curated.jsonl`. */
  readonly name: string;
  /** In the order of the file; as of the last reading. */
  readonly cards: readonly SampleCard[];
  /** Lines that are no samples. They stay in the file as they are, whatever is changed. */
  readonly broken: readonly BrokenLine[];
  /** Fires after it was changed, here, in another window, or by any other program. */
  onDidChange(listener: () => void): Disposable;
  /** The whole samples, of these places or of all, as they are on disk now. @throws Error where the file cannot be read */
  read(places?: readonly number[], signal?: AbortSignal): Promise<readonly CuratedSample[]>;
  /**
   * Appends one line, whatever its end is like; writes nothing but its own bytes.
   * @throws Error where a sample of this id is there already, or the disk is full (the file is as it was then)
   */
  add(sample: CuratedSample): Promise<SampleCard>;
  /** Takes samples out; all other lines keep their bytes and order. @throws Error where one is not there any more */
  remove(ids: readonly string[]): Promise<Removed>;
  /** Puts back what was removed. */
  restore(removed: Removed): Promise<void>;
  /** Sets or clears the note; changes that field of that line alone. */
  note(id: string, note: string | undefined): Promise<void>;
  /** Marks samples as ablations, or takes the mark away; changes that field of those lines alone. @throws Error where one is not there any more; none is marked then */
  markAblation(ids: readonly string[], ablation: boolean): Promise<void>;
  /**
   * Takes verdicts over, as verdicts on the text that the sample has now, and other findings. What other judges said of this text stays.
   * @throws Error where they are of another text or of another number of steps; nothing is changed then
   */
  rescored(id: string, verdicts: readonly SampleVerdicts[], findings: readonly string[]): Promise<void>;
}

/** The curated sets of a workspace. */
export interface CuratedSets extends Disposable {
  /** Opens a set, or creates an empty one; shared while it is open. */
  open(path: string): Promise<CuratedSet>;
  /** Into another set, in their order, then out of this one; a crash in between leaves them in both, never in none. */
  move(ids: readonly string[], from: CuratedSet, to: CuratedSet): Promise<void>;
}
