import type { RowPlace } from './rowPath';

/** A row's name in the score log: that of its dataset, `#`, its key, and its variant where it has one. Not its number: rows move. */
export function rowDoc(dataset: string, { key, variant }: Pick<RowPlace, 'key' | 'variant'>): string {
  return `${dataset}#${key}${variant === undefined ? '' : `.${variant}`}`;
}

/** Reads such a name; `undefined` where it is none. */
export function parseRowDoc(doc: string): { readonly dataset: string; readonly key: string; readonly variant: string | undefined } | undefined {
  const [, dataset, key, variant] = /^(.+)#([\w~-]+)(?:\.([\w~-]+))?$/su.exec(doc) ?? [];
  return dataset === undefined || key === undefined ? undefined : { dataset, key, variant };
}
