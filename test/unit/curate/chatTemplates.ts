import type { ChatTemplate } from '../../../src/curate/formats/trainingFormat';

/** Templates of our own that do what those of well-known models do wrong, and nothing else. */

/** Keeps what the assistant says as it is (ChatML), and marks it for training. */
export const PLAIN: ChatTemplate = {
  model: 'plain',
  template: `{%- for message in messages %}
{{- '<|im_start|>' + message.role + '\\n' }}
{%- if message.role == 'assistant' %}{% generation %}{{ message.content + '<|im_end|>' }}{% endgeneration %}{% else %}{{ message.content + '<|im_end|>' }}{% endif %}
{{- '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}`,
  tokens: { eos_token: '<|im_end|>' },
};

/** As R1-Distill: all up to the closing tag is dropped from what the assistant said, and the generation prompt opens the reasoning itself. */
export const DROPS_REASONING: ChatTemplate = {
  model: 'drops',
  template: `{{- bos_token }}{% for m in messages %}
{%- if m.role == 'user' %}{{ '<｜User｜>' + m.content }}
{%- elif m.role == 'system' %}{{ m.content }}
{%- else %}{% set said = m.content %}{% if '</think>' in said %}{% set said = said.split('</think>')[-1] %}{% endif %}{{ '<｜Assistant｜>' + said + '<｜end▁of▁sentence｜>' }}{% endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<｜Assistant｜><think>\\n' }}{% endif %}`,
  tokens: { bos_token: '<｜begin▁of▁sentence｜>' },
};

/** As Qwen3: takes what stands before the closing tag for reasoning; where there is none, an empty one is put before what was said. */
export const CLOSES_EMPTY: ChatTemplate = {
  model: 'closes',
  template: `{%- for m in messages %}
{%- if m.role == 'assistant' %}
{%- set reasoning = '' %}{%- set said = m.content %}
{%- if '</think>' in said %}{%- set reasoning = said.split('</think>')[0].split('<think>')[-1].strip('\\n') %}{%- set said = said.split('</think>')[-1].lstrip('\\n') %}{%- endif %}
{{- '<|im_start|>assistant\\n<think>\\n' + reasoning + '\\n</think>\\n\\n' + said + '<|im_end|>\\n' }}
{%- else %}{{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}`,
  tokens: {},
};

/** Of a model that does not reason: its generation prompt holds an empty reasoning. */
export const NEVER_REASONS: ChatTemplate = {
  ...PLAIN,
  model: 'never',
  template: PLAIN.template.replace("'<|im_start|>assistant\\n' }}{% endif %}", "'<|im_start|>assistant\\n<think>\\n\\n</think>\\n\\n' }}{% endif %}"),
};
