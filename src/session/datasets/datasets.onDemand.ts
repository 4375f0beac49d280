import { containers } from '../../trace/containers';
import { inspectEval } from '../../trace/containers/inspectEval';
import { parquetContainer } from '../../trace/containers/parquet';
import { FORMATS, readRow } from '../../trace/formats';
import { composeRow, rowEdits } from '../../trace/rows/rowDocument';
import { DatasetSet, type DatasetPlaces, type EditableDatasets } from './datasetSet';
import { IndexFiles } from './keptIndexes';
import { openFileBytes } from './nodeFileBytes';
import { nodeFiles } from '../nodeFiles';
import type { RowReader } from './rowReader';

/** Formats and row documents as one. */
const reader: RowReader = {
  formats: FORMATS.map(({ name }) => name),
  read: (row, choice) => readRow(row, choice),
  compose: composeRow,
  changes: rowEdits,
};

/** Datasets on this machine's files, with all that they are read by: loaded when the first is opened. */
export function createDatasets(places: DatasetPlaces): EditableDatasets {
  const all = containers(inspectEval, parquetContainer());
  const kept = new IndexFiles(
    places.placeOf,
    nodeFiles,
    all.map(({ name }) => name),
    places.log,
  );
  return new DatasetSet({ ...places, containers: all, openBytes: (path) => openFileBytes(path), kept, reader, files: nodeFiles });
}
