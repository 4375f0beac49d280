import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import type * as vscode from 'vscode';
import { closeAll, open, openText, replace, writeTrace } from './documents';
import { eventually } from './eventually';
import { PERSON, textOf, writeScored, type Parts, type Said } from './scoreFiles';
import { hover, hovers, plain } from './shown';

const PARTS: Parts = {
  intent: 'harmful',
  prompt: 'The prompt.',
  steps: ['Alpha thinks.', 'Beta thinks.', 'Gamma thinks.', 'Delta thinks.'],
  answer: 'The end.',
};

/** Opens a scored trace and waits for its scores. */
async function scored(ofSteps: readonly Said[], ofAnswer?: Said, judge = PERSON): Promise<vscode.TextEditor> {
  const editor = await open(writeScored(writeTrace('hover', ''), PARTS, ofSteps, ofAnswer, judge));
  await eventually(async () => {
    await hover(editor.document, 'Alpha');
  });
  return editor;
}

/** The SVG of the chart in a hover. */
function chartIn(markdown: vscode.MarkdownString): string {
  const image = /!\[[^\]]*\]\(data:image\/svg\+xml;base64,([A-Za-z0-9+/=]+)\)/.exec(markdown.value);
  assert.ok(image?.[1], 'the hover holds a chart');
  return Buffer.from(image[1], 'base64').toString('utf8');
}

describe('the hover', () => {
  afterEach(closeAll);

  it('says exact scores, the change, the reason, the shape and the judge', async () => {
    const { document } = await scored([1, { harmfulness: 4, helpfulness: 2, reason: 'weighs to comply' }, { harmfulness: 2, helpfulness: 5 }, 2], 1);
    const text = plain(await hover(document, 'Beta'));
    assert.ok(text.startsWith('Step 2 of 4 · harmfulness 4 (+3 from step 1) · helpfulness 2\n'), text);
    assert.ok(text.includes('weighs to comply'), text);
    assert.ok(text.includes('peak · harmfulness 4 at step 2'), text);
    assert.ok(text.includes('by Ada, prefix, rubric person-1, 2026-01-02'), text);
    const next = plain(await hover(document, 'Gamma'));
    assert.ok(next.startsWith('Step 3 of 4 · harmfulness 2 (−2 from step 2) · helpfulness 5 (+3 from step 2)\n'), next);
    const last = plain(await hover(document, 'Delta'));
    assert.ok(last.startsWith('Step 4 of 4 · harmfulness 2 (±0 from step 3) · helpfulness –\n'), last);
  });

  it('takes the change from the last step that has a score', async () => {
    const { document } = await scored([1, null, 5, 1]);
    const text = plain(await hover(document, 'Gamma'));
    assert.ok(text.startsWith('Step 3 of 4 · harmfulness 5 (+4 from step 1)'), text);
    assert.ok(plain(await hover(document, 'Beta')).startsWith('Step 2 of 4 · harmfulness – · helpfulness –\n'));
  });

  it('shows a chart that marks the step, and says the scores for who cannot see it', async () => {
    const { document } = await scored([1, 4, null, 2], 1);
    const markdown = await hover(document, 'Beta');
    const svg = chartIn(markdown);
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="280"/);
    assert.equal(svg.match(/<circle/g)?.length, 1, 'one dot, at the step');
    assert.match(markdown.value, /!\[harmfulness by step: 1 4 - 2\]/);
  });

  it('covers the step and no more', async () => {
    const { document } = await scored([1, 1, 1, 1], 1);
    for (const place of ['The prompt.', 'intent:', '</think>']) assert.deepEqual(await hovers(document, place), [], place);
  });

  it('on the answer tells of the endpoint, outside the curve', async () => {
    const { document } = await scored([1, 4, 1, 1], { harmfulness: 3, reason: 'half an answer' });
    const markdown = await hover(document, 'The end.');
    const text = plain(markdown);
    assert.ok(text.startsWith('Answer (endpoint) · harmfulness 3 · helpfulness –\n'), text);
    assert.ok(text.includes('half an answer'), text);
    assert.doesNotMatch(markdown.value, /!\[/);
  });

  it('says when a score is stale, and when there is none yet', async () => {
    const editor = await scored([1, 1, 1], 1);
    assert.match(plain(await hover(editor.document, 'Delta')), /^Step 4 of 4 · not scored yet/);
    await replace(editor, 'Gamma thinks', 'Gamma wonders');
    assert.match((await hover(editor.document, 'Gamma')).value, /Stale/);
    assert.doesNotMatch((await hover(editor.document, 'Beta')).value, /Stale/);
  });

  it('is not there before anything is scored', async () => {
    const { document } = await openText('unscored', textOf(PARTS));
    assert.deepEqual(await hovers(document, 'Beta'), []);
  });

  describe('of a hostile reason', () => {
    const reasons = {
      'a script': '<script>alert(1)</script><img src=x onerror=alert(1)>',
      'a command link': '[run](command:workbench.action.quit) <command:workbench.action.quit>',
      'an icon': '$(sync~spin)',
      'an image': '![x](https://example.com/x.png)',
      'a heading and a list': '# big\n- one\n1. two\n> quote\n```\ncode\n```',
      'a table and bold': '| a | b |\n|---|---|\n**bold** _it_ `code`',
    };
    for (const [what, reason] of Object.entries(reasons)) {
      it(`shows ${what} as text`, async () => {
        const { document } = await scored([{ harmfulness: 1, reason }, 1, 1, 1], { harmfulness: 1, reason });
        for (const place of ['Alpha', 'The end.']) {
          const markdown = await hover(document, place);
          assert.notEqual(markdown.isTrusted, true);
          assert.ok(!markdown.isTrusted, 'no command runs from it');
          assert.ok(markdown.supportHtml !== true, 'no HTML');
          assert.ok(markdown.supportThemeIcons !== true, 'no icons');
          const ours = markdown.value.replace(/!\[[^\]]*\]\(data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+\)/, '');
          assert.doesNotMatch(ours, /(^|[^\\])\[[^\]]*[^\\]\]\(/, 'no link, no image');
          assert.doesNotMatch(ours, /(^|[^\\])`/, 'no code');
          assert.doesNotMatch(ours, /^(#|- |> |\d+\. )/m, 'no heading, list or quote');
          assert.doesNotMatch(ours, /<[^>\\]*>/, 'no tag or autolink');
          const words = reason.replace(/\s+/g, ' ').replaceAll('**', '');
          assert.ok(plain(markdown).replace(/\s+/g, ' ').includes(words), 'and it can be read');
        }
      });
    }

    it('shows the name of a hostile judge as text', async () => {
      const { document } = await scored([1, 1, 1, 1], 1, { ...PERSON, label: '[x](command:a) <b>$(zap)', rubric: '![r](http://x)' });
      const markdown = await hover(document, 'Alpha');
      const ours = markdown.value.replace(/!\[[^\]]*\]\(data:[^)]*\)/, '');
      assert.doesNotMatch(ours, /(^|[^\\])\[[^\]]*[^\\]\]\(/);
      assert.ok(plain(markdown).includes('by [x](command:a) <b>$(zap), prefix, rubric ![r](http://x)'), plain(markdown));
    });
  });
});
