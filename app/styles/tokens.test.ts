import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Rgb = [number, number, number];
const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb;

/** Tokens of one theme: those given as light-dark(), and the soft grounds mixed from them. */
function theme(dark: boolean): Map<string, Rgb> {
  const tokens = new Map<string, Rgb>();
  for (const [, name = '', light = '', night = ''] of css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g))
    tokens.set(name, rgb(dark ? night : light));
  for (const [, name = '', of = '', share = ''] of css.matchAll(
    /--([\w-]+): color-mix\(in srgb, var\(--(\w+)\) (\d+)%, var\(--raised\)\)/g,
  )) {
    const [colour, ground] = [tokens.get(of), tokens.get('raised')];
    if (!colour || !ground) throw new Error(`--${name} is mixed from an unknown token`);
    const part = Number(share) / 100;
    tokens.set(name, colour.map((value, i) => value * part + (ground[i] ?? 0) * (1 - part)) as Rgb);
  }
  return tokens;
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function contrast(one: Rgb, other: Rgb): number {
  const luminance = (colour: Rgb) => {
    const [r = 0, g = 0, b = 0] = colour.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const texts = ['text', 'muted', 'accent', 'good', 'warn', 'bad', 'info'];
const categories = [1, 2, 3, 4, 5, 6].map((number) => `category-${number}`);

describe.each([
  ['light', false],
  ['dark', true],
])('the %s theme', (_, dark) => {
  const tokens = theme(dark);
  const at = (name: string): Rgb => {
    const found = tokens.get(name);
    if (!found) throw new Error(`no token --${name}`);
    return found;
  };
  it.each([...texts, ...categories])('shows %s with a contrast of at least 4.5:1', (name) => {
    for (const ground of ['surface', 'raised', 'hover', 'sunken'])
      expect(contrast(at(name), at(ground)), `on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });
  it.each(['good', 'warn', 'bad', 'info', 'accent'])('shows %s and text on its soft ground', (name) => {
    expect(contrast(at(name), at(`${name}-soft`))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(at('text'), at(`${name}-soft`))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(at('muted'), at(`${name}-soft`))).toBeGreaterThanOrEqual(4.5);
  });
  it('shows words on the accent', () => {
    expect(contrast(at('on-accent'), at('accent'))).toBeGreaterThanOrEqual(4.5);
  });
});
