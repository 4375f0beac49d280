import { countOf } from '../../trace/countOf';
import { plainLine } from '../../trace/plainLine';
import type { PlannedRequest } from '../../train/backends/backend';
import type { RunPlan } from '../../train/runs/run';
import type { PreflightCheck } from './preflight';

/** Rows as far as they are shown. VS Code gives extensions no larger documents, in characters. Ours. */
const LONGEST = 20_000_000;

/** What a preview is made of. */
export interface LaunchPreview {
  readonly plan: RunPlan;
  readonly requests: readonly PlannedRequest[];
  /** The training file, as it goes out. */
  readonly rows: string;
  readonly checks: readonly PreflightCheck[];
  /** What is done with the rows where they go by a path, in words. */
  readonly way: string | undefined;
  /** `launch` starts a run with it, `push` does not. */
  readonly doing: 'launch' | 'push';
}

/** Everything that would leave the machine, with its destination; the same for a run and for rows alone. */
export function launchPreview({ plan, requests, rows, checks, way, doing }: LaunchPreview): string {
  const { backend, set, file } = plan;
  const shown = beginning(rows);
  const said = [
    doing === 'launch' ? `What would leave this machine for the run ${plan.id}` : `What would leave this machine with ${set.name}`,
    '',
    requests.length === 0 ? `To: ${file.at ?? 'nobody'}. Nothing is sent to ${backend.name}, ${backend.url}.` : `To: ${backend.name}, ${backend.url}. To nobody else.`,
    `Set: ${set.path} (SHA-256 ${set.sha256})`,
    `Training file: ${countOf(file.rows, 'row')}, ${file.format} (SHA-256 ${file.sha256})${file.ablation ? ', recorded as an ABLATION' : ''}`,
    ...(way === undefined ? [] : [way]),
    ...(requests.length === 0 ? [] : ['Its key or token, where one is set, goes along in the header of each request, to this address alone.']),
  ];
  const lines = [
    // Names and values may be somebody else’s: none makes a line of its own.
    ...said.map((line) => plainLine(line)),
    '',
    'Looked at before:',
    ...checks.map(({ about, status, said: words }) => `  ${(status === 'open' ? 'not checked' : status).padEnd(11)} ${plainLine(`${about}: ${words}`)}`),
    ...requests.flatMap(({ what, method, url, body }, i) => ['', plainLine(`═══ Request ${String(i + 1)} of ${String(requests.length)}: ${what}`), plainLine(`${method} ${url}`), '', body]),
    '',
    `═══ The rows${shown.length === rows.length ? '' : ` (the first ${shown.split('\n').length - 1} of ${String(file.rows)}: a document in VS Code holds no more)`}`,
    shown,
  ];
  return lines.join('\n');
}

/** As many whole rows as can be shown. */
function beginning(text: string): string {
  return text.length <= LONGEST ? text : text.slice(0, text.lastIndexOf('\n', LONGEST) + 1);
}
