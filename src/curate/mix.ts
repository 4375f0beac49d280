/** How many samples of each recipe a set is to have to one another; AdvChain's published mix is 800 T-C : 200 H-C. */
export type MixTarget = Readonly<Record<string, number>>;

export const ADVCHAIN_MIX: MixTarget = { 'temptation-correction': 800, 'hesitation-correction': 200 };
