import { describe, expect, it } from 'vitest';
import { faultOf, lastLine } from '../../../src/train/backends/ray/rayReplies';

/** As a real head node answered whose agent could not start a job: a traceback within a traceback, and the full stop of the outer one. */
const NESTED = `Traceback (most recent call last):
  File "job_head.py", line 407, in submit_job
    resp = await job_agent_client.submit_job_internal(submit_request)
RuntimeError: Request failed with status code 500: Traceback (most recent call last):
  File "<frozen posixpath>", line 404, in abspath
FileNotFoundError: [Errno 2] No such file or directory
.`;

describe('what Ray says when it refuses', () => {
  it('is the last line that holds words', () => {
    expect(lastLine(NESTED)).toBe('FileNotFoundError: [Errno 2] No such file or directory');
    expect(lastLine('TypeError: entrypoint must be a string\n\n')).toBe('TypeError: entrypoint must be a string');
    for (const empty of ['', '\n', ' .\n', '---']) expect(lastLine(empty)).toBe('no reason was given');
  });

  it('is said with what was asked', () => {
    const reply = { status: 500, text: NESTED, words: () => NESTED };
    expect(faultOf(reply, 'start the run').message).toBe('The cluster could not start the run (HTTP 500): FileNotFoundError: [Errno 2] No such file or directory');
  });
});
