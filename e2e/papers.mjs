// The papers that people upload: small, real files, made when they are needed.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

/** A PDF of one page with a line of text; the offsets of its table are right. */
function pdf(text) {
  const stream = `BT /F1 18 Tf 72 720 Td (${text.replace(/[()\\]/g, '\\$&')}) Tj ET`;
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${stream.length}>>\nstream\n${stream}\nendstream`, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'];
  let body = '%PDF-1.4\n';
  const at = objects.map((object, i) => { const offset = body.length; body += `${i + 1} 0 obj\n${object}\nendobj\n`; return offset; });
  const table = at.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  return `${body}xref\n0 ${at.length + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${at.length + 1}/Root 1 0 R>>\nstartxref\n${body.length}\n%%EOF\n`;
}

/** Writes a file of the kind that its name says (.pdf or .png); answers its path. */
export function paper(name) {
  const folder = path.join(os.tmpdir(), `tongban-papers-${process.pid}`);
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  fs.writeFileSync(file, name.endsWith('.png') ? PNG : pdf(`Demo document ${Buffer.from(name).toString('hex')}`));
  return file;
}
process.on('exit', () => fs.rmSync(path.join(os.tmpdir(), `tongban-papers-${process.pid}`), { recursive: true, force: true }));
