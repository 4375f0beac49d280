/**
 * What is done with rows that the cluster reads by a path. `there`: these bytes lie there already. `put`: they were brought there before,
 * which cannot be seen from here. `write`: they are written there from here. `bring`: they are saved where the person says, who brings them.
 */
export type RowsWay =
  | { readonly kind: 'there'; readonly at: string }
  | { readonly kind: 'put'; readonly at: string; /** ISO 8601. */ readonly put: string }
  | { readonly kind: 'write'; readonly at: string; /** Is there another file of that name? */ readonly replaces: boolean }
  | { readonly kind: 'bring'; readonly at: string };

/** Said before anything is done. What this machine sees is not what the cluster sees: that is a condition, and is worded as one. */
export function rowsWayInWords(way: RowsWay): string {
  const { at } = way;
  switch (way.kind) {
    case 'there':
      return `These rows lie at ${at} on this machine already, byte for byte. ${SAME_FILE}`;
    case 'put':
      return `The cluster is to read the rows from ${at}, where you brought them on ${way.put.slice(0, 10)}. Whether they still lie there cannot be seen from this machine.`;
    case 'write':
      return `The rows are written to ${at} on this machine${way.replaces ? ', in place of the file that is there' : ''}. ${SAME_FILE}`;
    case 'bring':
      return `The rows are saved where you say. The cluster is to read them from ${at}: bring them there before the run begins.`;
  }
}

const SAME_FILE = 'A run finds them only if the cluster has this very file under that path: if it runs on this machine, or the folder is on storage that both share.';
