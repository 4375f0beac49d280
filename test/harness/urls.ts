import type { Server } from './server';

export interface WorkbenchPlace {
  /** The folder, or the `.code-workspace` file, to open; absolute. */
  readonly folder: string;
  /** A file to open at once; absolute. */
  readonly file?: string;
  /** Runs an extension from its folder, and a suite in it; absolute, the suite without its ending. */
  readonly development?: { readonly extension: string; readonly suite: string };
}

/** The address under which the server shows a folder or workspace. */
export function workbenchUrl(server: Server, { folder, file, development }: WorkbenchPlace): string {
  const remote = (place: string): string => `vscode-remote://127.0.0.1:${server.port}${encodeURI(place)}`;
  const payload = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
    ...(file === undefined ? [] : [['openFile', remote(file)]]),
    ...(development === undefined
      ? []
      : [
          ['extensionDevelopmentPath', remote(development.extension)],
          ['extensionTestsPath', remote(development.suite)],
        ]),
  ];
  const kind = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
  return `${server.origin}/?${kind}=${encodeURI(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}
