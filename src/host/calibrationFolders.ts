import * as vscode from 'vscode';
import { noteOf, type Calibration } from '../session/calibration';
import type { CalibrationNote } from '../session/calibrationNote';
import { Calibrations } from '../session/calibrations';
import { nodeFiles } from '../session/nodeFiles';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import { personIdentity } from './person';

/** A calibration and the folder that keeps it. */
export interface KeptCalibration {
  readonly folder: vscode.WorkspaceFolder;
  readonly calibration: Calibration;
}

/** The calibrations of all workspace folders. A judge's last one counts, whichever folder keeps it. */
export class CalibrationFolders implements Disposable {
  private readonly folders = new Map<string, Calibrations>();
  private readonly listening: vscode.Disposable[];
  private loading: Promise<void> | undefined;
  private disposed = false;

  /** @param changed called when what stands beside a judge's name may be another */
  constructor(
    private readonly log: Logger,
    private readonly changed: () => void,
  ) {
    this.listening = [
      vscode.workspace.onDidChangeWorkspaceFolders(({ removed }) => {
        for (const folder of removed) this.forget(folder);
        // Folders are read when somebody first asks, as at the start.
        this.loading = undefined;
        changed();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('cotLens.person')) changed();
      }),
    ];
  }

  dispose(): void {
    this.disposed = true;
    for (const one of this.listening) one.dispose();
    for (const one of this.folders.values()) one.dispose();
    this.folders.clear();
  }

  of(folder: vscode.WorkspaceFolder): Calibrations {
    const key = folder.uri.toString();
    let calibrations = this.folders.get(key);
    if (calibrations === undefined) {
      const path = vscode.Uri.joinPath(folder.uri, '.cotlens').fsPath.replaceAll('\\', '/');
      calibrations = new Calibrations(nodeFiles, path, this.log);
      calibrations.onDidChange(() => {
        this.changed();
      });
      this.folders.set(key, calibrations);
    }
    return calibrations;
  }

  /** Every calibration, newest first. */
  async all(): Promise<KeptCalibration[]> {
    await this.load();
    const kept = (vscode.workspace.workspaceFolders ?? []).flatMap((folder) =>
      (this.folders.get(folder.uri.toString())?.all() ?? []).map((calibration) => ({ folder, calibration })),
    );
    return kept.sort((a, b) => (a.calibration.started < b.calibration.started ? 1 : -1));
  }

  /** What stands beside the name of a judge (`identityKey`): its last calibration, in short. */
  readonly noteOf = (judge: string): CalibrationNote | undefined => {
    // What is read by and by is shown when it is there.
    if (!this.disposed) void this.load();
    let latest: Calibration | undefined;
    for (const one of this.folders.values()) {
      const calibration = one.latest(judge);
      if ((calibration?.finished ?? '') > (latest?.finished ?? '')) latest = calibration;
    }
    return latest === undefined ? undefined : noteOf(latest, personIdentity());
  };

  private load(): Promise<void> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const read = async (folder: vscode.WorkspaceFolder): Promise<void> => {
      try {
        await this.of(folder).load();
      } catch (error) {
        this.log.error(`The calibrations of ${folder.name} cannot be read: ${String(error)}`);
      }
    };
    return (this.loading ??= Promise.all(folders.map(read)).then(() => undefined));
  }

  private forget(folder: vscode.WorkspaceFolder): void {
    this.folders.get(folder.uri.toString())?.dispose();
    this.folders.delete(folder.uri.toString());
  }
}
