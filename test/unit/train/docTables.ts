/** A table of a Markdown document. */
export interface DocTable {
  /** The nearest heading above it, without its marks. */
  readonly heading: string;
  /** The paragraph right above it. */
  readonly before: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** All tables of a document, in their order. */
export function docTables(markdown: string): readonly DocTable[] {
  const tables: DocTable[] = [];
  let [heading, before] = ['', ''];
  let rows: string[][] = [];
  for (const line of [...markdown.split('\n'), '']) {
    if (line.startsWith('|')) {
      rows.push(line.slice(1, line.lastIndexOf('|')).split('|').map((cell) => cell.trim()));
      continue;
    }
    const [header, rule, ...body] = rows;
    if (header !== undefined && rule?.every((cell) => /^:?-+:?$/.test(cell)) === true) tables.push({ heading, before, header, rows: body });
    rows = [];
    if (/^#+ /.test(line)) [heading, before] = [line.replace(/^#+ /, ''), ''];
    else if (line.trim() !== '') before = line;
  }
  return tables;
}

/** The one table under a heading. @throws Error where there is none, or several */
export function tableUnder(markdown: string, heading: string): DocTable {
  const found = docTables(markdown).filter((table) => table.heading === heading);
  const [table] = found;
  if (table === undefined || found.length > 1) throw new Error(`${String(found.length)} tables stand under “${heading}”.`);
  return table;
}

/** What stands between backticks. */
export function codeIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}
