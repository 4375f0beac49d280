"""Prompts that end in flawed reasoning, for verl: a dataset (data.custom_cls) and an agent loop (agent_loops.yaml).

verl's own dataset takes a prompt for a chat, and its own agent loop renders that with the model's template, which
closes the reasoning or opens a new turn after it. Here the prompt's bytes go to the model as they stand in the row.
Written for verl 1dda039 (2026-08-22), by its source.
"""

# A guard that does not answer ends the run here, in the trainer's own process: verl goes on without a reward worker.
import safety_rewards  # noqa: F401
import torch
from prefilled_rows import check_lengths, has_reward, tokens_of, verl_row
from verl.experimental.agent_loop.single_turn_agent_loop import SingleTurnAgentLoop
from verl.utils.dataset.rl_dataset import RLHFDataset

for of, method in ((RLHFDataset, "maybe_filter_out_long_prompts"), (SingleTurnAgentLoop, "ct_build_initial_tokens")):
    if not hasattr(of, method):
        # Without it the prompts would be rendered once more, and nothing would say so.
        raise ImportError("This verl has no %s.%s, so its prompts cannot be given raw. Install verl 1dda039 (2026-08-22) or a later one that has it." % (of.__name__, method))


class PrefilledPrompts(RLHFDataset):
    """Rows with a raw `prompt`; those that no reward speaks of are left out."""

    def maybe_filter_out_long_prompts(self, dataframe=None):
        kept = dataframe.filter(has_reward)
        if len(kept) < len(dataframe):
            print("%d of %d rows are left out: their intent is ambiguous and they have no known answer, so no reward speaks of them." % (len(dataframe) - len(kept), len(dataframe)))
        if len(kept) == 0:
            raise ValueError("No row is left to train on: a reward needs a kind (harmful or benign) or a known answer.")
        check_lengths(kept["prompt"], self.tokenizer, self.max_prompt_length)
        return kept

    def __getitem__(self, item):
        row = verl_row(self.dataframe[item], int(item))
        # verl's batches must hold a tensor.
        row["dummy_tensor"] = torch.tensor([0], dtype=torch.uint8)
        return row


class PrefilledPromptLoop(SingleTurnAgentLoop):
    """One turn, whose prompt is the message's text and nothing around it."""

    async def ct_build_initial_tokens(self, messages, **_):
        return tokens_of(self.tokenizer, messages[0]["content"])
