#!/usr/bin/env node
// Serves the prototype pages: node prototype/serve.mjs [PORT]. Page NAME.html answers at /NAME (home at /).
import fs from 'node:fs';
import http from 'node:http';
import zlib from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { render } from './shell.mjs';

const here = new URL('.', import.meta.url);
const STATIC = new URL('../../static/', here);
const TYPES = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' };
export const CSP = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
export const names = () => fs.readdirSync(new URL('pages/', here)).filter(f => f.endsWith('.html')).map(f => f.slice(0, -5));
const ROUTES = { '/': 'home', '/desk': 'inbox', '/accessibility': 'text', '/my/trail': 'trail', '/my/certificates': 'certificate' };

// A grid of dark squares in the place of a real code: enough to see its size and its quiet zone.
const qr = () => {
  let bits = 7, path = '';
  for (let y = 0; y < 29; y++) for (let x = 0; x < 29; x++) {
    bits = (bits * 1103515245 + 12345) % 2147483648;
    const corner = [[0, 0], [22, 0], [0, 22]].find(([a, b]) => x >= a && x < a + 7 && y >= b && y < b + 7);
    const eye = corner && ((d => d === 3 || d <= 1)(Math.max(Math.abs(x - corner[0] - 3), Math.abs(y - corner[1] - 3))));
    if (corner ? eye : bits % 100 < 48) path += `M${x} ${y}h1v1h-1z`;
  }
  return `<svg viewBox="0 0 29 29" role="img" aria-label="核验二维码"><path fill="#fff" d="M0 0h29v29H0z"/><path d="${path}"/></svg>`;
};

function send(request, response, status, type, body) {
  const gzip = (request.headers['accept-encoding'] || '').includes('gzip');
  response.writeHead(status, { 'content-type': type, 'content-security-policy': CSP, 'x-content-type-options': 'nosniff', ...(gzip && { 'content-encoding': 'gzip' }) });
  response.end(gzip ? zlib.gzipSync(body) : body);
}
function preferences(response, params) {
  const cookies = ['lang', 'theme', 'mode'].filter(k => params.get(k)).map(k => `${k}=${params.get(k)}; Path=/; Max-Age=31536000; SameSite=Lax`);
  response.writeHead(303, { location: params.get('back') || '/', 'set-cookie': cookies });
  response.end();
}
function page(request, response, path) {
  const file = new URL(`pages/${ROUTES[path] || path.slice(1)}.html`, here);
  if (!fs.existsSync(file)) return page(request, response, '/error-404');
  const [head, ...rest] = fs.readFileSync(file, 'utf8').split('\n');
  const about = JSON.parse(head.slice(4, -3));
  const cookie = name => new RegExp(`(?:^|; )${name}=(\\w+)`).exec(request.headers.cookie || '')?.[1];
  const theme = cookie('theme') === 'auto' ? undefined : cookie('theme');
  const html = render(about, rest.join('\n').replace('{{qr}}', qr), { theme, mode: cookie('mode') });
  send(request, response, about.status || 200, 'text/html; charset=utf-8', html);
}
export function serve(port = 0) {
  const server = http.createServer((request, response) => {
    const url = new URL(request.url, 'http://x');
    if (url.pathname === '/preferences') return preferences(response, url.searchParams);
    const asset = /^\/static\/([\w-]+\.(css|js|svg))$/.exec(url.pathname);
    if (asset) return send(request, response, 200, TYPES[asset[2]], fs.readFileSync(new URL(asset[1], STATIC)));
    return page(request, response, url.pathname);
  });
  return new Promise(done => server.listen(port, '127.0.0.1', () => done({ server, base: `http://127.0.0.1:${server.address().port}` })));
}
if (process.argv[1] === fileURLToPath(import.meta.url)) serve(+process.argv[2] || 8098).then(s => console.log(s.base));
