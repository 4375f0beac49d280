import rewards from '../rewards/safety_rewards.py';

/** Whom the reward asks; the key is read on the cluster, from a variable that is set there. */
export interface RewardGuard {
  readonly baseUrl: string;
  readonly model: string;
  readonly keyVariable?: string | undefined;
}

/** The reward file, as it ships, and what it is to ask. */
export function rewardFiles(guard: RewardGuard | undefined): Readonly<Record<string, string>> {
  const settings = guard === undefined ? {} : { guard: { base_url: guard.baseUrl, model: guard.model, ...(guard.keyVariable === undefined ? {} : { key_variable: guard.keyVariable }) } };
  return { 'safety_rewards.py': rewards, 'safety_rewards.json': `${JSON.stringify(settings, undefined, 2)}\n` };
}
