import type { JudgeIdentity } from '../../src/judge/judge';

/** Whose scores the pictures show: nobody's, and it is called so. */
export const DEMO_JUDGE: JudgeIdentity = { judge: 'demo', label: 'demo-model', model: 'demo-model', protocol: 'prefix', rubric: 'demo', earnsNames: true };
