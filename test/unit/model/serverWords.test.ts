import { describe, expect, it } from 'vitest';
import { quoted, serverWords, wordsOf } from '../../../src/model/serverWords';

describe('the words of a server', () => {
  it.each([
    ['{"error":{"message":"no such model","code":"model_not_found","param":"model"}}', { message: 'no such model', code: 'model_not_found', param: 'model' }],
    ['{"error":"no such model"}', { message: 'no such model' }],
    ['{"detail":[{"msg":"field required"}]}', { message: '[{"msg":"field required"}]' }],
    ['{"object":"error","message":"too\\nlong","code":400}', { message: 'too long', code: 400 }],
    ['{"error":null,"message":"gone"}', { message: 'gone' }],
    ['{"error":{"error":{"message":"deep"}}}', { message: 'deep' }],
    ['"Bad\\tGateway"', { message: 'Bad Gateway' }],
    ['null', { message: '' }],
    ['7', { message: '7' }],
    ['Bad Gateway', { message: 'Bad Gateway' }],
    ['', { message: '' }],
  ])('of %s', (body, words) => {
    expect(serverWords(body)).toEqual(words);
  });

  it.each([
    ['<html><head><title>502</title></head><body><h1>Bad\n Gateway</h1></body></html>', '502 Bad Gateway'],
    ['<STYLE type="text/css">h1 > a { color: red }</style ><p>a', 'h1 > a { color: red } a'],
    ['<STYLE type="text/css">h1 > a { color: red }</Style><p>a</p><script>if (a < b) c();</script>b', 'a b'],
    ['<style>a<script>b</script>c</style>d', 'd'],
    ['<style>a', 'a'],
    ['<styled>a</styled>', 'a'],
    ['1 < 2', '1 < 2'],
    ['a <b', 'a <b'],
    ['</style>a<style>b', 'a b'],
  ])('of the page %s', (body, message) => {
    expect(serverWords(body)).toEqual({ message });
  });

  it('are read as far as 20,000 characters', () => {
    expect(serverWords('a'.repeat(1_000_000)).message).toBe('a'.repeat(20_000));
    expect(serverWords(JSON.stringify({ message: 'a'.repeat(1_000_000) })).message).toBe('a'.repeat(20_000));
    expect(quoted(serverWords('ü'.repeat(1_000_000)))).toBe(` The server says: “${'ü'.repeat(300)}…”`);
  });

  it.each(['<', '<style ', '<style>', '<script', '<style></style', '<style>a</script>', '> ', ' \u0001', ' '])('take no long time for a body of “%s”, over and over', (piece) => {
    // Looked through once from each place, this would take hours.
    expect(serverWords(piece.repeat(3_000_000)).message.length).toBeLessThanOrEqual(20_000);
    expect(serverWords(JSON.stringify({ message: piece.repeat(3_000_000) })).message.length).toBeLessThanOrEqual(20_000);
  });

  it('are few where something is nested deeper than can be written', () => {
    const lists = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(serverWords(`{"message":${lists}}`)).toEqual({ message: '[nested too deep to be shown]' });
    expect(serverWords(lists)).toEqual({ message: '[nested too deep to be shown]' });
    expect(serverWords(`${'{"error":'.repeat(200_000)}1${'}'.repeat(200_000)}`)).toEqual({ message: '[nested too deep to be shown]' });
    expect(wordsOf(JSON.parse(`{"a":${lists},"code":500}`))).toEqual({ message: '[nested too deep to be shown]', code: 500 });
  });
});
