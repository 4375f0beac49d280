import { describe, expect, it } from 'vitest';
import { baseUrlProblem, cleanBaseUrl, isLocal, originOf } from '../../../src/model/origin';

describe('base URLs and origins', () => {
  it.each([
    ['https://api.example.com/v1', 'https://api.example.com/v1', 'https://api.example.com'],
    ['https://API.example.com:443/v1/', 'https://api.example.com/v1', 'https://api.example.com'],
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000', 'http://127.0.0.1:8000'],
    ['http://[::1]:8000/v1//', 'http://[::1]:8000/v1', 'http://[::1]:8000'],
    ['https://example.com/a/v1/chat/completions', 'https://example.com/a/v1', 'https://example.com'],
  ])('%s', (given, clean, origin) => {
    expect(baseUrlProblem(given)).toBeUndefined();
    expect(cleanBaseUrl(given)).toBe(clean);
    expect(originOf(given)).toBe(origin);
  });

  it.each(['', 'v1', 'file:///etc', 'ftp://a/v1', 'https://a:b@c/v1', 'https://a@c/v1', 'https://a/v1?k=1', 'https://a/v1#x', 7, undefined])(
    '%s is no base URL',
    (given) => {
      expect(baseUrlProblem(given)).toBeTypeOf('string');
      expect(() => originOf(String(given))).toThrow(/^The address must /);
    },
  );

  it.each([
    ['http://localhost:1234', true],
    ['http://127.0.0.1', true],
    ['https://127.8.9.1:1', true],
    ['http://[::1]:8000', true],
    // All forms of one address.
    ['http://2130706433', true],
    ['http://127.1', true],
    ['http://localhost.example.com', false],
    ['http://127.0.0.1.example.com', false],
    ['http://10.0.0.1', false],
    ['http://0.0.0.0:8000', false],
    ['http://[::]:8000', false],
    ['https://api.example.com', false],
    ['vscode', false],
  ])('%s is on this machine: %s', (origin, local) => {
    expect(isLocal(origin)).toBe(local);
  });
});
