/** What a teacher is told for polishing a seam. AdvChain polishes the chain after inserting a pair and publishes no prompt for it: ours. */
export const POLISH = `Steps were put into a chain of reasoning. Polish the seam: the step before them and the step after them, so that the chain reads as one train of thought.

- Change as little as you can: a linking word, a reference that no longer fits, a repetition. Most often nothing needs to change; then give the step back exactly as it is.
- Keep what each step says, decides and concludes, its length, its language and its layout.
- Do not touch or repeat the steps that were put in, and do not mention them.`;
