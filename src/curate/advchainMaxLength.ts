/** AdvChain trains with sequences up to this many tokens [paper]; TRL’s own default is 1024. */
export const ADVCHAIN_MAX_LENGTH = 8192;
