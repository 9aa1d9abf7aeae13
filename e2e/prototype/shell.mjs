// The shell around a prototype page: the same HTML as crates/platform/templates/shell.html, in zh-Hans.
const esc = s => String(s).replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
const prefer = (path, key, value) => `/preferences?${key}=${value}&amp;back=${encodeURIComponent(path)}`;

const NAV = [['/', '办事'], ['/my', '我的办件'], ['/my/certificates', '我的证照'], ['/my/trail', '谁查过我']];
const OFFICER_NAV = [['/desk', '收件箱'], ['/items', '事项'], ['/verify', '证照核验']];
const OPEN_NAV = [['/', '办事'], ['/verify', '证照核验'], ['/halls', '服务大厅']];

const choice = (page, key, value, label, current, attrs = '') =>
  `<li><a class="tap" href="${prefer(page.path, key, value)}"${attrs}${current ? ' aria-current="true"' : ''}>${label}</a></li>`;

function menu(page, { theme }) {
  return `<li><details class="menu"><summary>显示<span class="hide-elder">&nbsp;· Language</span></summary><div class="menu__box">
  <h2>语言</h2><ul>${choice(page, 'lang', 'zh-Hans', '简体中文', true, ' lang="zh-Hans" hreflang="zh-Hans"')}${choice(page, 'lang', 'zh-Hant', '繁體中文', false, ' lang="zh-Hant" hreflang="zh-Hant"')}${choice(page, 'lang', 'en', 'English', false, ' lang="en" hreflang="en"')}</ul>
  <h2>颜色</h2><ul>${choice(page, 'theme', 'auto', '随设备', !theme)}${choice(page, 'theme', 'light', '浅色', theme === 'light')}${choice(page, 'theme', 'dark', '深色', theme === 'dark')}${choice(page, 'theme', 'contrast', '高对比', theme === 'contrast')}</ul>
</div></details></li>`;
}

function account(page) {
  if (!page.user) return '<li><a href="/sign-in">登录</a></li>';
  const notices = page.unread ? `<li><a href="/my/notices">消息<span class="count">${page.unread}<span class="vh"> 条未读</span></span></a></li>` : '';
  return `<li><a href="/my/account">${esc(page.user)}</a></li>${notices}
<li><form method="post" action="/sign-out"><input type="hidden" name="csrf" value="c"><button class="linklike" type="submit">退出</button></form></li>`;
}

function crumb(page) {
  if (!page.crumb) return '';
  const items = page.crumb.map(([name, href]) => (href ? `<li><a href="${href}">${name}</a></li>` : `<li aria-current="page">${name}</li>`));
  return `<nav class="crumb" aria-label="面包屑"><ol>${items.join('')}</ol></nav>`;
}

/** `page`: what stands in a fragment's first comment; `body`: the fragment; `look`: {theme, mode} from the cookies. */
export function render(page, body, look) {
  const nav = page.officer ? OFFICER_NAV : page.user ? NAV : OPEN_NAV;
  const current = page.nav || '/';
  const main = page.full ? body : `<div class="wrap${page.wide ? ' wrap--wide' : ''}">${crumb(page)}
<main id="main" tabindex="-1">
${body}</main></div>`;
  const elder = look.mode === 'elder';
  return `<!DOCTYPE html>
<html lang="zh-Hans"${look.theme ? ` data-theme="${look.theme}"` : ''}${elder ? ' data-mode="elder"' : ''}>
<head>
<meta charset="utf-8">
<title>${esc(page.title)} - 云岭市政务服务</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#0d4a5c">
<link rel="stylesheet" href="/static/tongban.css">
<link rel="icon" href="/static/logo.svg" type="image/svg+xml">
<script src="/static/tongban.js" defer></script>
</head>
<body>
<a class="skip tap" href="#main">跳到主要内容</a>
<header class="bar"><div class="wrap bar__row${page.wide ? ' wrap--wide' : ''}">
<a class="bar__name" href="/"><img src="/static/logo.svg" alt="" width="36" height="36">云岭市政务服务</a>
<a class="bar__elder pill" href="${prefer(page.path, 'mode', elder ? 'standard' : 'elder')}">${elder ? '标准版' : '长辈版'}</a>
<ul class="tools">
${menu(page, look)}
${account(page)}
</ul></div></header>
<nav class="nav" aria-label="主导航"><div class="wrap${page.wide ? ' wrap--wide' : ''}"><ul>${nav.map(([h, n]) => `<li><a href="${h}"${h === current ? ' aria-current="page"' : ''}>${n}</a></li>`).join('')}</ul></div></nav>
${main}
<footer class="foot"><div class="wrap${page.wide ? ' wrap--wide' : ''}"><p class="foot__name">云岭市政务服务</p>
<ul><li><a href="tel:12345">联系我们 12345</a></li><li><a href="/accessibility">无障碍声明</a></li><li><a href="/privacy">隐私</a></li><li><a href="/source">开放源代码</a></li></ul></div></footer>
</body>
</html>
`;
}
