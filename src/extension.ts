import * as vscode from 'vscode';
import { TraceCodeLens } from './editor/codeLens';
import { TraceDiagnostics } from './editor/diagnostics';
import { TraceFolding } from './editor/folding';
import { StepHover } from './editor/hover';
import { LiveOutline } from './editor/outline';
import { TracePainter } from './editor/tracePainter';
import { registerTurningPointCommands } from './editor/turningPointCommands';
import { OpenTraces } from './host/openTraces';
import { ScoreLogs } from './host/scoreLogs';
import { Scoring } from './host/scoring';
import { Settings } from './host/settings';
import { offlineJudge } from './judge/offline/offlineJudge';
import { TraceStore } from './session/traceStore';
import { registerOpenSample } from './views/openSample';
import { StepStatus } from './views/stepStatus';
import { TraceContext } from './views/traceContext';
import { registerTraceCommands } from './views/traceCommands';

/** Builds the parts in order, each on those before it. Nothing is awaited: the editor must not wait for us. */
export function activate(context: vscode.ExtensionContext): void {
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const output = own(vscode.window.createOutputChannel('CoT Lens', { log: true }));
  const settings = own(new Settings());
  const scores: ScoreLogs = own(
    new ScoreLogs(context.globalStorageUri, output, (uri) => {
      store.scoresChanged(uri);
    }),
  );
  const store: TraceStore = own(
    new TraceStore(
      (uri) => {
        const { log, doc } = scores.of(vscode.Uri.parse(uri));
        return log.scores(doc);
      },
      (error) => {
        output.error(`A part that shows traces failed: ${String(error)}`);
      },
    ),
  );
  const traces = own(new OpenTraces(store, scores, settings, output));
  const scoring = own(new Scoring(traces, store, scores, output));

  own(new TraceContext(traces, store));
  own(new StepStatus(traces, store));
  own(new TraceDiagnostics(store));
  own(new TracePainter(traces, store, settings, output));
  own(registerTurningPointCommands(traces));
  own(registerTraceCommands({ traces, store, scores, scoring, settings, judge: offlineJudge, output }));

  own(registerOpenSample(context.extensionUri));

  const lens = own(new TraceCodeLens(traces, store, settings, offlineJudge.identity.label));
  const everywhere: vscode.DocumentSelector = { pattern: '**' };
  own(vscode.languages.registerCodeLensProvider(everywhere, lens));
  own(vscode.languages.registerHoverProvider(everywhere, new StepHover(traces)));
  own(new LiveOutline(traces, store));
  own(vscode.languages.registerFoldingRangeProvider('cot', own(new TraceFolding(traces, settings))));
}

export function deactivate(): void {
  // Everything is in `context.subscriptions`; what the score log has taken is being written already.
}
