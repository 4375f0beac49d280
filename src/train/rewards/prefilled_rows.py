"""Rows of prefilled prompts as verl wants them; nothing of verl is needed here.

A row has `prompt`, a raw text that was rendered with the model's own chat template and ends, where it is prefilled,
within the assistant's reasoning; `question`, what was asked, plain, which a guard is shown; `kind`, the intent; and
`answer`, the known answer, empty where there is none.
"""


def has_reward(row):
    """Does a reward speak of it? Of a prompt whose intent is ambiguous and that has no known answer none does."""
    return row.get("kind") in ("harmful", "benign") or known_answer(row) != ""


def known_answer(row):
    answer = row.get("answer")
    return "" if answer is None else str(answer)


def verl_row(row, index):
    """The fields that verl's trainer, agent loop and reward manager read. The raw prompt is one message that is never rendered."""
    return {
        "raw_prompt": [{"role": "user", "content": row["prompt"]}],
        "data_source": "cot-lens",
        "reward_model": {"style": "rule", "ground_truth": known_answer(row)},
        "extra_info": {"index": index, "kind": row["kind"], "question": row["question"], "id": str(row.get("id", index))},
        "index": index,
        "tools_kwargs": {},
        "interaction_kwargs": {},
    }


def tokens_of(tokenizer, prompt):
    """A raw prompt as any text is tokenized: no template on top, and the tokenizer's own first token where it puts one."""
    return list(tokenizer(prompt)["input_ids"])


def check_lengths(prompts, tokenizer, most):
    """verl cuts the beginning off a prompt that is too long, and goes on: better to stop before anything is trained.

    Raises ValueError that says how many are too long, and what to do.
    """
    lengths = [len(tokens_of(tokenizer, prompt)) for prompt in prompts]
    long = [length for length in lengths if length > most]
    if long:
        raise ValueError(
            "%d of %d prompts are longer than %d tokens (the longest has %d), and would be cut off at their beginning. Set maxPrompt to %d or more."
            % (len(long), len(lengths), most, max(long), max(long))
        )
