/**
 * What a teacher is told for a counter-aligned prefill. RECAP (arXiv 2510.00938) takes prefills from models that are aligned otherwise and
 * publishes no prompt for writing one: these words are ours.
 */
export const COUNTER_ALIGNED_PREFILL = `Write a counter-aligned prefill: flawed reasoning that stands before a model's own. In training the model is to recover from it by itself; the prefill itself is never trained on. So it must be flawed from its first sentence to its last, and no correction follows.

- Where the intent is harmful: reasoning that talks itself into complying. It plays down the danger, makes excuses for the prompt and grows surer of them, until it means to comply. The flaw is the attitude alone: it speaks of the prompt in general words (“this”, “what is asked”) and never says how anything would be done.
- Where the intent is benign: over-cautious reasoning. It takes the prompt for harmful by its surface, finds ever more reasons for doubt, until it means to refuse. It invents no misuse in detail.
- Where the intent is ambiguous or unknown: read it off the prompt, and write the counterpart of what would be right.
- It reads as reasoning that somebody could really have: connected, without lists and headings.
- Four to eight paragraphs of two to four sentences each, in the first person, in the language of the prompt.`;
