import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program with all its children, which are stopped together. */
export interface ProcessGroup {
  readonly pid: number;
  /** All it has written so far. */
  readonly output: () => string;
  /** How it ended, once it has. */
  readonly ended: () => string | undefined;
  readonly stop: () => Promise<void>;
  /** Ends all of it without a word, as a power cut does. */
  readonly kill: () => Promise<void>;
}

/** The signals by which a person or a machine stops us. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function spawnGroup(command: string, args: readonly string[], env: NodeJS.ProcessEnv): ProcessGroup {
  // Detached makes it the leader of a process group, which one signal reaches whole.
  const child = spawn(command, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let ended: string | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended ??= `ended with ${code ?? signal}`));
  const signalAll = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group is already gone.
    }
  };
  const killNow = (): void => signalAll('SIGKILL');
  process.once('exit', killNow);
  return {
    pid: child.pid ?? -1,
    output: () => output,
    ended: () => ended,
    async stop() {
      signalAll('SIGTERM');
      for (let waited = 0; ended === undefined && waited < 3000; waited += 50) await sleep(50);
      // Children may outlive their leader, so the group is killed in any case.
      killNow();
      process.off('exit', killNow);
    },
    async kill() {
      killNow();
      for (let waited = 0; ended === undefined && waited < 3000; waited += 50) await sleep(50);
      process.off('exit', killNow);
    },
  };
}

/** Runs what cleans up when we are told to stop, then ends this process. */
export function onStopSignal(cleanUp: () => Promise<void>): void {
  let stopping = false;
  for (const signal of stopSignals) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void cleanUp().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
    });
  }
}

/** Runs npm for what is installed on demand, without any package's own scripts. */
export function npm(args: readonly string[], folder: string): void {
  const all = [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // When npm runs us it hands its own arguments on in npm_config_*; those that name a place would mislead it here.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config_(local_)?prefix|package_|lifecycle_)/.test(name)),
  );
  const { status, error } = spawnSync('npm', all, {
    cwd: folder,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in ${folder}${error ? `: ${error.message}` : ''}`);
}
