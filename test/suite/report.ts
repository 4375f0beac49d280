import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type Mocha from 'mocha';

/** What a run of tests came to; `npm test` reads it from out/reports/. */
export interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
  /** Each failed test: its full title and why it failed. */
  readonly failures: readonly string[];
}

/** Runs what was added to mocha and leaves a report in the file named by COT_LENS_REPORT, if any. */
export async function runAndReport(mocha: Mocha): Promise<Report> {
  const skipped: string[] = [];
  const failures: string[] = [];
  const report = await new Promise<Report>((resolve) => {
    const runner = mocha.run((failed) => {
      resolve({ passed: runner.stats?.passes ?? 0, failed, skipped, failures });
    });
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.on('fail', (test, error: Error) => failures.push(`${test.fullTitle()}: ${error.message}`));
  });
  const file = process.env['COT_LENS_REPORT'];
  if (file !== undefined) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(report));
  }
  if (report.passed + report.failed === 0) throw new Error('No test ran.');
  return report;
}
