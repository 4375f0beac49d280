import { open } from 'node:fs/promises';
import { parseRecord } from '../judge/scoreRecord';

/** Bytes in which the first record of a score file ends, nearly always. */
const HEAD = 65_536;

/** The document that the first readable record of a score file names. Of a large file only the beginning is read. */
export async function firstDoc(path: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const head = buffer.toString('utf8', 0, bytesRead);
    const text = head.includes('\n') || bytesRead < HEAD ? head : await file.readFile('utf8');
    for (const line of text.split('\n')) {
      const record = parseRecord(line);
      if (record !== undefined) return record.doc;
    }
    return undefined;
  } finally {
    await file.close();
  }
}
