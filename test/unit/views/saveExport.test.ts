import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as vscode from 'vscode';
import { saveExport } from '../../../src/views/saveExport';

const trace = vscode.Uri.file('/traces/one.cot');
const bytes = new TextEncoder().encode('step,harmfulness\n');
const dialog = vi.fn();
const write = vi.fn();

describe('saving an export', () => {
  beforeEach(() => {
    dialog.mockReset();
    write.mockReset();
    Object.assign(vscode.window, { showSaveDialog: dialog });
    Object.assign(vscode.workspace, { fs: { writeFile: write } });
  });

  it('writes where the person says, and offers a name after the trace', async () => {
    dialog.mockResolvedValue(vscode.Uri.file('/elsewhere/mine.csv'));
    write.mockResolvedValue(undefined);
    expect(await saveExport(trace, 'csv', bytes)).toBe('mine.csv');
    expect(write).toHaveBeenCalledWith(expect.objectContaining({ path: '/elsewhere/mine.csv' }), bytes);
    const [{ defaultUri, filters }] = dialog.mock.calls[0] as [{ defaultUri: vscode.Uri; filters: Record<string, string[]> }];
    expect(defaultUri.path).toMatch(/one\.curves\.csv$/);
    expect(Object.values(filters)).toEqual([['csv']]);
  });

  it('writes nothing where the person chooses no place', async () => {
    dialog.mockResolvedValue(undefined);
    expect(await saveExport(trace, 'svg', bytes)).toBeNull();
    expect(write).not.toHaveBeenCalled();
  });

  it('says which file could not be written, why, and what to do', async () => {
    dialog.mockResolvedValue(vscode.Uri.file('/full/mine.png'));
    write.mockRejectedValue(new Error('no space left on device'));
    await expect(saveExport(trace, 'png', bytes)).rejects.toThrow(/\/full\/mine\.png could not be written \(no space left on device\)\. Choose another place/);
  });
});
