"""Counts the tokens that TRL trains on, of a file of messages: countTrained.py FILE MODEL MAX_LENGTH

Prints {"rows", "tokens", "trained"} as TRL's own dataset code makes them under assistant_only_loss. Runs on a CPU, without a network.
"""
import json, os, sys, tempfile

os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", CUDA_VISIBLE_DEVICES="")
file, model, longest = sys.argv[1], sys.argv[2], int(sys.argv[3])
temporary = tempfile.mkdtemp()
os.environ["HF_HOME"] = temporary

from datasets import load_dataset  # noqa: E402
from transformers import AutoTokenizer  # noqa: E402
from trl import SFTConfig, SFTTrainer  # noqa: E402

rows = load_dataset("json", data_files=file, split="train", cache_dir=temporary)
args = SFTConfig(output_dir=temporary, use_cpu=True, bf16=False, report_to="none", assistant_only_loss=True, max_length=longest, disable_tqdm=True)
trainer = SFTTrainer(model=model, args=args, train_dataset=rows, processing_class=AutoTokenizer.from_pretrained(model))
made = [(len(row["input_ids"]), sum(label != -100 for label in row["labels"])) for row in trainer.train_dataset]
print(json.dumps({"rows": len(made), "tokens": sum(tokens for tokens, _ in made), "trained": sum(trained for _, trained in made)}))
