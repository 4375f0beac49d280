import { open } from 'node:fs/promises';

/**
 * Appends to a file, which is made where there is none, and waits until the disk has it. Nothing that is there already is touched: a crash
 * can only leave a part of the new bytes behind them.
 * @throws the system's error; the file is then as it was
 */
export async function appendBytes(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'a');
  try {
    const { size } = await file.stat();
    let done = 0;
    try {
      while (done < bytes.length) done += (await file.write(bytes, done)).bytesWritten;
      await file.datasync();
    } catch (error) {
      // Of a full disk a part may have been written. What another program has appended behind it is not ours to cut.
      if (done > 0 && (await file.stat()).size === size + done) await file.truncate(size);
      throw error;
    }
  } finally {
    await file.close();
  }
}
