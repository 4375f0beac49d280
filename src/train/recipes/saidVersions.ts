import versions from '../rewards/versions.py';

/** What each package holds besides: it says with which versions a run trains, which no API of a cluster tells. */
export const versionsFile: Readonly<Record<string, string>> = { 'versions.py': versions };

/**
 * A stock trainer’s command line, after one that says its versions. That one cannot make a run fail, and where there is no Python for it
 * nothing is said. Then the shell becomes the trainer: the job’s exit status is the trainer’s own, and what ends the job ends the trainer.
 * @param trainer `trl`: the command, whose Python is looked for; `python3`: what the trainer is started with, which is its Python
 * @param command as a POSIX shell reads it, which Ray starts
 */
export function sayingVersions(trainer: 'trl' | 'python3', command: string): string {
  const tries = trainer === 'python3' ? ['python3 versions.py'] : ['python3', 'python'].map((python) => `${python} versions.py ${trainer}`);
  return `${tries.map((one) => `${one} 2>/dev/null`).join(' || ')}; exec ${command}`;
}
