import type { LanePlan, LineRanges, PieceKey } from './lanePlan';

/** What must be painted anew: only the pieces whose lines changed. An empty list of ranges clears a piece. */
export interface LaneChanges {
  readonly pieces: ReadonlyMap<PieceKey, LineRanges>;
  readonly stale: LineRanges | undefined;
  readonly frame: LineRanges | undefined;
}

/** How many paint calls the changes cost. */
export function paintCalls(changes: LaneChanges): number {
  return changes.pieces.size + (changes.stale === undefined ? 0 : 1) + (changes.frame === undefined ? 0 : 1);
}

/**
 * What differs between what an editor shows and the next plan. `shown` must be where the editor has the ranges *now*:
 * VS Code moves decorations with the text, so a plan made before an edit is first moved along with `movePlan`.
 */
export function diffLanes(shown: LanePlan | undefined, next: LanePlan): LaneChanges {
  const pieces = new Map<PieceKey, LineRanges>();
  for (const [key, ranges] of next.pieces) {
    if (!sameRanges(shown?.pieces.get(key), ranges)) pieces.set(key, ranges);
  }
  for (const key of shown?.pieces.keys() ?? []) if (!next.pieces.has(key)) pieces.set(key, []);
  return {
    pieces,
    stale: sameRanges(shown?.stale ?? [], next.stale) ? undefined : next.stale,
    frame: sameRanges(shown?.frame ?? [], next.frame) ? undefined : next.frame,
  };
}

/** An edit in whole lines: `removed` line ends were taken out after `line`, `added` were put in. */
export interface LineEdit {
  readonly line: number;
  readonly removed: number;
  readonly added: number;
}

/**
 * The plan as the editor shows it after an edit: ranges below have moved, ranges that the edit cut into are `NaN`,
 * so that they compare unequal to everything and are painted anew.
 */
export function movePlan(plan: LanePlan, edit: LineEdit): LanePlan {
  if (edit.removed === 0 && edit.added === 0) return plan;
  const move = (ranges: LineRanges): number[] => {
    const moved = new Array<number>(ranges.length);
    for (let i = 0; i + 1 < ranges.length; i += 2) {
      const first = ranges[i] ?? 0;
      const last = ranges[i + 1] ?? 0;
      const shift = edit.added - edit.removed;
      const touched = first <= edit.line + edit.removed && last >= edit.line;
      moved[i] = touched ? NaN : first > edit.line ? first + shift : first;
      moved[i + 1] = touched ? NaN : first > edit.line ? last + shift : last;
    }
    return moved;
  };
  const pieces = new Map<PieceKey, LineRanges>();
  for (const [key, ranges] of plan.pieces) pieces.set(key, move(ranges));
  return { pieces, stale: move(plan.stale), frame: move(plan.frame) };
}

/** The plan as one whose ranges could be anywhere: every piece compares unequal and is painted anew. */
export function unknownPlaces(plan: LanePlan): LanePlan {
  const lost = (ranges: LineRanges): number[] => ranges.map(() => NaN);
  return {
    pieces: new Map([...plan.pieces].map(([key, ranges]) => [key, lost(ranges)])),
    stale: lost(plan.stale),
    frame: lost(plan.frame),
  };
}

function sameRanges(a: LineRanges | undefined, b: LineRanges): boolean {
  if (a === undefined || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
