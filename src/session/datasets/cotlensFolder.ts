import { digest } from '../../judge/textChain';

/** Where what belongs to a dataset is kept: beside the scores. */
export interface KeptPlace {
  /** The folder `.cotlens`, or the one that stands for it where the file lies in no workspace folder. */
  readonly folder: string;
  /** The dataset's path from there with `/`, else its whole path. */
  readonly doc: string;
}

/** The beginning of the names of a dataset's files in the folders of `.cotlens`: readable, and told apart by a hash of the path. */
export function keptName(doc: string): string {
  const name = (doc.split('/').at(-1) ?? '').replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 60);
  return `${name}.${digest('doc', doc).slice(0, 8)}`;
}

/** A dataset's file in a folder of `.cotlens`, such as `edits`. */
export function keptPath({ folder, doc }: KeptPlace, kind: string, ending: string): string {
  return `${folder}/${kind}/${keptName(doc)}.${ending}`;
}
