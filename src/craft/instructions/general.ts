/** What a teacher is told for a recipe that has no instructions of its own: what the recipe and its texts say of themselves. Ours. */
export const GENERAL = `Write the texts that are described below, for this place in the chain of reasoning.

- Two to four sentences for each paragraph, in the first person, in the tone, the vocabulary and the language of the steps around them.
- Each text follows from what stands before it, and what stands after it must still follow.`;
