/** An ESLint rule that enforces the table in layers.mjs. */
import path from 'node:path';
import { layerOf, layers } from './layers.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** @param {string} file an absolute path */
const fromRoot = (file) => path.relative(root, file).replaceAll(path.sep, '/');

/**
 * Why this import is not allowed, or undefined when it is.
 * @param {string} importer path relative to the repository root
 * @param {string} specifier as written
 * @param {boolean} typeOnly
 */
function objection(importer, specifier, typeOnly) {
  const from = layerOf(importer);
  if (from === undefined) return undefined;
  const layer = layers[from];
  if (layer === undefined) return `'${from}' is not a layer: add it to scripts/eslint/layers.mjs or move the file`;
  if (specifier === 'vscode') return layer.vscode ? undefined : `'${from}' runs without VS Code and may not import it`;
  if (!specifier.startsWith('.')) return undefined;

  const target = path.posix.join(path.posix.dirname(importer), specifier).replace(/\.[cm]?[jt]sx?$/, '');
  const to = layerOf(target);
  if (to === from || target === 'package.json') return undefined;
  if (to === undefined) return `'${from}' may not import ${target}: it is not part of the product`;
  if (layer.imports.includes(to) || layer.imports.includes(target)) return undefined;
  if (layer.typesOf?.includes(to)) return typeOnly ? undefined : `'${from}' may import only types of '${to}'`;
  return `'${from}' may not import '${to}'`;
}

/** Whether an import or export declaration names types alone. @param {any} node */
function namesOnlyTypes(node) {
  if (node.importKind === 'type' || node.exportKind === 'type') return true;
  return (
    node.specifiers?.length > 0 &&
    node.specifiers.every((/** @type {any} */ one) => one.importKind === 'type' || one.exportKind === 'type')
  );
}

/** @type {import('eslint').Rule.RuleModule} */
export const importRule = {
  meta: {
    type: 'problem',
    docs: { description: 'keeps imports in the order of the layers' },
    schema: [],
    messages: { layer: '{{objection}} (import rule, scripts/eslint/layers.mjs)' },
  },
  create(context) {
    const importer = fromRoot(context.filename);
    /** @param {any} node @param {any} source @param {boolean} typeOnly */
    function check(node, source, typeOnly) {
      if (typeof source?.value !== 'string') return;
      const found = objection(importer, source.value, typeOnly);
      if (found !== undefined) context.report({ node, messageId: 'layer', data: { objection: found } });
    }
    /** @param {any} node */
    const declaration = (node) => check(node, node.source, namesOnlyTypes(node));
    return {
      ImportDeclaration: declaration,
      ExportNamedDeclaration: declaration,
      ExportAllDeclaration: declaration,
      ImportExpression: (/** @type {any} */ node) => check(node, node.source, false),
      TSImportType: (/** @type {any} */ node) => check(node, node.source ?? node.argument?.literal, true),
      TSExternalModuleReference: (/** @type {any} */ node) => check(node, node.expression, false),
      'CallExpression[callee.name="require"]': (/** @type {any} */ node) => check(node, node.arguments[0], false),
    };
  },
};
