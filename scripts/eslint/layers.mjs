/**
 * Who may import whom: the one table behind the import rule.
 * A layer is a folder of src/, a file standing in src/, or webview/.
 */
const core = ['trace', 'curve', 'model', 'judge', 'craft', 'curate'];
const upToSession = [...core, 'train', 'evaluate', 'session'];
/** What a page and its host both hold: the schemas of their messages, and the line between them. */
const line = ['webview/messages', 'webview/means/messages', 'webview/traces/messages', 'webview/runs/messages', 'webview/channel'];

/**
 * `imports`: layers, or single files without their ending. `typesOf`: layers of which only types may be imported.
 * @type {Record<string, {imports: string[], typesOf?: string[], vscode?: boolean}>}
 */
export const layers = {
  ...Object.fromEntries(core.map((layer, index) => [layer, { imports: core.slice(0, index) }])),
  train: { imports: core },
  evaluate: { imports: core },
  session: { imports: [...core, 'train', 'evaluate'] },
  host: { imports: upToSession, vscode: true },
  editor: { imports: [...upToSession, 'host'], vscode: true },
  views: { imports: [...upToSession, 'host', ...line], vscode: true },
  extension: { imports: [...upToSession, 'host', 'editor', 'views'], vscode: true },
  cli: { imports: upToSession },
  webview: { imports: [], typesOf: ['trace', 'curve'] },
};

/**
 * The layer of a path relative to the repository root, or undefined for what has none (tests, scripts).
 * @param {string} file
 */
export function layerOf(file) {
  const [top, second] = file.split('/');
  if (top === 'webview') return 'webview';
  return top === 'src' && second !== undefined ? second.replace(/\.[cm]?tsx?$/, '') : undefined;
}
