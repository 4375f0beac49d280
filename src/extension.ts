import * as vscode from 'vscode';
import { TraceCodeLens } from './editor/codeLens';
import { CraftActions } from './editor/craftActions';
import { TraceDiagnostics } from './editor/diagnostics';
import { TraceFolding } from './editor/folding';
import { HandScoring } from './editor/handScoring';
import { StepHover } from './editor/hover';
import { LiveOutline } from './editor/outline';
import { SampleDiagnostics } from './editor/sampleDiagnostics';
import { SampleFixes } from './editor/sampleFixes';
import { StepMarks } from './editor/stepMarks';
import { TracePainter } from './editor/tracePainter';
import { registerTurningPointCommands } from './editor/turningPointCommands';
import { ApiKeys } from './host/apiKeys';
import { CalibrationFolders } from './host/calibrationFolders';
import { ConfiguredJudges } from './host/configuredJudges';
import { HandKeys } from './host/handKeys';
import { CuratedSetFiles } from './host/curatedSets';
import { DatasetFiles, keptPlace } from './host/datasetFiles';
import { Drafts } from './host/drafts';
import { InstructionFiles } from './host/instructions';
import { Judges } from './host/judges';
import { judgesAtHand } from './host/judgesAtHand';
import { openRows } from './host/openRows';
import { OpenTraces } from './host/openTraces';
import { RowScoreFiles } from './host/rowScoreFiles';
import { RowScoreMoves } from './host/rowScoreMoves';
import { Rubrics } from './host/rubrics';
import { scoreByChosen } from './host/scoreByChosen';
import { ScoredDocuments } from './host/scoredDocuments';
import { ScoreLogs } from './host/scoreLogs';
import { Scoring } from './host/scoring';
import { ScoringOffers } from './host/scoringOffers';
import { SendConsent } from './host/sendConsent';
import { Settings } from './host/settings';
import { ShownJudges } from './host/shownJudges';
import { StoredDrafts } from './host/storedDrafts';
import { Teachers } from './host/teachers';
import { TokenCounts } from './host/tokenCounts';
import { TrainingBackends } from './host/trainingBackends';
import { WorkspaceRuns } from './host/trainingRuns';
import { WorkspaceTraces } from './host/workspaceTraces';
import { isComplete } from './session/runInWords';
import { SampleChecks } from './session/sampleChecks';
import { TraceStore } from './session/traceStore';
import { CalibrateCommands } from './views/calibrateCommands';
import { registerChooseTeacher } from './views/chooseTeacher';
import { CompareCommands } from './views/compareCommands';
import { CompareDatasets } from './views/compareDatasets';
import { CraftCommands } from './views/craftCommands';
import { CuratedSetView } from './views/curatedSetView';
import { CurvesPages } from './views/curvesPages';
import { registerEditsCommands } from './views/editsCommands';
import { ExportSet } from './views/exportSet';
import { registerFormatCommands } from './views/formatCommands';
import { registerInstructionCommands } from './views/instructionCommands';
import { registerJudgeCommands } from './views/judgeCommands';
import { LaunchFineTune } from './views/launchFineTune';
import { MeanCurves } from './views/meanCurves';
import { registerOpenSample } from './views/openSample';
import { registerRowCommands } from './views/rowCommands';
import { RowStatus } from './views/rowStatus';
import { registerRubricCommands } from './views/rubricCommands';
import { RunsView } from './views/runsView';
import { registerScoreTraces } from './views/scoreTracesCommand';
import { StepStatus } from './views/stepStatus';
import { TraceContext } from './views/traceContext';
import { registerTraceCommands } from './views/traceCommands';
import { registerWriteVerdicts } from './views/writeVerdicts';
import { TracesView } from './views/tracesView';

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
  const calibrations: CalibrationFolders = own(
    new CalibrationFolders(output, () => {
      store.calibrationsChanged();
    }),
  );
  const rowScoreMoves = new RowScoreMoves(scores, output);
  const datasets = own(new DatasetFiles(context.globalStorageUri, output, (path, rows) => rowScoreMoves.renamed(path, rows)));
  own(
    openRows(datasets, context.storageUri ?? context.globalStorageUri, output, (uri, key) => {
      scores.rowNamed(uri, key);
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
      calibrations.noteOf,
    ),
  );
  const traces = own(new OpenTraces(store, scores, settings, output));
  const configured = own(new ConfiguredJudges(output));
  const apiKeys = own(new ApiKeys(context.secrets));
  const rubrics = new Rubrics();
  const judges = own(new Judges(configured, apiKeys, rubrics, context.globalState, calibrations.noteOf));
  const consent = new SendConsent(configured, context.workspaceState);
  const offers = new ScoringOffers(configured);
  const instructions = new InstructionFiles();
  const teachers = own(new Teachers(configured, judges, instructions));
  const scoring = own(new Scoring({ traces, store, scores, consent, offers, onDidPutOff: judges.onDidPutOff, log: output }));

  own(new TraceContext(traces, store));
  own(new StepStatus(traces, store));
  own(new TraceDiagnostics(store));
  const checksFailed = (error: unknown): void => {
    output.error(`The checks of a crafted sample failed: ${String(error)}`);
  };
  const checks = own(
    new SampleChecks({
      store,
      tokens: own(new TokenCounts(checksFailed)),
      rulesOf: (uri) => settings.traceOptions({ uri: vscode.Uri.parse(uri), languageId: 'cot' }).shapeRules,
      failed: checksFailed,
    }),
  );
  own(new SampleDiagnostics(checks));
  own(new TracePainter(traces, store, settings, output));
  own(registerTurningPointCommands(traces));
  own(new ShownJudges(store, context.workspaceState));
  own(registerTraceCommands({ traces, store, scores, scoring, settings, judges, output }));
  own(registerJudgeCommands({ configured, judges, keys: apiKeys }));
  own(registerRubricCommands({ judges, rubrics }));
  own(registerChooseTeacher({ configured, judges, keys: apiKeys, teachers }));
  own(registerInstructionCommands({ teachers, files: instructions }));
  const workspaceTraces = new WorkspaceTraces(store, scores, settings);
  const scoreTraces = own(registerScoreTraces({ judges, rubrics, consent, traces: workspaceTraces, store, output }));

  const pages = own(
    new CurvesPages({
      traces,
      store,
      settings,
      exchangesOf: (uri, seen, judge, intent) => {
        const { log, doc } = scores.of(vscode.Uri.parse(uri));
        return log.exchanges.find(doc, seen, judge, intent);
      },
      extension: context.extensionUri,
      output,
    }),
  );
  const scored = new ScoredDocuments(scores, store, settings, datasets);
  const keys = own(new HandKeys());
  own(new HandScoring({ traces, store, scores, keys, output, drafts: new StoredDrafts(context.workspaceState) }));
  own(
    new CompareCommands({
      traces,
      documents: scored,
      calibrationOf: calibrations.noteOf,
      judges,
      scoreWith: async (document, variant) => isComplete(await scoreByChosen(judges, scoring, document, variant)),
      pages,
    }),
  );
  own(
    new CalibrateCommands({
      scored,
      calibrations,
      keys,
      marks: own(new StepMarks()),
      judgeAtHand: judgesAtHand(
        () => configured.all,
        (variant, resource) => judges.judgeWith(variant, resource),
      ),
      consent,
      output,
    }),
  );

  own(registerOpenSample(context.extensionUri));
  own(new RowStatus(datasets));
  const rowScores = new RowScoreFiles((path) => keptPlace(path, vscode.Uri.joinPath(context.globalStorageUri, 'cotlens').fsPath));
  const tracesView = own(
    new TracesView({
      datasets,
      rowScores,
      traces: workspaceTraces,
      score: (rows) => scoreTraces.score(rows),
      calibrationOf: calibrations.noteOf,
      settings,
      memory: context.workspaceState,
      extension: context.extensionUri,
      output,
    }),
  );
  const sets = own(new CuratedSetFiles(context.workspaceState, output, context.globalStorageUri));
  const meanParts = { sets, datasets, rowScores, settings, calibrationOf: calibrations.noteOf, extension: context.extensionUri, output };
  const means = own(new MeanCurves(meanParts));
  own(new CompareDatasets({ ...meanParts, means }));
  own(new CuratedSetView({ sets, datasets, traces, scores, settings, means, checks }));
  const version = (): string => (context.extension.packageJSON as { readonly version: string }).version;
  own(new ExportSet({ sets, datasets, memory: context.workspaceState, version }));
  const backends = new TrainingBackends(apiKeys, version);
  const runs = own(new WorkspaceRuns(backends, context.globalStorageUri, output));
  const launches = own(
    new LaunchFineTune({
      ...{ sets, datasets, keys: apiKeys, backends, runs, memory: context.workspaceState, log: output },
      showRun: (id) => vscode.commands.executeCommand('cotLens.run.show', id),
    }),
  );
  own(new RunsView({ runs, extension: context.extensionUri, storage: context.globalStorageUri, output, relaunch: (run) => launches.relaunch(run) }));
  own(registerRowCommands({ datasets, walks: [tracesView] }));
  own(registerFormatCommands(datasets));
  own(registerEditsCommands(datasets));
  own(registerWriteVerdicts({ datasets, scores, traces: workspaceTraces }));

  const craft = own(new CraftCommands({ traces, drafts: own(new Drafts(context.workspaceState, output)), teachers, consent, output }));
  const lens = own(new TraceCodeLens(traces, store, settings, judges, checks));
  const everywhere: vscode.DocumentSelector = { pattern: '**' };
  own(vscode.languages.registerCodeLensProvider(everywhere, lens));
  own(vscode.languages.registerHoverProvider(everywhere, new StepHover(traces)));
  own(vscode.languages.registerCodeActionsProvider(everywhere, new SampleFixes(checks), { providedCodeActionKinds: SampleFixes.kinds }));
  own(vscode.languages.registerCodeActionsProvider(everywhere, new CraftActions(traces, craft.offersAt, () => teachers.nameOf('teacher')), { providedCodeActionKinds: [CraftActions.kind] }));
  own(new LiveOutline(traces, store));
  own(vscode.languages.registerFoldingRangeProvider('cot', own(new TraceFolding(traces, settings))));
}

export function deactivate(): void {
  // Everything is in `context.subscriptions`; what the score log has taken is being written already.
}
