// Reads the QR code of a page as a phone does: the dark modules of its SVG become a picture, which a decoder reads.
import jsQR from 'jsqr';

const SCALE = 4;

/** `svg`: a locator of the code; its path has parts like `M4 4h7v1h-7z`. Answers the text in the code. */
export async function scan(svg) {
  const side = Number((await svg.getAttribute('viewBox')).split(' ')[2]);
  const width = side * SCALE, pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  const path = await svg.locator('path').getAttribute('d');
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1/g))
    for (let row = y * SCALE; row < (Number(y) + 1) * SCALE; row++) for (let column = x * SCALE; column < (Number(x) + Number(run)) * SCALE; column++)
      pixels.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
  const code = jsQR(pixels, width, width);
  if (!code) throw new Error('the QR code cannot be read');
  return code.data;
}
