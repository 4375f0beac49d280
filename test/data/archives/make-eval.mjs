/**
 * Makes the `.eval` fixtures beside this file, which are committed: `node make-eval.mjs`, with Node 22.15 or later (it packs Zstandard).
 *   reasoning-zstd.eval  three samples, Zstandard: reasoning, a redacted block with its summary, an attachment, a score of NaN
 *   mixed.eval           stored, DEFLATE and Zstandard entries; extra fields, comments, a data descriptor; no summaries
 * The texts are ours, and plain.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateRawSync, zstdCompressSync } from 'node:zlib';

const STORED = 0;
const DEFLATE = 8;
const ZSTD = 93;

function packed(content, method) {
  if (method === STORED) return content;
  return method === DEFLATE ? deflateRawSync(content) : zstdCompressSync(content);
}

/** Entries: `{ name, json, method, extra?, comment?, descriptor? }`. */
function zip(entries, comment = '') {
  const parts = [];
  const records = [];
  let at = 0;
  for (const { name, json, method, extra = Buffer.alloc(0), comment: note = '', descriptor = false } of entries) {
    const content = Buffer.from(json);
    const data = packed(content, method);
    const fileName = Buffer.from(name);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(method === ZSTD ? 63 : 20, 0);
    head.writeUInt16LE((descriptor ? 8 : 0) | 0x800, 2);
    head.writeUInt16LE(method, 4);
    // 2025-01-02 03:04:06
    head.writeUInt16LE((3 << 11) | (4 << 5) | 3, 6);
    head.writeUInt16LE((45 << 9) | (1 << 5) | 2, 8);
    head.writeUInt32LE(crc32(content), 10);
    head.writeUInt32LE(data.length, 14);
    head.writeUInt32LE(content.length, 18);
    head.writeUInt16LE(fileName.length, 22);
    head.writeUInt16LE(extra.length, 24);
    const local = Buffer.from(head);
    if (descriptor) local.fill(0, 10, 22);
    const tail = Buffer.alloc(16);
    tail.writeUInt32LE(0x08074b50, 0);
    head.copy(tail, 4, 10, 22);
    const before = at;
    for (const part of [Buffer.from('PK\x03\x04'), local, fileName, extra, data, ...(descriptor ? [tail] : [])]) {
      parts.push(part);
      at += part.length;
    }
    const record = Buffer.alloc(16);
    record.writeUInt16LE(Buffer.byteLength(note), 0);
    record.writeUInt32LE(0o100600 * 0x10000, 6);
    record.writeUInt32LE(before, 10);
    records.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), head, record.subarray(0, 14), fileName, extra, Buffer.from(note));
  }
  const directory = Buffer.concat(records);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  end.writeUInt16LE(Buffer.byteLength(comment), 16);
  return Buffer.concat([...parts, directory, Buffer.from('PK\x05\x06'), end, Buffer.from(comment)]);
}

const spec = { run_id: 'run', created: '2025-01-02T03:04:05+00:00', task: 'kitchen', task_id: 'task', dataset: { name: 'kitchen' }, model: 'openai/o-test', config: { epochs: 2 } };

const ATTACHED = '3f8b0a52f4f2f5c7c2c5a7b5a5cf2d91';

/** As Inspect writes a sample: two spaces of indentation, `NaN` where a score is none. */
function sample(id, epoch, assistant, more = {}) {
  const messages = [
    { id: 'm1', content: 'You help in a kitchen.', source: 'input', role: 'system' },
    { id: 'm2', content: 'How do I keep bread fresh?', source: 'input', role: 'user' },
    { id: 'm3', content: assistant, source: 'generate', role: 'assistant', model: 'o-test' },
  ];
  const scores = { match: { value: 'C', answer: 'a cloth', explanation: 'It names the cloth.' }, style: { value: 'not a number' } };
  const value = { id, epoch, input: 'How do I keep bread fresh?', target: 'a cloth', messages, output: { model: 'o-test', choices: [], completion: '' }, scores, metadata: { topic: 'bread' }, store: {}, events: [], attachments: {}, ...more };
  return JSON.stringify(value, undefined, 2).replace('"not a number"', 'NaN');
}

const reasoning = (text, more = {}) => ({ type: 'reasoning', reasoning: text, redacted: false, ...more });
const say = (text) => ({ type: 'text', text });

const samples = [
  { id: 'bread', epoch: 1, json: sample('bread', 1, [reasoning('Bread dries in the air.\n\nA cloth keeps it soft.'), say('Wrap it in a cloth.')]) },
  { id: 'bread', epoch: 2, json: sample('bread', 2, [reasoning('Z2xhZA==', { redacted: true, summary: 'Compares a cloth with a tin.' }), say('A tin, or a cloth – both do.')]) },
  {
    id: 10, epoch: 1,
    json: sample(10, 1, [reasoning(`attachment://${ATTACHED}`), say('Freeze half of it.')], {
      attachments: { [ATTACHED]: `${'It is a large loaf, and two people eat slowly.\n\n'.repeat(4)}Half of it can be frozen.` },
    }),
  },
];

const name = ({ id, epoch }) => `samples/${id}_epoch_${epoch}.json`;
const summaries = samples.map(({ id, epoch }) => ({ id, epoch, input: 'How do I keep bread fresh?', target: 'a cloth', scores: { match: { value: 'C' } } }));
const header = JSON.stringify({ version: 2, status: 'success', eval: spec, results: { total_samples: 3, completed_samples: 3, scores: [{ name: 'match', metrics: { stderr: { value: 'nan' } } }] } }).replace('"nan"', 'NaN');

const entry = (entryName, json, method = ZSTD, more = {}) => ({ name: entryName, json, method, ...more });

const folder = import.meta.dirname;
writeFileSync(
  path.join(folder, 'reasoning-zstd.eval'),
  zip([
    entry('_journal/start.json', JSON.stringify({ version: 2, eval: spec, plan: {} })),
    // Not in the order of the summaries: that one counts.
    ...[samples[2], samples[0], samples[1]].map((one) => entry(name(one), one.json)),
    entry('_journal/summaries/1.json', JSON.stringify(summaries)),
    entry('summaries.json', JSON.stringify(summaries)),
    entry('header.json', header),
  ]),
);
writeFileSync(
  path.join(folder, 'mixed.eval'),
  zip(
    [
      entry('_journal/start.json', JSON.stringify({ version: 2, eval: spec, plan: {} }), STORED),
      entry('samples/10_epoch_1.json', sample(10, 1, 'ten'), STORED, { extra: Buffer.from([0x55, 0x54, 5, 0, 1, 1, 2, 3, 4]) }),
      entry('samples/2_epoch_1.json', sample(2, 1, 'two'), DEFLATE, { comment: 'the second', descriptor: true }),
      entry('samples/ü_epoch_1.json', sample('ü', 1, 'three'), ZSTD, { comment: 'the third' }),
    ],
    'an archive with a comment',
  ),
);
