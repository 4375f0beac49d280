import type { JudgeIdentity } from './judge';

/** How a judge is named wherever its numbers are shown: its label, its protocol, and what the protocol implies. */
export function judgeInWords({ label, protocol }: Pick<JudgeIdentity, 'label' | 'protocol'>): string {
  return `${label}, ${protocol === 'whole-trace' ? 'whole-trace (sees later steps)' : protocol}`;
}
