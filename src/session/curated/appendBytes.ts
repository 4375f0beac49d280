import { open, type FileHandle } from 'node:fs/promises';

/**
 * Appends to a file, which is made where there is none, and waits until the disk has it. Nothing that is there already is touched: a crash
 * can only leave a part of the new bytes behind them.
 * @throws the system's error; the file is then as it was
 */
export async function appendBytes(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'a+');
  try {
    const { size } = await file.stat();
    try {
      for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done)).bytesWritten;
      await file.datasync();
    } catch (error) {
      // Of a full disk a part may have been written.
      await takeBack(file, size, bytes);
      throw error;
    }
  } finally {
    await file.close();
  }
}

/** Cuts off what is there of the bytes; not what another program has put there. */
async function takeBack(file: FileHandle, size: number, bytes: Uint8Array): Promise<void> {
  const length = (await file.stat()).size - size;
  if (length <= 0 || length > bytes.length) return;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size);
  if (bytesRead === length && buffer.equals(bytes.subarray(0, length))) await file.truncate(size);
}
