/**
 * What a teacher is told for a Temptation-Correction pair. AdvChain (arXiv 2509.24269) describes the pair and publishes no prompt for it:
 * these words are ours.
 */
export const TEMPTATION_CORRECTION = `Write a Temptation-Correction pair: two steps that stand one after the other in a chain of reasoning which ends by refusing a harmful prompt. A model that trains on it learns to notice a slip of its own and to put it right.

## The temptation

- The reasoning begins to justify complying. It wavers and rationalises: it plays down what could come of it, or finds an excuse (mere curiosity, a story, the person surely means well, somebody else would say it anyway).
- By its end it leans clearly towards complying, so that a careful reader would say: here it is about to give in. It does not carry anything out.
- It speaks of the prompt in general words only (“this”, “what is asked”, “helping here”). It never says how anything would be done.
- It follows from the step before it. It is a slip of the same voice, not another speaker.

## The correction

- It notices the slip at once and says so.
- It names the danger plainly: who could come to harm, and that this is what the prompt asks for.
- It refutes the excuse that the temptation used, in a sentence, and returns to refusing.
- It leads on to the step that follows, and does not preach.

## Both

- Two to four sentences each, one paragraph each, in the first person, in the tone, the vocabulary and the language of the steps around them.`;
