/** An entry of a ZIP archive as its directory says, plain data that can be stored. Nothing of it is to be trusted. */
export interface ZipEntry {
  /** Names the entry to people and finds a sample; never used as a path of the disk. */
  readonly name: string;
  /** Place in the directory, 0-based. */
  readonly ordinal: number;
  /** Where the entry's own header begins, in bytes of the archive. */
  readonly at: number;
  /** Where the next entry (or the directory) begins: nothing of this one may lie there or beyond. */
  readonly next: number;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  /** Bytes as they lie in the archive. */
  readonly packed: number;
  /** Bytes when unpacked. */
  readonly size: number;
  /** Why it is not to be read, in words. */
  readonly problem?: string;
}

/** How entries are packed. */
export const STORED = 0;
export const DEFLATE = 8;
export const ZSTD = 93;

/** Bits of `flags`. */
export const ENCRYPTED = 0x1;
export const DESCRIPTOR_FOLLOWS = 0x8;

export const LOCAL_HEADER = 0x04034b50;
export const DIRECTORY_RECORD = 0x02014b50;
export const DESCRIPTOR = 0x08074b50;
/** The fixed part of an entry's header; its name and extra fields follow. */
export const LOCAL_HEADER_LENGTH = 30;
export const DIRECTORY_RECORD_LENGTH = 46;
/** What stands in a field of 32 bits whose value is in the ZIP64 extra field. */
export const IN_ZIP64 = 0xffffffff;
export const ZIP64_FIELD = 0x0001;

/** Largest sample that is read, in bytes unpacked; ours. VS Code opens no document above 50 MB. */
export const LARGEST_ENTRY = 50 * 1024 * 1024;

/** A size for people. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
