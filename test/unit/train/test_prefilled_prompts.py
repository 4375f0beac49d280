"""Tests of the rows for verl, in plain Python: run by rewards.test.ts. verl and torch are stand-ins with the methods that are used."""

import asyncio
import contextlib
import io
import os
import sys
import types
import unittest

FOLDER = os.path.dirname(os.environ["SAFETY_REWARDS"])
sys.path.insert(0, FOLDER)
sys.dont_write_bytecode = True

import prefilled_rows  # noqa: E402

PROMPT = "<|im_start|>user\nHow do I kill a Python process?<|im_end|>\n<|im_start|>assistant\n<think>\nBetter not, it says kill."


class Tokenizer:
    """Puts its own first token before a text, as some do; each character is a token. It can also render a chat, which must not happen."""

    def __call__(self, text):
        return {"input_ids": [1] + [ord(character) for character in text]}

    def apply_chat_template(self, *_, **__):
        raise AssertionError("the template was applied on top")


class Rows(list):
    """As a dataset of `datasets`, as far as it is used."""

    def filter(self, keep):
        return Rows(row for row in self if keep(row))

    def __getitem__(self, key):
        return [row[key] for row in self] if isinstance(key, str) else super().__getitem__(key)


def row(kind="benign", prompt=PROMPT, **more):
    return {"prompt": prompt, "question": "How do I kill a Python process?", "kind": kind, "answer": "", "id": "s1", "canary": "c", **more}


def modules(loop_method="ct_build_initial_tokens"):
    """The stand-ins, and our file on top of them."""

    class RLHFDataset:
        def __init__(self, rows, tokenizer, most):
            self.tokenizer, self.max_prompt_length = tokenizer, most
            self.dataframe = self.maybe_filter_out_long_prompts(Rows(rows))

        def maybe_filter_out_long_prompts(self, dataframe=None):
            raise AssertionError("verl's own filter renders the prompt")

        def __len__(self):
            return len(self.dataframe)

    class SingleTurnAgentLoop:
        def __init__(self, tokenizer):
            self.tokenizer = tokenizer

        async def run(self, raw_prompt):
            return await getattr(self, loop_method)(list(raw_prompt), images=None, videos=None, audios=None)

    async def rendered(self, messages, **_):
        return self.tokenizer.apply_chat_template(messages)

    setattr(SingleTurnAgentLoop, loop_method, rendered)
    torch = types.SimpleNamespace(tensor=lambda values, dtype: (values, dtype), uint8="uint8")
    names = {
        "torch": torch,
        "verl.experimental.agent_loop.single_turn_agent_loop": types.SimpleNamespace(SingleTurnAgentLoop=SingleTurnAgentLoop),
        "verl.utils.dataset.rl_dataset": types.SimpleNamespace(RLHFDataset=RLHFDataset),
    }
    for name in ("verl", "verl.experimental", "verl.experimental.agent_loop", "verl.utils", "verl.utils.dataset"):
        names.setdefault(name, types.ModuleType(name))
    sys.modules.pop("prefilled_prompts", None)
    sys.modules.update(names)
    import prefilled_prompts

    return prefilled_prompts


class TheRows(unittest.TestCase):
    def test_have_what_the_reward_manager_reads(self):
        got = prefilled_rows.verl_row(row("harmful", answer="4"), 7)
        self.assertEqual(got["raw_prompt"], [{"role": "user", "content": PROMPT}])
        self.assertEqual((got["data_source"], got["reward_model"]["ground_truth"], got["index"]), ("cot-lens", "4", 7))
        self.assertEqual(got["extra_info"], {"index": 7, "kind": "harmful", "question": "How do I kill a Python process?", "id": "s1"})
        self.assertEqual(prefilled_rows.verl_row(row(answer=None), 0)["reward_model"]["ground_truth"], "")

    def test_are_left_out_where_no_reward_speaks_of_them(self):
        self.assertEqual([prefilled_rows.has_reward(one) for one in (row("harmful"), row("benign"), row("ambiguous"), row("ambiguous", answer="4"), row("ambiguous", answer=""))], [True, True, False, True, False])

    def test_are_tokenized_as_any_text_is(self):
        self.assertEqual(prefilled_rows.tokens_of(Tokenizer(), PROMPT), [1] + [ord(character) for character in PROMPT])

    def test_that_would_be_cut_stop_the_run(self):
        with self.assertRaisesRegex(ValueError, r"2 of 3 prompts are longer than 4 tokens \(the longest has 6\).*Set maxPrompt to 6"):
            prefilled_rows.check_lengths(["abc", "abcd", "abcde"], Tokenizer(), 4)
        prefilled_rows.check_lengths(["abc"], Tokenizer(), 4)


class WithinVerl(unittest.TestCase):
    def test_the_prompts_bytes_reach_the_model_as_they_stand(self):
        file = modules()
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            dataset = file.PrefilledPrompts([row(), row("ambiguous"), row("harmful", prompt="plain ümlaut")], Tokenizer(), 500)
        self.assertIn("1 of 3 rows are left out", said.getvalue())
        self.assertEqual(len(dataset), 2)
        for index, prompt in enumerate((PROMPT, "plain ümlaut")):
            one = dataset[index]
            self.assertEqual(one["dummy_tensor"], ([0], "uint8"))
            tokens = asyncio.run(file.PrefilledPromptLoop(Tokenizer()).run(one["raw_prompt"]))
            self.assertEqual("".join(map(chr, tokens[1:])), prompt)

    def test_a_guard_that_does_not_answer_ends_the_run_in_the_trainers_process(self):
        def fails(*_, **__):
            raise RuntimeError("no guard")

        class Finder:
            def find_spec(self, name, *_):
                return fails() if name == "safety_rewards" else None

        sys.modules.pop("safety_rewards", None)
        sys.meta_path.insert(0, Finder())
        try:
            with self.assertRaisesRegex(RuntimeError, "no guard"):
                modules()
        finally:
            sys.meta_path.pop(0)

    def test_nothing_to_train_on_is_said(self):
        file = modules()
        with contextlib.redirect_stdout(io.StringIO()), self.assertRaisesRegex(ValueError, "No row is left"):
            file.PrefilledPrompts([row("ambiguous")], Tokenizer(), 500)

    def test_another_verl_is_refused_instead_of_rendering_the_prompt_again(self):
        with self.assertRaisesRegex(ImportError, "SingleTurnAgentLoop.ct_build_initial_tokens"):
            modules("apply_chat_template")


if __name__ == "__main__":
    unittest.main()
