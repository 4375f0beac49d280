import * as vscode from 'vscode';
import { parseRowPath, ROW_SCHEME, rowPath, type RowPlace } from '../session/datasets/rowPath';

/** The address of a row's document. The dataset's path is one of this machine. */
export function rowUri(place: RowPlace): vscode.Uri {
  return vscode.Uri.from({ scheme: ROW_SCHEME, path: rowPath({ ...place, dataset: vscode.Uri.file(place.dataset).path }) });
}

/** What such an address names; `undefined` where it is none. */
export function rowPlace(uri: vscode.Uri): RowPlace | undefined {
  if (uri.scheme !== ROW_SCHEME) return undefined;
  const place = parseRowPath(uri.path);
  return place === undefined ? undefined : { ...place, dataset: vscode.Uri.file(place.dataset).fsPath };
}

/** The file that a document lies in: a row's dataset, else the document itself. */
export function fileOf(uri: vscode.Uri): vscode.Uri {
  const place = rowPlace(uri);
  return place === undefined ? uri : vscode.Uri.file(place.dataset);
}

/** A document's name for people: its path in the workspace; of a row also its number and key. */
export function documentName(uri: vscode.Uri): string {
  const place = rowPlace(uri);
  const file = vscode.workspace.asRelativePath(fileOf(uri));
  if (place === undefined) return file;
  return `${file}, row ${String(place.ordinal + 1)} (${place.key}${place.variant === undefined ? '' : `, ${place.variant}`})`;
}
