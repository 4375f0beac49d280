import { digest } from './textChain';

/**
 * The score file of a document: readable by its name, told apart from others of that name by a hash of the whole path.
 * @param doc path relative to the folder that holds `.cotlens`, with `/`
 */
export function scoreFileName(doc: string): string {
  const name = (doc.split('/').at(-1) ?? '').replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 60);
  return `${name}.${digest('doc', doc).slice(0, 8)}.jsonl`;
}
