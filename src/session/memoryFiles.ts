import type { Files } from '../trace/files';

/** The `Files` port without a disk: for documents that have no place there, such as untitled ones. */
export class MemoryFiles implements Files {
  private readonly contents = new Map<string, Buffer[]>();

  facts: Files['facts'] = (path) => {
    const chunks = this.contents.get(path);
    return Promise.resolve(chunks && { size: chunks.reduce((sum, { length }) => sum + length, 0), identity: path, modified: 0 });
  };

  read: Files['read'] = (path, start = 0) => {
    // Kept as one piece: reading the last byte after each append must not copy all the others.
    const all = Buffer.concat(this.contents.get(path) ?? []);
    this.contents.set(path, [all]);
    return Promise.resolve(all.subarray(start));
  };

  append: Files['append'] = (path, text) => {
    const chunks = this.contents.get(path) ?? [];
    chunks.push(Buffer.from(text));
    this.contents.set(path, chunks);
    return Promise.resolve();
  };

  replace: Files['replace'] = (path, text) => {
    this.contents.set(path, [Buffer.from(text)]);
    return Promise.resolve();
  };

  create: Files['create'] = async (path, text) => {
    if (this.contents.has(path)) return false;
    await this.replace(path, text);
    return true;
  };

  rename: Files['rename'] = (from, to) => {
    this.contents.set(to, this.contents.get(from) ?? []);
    this.contents.delete(from);
    return Promise.resolve();
  };

  remove: Files['remove'] = (path) => {
    this.contents.delete(path);
    return Promise.resolve();
  };

  list: Files['list'] = (folder) =>
    Promise.resolve([...this.contents.keys()].filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1)));

  watch: Files['watch'] = () => ({ dispose: () => undefined });
}
