import path from 'node:path';
import type { CuratedSetPlaces } from '../../../src/session/curated/curatedSetFiles';

/** Where a folder's sets have their locks: as in a workspace folder. */
export function setPlaces(folder: string): Pick<CuratedSetPlaces, 'placeOf' | 'own'> {
  return { placeOf: (file) => ({ folder: path.join(folder, '.cotlens'), doc: path.relative(folder, file) }), own: path.join(folder, 'own') };
}
