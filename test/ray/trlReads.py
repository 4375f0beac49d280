"""Reads exported training files as TRL does, and trains a step on two of them: trlReads.py FOLDER MODEL

FOLDER holds one file per format, NAME.jsonl, and `ask.json` with {"maxLengths": [...], "prompt": [messages]}. Prints one JSON object on the last line:
for each part its result, or {"error": the traceback}. Runs on a CPU, without a network.
"""
import json, math, os, sys, tempfile, traceback

os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", CUDA_VISIBLE_DEVICES="", TRL_EXPERIMENTAL_SILENCE="1")
folder, model = sys.argv[1:3]
temporary = tempfile.mkdtemp(dir=folder)
os.environ["HF_HOME"] = temporary

from datasets import load_dataset  # noqa: E402
from transformers import AutoModelForTokenClassification, AutoTokenizer  # noqa: E402
import trl  # noqa: E402
from trl import DPOConfig, DPOTrainer, GRPOConfig, GRPOTrainer, SFTConfig, SFTTrainer  # noqa: E402
from trl.experimental.prm import PRMConfig, PRMTrainer  # noqa: E402

ask = json.load(open(os.path.join(folder, "ask.json"), encoding="utf-8"))
tokenizer = AutoTokenizer.from_pretrained(model)
common = dict(output_dir=temporary, use_cpu=True, bf16=False, gradient_checkpointing=False, report_to="none", max_steps=1,
              per_device_train_batch_size=2, save_strategy="no", disable_tqdm=True, seed=1)


def rows(name):
    return load_dataset("json", data_files=os.path.join(folder, name + ".jsonl"), split="train", cache_dir=temporary)


def counted(dataset):
    return [{"tokens": len(row["input_ids"]), "trained": sum(label != -100 for label in row["labels"])} for row in dataset]


def trained_text(row):
    return tokenizer.decode([label for label in row["labels"] if label != -100])


def sft(name, **more):
    return SFTTrainer(model=model, args=SFTConfig(**{**common, **more}), train_dataset=rows(name), processing_class=tokenizer)


def loads(name):
    dataset = rows(name)
    return {"columns": dataset.column_names, "rows": dataset.to_list()}


def messages():
    trainer = sft("trl-messages", assistant_only_loss=True, max_length=ask["maxLengths"][0])
    result = {"counts": counted(trainer.train_dataset), "texts": [trained_text(row) for row in trainer.train_dataset]}
    loss = trainer.train().training_loss
    return {**result, "loss": loss if math.isfinite(loss) else str(loss), "steps": trainer.state.global_step}


def messages_cut():
    return counted(sft("trl-messages", assistant_only_loss=True, max_length=ask["maxLengths"][1]).train_dataset)


def prompt_completion():
    return [trained_text(row) for row in sft("trl-prompt-completion", max_length=None).train_dataset]


def open_ai():
    return counted(sft("openai-chat", assistant_only_loss=True, max_length=None).train_dataset)


def prefill():
    seen = []

    def length(prompts, completions, kind, canary, **kwargs):
        seen.extend({"prompt": p, "completion": c, "kind": k, "canary": mark} for p, c, k, mark in zip(prompts, completions, kind, canary))
        return [float(len(completion)) for completion in completions]

    args = GRPOConfig(**{**common, "per_device_train_batch_size": 4}, num_generations=2, max_completion_length=8, mask_truncated_completions=False)
    trainer = GRPOTrainer(model=model, reward_funcs=length, args=args, train_dataset=rows("prefill-rl"), processing_class=tokenizer)
    tokenized = trainer._tokenize_prompts([row["prompt"] for row in rows("prefill-rl")])
    ids = tokenized[0] if isinstance(tokenized, tuple) else tokenized
    trainer.train()
    return {"seen": seen, "prompts": [tokenizer.decode(each) for each in ids], "steps": trainer.state.global_step}


def preference():
    args = DPOConfig(**common, max_length=None)
    trainer = DPOTrainer(model=model, args=args, train_dataset=rows("trl-preference"), processing_class=tokenizer)
    return [{"prompt": tokenizer.decode(row["prompt_ids"]), "chosen": tokenizer.decode(row["chosen_ids"]), "rejected": tokenizer.decode(row["rejected_ids"])}
            for row in trainer.train_dataset]


def stepwise():
    classifier = AutoModelForTokenClassification.from_pretrained(model, num_labels=2)
    args = PRMConfig(**common, max_length=None, max_completion_length=None)
    trainer = PRMTrainer(model=classifier, args=args, train_dataset=rows("trl-stepwise"), processing_class=tokenizer)
    return [{"labels": [label for label in row["labels"] if label != -100], "text": tokenizer.decode(row["input_ids"])} for row in trainer.train_dataset]


def templates():
    """What the templates that TRL knows open for a prompt, and what its training templates mark in the rows of messages."""
    directory = os.path.join(os.path.dirname(trl.__file__), "chat_templates")
    found = {}
    for name in sorted(os.listdir(directory)):
        if not name.endswith(".jinja"):
            continue
        template = open(os.path.join(directory, name), encoding="utf-8").read()
        found[name] = {"template": template}
        try:
            found[name]["opened"] = tokenizer.apply_chat_template(ask["prompt"], chat_template=template, add_generation_prompt=True, tokenize=False)
            if name.endswith("_training.jinja"):
                masks = [tokenizer.apply_chat_template(row["messages"], chat_template=template, return_assistant_tokens_mask=True, return_dict=True)["assistant_masks"]
                         for row in rows("trl-messages")]
                found[name]["counts"] = [{"tokens": len(mask), "trained": sum(mask)} for mask in masks]
        except Exception as error:
            found[name]["error"] = str(error)
    return {"tokens": {key: str(value) for key, value in tokenizer.special_tokens_map.items()}, "templates": found}


parts = {"messages": messages, "messagesCut": messages_cut, "promptCompletion": prompt_completion, "openAi": open_ai, "prefill": prefill,
         "preference": preference, "stepwise": stepwise, "star1": lambda: loads("star-1"), "templates": templates}
results = {"versions": {"trl": trl.__version__}}
for name, part in parts.items():
    try:
        results[name] = part()
    except Exception:
        results[name] = {"error": traceback.format_exc()}
print("\n" + json.dumps(results))
