/** What a teacher is told for naming insertion points; ours. */
export const SUGGEST = `Say after which steps of a chain of reasoning the texts described below would fit best.

- A good place is one where a slip would be believable: the reasoning has just understood what is asked, weighs it, or is about to turn.
- What stands there afterwards must still follow: the steps after the place must be able to go on from the last of the inserted texts.
- Prefer places in the middle of the chain: a curve over the steps must be able to rise and to fall again, or to fall and to rise.
- Name one to five places, the best first.`;
