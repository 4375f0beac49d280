import type { Disposable } from '../trace/event';
import { addToSet } from './addToSet';
import type { CuratedSetViewParts } from './curatedSetView';
import { CLICKED, type SetNode } from './curatedSetViewNodes';
import { CuratedSetTree } from './curatedSetViewTree';
import { editNote, moveSamples, openSamples, removeSamples, revealLine, undoRemove } from './setCommands';
import { checkSet } from './setCommandsCheck';
import { markAblations } from './setCommandsAblation';
import { chosenSet, newSet } from './setCommandsChoose';
import { chooseEvaluations } from './setCommandsEvaluations';
import { takeScores } from './setCommandsScores';

/** What the view's commands do. */
export type SetAction = 'add' | 'new' | 'check' | 'evaluations' | 'page' | 'undo' | 'open' | 'note' | 'ablation' | 'move' | 'remove' | 'reveal' | 'takeScores';

/** What stands behind the view once it is loaded. */
export interface CuratedSetSession extends Disposable {
  readonly tree: CuratedSetTree;
  /**
   * @param nodes the entries it is about, if any
   * @param how as the command was given it: `CLICKED` where the entry itself was clicked
   * @throws Error in words
   */
  act(action: SetAction, nodes: readonly SetNode[], how?: unknown): Promise<void>;
}

export function createCuratedSetSession(parts: CuratedSetViewParts): CuratedSetSession {
  const { sets, means } = parts;
  const tree = new CuratedSetTree(sets);
  /** The set of the first entry, the only set, or one that the person picks. */
  const onSet = async ([first]: readonly SetNode[], title: string, run: (path: string) => Promise<void>): Promise<void> => {
    const all = await sets.paths();
    const path = first?.path ?? (all.length === 1 ? all[0] : await chosenSet(sets, title, { mayBeNew: false }));
    if (path !== undefined) await run(path);
  };
  const actions: Readonly<Record<SetAction, (nodes: readonly SetNode[], how: unknown) => Promise<void>>> = {
    add: () => addToSet(parts),
    new: async () => {
      await newSet(sets);
    },
    check: (nodes) => onSet(nodes, 'Check a set', (path) => checkSet(parts, tree, path)),
    evaluations: (nodes) => onSet(nodes, 'Evaluations for which set', (path) => chooseEvaluations(parts, path)),
    page: (nodes) => onSet(nodes, 'Show a set', (path) => means.showSet(path)),
    undo: () => undoRemove(sets),
    open: (nodes, how) => openSamples(parts, nodes, how === CLICKED),
    note: (nodes) => editNote(parts, nodes),
    ablation: (nodes) => markAblations(parts, nodes),
    move: (nodes) => moveSamples(parts, nodes),
    remove: (nodes) => removeSamples(parts, nodes),
    reveal: (nodes) => revealLine(nodes),
    takeScores: (nodes) => takeScores(parts, nodes),
  };
  return {
    tree,
    act: (action, nodes, how) => actions[action](nodes, how),
    dispose: () => {
      tree.dispose();
    },
  };
}
