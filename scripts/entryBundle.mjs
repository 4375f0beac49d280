/** What the extension's entry chunk holds: what VS Code reads before the extension can start. */

/** Loaded on demand, never at the start. */
const onDemand = /(?:^|\/)node_modules\/(?:openai|zod|d3(?:-[^/]+)?)\//;

/**
 * @typedef {{file: string, bytes: number}} Input
 * @param {import('esbuild').Metafile} meta
 * @returns {{size: number, inputs: Input[], onDemand: Input[]}} the inputs largest first, and those that must not be there
 */
export function entryBundle(meta) {
  const output = meta.outputs['dist/extension.js'];
  if (output === undefined) throw new Error('There is no dist/extension.js in dist/meta.json.');
  const inputs = Object.entries(output.inputs)
    .map(([file, { bytesInOutput }]) => ({ file, bytes: bytesInOutput }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
  return { size: output.bytes, inputs, onDemand: inputs.filter(({ file }) => onDemand.test(file)) };
}
