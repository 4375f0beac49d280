import * as vscode from 'vscode';
import type { ScoreLog } from '../judge/scoreLog';
import { movesInOrder } from '../session/datasets/movesInOrder';
import { parseRowDoc, rowDoc } from '../session/datasets/rowDoc';
import type { RenamedRow } from '../session/datasets/rowTable';
import type { Logger } from '../trace/logger';
import type { ScoreLogs } from './scoreLogs';

/** Moves the scores of rows that got other names, since their id or their prompt was edited. */
export class RowScoreMoves {
  constructor(
    private readonly scores: ScoreLogs,
    private readonly log: Logger,
  ) {}

  /** @param path of the dataset, absolute */
  async renamed(path: string, rows: readonly RenamedRow[]): Promise<void> {
    try {
      const names = new Map(rows.map(({ old, now }) => [old, now]));
      const { log, doc, rows: scored } = await this.scores.scoredRowsOf(vscode.Uri.file(path));
      const moves = new Map<string, string>();
      for (const from of scored) {
        const row = parseRowDoc(from);
        const key = row === undefined ? undefined : names.get(row.key);
        if (row !== undefined && key !== undefined) moves.set(from, rowDoc(doc, { ...row, key }));
      }
      for (const [from, to] of movesInOrder(moves)) await move(log, from, to);
    } catch (error) {
      this.log.error(`The scores of rows of ${path} that have other names now could not go with them: ${String(error)}`);
    }
  }
}

/** Records keep the name that they were made under, and a file is told by its first: so they are written under the new name first. */
async function move(log: ScoreLog, from: string, to: string): Promise<void> {
  await log.load(from);
  await log.adopt(to, log.scores(from).records());
  await log.moved(from, to);
}
