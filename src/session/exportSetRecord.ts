import type { ExportOptions, TrainingFormat } from '../curate/formats/trainingFormat';
import type { JsonObject } from '../trace/rows/fieldRef';
import { sha256, type ExportedFile, type SetToExport } from './exportSet';

/** Where and with what a training file was made. */
export interface ExportMaking {
  /** The training file's name, without its folder. */
  readonly file: string;
  /** The extension's version. */
  readonly version: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * What stands beside a training file, `<name>.export.json`: of which set it was made, byte for byte, in which format and by which version,
 * its canary, whether it is an ablation, and what was left out. It holds no text of any sample.
 */
export function exportRecord(set: SetToExport, format: TrainingFormat, options: ExportOptions, exported: ExportedFile, making: ExportMaking): string {
  const { template, canary, ablation } = options;
  const { check, checked, tokens } = exported;
  const record: JsonObject = {
    file: making.file,
    sha256: exported.sha256,
    format: format.name,
    rows: exported.rows,
    set: { name: set.name, sha256: set.sha256, samples: set.samples.length, brokenLines: set.broken.length },
    at: making.at,
    versions: { cotLens: making.version, record: 1 },
    canary,
    canaryInRows: exported.text.split('\n', 1)[0]?.includes(JSON.stringify(canary)) ?? false,
    ablation,
    ablations: exported.ablations,
    answersNotChecked: exported.notChecked,
    ...(template === undefined ? {} : { template: { model: template.model, sha256: sha256(template.template) } }),
    templateCheck: check === undefined ? 'not checked' : check.problems.length === 0 ? 'passed' : check.problems.map(({ code }) => code),
    ...(checked === undefined || checked.failed.length === 0 ? {} : { templateCheckFailed: checked.failed }),
    ...(tokens === undefined ? {} : { tokens: typeof tokens === 'string' ? { notCounted: tokens } : { ...tokens } }),
    leftOut: exported.leftOut.map(({ id, reason }) => ({ id, reason })),
  };
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

/** The record's path: beside the file, by its name. */
export function recordPath(file: string): string {
  return `${file.replace(/\.jsonl$/, '')}.export.json`;
}
