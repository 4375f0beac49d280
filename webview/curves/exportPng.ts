/** How many pixels of the picture stand for one of the page. */
const SCALE = 2;

/** Paints a drawing that stands on its own as a PNG. @returns base64 */
export async function exportPng(svg: string): Promise<string> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * SCALE;
    canvas.height = image.naturalHeight * SCALE;
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('This window cannot paint pictures. Save as SVG instead.');
    context.scale(SCALE, SCALE);
    context.drawImage(image, 0, 0);
    const data = canvas.toDataURL('image/png');
    return data.slice(data.indexOf(',') + 1);
  } finally {
    URL.revokeObjectURL(url);
  }
}
