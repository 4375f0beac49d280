import type { Mark } from './curves/chartPlan';

/** How one mark looks, as SVG attributes. */
export type Look = Readonly<Record<string, string>>;

export interface SvgFile {
  /** Of the drawing alone, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** Gradients and clip paths, as SVG. */
  readonly defs: string;
  readonly marks: readonly Mark[];
  /** How a mark is really painted: a file cannot see the theme's variables. */
  readonly lookOf: (mark: Mark) => Look;
  /** What has to be said beneath the drawing, a line each; those that begin with a space stand further in. */
  readonly legend: readonly string[];
  readonly colors: { readonly background: string; readonly foreground: string; readonly fontFamily: string };
}

const LINE = 15;
const MARGIN = 12;
const INDENT = 14;

/** A drawing that stands on its own, with what has to be said of it beneath. */
export function svgFile({ title, defs, marks, lookOf, legend, colors, ...size }: SvgFile): string {
  const width = size.width + 2 * MARGIN;
  const most = Math.max(20, Math.floor((width - 2 * MARGIN) / 5.6));
  const lines = legend.flatMap((line) => wrapped(line, most));
  const height = size.height + lines.length * LINE + 3 * MARGIN;
  // A space at a line's start would be lost: lines that belong to the one above stand further in.
  const text = (words: string, i: number): string =>
    `<text x="${String(words.startsWith(' ') ? MARGIN + INDENT : MARGIN)}" y="${String(size.height + 2 * MARGIN + (i + 1) * LINE - 4)}" font-size="11" fill="${escaped(colors.foreground)}">${escaped(words.trimStart())}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" font-family="${escaped(colors.fontFamily)}" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<defs>${defs}</defs>`,
    `<rect width="${String(width)}" height="${String(height)}" fill="${escaped(colors.background)}"/>`,
    `<g transform="translate(${String(MARGIN)} ${String(MARGIN)})">`,
    ...marks.map((mark) => drawn(mark, lookOf(mark))),
    '</g>',
    ...lines.map(text),
    '</svg>\n',
  ].join('\n');
}

function drawn(mark: Mark, look: Look): string {
  const attributes = Object.entries(look).map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');
  if (mark.kind === 'path') {
    return mark.d === '' ? '' : `<path d="${mark.d}"${mark.clip ? ' clip-path="url(#plot)"' : ''}${attributes}/>`;
  }
  return `<text x="${String(mark.x)}" y="${String(mark.y)}" text-anchor="${mark.anchor}"${attributes}>${escaped(mark.text)}</text>`;
}

function wrapped(line: string, most: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > most) {
    const space = rest.lastIndexOf(' ', most);
    const at = space > most / 2 ? space : most;
    lines.push(rest.slice(0, at));
    rest = `    ${rest.slice(at).trimStart()}`;
  }
  return [...lines, rest];
}

/** XML knows no control characters but tab and line ends, not even escaped. */
export function escaped(text: string): string {
  return text
    // eslint-disable-next-line no-control-regex -- exactly those that XML forbids
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
