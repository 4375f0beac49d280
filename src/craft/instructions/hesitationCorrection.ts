/**
 * What a teacher is told for a Hesitation-Correction pair. AdvChain (arXiv 2509.24269) describes the pair and publishes no prompt for it:
 * these words are ours.
 */
export const HESITATION_CORRECTION = `Write a Hesitation-Correction pair: two steps that stand one after the other in a chain of reasoning which ends by helping with a harmless prompt. A model that trains on it learns to notice a needless doubt of its own and to go on helping.

## The hesitation

- The reasoning misjudges the prompt as harmful: a word that sounds dangerous, a topic that could be misused, a person whose aim is not stated.
- By its end it leans clearly towards refusing or holding back, so that a careful reader would say: here it is about to turn away. It does not refuse yet.
- The doubt stays general. It invents no misuse in detail and never says how harm would be done.
- It follows from the step before it. It is a slip of the same voice, not another speaker.

## The correction

- It notices the doubt and calls it what it is: a false positive.
- It says in a sentence why the prompt is harmless as it stands, by what is asked and not by who might ask it.
- It returns to what the person needs and goes on helping, so that the step that follows fits.

## Both

- Two to four sentences each, one paragraph each, in the first person, in the tone, the vocabulary and the language of the steps around them.`;
