import { scoreFileName } from '../judge/scoreFileName';
import { parseRecord } from '../judge/scoreRecord';
import { ScoreShard } from '../judge/scoreShard';
import type { KeptPlace } from '../session/datasets/cotlensFolder';
import { nodeFiles } from '../session/nodeFiles';
import { parseRowDoc, rowDoc } from '../session/datasets/rowDoc';
import type { RowScoreSource, ScoredRowFile } from '../session/rows/rowScoreIndex';
import { firstDoc } from './firstDoc';

/** Finds the score files of datasets' rows, whose documents are named `data/set.jsonl#key` or `data/set.jsonl#key.variant`. */
export class RowScoreFiles {
  /** Which document a score file is of, by its path: it never changes, and thousands are not opened again. */
  private readonly docs = new Map<string, string>();

  /** @param placeOf where what belongs to a dataset is kept */
  constructor(private readonly placeOf: (dataset: string) => KeptPlace) {}

  /** @param dataset absolute path */
  of(dataset: string): RowScoreSource {
    const { folder, doc } = this.placeOf(dataset);
    const scores = `${folder}/scores`;
    // As score files are named: most files of the folder belong to others, and are not opened.
    const begins = scoreFileName(`${doc}#`).replace(/\.[0-9a-f]{8}\.jsonl$/, '').slice(0, 40);
    return {
      list: async (signal) => {
        const names = (await nodeFiles.list(scores)).filter((name) => name.startsWith(begins) && name.endsWith('.jsonl'));
        const files: ScoredRowFile[] = [];
        for (const name of names) {
          signal.throwIfAborted();
          const file = await this.file(scores, name, doc);
          if (file !== undefined) files.push(file);
        }
        return files;
      },
      onDidChange: (listener) =>
        nodeFiles.watch(scores, (name) => {
          if (name.startsWith(begins)) listener();
        }),
    };
  }

  private async file(folder: string, name: string, dataset: string): Promise<ScoredRowFile | undefined> {
    const path = `${folder}/${name}`;
    const facts = await nodeFiles.facts(path);
    if (facts === undefined) return undefined;
    let doc = this.docs.get(path);
    if (doc === undefined) {
      doc = await firstDoc(path);
      if (doc === undefined) return undefined;
      this.docs.set(path, doc);
    }
    // Records keep the name that the dataset had when they were made; the file has the one it has now.
    const row = parseRowDoc(doc);
    if (row === undefined || scoreFileName(rowDoc(dataset, row)) !== name) return undefined;
    return { key: row.key, variant: row.variant, stamp: `${String(facts.size)} ${String(facts.modified)} ${facts.identity}`, read: () => readShard(path) };
  }
}

/** All records of a score file; lines that are none are left alone. */
export async function readShard(path: string): Promise<ScoreShard> {
  const shard = new ScoreShard();
  for (const line of new TextDecoder().decode(await nodeFiles.read(path)).split('\n')) {
    const record = line === '' ? undefined : parseRecord(line);
    if (record !== undefined) shard.add(record);
  }
  return shard;
}
