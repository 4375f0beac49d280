import { dualUse, type TextUse } from '../dualUse';
import type { CuratedSample } from '../sample';
import { unfitText } from './unfitText';
import type { ExportOptions, NotExported, TrainingFormat } from './trainingFormat';

/** A format as its file says it. It makes no rows by itself: only under the dual-use rule, which the list puts over all of them. */
export interface RowMaker extends Omit<TrainingFormat, 'rows'> {
  readonly textUse: TextUse;
  /** As `TrainingFormat.rows`, of a sample that the rule lets through. */
  make(this: void, sample: CuratedSample, options: ExportOptions): ReturnType<TrainingFormat['rows']>;
}

/** The format with the rule of every export: what may not go out, or would not be read back as it is, has no rows but a reason. */
export function underDualUse({ make, textUse, ...format }: RowMaker): TrainingFormat {
  return {
    ...format,
    textUse,
    rows(sample, options): ReturnType<TrainingFormat['rows']> {
      const ruled = dualUse(sample, textUse, options);
      const reason = ruled.refused ?? unfitText(sample);
      return reason === undefined ? make(sample, options) : notExported(sample, reason);
    },
  };
}

export function notExported({ id }: CuratedSample, reason: string): NotExported {
  return { id, reason };
}
