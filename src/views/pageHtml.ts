import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Where the pages' bundles lie; a page can read nothing else of this machine. */
export function pagesFolder(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist', 'webview');
}

/**
 * The document of a page: its own script and style sheet, and a policy that lets nothing else in. `blob:` images are the page's own
 * picture of itself, on the way to a PNG.
 */
export function pageHtml(webview: vscode.Webview, extension: vscode.Uri, page: string, title: string): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(pagesFolder(extension), page, name)).toString();
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}; img-src blob:`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${file('index.css')}">
</head>
<body>
<script nonce="${nonce}" src="${file('index.js')}"></script>
</body>
</html>
`;
}
