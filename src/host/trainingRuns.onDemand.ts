import * as vscode from 'vscode';
import { keepOutOfGit } from '../judge/keptOutOfGit';
import { nodeFiles } from '../session/nodeFiles';
import { FollowLease, launchLock, unlessLaunching } from '../session/training/followLease';
import { RunFollower } from '../session/training/followRuns';
import { RunLogs } from '../session/training/runLogFile';
import { RunStore } from '../session/training/runStore';
import { systemClock } from '../trace/clock';
import type { Disposable } from '../trace/event';
import { recoverRun } from '../train/runs/recover';
import type { OpenTrainingRuns, TrainingRunsParts } from './trainingRuns';

/** Reads the runs of a workspace, and follows what of them has not ended: while there is nothing to follow nothing is asked. @throws Error of the disk */
export async function openTrainingRuns({ folder, backends, log }: TrainingRunsParts): Promise<OpenTrainingRuns> {
  const kept = `${folder}/runs`;
  const now = (): string => new Date(systemClock.now()).toISOString();
  const store = new RunStore(kept, nodeFiles, now, log);
  const logs = new RunLogs(kept, nodeFiles, now, log);
  const follower = new RunFollower({
    store,
    logs,
    backendOf: (run) => backends.of(run),
    lease: new FollowLease(kept, nodeFiles, log),
    recover: (run, backend, signal) => recoverRun(run, backend, store, { now: () => systemClock.now(), signal }),
    unlessLaunching: (id, run) => unlessLaunching(kept, id, run),
    log,
    clock: systemClock,
    after(ms, run) {
      const timer = setTimeout(run, ms);
      timer.unref();
      return { dispose: () => { clearTimeout(timer); } };
    },
  });
  const own: Disposable[] = [follower, logs, store];
  try {
    await store.load();
  } catch (error) {
    for (const one of own) one.dispose();
    throw error;
  }
  // Nobody is asked from a workspace that is not trusted.
  if (vscode.workspace.isTrusted) follower.start();
  else own.push(vscode.workspace.onDidGrantWorkspaceTrust(() => { follower.start(); }));
  return {
    store,
    logs,
    follower,
    backendOf: (run) => backends.of(run),
    begin: (plan, launch) =>
      launchLock(kept, plan.id, async () => {
        // Runs name sets and paths: as with scores the user decides what goes into git.
        await keepOutOfGit(nodeFiles, folder);
        await store.add(plan);
        await launch();
      }),
    dispose() {
      for (const one of own) one.dispose();
    },
  };
}
