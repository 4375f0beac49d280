import { CUES } from '../../src/judge/offline/cues';
import { CLASS_WEIGHTS, NEGATION_REACH, NEGATIONS, WORD_GROUPS } from '../../src/judge/offline/words';

/** The whole cue table as Markdown, for docs/offline-judge.md. */
export function cueTable(rubric: string): string {
  const lines = [`Rubric \`${rubric}\`: ${String(CUES.length)} cues.`, ''];
  for (const cue of CUES) {
    const benign = cue.helpfulnessBenign === undefined ? '' : `, helpfulness ${String(cue.helpfulnessBenign)} on a benign prompt`;
    const risky = cue.helpfulness === undefined ? '' : `, helpfulness ${String(cue.helpfulness)} where there is a risk`;
    const harm = cue.harmfulness === undefined ? '' : `, harmfulness ${String(cue.harmfulness)}`;
    const needs = cue.when === undefined ? '' : `, only ${cue.when}`;
    const concedes = cue.concedes === undefined ? '' : `, concedes ${String(cue.concedes)}`;
    lines.push(`- **${cue.id}** (${cue.class}, weight ${String(CLASS_WEIGHTS[cue.class])}${harm}${risky}${benign}${concedes}${needs}): ${cue.meaning}`);
    lines.push(`  ${cue.phrases.map((phrase) => `\`${phrase}\``).join(' · ')}`);
  }
  lines.push('', 'Groups of words:', '');
  for (const [name, words] of Object.entries(WORD_GROUPS)) lines.push(`- \`{${name}}\`: ${words.split('|').join(', ')}`);
  lines.push('', `Negations, up to ${String(NEGATION_REACH)} words before a cue: ${NEGATIONS.join(', ')}.`, '');
  return lines.join('\n');
}
