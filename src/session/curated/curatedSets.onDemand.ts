import { nodeFiles } from '../nodeFiles';
import type { CuratedSets } from './curatedSet';
import { CuratedSetsOnDisk, type CuratedSetPlaces } from './curatedSetFiles';

/** Curated sets on this machine's files, with all that they are read and written by: loaded when the first is opened. */
export function createCuratedSets(places: CuratedSetPlaces): CuratedSets {
  return new CuratedSetsOnDisk(places, nodeFiles);
}
